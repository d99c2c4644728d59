//! The trail for the company's own systems.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{Filter, Recorded, store};
use crate::{
    db::{AuditId, OrganizationId},
    portal::Portal,
    tokens::Scope,
    web::{Access, PageQuery, Paged, Query, Result, Routes},
};

/// The endpoints.
pub fn routes() -> Routes {
    Routes::new().get("/api/v1/audit", Access::StaffToken(Scope::AuditRead.as_str()), index)
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(index))]
struct Paths;

/// Which entries are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct EntryQuery {
    /// Only entries of this organization.
    #[param(
        value_type = Option<String>,
        nullable = false,
        pattern = "^org_[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$",
        example = "org_01kaj7w2c9m0v6fsq8xe1h3t5r"
    )]
    organization: Option<OrganizationId>,
    /// Only entries with this action, or with any action on this kind of thing: `key.revoked`, `key`.
    #[param(nullable = false, example = "key.revoked")]
    action: Option<String>,
}

/// An entry of the audit trail.
#[derive(Debug, Serialize, ToSchema)]
struct AuditEntry {
    /// Its id.
    #[schema(value_type = String, example = "aud_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: AuditId,
    /// Its place in the chain of entries, without gaps.
    seq: i64,
    /// When it happened.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    at: OffsetDateTime,
    /// Who acted.
    actor: AuditActor,
    /// What happened: the kind of thing and a past participle.
    #[schema(example = "key.revoked")]
    action: String,
    /// To what it happened.
    subject: AuditSubject,
    /// Whose affair it is; null for the portal's own.
    #[schema(value_type = Option<String>, required, example = "org_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    organization: Option<OrganizationId>,
    /// The state before, without secrets; null where there was none.
    #[schema(value_type = Option<Object>, required)]
    before: Option<Value>,
    /// The state after, without secrets; null where there is none.
    #[schema(value_type = Option<Object>, required)]
    after: Option<Value>,
    /// The request that did it; null for the portal itself.
    #[schema(required)]
    request_id: Option<String>,
    /// The address that it came from; null for the portal itself.
    #[schema(required, example = "192.0.2.17")]
    address: Option<String>,
}

/// Who acted.
#[derive(Debug, Serialize, ToSchema)]
struct AuditActor {
    /// `account`, `token`, `system` or `anonymous`.
    #[schema(example = "account")]
    kind: String,
    /// The id of the account or token.
    #[schema(required)]
    id: Option<String>,
    /// What people call it.
    label: String,
}

/// What was acted on.
#[derive(Debug, Serialize, ToSchema)]
struct AuditSubject {
    /// The kind of thing.
    #[schema(example = "key")]
    kind: String,
    /// Its id.
    id: String,
    /// What people call it.
    label: String,
}

/// List audit entries
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "listAuditEntries",
    tag = "Audit",
    params(PageQuery, EntryQuery),
    responses((status = 200, description = "One page of entries.", body = Paged<AuditEntry>)),
)]
async fn index(portal: Portal, page: PageQuery, Query(asked): Query<EntryQuery>) -> Result<Json<Paged<AuditEntry>>> {
    let filter =
        Filter { organization: asked.organization, action: asked.action, before: page.after()?, ..Filter::default() };
    let entries = store::list(&portal.db, filter, page.rows()).await?;
    Ok(Json(Paged::of(entries, &page, |entry| entry.seq).map(AuditEntry::from)))
}

impl From<Recorded> for AuditEntry {
    fn from(entry: Recorded) -> Self {
        Self {
            id: entry.id,
            seq: entry.seq,
            at: entry.at,
            actor: AuditActor { kind: entry.actor_kind, id: entry.actor_id, label: entry.actor_label },
            action: entry.action,
            subject: AuditSubject { kind: entry.subject_kind, id: entry.subject_id, label: entry.subject_label },
            organization: entry.organization,
            before: entry.before,
            after: entry.after,
            request_id: entry.request_id,
            address: entry.address,
        }
    }
}
