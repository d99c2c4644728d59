//! Whose eyes the reference is shown to: an API may be for everybody, for partners, or for some of them.
//!
//! Pages, search, exports and the sandbox ask [`Catalogue::visible_to`](super::Catalogue::visible_to). What a viewer may
//! not see does not exist for them.

use std::str::FromStr;

use axum::{extract::FromRequestParts, http::request::Parts};
use serde::Deserialize;

use super::version::DRAFT;
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

/// Who may see an API, as an administrator chooses it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Visibility {
    /// Everybody.
    #[default]
    Public,
    /// Whoever is signed in and acts for an organization.
    Partners,
    /// Only the organizations that are named.
    Organizations,
}

/// For whom an API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody.
    Everyone,
    /// Everybody who acts for an organization.
    Partners,
    /// Those who act for one of these organizations.
    Organizations(Vec<OrganizationId>),
}

impl Audience {
    /// The audience of an API with this visibility, for which these organizations are named.
    pub fn new(visibility: Visibility, organizations: impl IntoIterator<Item = OrganizationId>) -> Self {
        match visibility {
            Visibility::Public => Self::Everyone,
            Visibility::Partners => Self::Partners,
            Visibility::Organizations => Self::Organizations(organizations.into_iter().collect()),
        }
    }

    /// Whether the viewer belongs to it.
    pub fn admits(&self, viewer: Viewer) -> bool {
        match (self, viewer) {
            (Self::Everyone, _) | (_, Viewer::Staff) | (Self::Partners, Viewer::Partner(Some(_))) => true,
            (Self::Organizations(named), Viewer::Partner(Some(own))) => named.contains(&own),
            (_, Viewer::Anyone | Viewer::Partner(None)) => false,
        }
    }
}

impl Visibility {
    /// Every choice, from the widest.
    pub const ALL: [Self; 3] = [Self::Public, Self::Partners, Self::Organizations];

    /// The choice as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Partners => "partners",
            Self::Organizations => "organizations",
        }
    }
}

impl FromStr for Visibility {
    type Err = UnknownVisibility;

    fn from_str(text: &str) -> Result<Self, UnknownVisibility> {
        Self::ALL.into_iter().find(|known| known.as_str() == text).ok_or(UnknownVisibility)
    }
}

/// A text that names no visibility.
#[derive(Debug, thiserror::Error)]
#[error("must be public, partners or organizations")]
pub struct UnknownVisibility;

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

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Self::Rejection> {
        let viewer = parts.extensions.get::<Visitor>().map_or(Self::Anyone, Self::from);
        if viewer == Self::Staff
            && let Some((api, version)) = draft_in(parts.uri.path())
            && let Err(error) = portal.catalogue.draft(&portal.db, api, version).await
        {
            tracing::warn!(%error, api, version, "a draft cannot be shown");
        }
        Ok(viewer)
    }
}

/// The API and version whose draft a path below `/docs` leads to.
fn draft_in(path: &str) -> Option<(&str, &str)> {
    let mut segments = path.strip_prefix("/docs/")?.split('/');
    Some((segments.next()?, segments.next()?.strip_suffix(DRAFT)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_admits_staff_and_whom_it_names() {
        let (named, other) = (OrganizationId::new(), OrganizationId::new());
        let viewers = [Viewer::Anyone, Viewer::Partner(None), Viewer::of(other), Viewer::of(named), Viewer::Staff];
        let cases = [
            (Visibility::Public, [true, true, true, true, true]),
            (Visibility::Partners, [false, false, true, true, true]),
            (Visibility::Organizations, [false, false, false, true, true]),
        ];
        for (visibility, expected) in cases {
            let audience = Audience::new(visibility, [named]);
            assert_eq!(viewers.map(|viewer| audience.admits(viewer)), expected, "{visibility:?}");
        }
        assert!(!Audience::new(Visibility::Organizations, []).admits(Viewer::of(named)));
    }

    #[test]
    fn a_draft_has_an_address_of_its_own() {
        assert_eq!(draft_in("/docs/parcels/2026-09~draft/operations/x"), Some(("parcels", "2026-09")));
        assert_eq!(draft_in("/docs/parcels/2026-09~draft"), Some(("parcels", "2026-09")));
        for other in ["/docs/parcels/2026-09", "/docs/parcels", "/admin/apis/parcels/2026-09~draft"] {
            assert_eq!(draft_in(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_stored_is_read_back() {
        for visibility in Visibility::ALL {
            assert_eq!(visibility.as_str().parse::<Visibility>().unwrap(), visibility);
        }
        assert!("everybody".parse::<Visibility>().is_err());
    }
}
