//! What a key is, and how it stands at a moment.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{AllowedNetworks, store};
use crate::{
    db::{AppId, KeyId, OrganizationId, SecretId},
    portal::Portal,
    web::Owner,
};

/// Where a key is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Environment {
    /// Made-up data.
    Sandbox,
    /// The real thing.
    Production,
}

/// A key: a stable id with a name and scopes, proved by secrets that come and go.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its id.
    pub id: KeyId,
    /// The app that calls with it.
    pub app: AppId,
    /// The app's name.
    pub app_name: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// What its owner calls it.
    pub name: String,
    /// Where it is used.
    pub environment: Environment,
    /// What it may do.
    pub scopes: Vec<String>,
    /// From where it may be used.
    pub allowed_networks: AllowedNetworks,
    /// Calls in a minute, where its owner has set fewer than the organization's keys may make.
    pub rate_limit: Option<u32>,
    /// Calls in a minute that staff have set for each key of the organization.
    pub organization_rate_limit: Option<u32>,
    /// Who made it, in words.
    pub created_by: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// Since when it is switched off.
    pub disabled_at: Option<OffsetDateTime>,
    /// Since when it is gone for good.
    pub revoked_at: Option<OffsetDateTime>,
    /// Its secrets: the one without an end first, then the one that ends last.
    pub secrets: Vec<Secret>,
}

/// One secret of a key. The secret itself is nowhere: only its MAC, and four characters to recognize it by.
#[derive(Clone, Debug)]
pub struct Secret {
    /// Its id.
    pub id: SecretId,
    /// The key that it proves.
    pub key: KeyId,
    /// Its last four characters.
    pub last_four: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends, where a newer one has taken over.
    pub ends_at: Option<OffsetDateTime>,
    /// Its first use.
    pub first_used_at: Option<OffsetDateTime>,
    /// Its last use.
    pub last_used_at: Option<OffsetDateTime>,
    /// The address of its last use.
    pub last_used_from: Option<String>,
    /// Set where somebody reported it as leaked.
    pub leaked_at: Option<OffsetDateTime>,
}

/// How a key stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Its one secret works.
    Live,
    /// Two secrets work, the older until its end.
    Rotating,
    /// Its last secret has ended; a rotation gives it a new one.
    NoSecret,
    /// It has ended by itself.
    Expired,
    /// It is switched off.
    Disabled,
    /// It is gone for good.
    Revoked,
}

impl Owner for Key {
    const PARAMETER: &'static str = "key";
    type Id = KeyId;

    async fn of(portal: &Portal, organization: OrganizationId, id: KeyId) -> sqlx::Result<Option<Self>> {
        store::by_id(&portal.db, organization, id).await
    }
}

impl Environment {
    /// Every environment.
    pub const ALL: [Self; 2] = [Self::Sandbox, Self::Production];

    /// The environment as it stands in keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Production => "production",
        }
    }

    /// The environment for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Sandbox => "Sandbox",
            Self::Production => "Production",
        }
    }
}

impl FromStr for Environment {
    type Err = UnknownEnvironment;

    fn from_str(text: &str) -> Result<Self, UnknownEnvironment> {
        Self::ALL.into_iter().find(|environment| environment.as_str() == text).ok_or(UnknownEnvironment)
    }
}

/// A text that names no environment.
#[derive(Debug, thiserror::Error)]
#[error("is not an environment")]
pub struct UnknownEnvironment;

impl Key {
    /// How the key stands.
    pub fn state(&self, now: OffsetDateTime) -> KeyState {
        if self.revoked_at.is_some() {
            KeyState::Revoked
        } else if self.disabled_at.is_some() {
            KeyState::Disabled
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else if !self.secrets.iter().any(|secret| secret.is_live(now)) {
            KeyState::NoSecret
        } else if self.retiring(now).is_some() {
            KeyState::Rotating
        } else {
            KeyState::Live
        }
    }

    /// The newest secret; it has no end unless it was reported as leaked.
    pub fn current(&self) -> Option<&Secret> {
        self.secrets.first()
    }

    /// How many calls a minute it may make, where everybody's keys may make `portal` of them.
    pub fn calls_a_minute(&self, portal: u32) -> u32 {
        let most = self.most_calls_a_minute(portal);
        self.rate_limit.map_or(most, |own| own.min(most))
    }

    /// The most that its owner may set.
    pub fn most_calls_a_minute(&self, portal: u32) -> u32 {
        self.organization_rate_limit.unwrap_or(portal)
    }

    /// Whether it is gone for good: nothing about it can be changed then.
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        self.revoked_at.is_some() || self.expires_at.is_some_and(|end| end <= now)
    }

    /// The older secret that still works.
    pub fn retiring(&self, now: OffsetDateTime) -> Option<&Secret> {
        self.secrets.iter().skip(1).find(|secret| secret.is_live(now))
    }

    /// The last use of any of its secrets.
    pub fn last_used_at(&self) -> Option<OffsetDateTime> {
        self.secrets.iter().filter_map(|secret| secret.last_used_at).max()
    }
}

impl Secret {
    /// Whether it works, as far as it depends on the secret.
    pub fn is_live(&self, now: OffsetDateTime) -> bool {
        self.ends_at.is_none_or(|end| end > now)
    }
}

impl KeyState {
    /// The state for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Live => "Live",
            Self::Rotating => "Rotating",
            Self::NoSecret => "No secret left",
            Self::Expired => "Expired",
            Self::Disabled => "Switched off",
            Self::Revoked => "Revoked",
        }
    }

    /// Whether calls with the key can go through.
    pub fn works(self) -> bool {
        matches!(self, Self::Live | Self::Rotating)
    }
}

/// A scope that nobody offers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("No published API has the scope {0}.")]
pub struct UnknownScope(pub String);

/// The address of a key's page.
pub(super) fn path_of(key: KeyId) -> String {
    format!("/dashboard/keys/{key}")
}

/// The chosen ones of the offered scopes, each once and in the order in which they are offered.
pub fn choose_scopes(offered: &[String], chosen: &[String]) -> Result<Vec<String>, UnknownScope> {
    match chosen.iter().find(|scope| !offered.contains(scope)) {
        Some(unknown) => Err(UnknownScope(unknown.clone())),
        None => Ok(offered.iter().filter(|scope| chosen.contains(scope)).cloned().collect()),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    pub(in crate::keys) const NOW: OffsetDateTime = datetime!(2026-11-18 14:20 UTC);

    pub(in crate::keys) fn secret(last_four: &str, ends_at: Option<OffsetDateTime>) -> Secret {
        Secret {
            id: SecretId::new(),
            key: KeyId::new(),
            last_four: last_four.into(),
            created_at: NOW - Duration::days(1),
            ends_at,
            first_used_at: None,
            last_used_at: None,
            last_used_from: None,
            leaked_at: None,
        }
    }

    pub(in crate::keys) fn key(secrets: Vec<Secret>) -> Key {
        Key {
            id: KeyId::new(),
            app: AppId::new(),
            app_name: "Checkout".into(),
            organization: OrganizationId::new(),
            name: "Checkout staging".into(),
            environment: Environment::Sandbox,
            scopes: Vec::new(),
            allowed_networks: AllowedNetworks::default(),
            rate_limit: None,
            organization_rate_limit: None,
            created_by: "Ines".into(),
            created_at: NOW - Duration::days(1),
            expires_at: None,
            disabled_at: None,
            revoked_at: None,
            secrets,
        }
    }

    #[test]
    fn a_key_rotates_until_the_older_secret_ends() {
        let rotating = key(vec![secret("Lq17", None), secret("QzQM", Some(NOW + Duration::seconds(1)))]);
        assert_eq!(rotating.state(NOW), KeyState::Rotating);
        assert_eq!(rotating.state(NOW + Duration::seconds(1)), KeyState::Live);
        assert_eq!(key(vec![secret("Lq17", None)]).state(NOW), KeyState::Live);
        assert_eq!(key(vec![secret("Lq17", Some(NOW))]).state(NOW), KeyState::NoSecret);
    }

    #[test]
    fn what_ends_a_key_for_good_is_told_first() {
        let mut ended = key(vec![secret("Lq17", None)]);
        ended.expires_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Expired);
        ended.disabled_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Disabled);
        ended.revoked_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Revoked);
    }

    #[test]
    fn a_key_may_make_fewer_calls_than_its_organization_allows_and_never_more() {
        let with = |own, organization| {
            Key { rate_limit: own, organization_rate_limit: organization, ..key(Vec::new()) }.calls_a_minute(60)
        };
        assert_eq!(with(None, None), 60);
        assert_eq!(with(Some(10), None), 10);
        assert_eq!(with(None, Some(600)), 600);
        assert_eq!(with(Some(100), Some(600)), 100);
        assert_eq!(with(Some(100), Some(20)), 20, "staff have lowered the limit since");
        assert_eq!(with(Some(100), None), 60);
    }

    #[test]
    fn chosen_scopes_are_among_the_offered_ones() {
        let offered = ["shipments:write".to_owned(), "labels:read".to_owned()];
        let chosen = ["labels:read", "shipments:write", "labels:read"].map(str::to_owned);
        assert_eq!(choose_scopes(&offered, &chosen).unwrap(), offered);
        assert_eq!(choose_scopes(&offered, &["admin".to_owned()]), Err(UnknownScope("admin".into())));
        assert!(choose_scopes(&offered, &[]).unwrap().is_empty());
    }
}
