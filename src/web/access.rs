//! Who is asking, and what they may do.
//!
//! Every route is registered with an [`Access`]; [`Visitor::may`] is the only place that compares the two. Handlers
//! then ask for the authorized thing itself: `Member`, `Staff`, `Caller`, `Scoped<App>`. A thing of another
//! organization is not found: whether it exists is nobody else's business.

use std::{str::FromStr, sync::Arc};

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::{Code, Error, Result};
use crate::{
    db::{AccountId, OrganizationId, SessionId, TokenId},
    portal::Portal,
};

/// What a route asks of a visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Anybody with an account.
    SignedIn,
    /// A member of an organization, in this role or a higher one.
    Member(Role),
    /// Staff of the company, in this role or a higher one.
    Staff(StaffRole),
    /// A token that belongs to staff and has this scope.
    StaffToken(&'static str),
    /// A token that belongs to an organization and has this scope.
    OrganizationToken(&'static str),
    /// A token of either kind that has this scope.
    AnyToken(&'static str),
    /// A sandbox key, which the sandbox checks itself.
    Key,
}

/// A member's role in an organization; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads everything of the organization.
    Viewer,
    /// Also makes and revokes apps and keys.
    Developer,
    /// Also decides who belongs to the organization.
    Owner,
}

/// A role among the company's staff; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StaffRole {
    /// Reads partners, mail and the audit trail, to help.
    Support,
    /// Also publishes APIs and texts.
    Editor,
    /// Also changes settings and staff.
    Admin,
}

/// Whoever sent the request.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    /// Somebody who is signed in.
    pub session: Option<Arc<SignedIn>>,
    /// The token of a program.
    pub caller: Option<Arc<Caller>>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role among the company's staff.
    pub staff: Option<StaffRole>,
    /// The organization that they act for.
    pub membership: Option<Member>,
}

/// The organization that somebody acts for, and their role in it.
#[derive(Clone, Debug)]
pub struct Member {
    /// The account.
    pub account: AccountId,
    /// The organization.
    pub organization: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// Their role.
    pub role: Role,
}

/// Somebody of the company's staff.
#[derive(Clone, Debug)]
pub struct Staff {
    /// The account.
    pub account: AccountId,
    /// Their role.
    pub role: StaffRole,
}

/// A program with a management token.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The token.
    pub token: TokenId,
    /// What its owner calls it.
    pub name: String,
    /// Whose it is; `None` for the company's own.
    pub organization: Option<OrganizationId>,
    /// What it may do.
    pub scopes: Vec<String>,
}

impl Visitor {
    /// Whether this visitor may use a route, and why not.
    pub fn may(&self, access: Access) -> Result<()> {
        match access {
            Access::Public | Access::Key => Ok(()),
            Access::SignedIn => self.signed_in().map(|_| ()),
            Access::Member(role) => match &self.signed_in()?.membership {
                Some(member) if member.role >= role => Ok(()),
                Some(_) => {
                    Err(Error::forbidden(format!("This takes the role {} in your organization.", role.as_str())))
                }
                None => Err(Error::forbidden("Your account does not belong to an organization.")),
            },
            Access::Staff(role) => match self.signed_in()?.staff {
                Some(staff) if staff >= role => Ok(()),
                Some(_) => Err(Error::forbidden(format!("This takes the staff role {}.", role.as_str()))),
                // What is for staff does not exist for partners.
                None => Err(Error::not_found()),
            },
            Access::StaffToken(scope) => {
                let caller = self.caller()?;
                if caller.organization.is_some() {
                    return Err(Error::forbidden("This endpoint takes a staff token."));
                }
                caller.has(scope)
            }
            Access::OrganizationToken(scope) => {
                let caller = self.caller()?;
                if caller.organization.is_none() {
                    return Err(Error::forbidden("This endpoint takes a management token of an organization."));
                }
                caller.has(scope)
            }
            Access::AnyToken(scope) => self.caller()?.has(scope),
        }
    }

    fn signed_in(&self) -> Result<&Arc<SignedIn>> {
        self.session.as_ref().ok_or_else(|| Error::new(Code::Unauthenticated, "Sign in to see this page."))
    }

    fn caller(&self) -> Result<&Arc<Caller>> {
        self.caller
            .as_ref()
            .ok_or_else(|| Error::new(Code::Unauthenticated, "Send a management token as Authorization: Bearer."))
    }
}

impl Caller {
    fn has(&self, scope: &str) -> Result<()> {
        match self.scopes.iter().any(|own| own == scope) {
            true => Ok(()),
            false => Err(Error::new(Code::InsufficientScope, format!("The token lacks the scope {scope}."))),
        }
    }
}

/// A thing that belongs to an organization and is named in the path.
pub trait Owner: Sized + Send {
    /// The path parameter that names it.
    const PARAMETER: &'static str;
    /// Its id.
    type Id: FromStr + Send;

    /// Loads it if it belongs to the organization.
    fn of(
        portal: &Portal,
        organization: OrganizationId,
        id: Self::Id,
    ) -> impl Future<Output = sqlx::Result<Option<Self>>> + Send;
}

/// A thing that the path names and that belongs to the visitor's organization.
#[derive(Clone, Debug)]
pub struct Scoped<T>(pub T);

impl<T: Owner> FromRequestParts<Portal> for Scoped<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let organization = visitor(parts).organization().ok_or_else(Error::not_found)?;
        let params = RawPathParams::from_request_parts(parts, portal).await.map_err(|_| Error::not_found())?;
        let id = params
            .iter()
            .find(|(name, _)| *name == T::PARAMETER)
            .and_then(|(_, text)| text.parse::<T::Id>().ok())
            .ok_or_else(Error::not_found)?;
        T::of(portal, organization, id).await?.map(Self).ok_or_else(Error::not_found)
    }
}

impl Visitor {
    fn organization(&self) -> Option<OrganizationId> {
        let member = self.session.as_ref().and_then(|session| session.membership.as_ref());
        let caller = self.caller.as_ref().and_then(|caller| caller.organization);
        member.map(|member| member.organization).or(caller)
    }
}

fn visitor(parts: &Parts) -> Visitor {
    parts.extensions.get::<Visitor>().cloned().unwrap_or_default()
}

impl FromRequestParts<Portal> for Visitor {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self, Self::Rejection> {
        Ok(visitor(parts))
    }
}

impl FromRequestParts<Portal> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        Ok(Self::clone(visitor(parts).signed_in()?))
    }
}

impl FromRequestParts<Portal> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        visitor(parts).signed_in()?.membership.clone().ok_or_else(Error::not_found)
    }
}

impl FromRequestParts<Portal> for Staff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        let visitor = visitor(parts);
        let session = visitor.signed_in()?;
        let role = session.staff.ok_or_else(Error::not_found)?;
        Ok(Self { account: session.account, role })
    }
}

impl FromRequestParts<Portal> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &Portal) -> Result<Self> {
        Ok(Self::clone(visitor(parts).caller()?))
    }
}

impl Role {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Developer, Self::Owner];

    /// The role as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Owner => "owner",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

impl StaffRole {
    /// Every role, lowest first.
    pub const ALL: [Self; 3] = [Self::Support, Self::Editor, Self::Admin];

    /// The role as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl FromStr for StaffRole {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(UnknownRole)
    }
}

/// A text that names no role.
#[derive(Debug, thiserror::Error)]
#[error("is not a role")]
pub struct UnknownRole;
