//! What a key is, and how it stands at a moment.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::store;
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
}

/// How a key stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Its one secret works.
    Live,
    /// Two secrets work, the older until its end.
    Rotating,
    /// It has ended by itself.
    Expired,
    /// It is switched off.
    Disabled,
    /// It is gone for good.
    Revoked,
}

/// What the last uses say about the older of two secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Advice {
    /// Somebody has used it since the rotation.
    StillUsed,
    /// Nobody has, and nobody has used the new one either: its callers may only be asleep.
    NewUnused,
    /// Nobody has, and the new one is in use.
    Unused,
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
        } else if self.retiring(now).is_some() {
            KeyState::Rotating
        } else {
            KeyState::Live
        }
    }

    /// The secret that has no end; every key has had one from the start.
    pub fn current(&self) -> Option<&Secret> {
        self.secrets.first()
    }

    /// The older secret that still works.
    pub fn retiring(&self, now: OffsetDateTime) -> Option<&Secret> {
        self.secrets.iter().skip(1).find(|secret| secret.is_live(now))
    }

    /// Whether the older of two secrets can go. `None`: there is only one.
    pub fn advice(&self, now: OffsetDateTime) -> Option<Advice> {
        let (old, new) = (self.retiring(now)?, self.current()?);
        Some(match (old.last_used_at, new.last_used_at) {
            (Some(used), _) if used > new.created_at => Advice::StillUsed,
            (_, None) => Advice::NewUnused,
            (_, Some(_)) => Advice::Unused,
        })
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

/// How long the older secret works on after a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap(Duration);

/// A time that is no overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 0 to {} seconds (30 days)", Overlap::LONGEST.whole_seconds())]
pub struct NotAnOverlap;

impl Overlap {
    /// Long enough for every deployment, short enough to end.
    pub const LONGEST: Duration = Duration::days(30);

    /// What a page offers, shortest first.
    pub const OFFERED: [(Self, &'static str); 5] = [
        (Self(Duration::ZERO), "None: the old secret stops at once"),
        (Self(Duration::hours(1)), "1 hour"),
        (Self(Duration::hours(24)), "24 hours"),
        (Self(Duration::days(7)), "7 days"),
        (Self(Duration::days(30)), "30 days"),
    ];

    /// Reads an overlap in seconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, NotAnOverlap> {
        match (0..=Self::LONGEST.whole_seconds()).contains(&seconds) {
            true => Ok(Self(Duration::seconds(seconds))),
            false => Err(NotAnOverlap),
        }
    }

    /// The overlap in seconds.
    pub fn seconds(self) -> i64 {
        self.0.whole_seconds()
    }

    /// When a secret ends that is replaced now.
    pub fn end(self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(self.0)
    }
}

impl Default for Overlap {
    fn default() -> Self {
        Self(Duration::hours(24))
    }
}

/// A scope that nobody offers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("No published API has the scope {0}.")]
pub struct UnknownScope(pub String);

/// The chosen ones of the offered scopes, each once and in the order in which they are offered.
pub fn choose_scopes(offered: &[String], chosen: &[String]) -> Result<Vec<String>, UnknownScope> {
    match chosen.iter().find(|scope| !offered.contains(scope)) {
        Some(unknown) => Err(UnknownScope(unknown.clone())),
        None => Ok(offered.iter().filter(|scope| chosen.contains(scope)).cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-18 14:20 UTC);

    fn secret(ends_at: Option<OffsetDateTime>) -> Secret {
        Secret {
            id: SecretId::new(),
            key: KeyId::new(),
            last_four: "Lq17".into(),
            created_at: NOW - Duration::days(1),
            ends_at,
            first_used_at: None,
            last_used_at: None,
            last_used_from: None,
        }
    }

    fn key(secrets: Vec<Secret>) -> Key {
        Key {
            id: KeyId::new(),
            app: AppId::new(),
            app_name: "Checkout".into(),
            organization: OrganizationId::new(),
            name: "Checkout staging".into(),
            environment: Environment::Sandbox,
            scopes: Vec::new(),
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
        let rotating = key(vec![secret(None), secret(Some(NOW + Duration::seconds(1)))]);
        assert_eq!(rotating.state(NOW), KeyState::Rotating);
        assert_eq!(rotating.state(NOW + Duration::seconds(1)), KeyState::Live);
        assert_eq!(key(vec![secret(None)]).state(NOW), KeyState::Live);
    }

    #[test]
    fn an_old_secret_can_go_once_only_the_new_one_is_used() {
        let rotated_at = NOW - Duration::hours(2);
        let advice = |old_used: Option<OffsetDateTime>, new_used: Option<OffsetDateTime>| {
            let new = Secret { created_at: rotated_at, last_used_at: new_used, ..secret(None) };
            let old = Secret { last_used_at: old_used, ..secret(Some(NOW + Duration::hours(22))) };
            key(vec![new, old]).advice(NOW)
        };
        let (before, after) = (Some(rotated_at - Duration::hours(1)), Some(rotated_at + Duration::hours(1)));
        assert_eq!(advice(after, after), Some(Advice::StillUsed));
        assert_eq!(advice(before, None), Some(Advice::NewUnused));
        assert_eq!(advice(before, after), Some(Advice::Unused));
        assert_eq!(key(vec![secret(None)]).advice(NOW), None);
    }

    #[test]
    fn what_ends_a_key_for_good_is_told_first() {
        let mut ended = key(vec![secret(None)]);
        ended.expires_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Expired);
        ended.disabled_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Disabled);
        ended.revoked_at = Some(NOW);
        assert_eq!(ended.state(NOW), KeyState::Revoked);
    }

    #[test]
    fn an_overlap_is_at_most_thirty_days() {
        assert_eq!(Overlap::from_seconds(0).unwrap().end(NOW), NOW);
        assert_eq!(Overlap::from_seconds(2_592_000).unwrap().end(NOW), NOW + Duration::days(30));
        assert_eq!(Overlap::from_seconds(2_592_001), Err(NotAnOverlap));
        assert_eq!(Overlap::from_seconds(-1), Err(NotAnOverlap));
        assert_eq!(Overlap::default().seconds(), 86_400);
        assert!(Overlap::OFFERED.iter().any(|(overlap, _)| *overlap == Overlap::default()));
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
