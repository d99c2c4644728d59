//! What an entry says.

use axum::{extract::FromRequestParts, http::request::Parts};
use serde_json::Value;

use crate::{
    db::OrganizationId,
    portal::Portal,
    web::{ClientRequest, Error, Visitor},
};

/// Who acted, and through which request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// `account`, `token`, `system` or `anonymous`.
    pub kind: &'static str,
    /// The public id of the account or token.
    pub id: Option<String>,
    /// What people call the actor.
    pub label: String,
    /// The request.
    pub request_id: Option<String>,
    /// Where it came from.
    pub address: Option<String>,
}

impl Actor {
    /// The portal itself: jobs, commands, the demo.
    pub fn system(label: impl Into<String>) -> Self {
        Self { kind: "system", id: None, label: label.into(), request_id: None, address: None }
    }

    /// An account that a request is about to prove: sign-in, verification, reset.
    pub fn account(id: impl ToString, label: impl Into<String>, request: &ClientRequest) -> Self {
        Self { kind: "account", id: Some(id.to_string()), label: label.into(), ..Self::anonymous(request) }
    }

    /// Somebody unknown.
    pub fn anonymous(request: &ClientRequest) -> Self {
        Self {
            kind: "anonymous",
            id: None,
            label: "somebody who is not signed in".into(),
            request_id: Some(request.id.as_str().to_owned()),
            address: Some(request.address.to_string()),
        }
    }
}

impl FromRequestParts<Portal> for Actor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Error> {
        let request = ClientRequest::from_request_parts(parts, portal).await?;
        let visitor = parts.extensions.get::<Visitor>().cloned().unwrap_or_default();
        let anonymous = Self::anonymous(&request);
        Ok(match (visitor.session, visitor.caller) {
            (Some(session), _) => Self::account(session.account, session.name.clone(), &request),
            (None, Some(caller)) => {
                Self { kind: "token", id: Some(caller.token.to_string()), label: caller.name.clone(), ..anonymous }
            }
            (None, None) => anonymous,
        })
    }
}

/// What was acted on.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The kind of thing, e.g. `key`.
    pub kind: &'static str,
    /// Its public id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Whose it is; `None` for the portal's own.
    pub organization: Option<OrganizationId>,
}

impl Subject {
    /// A thing of an organization.
    pub fn of(organization: OrganizationId, kind: &'static str, id: impl ToString, label: impl Into<String>) -> Self {
        Self { kind, id: id.to_string(), label: label.into(), organization: Some(organization) }
    }

    /// A thing of the portal itself.
    pub fn own(kind: &'static str, id: impl ToString, label: impl Into<String>) -> Self {
        Self { kind, id: id.to_string(), label: label.into(), organization: None }
    }
}

/// One entry to be written. Secrets have no place in `before` and `after`.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What happened, e.g. `key.revoked`: subject and past participle.
    pub action: &'static str,
    /// To what.
    pub subject: Subject,
    /// The state before, where there was one.
    pub before: Option<Value>,
    /// The state after, where there is one.
    pub after: Option<Value>,
}

impl Entry {
    /// An entry without a state before or after.
    pub fn new(action: &'static str, subject: Subject) -> Self {
        Self { action, subject, before: None, after: None }
    }

    /// With the state before.
    pub fn before(self, before: Value) -> Self {
        Self { before: Some(before), ..self }
    }

    /// With the state after.
    pub fn after(self, after: Value) -> Self {
        Self { after: Some(after), ..self }
    }
}
