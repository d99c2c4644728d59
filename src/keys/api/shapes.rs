//! Keys as programs send and see them.

use secrecy::ExposeSecret;
use serde::{Deserialize, Deserializer, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::{
    credential,
    db::{AppId, KeyId, SecretId},
    keys::{
        Environment, Issued, Key, KeyState, Overlap,
        edit::Asked,
        evidence::{Advice, Evidence, Usage},
        store,
    },
    portal::Portal,
};

/// A key of an app.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub(super) struct KeyShown {
    /// Its id, which stays the same when its secret is rotated.
    #[schema(value_type = String, example = "key_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: KeyId,
    /// The app that calls with it.
    #[schema(value_type = String, example = "app_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    app: AppId,
    /// Its name.
    #[schema(example = "Staging")]
    name: String,
    /// Where it is used.
    environment: Environment,
    /// What it may do.
    #[schema(example = json!(["shipments:write"]))]
    scopes: Vec<String>,
    /// From where it may be used, in CIDR notation; from everywhere where the list is empty.
    #[schema(example = json!(["203.0.113.0/24"]))]
    allowed_networks: Vec<String>,
    /// Calls that it may make in a minute; null where its owner has set no number, and `calls_a_minute` holds.
    #[schema(required, minimum = 1, example = 30)]
    rate_limit: Option<u32>,
    /// Calls that it may make in a minute now: its own number, and never more than its organization's keys may make.
    #[schema(example = 30)]
    calls_a_minute: u32,
    /// How it stands now.
    state: KeyState,
    /// Its secrets that work or have worked, the newest first.
    secrets: Vec<SecretShown>,
    /// The rotation that is going on; null where there is one secret or none.
    #[schema(required)]
    rotation: Option<RotationShown>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it ends by itself; null where it does not.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    expires_at: Option<OffsetDateTime>,
    /// Since when it is switched off; null while it is on.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    disabled_at: Option<OffsetDateTime>,
    /// When it was revoked; null where it was not.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    revoked_at: Option<OffsetDateTime>,
}

/// One secret of a key, without the secret itself.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeySecret)]
struct SecretShown {
    /// Its id.
    #[schema(value_type = String, example = "sec_01kaj7w2c9m0v6fsq8xe1h3t5r")]
    id: SecretId,
    /// The prefix and the last four characters.
    #[schema(example = "vst_sandbox_…Lq17")]
    hint: String,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    created_at: OffsetDateTime,
    /// When it ends; null for the newest.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    ends_at: Option<OffsetDateTime>,
    /// When somebody reported it as leaked; null where nobody did.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    leaked_at: Option<OffsetDateTime>,
    /// The first call with it, about a second behind; null where there was none.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    first_used_at: Option<OffsetDateTime>,
    /// The last call with it, about a second behind; null where there was none.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(value_type = Option<String>, format = DateTime, required)]
    last_used_at: Option<OffsetDateTime>,
    /// Where the last call came from; null where there was none.
    #[schema(required, example = "203.0.113.7")]
    last_used_from: Option<String>,
    /// Who calls with it, while it works. Only where one key is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    usage: Option<UsageShown>,
}

/// Who calls with a secret, about a second behind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretUsage)]
struct UsageShown {
    /// Calls in the last hour; zero is exact, and other numbers are close.
    #[schema(minimum = 0, example = 12)]
    calls_last_hour: i64,
    /// Calls in the last 24 hours; zero is exact, and other numbers are close.
    #[schema(minimum = 0, example = 340)]
    calls_last_day: i64,
    /// Where they came from in the last 30 days, the latest first; at most five.
    addresses: Vec<OriginShown>,
}

/// An address that calls with a secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SecretUsageAddress)]
struct OriginShown {
    /// The address; null for all that are not kept one by one.
    #[schema(required, example = "203.0.113.7")]
    address: Option<String>,
    /// Calls from it in the last 30 days.
    #[schema(minimum = 1, example = 340)]
    calls: i64,
    /// The last of them.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    last_at: OffsetDateTime,
}

/// A rotation that is going on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeyRotation)]
struct RotationShown {
    /// Whether the older secret can go: `unused` is safe, `silent` is probably safe, `still_used` and `new_unused` are not.
    advice: Advice,
    /// The advice in words.
    #[schema(example = "…QzQM was last used 3 minutes ago by 203.0.113.7: not yet. Move that caller to …Lq17 first.")]
    in_words: String,
    /// When the new secret was made.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    since: OffsetDateTime,
    /// When the older secret ends.
    #[serde(with = "time::serde::rfc3339")]
    #[schema(value_type = String, format = DateTime)]
    ends_at: OffsetDateTime,
}

/// A key that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKeyAsked {
    /// One line of visible characters, different from the names of the app's other keys.
    #[schema(min_length = 1, max_length = 80, example = "Staging")]
    pub(super) name: String,
    /// What it may do: scopes of the published APIs.
    #[schema(example = json!(["shipments:write"]))]
    pub(super) scopes: Vec<String>,
    /// Where it is used. Production keys are given out by the company and refused here.
    pub(super) environment: Environment,
}

/// What is to change about a key. What is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyChanges {
    /// One line of visible characters, different from the names of the app's other keys.
    #[serde(default, deserialize_with = "given")]
    #[schema(min_length = 1, max_length = 80, nullable = false, example = "Staging")]
    name: Option<String>,
    /// What it may do: scopes of the published APIs.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, example = json!(["shipments:write"]))]
    scopes: Option<Vec<String>>,
    /// From where it may be used: addresses and networks in CIDR notation, IPv4 and IPv6. An empty list: from everywhere.
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false, max_items = 50, example = json!(["203.0.113.0/24", "2001:db8::/32"]))]
    allowed_networks: Option<Vec<String>>,
    /// When it ends by itself, in the future and before the year 9000; null: never.
    #[serde(default, deserialize_with = "moment_or_null")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Option<OffsetDateTime>>,
    /// Calls in a minute, at most as many as the organization's keys may make; null: as many as those.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, minimum = 1, example = 30)]
    rate_limit: Option<Option<i64>>,
}

/// A key with the secret that it just got.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IssuedKey {
    /// The key.
    #[serde(flatten)]
    key: KeyShown,
    /// The secret itself, to send as `Authorization: Bearer`. It is shown only here.
    #[schema(example = "vst_sandbox_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17")]
    secret: String,
}

/// How a secret is to be rotated.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RotationAsked {
    /// How long the present secret works on; a day where it is left out.
    #[serde(default = "default_overlap")]
    #[schema(minimum = 0, maximum = 2_592_000, default = 86_400)]
    pub(super) overlap_seconds: i64,
}

/// How long the older secret is to work on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExtensionAsked {
    /// From now on; longer than it has left.
    #[schema(minimum = 0, maximum = 2_592_000, example = 86_400)]
    pub(super) overlap_seconds: i64,
}

fn default_overlap() -> i64 {
    Overlap::default().seconds()
}

/// A field that is there has a value; `null` is one only where the type takes it.
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

fn moment_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<OffsetDateTime>>, D::Error> {
    time::serde::rfc3339::option::deserialize(deserializer).map(Some)
}

impl KeyChanges {
    pub(super) fn asked(self) -> Asked {
        Asked {
            name: self.name,
            scopes: self.scopes,
            allowed_networks: self.allowed_networks,
            expires_at: self.expires_at,
            rate_limit: self.rate_limit,
        }
    }
}

impl KeyShown {
    /// A key without what is known of its callers.
    pub(super) fn of(portal: &Portal, key: Key) -> Self {
        Self::with(portal, key, None, OffsetDateTime::now_utc())
    }

    /// A key with what is known of its callers.
    pub(super) async fn whole(portal: &Portal, key: Key) -> sqlx::Result<Self> {
        let now = OffsetDateTime::now_utc();
        let evidence = store::evidence(&portal.db, &key, now).await?;
        Ok(Self::with(portal, key, Some(&evidence), now))
    }

    fn with(portal: &Portal, key: Key, evidence: Option<&Evidence>, now: OffsetDateTime) -> Self {
        let state = key.state(now);
        let rotation = RotationShown::of(&key, now);
        let calls_a_minute = key.calls_a_minute(portal.config.key_rate_limit);
        let secrets = key.secrets.iter().map(|secret| SecretShown {
            id: secret.id,
            hint: credential::redacted(&portal.config.key_prefix, key.environment.as_str(), &secret.last_four),
            created_at: secret.created_at,
            ends_at: secret.ends_at,
            leaked_at: secret.leaked_at,
            first_used_at: secret.first_used_at,
            last_used_at: secret.last_used_at,
            last_used_from: secret.last_used_from.clone(),
            usage: evidence.filter(|_| secret.is_live(now)).map(|evidence| UsageShown::of(evidence.usage(secret.id))),
        });
        Self {
            id: key.id,
            app: key.app,
            environment: key.environment,
            allowed_networks: key.allowed_networks.texts(),
            rate_limit: key.rate_limit,
            calls_a_minute,
            state,
            secrets: secrets.collect(),
            rotation,
            created_at: key.created_at,
            expires_at: key.expires_at,
            disabled_at: key.disabled_at,
            revoked_at: key.revoked_at,
            name: key.name,
            scopes: key.scopes,
        }
    }
}

impl UsageShown {
    fn of(usage: Usage) -> Self {
        let addresses = usage.origins.into_iter().map(|origin| OriginShown {
            address: origin.address,
            calls: origin.calls,
            last_at: origin.last_at,
        });
        Self { calls_last_hour: usage.last_hour, calls_last_day: usage.last_day, addresses: addresses.collect() }
    }
}

impl RotationShown {
    fn of(key: &Key, now: OffsetDateTime) -> Option<Self> {
        let (advice, old, new) = (Advice::on(key, now)?, key.retiring(now)?, key.current()?);
        let in_words = advice.reason(old, new, now);
        Some(Self { advice, in_words, since: new.created_at, ends_at: old.ends_at? })
    }
}

impl IssuedKey {
    pub(super) fn of(portal: &Portal, issued: Issued) -> Self {
        Self { key: KeyShown::of(portal, issued.key), secret: issued.secret.expose_secret().to_owned() }
    }
}
