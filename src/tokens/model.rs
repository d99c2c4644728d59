//! What a token is and what it may do.

use std::{borrow::Cow, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::OffsetDateTime;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, SchemaType, Type},
    },
};

use crate::{
    credential,
    db::{OrganizationId, TokenId},
    name::Name,
};

/// Whom a token acts for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The company's own automation.
    Staff,
    /// A partner organization.
    Organization(OrganizationId),
}

impl Holder {
    /// The kinds as they stand in tokens.
    pub const KINDS: [&'static str; 2] = ["staff", "mgmt"];

    /// The holder whose organization is stored; the company's own tokens have none.
    pub fn of(organization: Option<OrganizationId>) -> Self {
        organization.map_or(Self::Staff, Self::Organization)
    }

    /// The organization.
    pub fn organization(self) -> Option<OrganizationId> {
        match self {
            Self::Staff => None,
            Self::Organization(id) => Some(id),
        }
    }

    /// The holder as it stands in tokens.
    pub fn kind(self) -> &'static str {
        let [staff, management] = Self::KINDS;
        match self {
            Self::Staff => staff,
            Self::Organization(_) => management,
        }
    }
}

/// One thing that a token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// List partner organizations.
    OrganizationsRead,
    /// Make partner organizations.
    OrganizationsWrite,
    /// Make tokens of an organization.
    TokensWrite,
    /// List apps.
    AppsRead,
    /// Make apps.
    AppsWrite,
    /// Read keys, without their secrets.
    KeysRead,
    /// Make, rotate and revoke keys.
    KeysWrite,
    /// Read the log of calls, with what was sent and what came back.
    CallsRead,
    /// Read counts of calls.
    UsageRead,
    /// Read the audit trail.
    AuditRead,
}

/// Whose tokens a scope is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum For {
    Staff,
    Organizations,
    Both,
}

impl Scope {
    /// Every scope, in the order in which they are offered.
    pub const ALL: [Self; 10] = [
        Self::OrganizationsRead,
        Self::OrganizationsWrite,
        Self::TokensWrite,
        Self::AppsRead,
        Self::AppsWrite,
        Self::KeysRead,
        Self::KeysWrite,
        Self::CallsRead,
        Self::UsageRead,
        Self::AuditRead,
    ];

    /// The scopes that a holder's tokens may have.
    pub fn of(holder: Holder) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |scope| scope.is_for(holder))
    }

    /// The scope as it is stored and sent.
    pub const fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// What it allows, as a verb with its object.
    pub const fn description(self) -> &'static str {
        self.entry().2
    }

    /// Whether a holder's tokens may have it.
    pub fn is_for(self, holder: Holder) -> bool {
        match (self.entry().1, holder) {
            (For::Both, _) | (For::Staff, Holder::Staff) | (For::Organizations, Holder::Organization(_)) => true,
            (For::Staff, Holder::Organization(_)) | (For::Organizations, Holder::Staff) => false,
        }
    }

    const fn entry(self) -> (&'static str, For, &'static str) {
        match self {
            Self::OrganizationsRead => ("organizations:read", For::Staff, "List partner organizations."),
            Self::OrganizationsWrite => ("organizations:write", For::Staff, "Make partner organizations."),
            Self::TokensWrite => ("tokens:write", For::Both, "Make management tokens of an organization."),
            Self::AppsRead => ("apps:read", For::Organizations, "List apps."),
            Self::AppsWrite => ("apps:write", For::Organizations, "Make apps."),
            Self::KeysRead => ("keys:read", For::Organizations, "Read keys, without their secrets."),
            Self::KeysWrite => ("keys:write", For::Organizations, "Make, rotate and revoke keys."),
            Self::CallsRead => ("calls:read", For::Organizations, "Read the log of calls with their bodies."),
            Self::UsageRead => ("usage:read", For::Organizations, "Read counts of calls."),
            Self::AuditRead => ("audit:read", For::Staff, "Read the audit trail."),
        }
    }
}

/// A text that names no scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a scope of these tokens")]
pub struct UnknownScope(pub String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Scope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <Cow<'de, str>>::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .enum_values(Some(Self::ALL.map(Self::as_str)))
            .description(Some("What a management token may do."))
            .into()
    }
}

impl ToSchema for Scope {}

/// Reads the chosen scopes; each counts once, in the order in which they are offered.
pub fn choose_scopes(holder: Holder, chosen: &[String]) -> Result<Vec<Scope>, UnknownScope> {
    let chosen: Vec<Scope> = chosen.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    match chosen.iter().find(|scope| !scope.is_for(holder)) {
        Some(foreign) => Err(UnknownScope(foreign.as_str().to_owned())),
        None => Ok(Scope::of(holder).filter(|scope| chosen.contains(scope)).collect()),
    }
}

/// A token, without its secret.
#[derive(Clone, Debug)]
pub struct Token {
    /// Its id.
    pub id: TokenId,
    /// Whose it is; `None` for the company's own.
    pub organization: Option<OrganizationId>,
    /// What its owner calls it.
    pub name: String,
    /// What it may do, as it is stored: it outlives the table of scopes.
    pub scopes: Vec<String>,
    /// Its last four characters.
    pub last_four: String,
    /// Who made it, in words.
    pub created_by: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Its last call, to the minute.
    pub last_used_at: Option<OffsetDateTime>,
    /// Since when it is gone for good.
    pub revoked_at: Option<OffsetDateTime>,
}

impl Token {
    /// The token as it is shown after its first showing.
    pub fn redacted(&self, prefix: &str) -> String {
        credential::redacted(prefix, Holder::of(self.organization).kind(), &self.last_four)
    }
}

/// What a new token is to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whom it acts for.
    pub holder: Holder,
    /// What its owner calls it.
    pub name: Name,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partner() -> Holder {
        Holder::Organization(OrganizationId::new())
    }

    #[test]
    fn scopes_read_back_and_say_what_they_allow() {
        let mut seen = std::collections::HashSet::new();
        for scope in Scope::ALL {
            assert!(seen.insert(scope.as_str()));
            assert_eq!(scope.as_str().parse(), Ok(scope));
            assert!(scope.description().ends_with('.'));
            assert!(scope.is_for(Holder::Staff) || scope.is_for(partner()), "{scope:?} is for nobody");
        }
    }

    #[test]
    fn a_partner_cannot_have_scopes_of_staff() {
        let chosen = ["keys:write", "apps:read", "keys:write"].map(str::to_owned);
        assert_eq!(choose_scopes(partner(), &chosen), Ok(vec![Scope::AppsRead, Scope::KeysWrite]));
        for odd in ["audit:read", "organizations:write", "admin", ""] {
            assert_eq!(choose_scopes(partner(), &[odd.to_owned()]), Err(UnknownScope(odd.to_owned())));
        }
        assert_eq!(choose_scopes(Holder::Staff, &["audit:read".to_owned()]), Ok(vec![Scope::AuditRead]));
        assert_eq!(choose_scopes(Holder::Staff, &chosen), Err(UnknownScope("keys:write".to_owned())));
    }
}
