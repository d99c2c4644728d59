//! Whose eyes the reference is shown to: an API may be for everybody, for partners, or for some of them.
//!
//! Pages, search, exports and the sandbox ask [`Catalogue::visible_to`](super::Catalogue::visible_to). What a viewer may
//! not see does not exist for them.

use axum::{extract::FromRequestParts, http::request::Parts};

use crate::{db::OrganizationId, portal::Portal, web::Visitor};

/// Who is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody who is not signed in.
    Anyone,
    /// Somebody with an account, acting for an organization or for none.
    Partner(Option<OrganizationId>),
    /// Staff of the company, who see everything that is published.
    Staff,
}

impl Viewer {
    /// Somebody of an organization.
    pub fn of(organization: OrganizationId) -> Self {
        Self::Partner(Some(organization))
    }
}

impl From<&Visitor> for Viewer {
    fn from(visitor: &Visitor) -> Self {
        match (&visitor.session, &visitor.caller) {
            (Some(session), _) if session.staff.is_some() => Self::Staff,
            (Some(session), _) => Self::Partner(session.membership.as_ref().map(|member| member.organization)),
            (None, Some(caller)) => caller.organization.map_or(Self::Staff, Self::of),
            (None, None) => Self::Anyone,
        }
    }
}

impl FromRequestParts<Portal> for Viewer {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Self::Rejection> {
        Ok(parts.extensions.get::<Visitor>().map_or(Self::Anyone, Self::from))
    }
}
