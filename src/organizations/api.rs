//! Partners and their management tokens, for the company's automation.

use axum::{Json, http::StatusCode};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{
    OpenApi, ToSchema,
    openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type},
};

use super::{Organization, store};
use crate::{
    accounts::EmailAddress,
    audit::{self, Actor, Entry, Subject},
    db::{OrganizationId, TokenId},
    name::Name,
    portal::Portal,
    tokens::{self, Holder, NewToken, Scope},
    web::{self, Access, Caller, Error, FieldError, PageQuery, Paged, Path, Result, Routes},
};

/// What a token is called whose maker gave it no name.
const UNNAMED: &str = "Made by the API";

/// The endpoints.
pub fn routes() -> Routes {
    Routes::new()
        .get("/api/v1/organizations", Access::StaffToken(Scope::OrganizationsRead.as_str()), index)
        .post("/api/v1/organizations", Access::StaffToken(Scope::OrganizationsWrite.as_str()), create)
        .post(
            "/api/v1/organizations/{organization}/tokens",
            Access::AnyToken(Scope::TokensWrite.as_str()),
            create_token,
        )
}

/// The endpoints as OpenAPI.
pub fn paths() -> utoipa::openapi::OpenApi {
    Paths::openapi()
}

#[derive(OpenApi)]
#[openapi(paths(index, create, create_token))]
struct Paths;

/// A partner organization that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganization {
    /// One line of visible characters.
    #[schema(min_length = 1, max_length = 80, example = "Quillmere Books")]
    name: String,
    /// Where the company reaches it.
    #[schema(format = "email", min_length = 3, max_length = 254, example = "it@quillmere.example")]
    email: String,
}

/// A management token that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganizationToken {
    /// What it may do.
    #[schema(schema_with = scopes_of_organizations)]
    scopes: Vec<Scope>,
    /// The program that uses it.
    #[schema(min_length = 1, max_length = 80, example = "Nightly sync")]
    name: Option<String>,
}

/// A management token, with its secret.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedToken {
    /// Its id.
    #[schema(value_type = String, example = "tok_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: TokenId,
    /// Whose it is.
    #[schema(value_type = String, example = "org_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    organization: OrganizationId,
    /// The program that uses it.
    #[schema(example = "Nightly sync")]
    name: String,
    /// What it may do.
    #[schema(schema_with = scopes_of_organizations)]
    scopes: Vec<Scope>,
    /// The token itself, to send as `Authorization: Bearer`. It is shown only here.
    #[schema(example = "vst_mgmt_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17")]
    secret: String,
}

/// List organizations
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/api/v1/organizations",
    operation_id = "listOrganizations",
    tag = "Organizations",
    params(PageQuery),
    responses((status = 200, description = "One page of organizations.", body = Paged<Organization>)),
)]
async fn index(portal: Portal, page: PageQuery) -> Result<Json<Paged<Organization>>> {
    let organizations = store::page(&portal.db, page.after()?, page.rows()).await?;
    Ok(Json(Paged::of(organizations, &page, |organization| organization.id)))
}

/// Create an organization
///
/// It has no members until somebody is invited; its management tokens work at once.
#[utoipa::path(
    post,
    path = "/api/v1/organizations",
    operation_id = "createOrganization",
    tag = "Organizations",
    request_body = NewOrganization,
    responses((status = 201, description = "The organization was made.", body = Organization)),
)]
async fn create(
    portal: Portal,
    actor: Actor,
    web::Json(new): web::Json<NewOrganization>,
) -> Result<(StatusCode, Json<Organization>)> {
    let name = Name::parse(&new.name).map_err(|why| invalid("/name", why))?;
    let email = EmailAddress::parse(&new.email).map_err(|why| invalid("/email", why))?;
    let mut tx = portal.db.begin().await?;
    let organization = store::create(&mut *tx, name.as_str(), email.as_str()).await?;
    let subject = Subject::of(organization.id, "organization", organization.id, &organization.name);
    let entry = Entry::new("organization.created", subject)
        .after(json!({ "name": organization.name, "email": organization.email }));
    audit::record(&mut tx, &actor, entry).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(organization)))
}

/// Create a management token of an organization
///
/// Takes a staff token, or a token of this organization, which can pass on only scopes of its own.
#[utoipa::path(
    post,
    path = "/api/v1/organizations/{organization}/tokens",
    operation_id = "createOrganizationToken",
    tag = "Organizations",
    params(("organization" = String, Path, description = "The organization's id.", example = "org_01kaj7w2c9m0v6fsq8xe1h3t5r")),
    request_body = NewOrganizationToken,
    responses((status = 201, description = "The token was made. Its secret is shown only here.", body = CreatedToken)),
)]
async fn create_token(
    portal: Portal,
    caller: Caller,
    actor: Actor,
    Path(organization): Path<OrganizationId>,
    web::Json(new): web::Json<NewOrganizationToken>,
) -> Result<(StatusCode, Json<CreatedToken>)> {
    if caller.organization.is_some_and(|own| own != organization) {
        return Err(Error::not_found());
    }
    let holder = Holder::Organization(organization);
    let scopes = grantable(&caller, holder, &new.scopes)?;
    let name = Name::parse(new.name.as_deref().unwrap_or(UNNAMED)).map_err(|why| invalid("/name", why))?;
    let mut tx = portal.db.begin().await?;
    if !store::exists(&mut *tx, organization).await? {
        return Err(Error::not_found());
    }
    let new = NewToken { holder, name: name.clone(), scopes: scopes.clone() };
    let issued = tokens::issue(&mut tx, &portal.vault, &portal.config.key_prefix, &actor, new).await?;
    tx.commit().await?;
    let created = CreatedToken {
        id: issued.id,
        organization,
        name: name.as_str().to_owned(),
        scopes,
        secret: issued.secret.expose_secret().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// The scopes, each once, if the caller may give all of them to the holder.
fn grantable(caller: &Caller, holder: Holder, asked: &[Scope]) -> Result<Vec<Scope>> {
    if asked.is_empty() {
        return Err(invalid("/scopes", "must name at least one scope"));
    }
    let is_own = |scope: &Scope| caller.organization.is_none() || caller.scopes.iter().any(|own| own == scope.as_str());
    for (at, scope) in asked.iter().enumerate() {
        if !scope.is_for(holder) {
            return Err(invalid(&format!("/scopes/{at}"), "is a scope of staff tokens only"));
        }
        if !is_own(scope) {
            return Err(invalid(&format!("/scopes/{at}"), "is not a scope of the token that you call with"));
        }
    }
    Ok(Scope::of(holder).filter(|scope| asked.contains(scope)).collect())
}

fn invalid(pointer: &str, why: &str) -> Error {
    Error::invalid(vec![FieldError { pointer: pointer.to_owned(), code: "invalid", message: why.to_owned() }])
}

fn scopes_of_organizations() -> Array {
    let partner = Holder::Organization(OrganizationId::new());
    let names: Vec<_> = Scope::of(partner).map(Scope::as_str).collect();
    let item = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(names));
    ArrayBuilder::new().items(item).min_items(Some(1)).description(Some("What the token may do.")).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(organization: Option<OrganizationId>, scopes: &[Scope]) -> Caller {
        let scopes = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        Caller { token: TokenId::new(), name: "test".into(), organization, scopes }
    }

    #[test]
    fn a_partner_passes_on_only_what_it_may_do_itself() {
        let own = OrganizationId::new();
        let holder = Holder::Organization(own);
        let partner = caller(Some(own), &[Scope::TokensWrite, Scope::AppsRead]);
        assert_eq!(grantable(&partner, holder, &[Scope::AppsRead]).unwrap(), [Scope::AppsRead]);
        let refused = grantable(&partner, holder, &[Scope::AppsRead, Scope::KeysWrite]).unwrap_err();
        assert_eq!(refused.fields()[0].pointer, "/scopes/1");
    }

    #[test]
    fn staff_give_partners_what_partners_may_have() {
        let holder = Holder::Organization(OrganizationId::new());
        let staff = caller(None, &[Scope::TokensWrite]);
        let twice = [Scope::KeysWrite, Scope::AppsRead, Scope::KeysWrite];
        assert_eq!(grantable(&staff, holder, &twice).unwrap(), [Scope::AppsRead, Scope::KeysWrite]);
        assert!(grantable(&staff, holder, &[Scope::AuditRead]).is_err());
        assert!(grantable(&staff, holder, &[]).is_err());
    }
}
