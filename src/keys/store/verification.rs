//! What verification reads and writes.

use sqlx::{PgExecutor, query_as};
use time::OffsetDateTime;

use crate::{
    db::{AppId, KeyId, OrganizationId, SecretId},
    keys::Environment,
    vault::Fingerprint,
};

/// Which secret of which key was presented.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// The key.
    pub key: KeyId,
    /// The secret.
    pub secret: SecretId,
}

/// Everything that verification asks about a key, once for each of its live secrets.
pub struct Facts {
    /// The key.
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// Where it is used.
    pub environment: Environment,
    /// What it may do.
    pub scopes: Vec<String>,
    /// From where it may be used; from everywhere where there are none.
    pub allowed_networks: Vec<String>,
    /// Calls in a minute, where it or its organization has a number of its own.
    pub rate_limit: Option<i32>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// Whether it, or its app, is gone for good.
    pub is_revoked: bool,
    /// Whether it, or its organization, is switched off.
    pub is_disabled: bool,
    /// Its app.
    pub app: AppId,
    /// The app's name.
    pub app_name: String,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The organization's name.
    pub organization_name: String,
    /// A live secret; none where all have ended.
    pub secret: Option<SecretId>,
    /// When that secret ends.
    pub ends_at: Option<OffsetDateTime>,
    /// When the secret was made that takes over from it.
    pub retiring_since: Option<OffsetDateTime>,
}

/// The secret that has one of these fingerprints.
pub async fn by_macs(db: impl PgExecutor<'_>, macs: &[Fingerprint]) -> sqlx::Result<Option<Known>> {
    let macs: Vec<Vec<u8>> = macs.iter().map(|mac| mac.to_vec()).collect();
    query_as!(
        Known,
        r#"select key_id as "key: KeyId", id as "secret: SecretId" from api_key_secret where mac = any($1)"#,
        &macs,
    )
    .fetch_optional(db)
    .await
}

/// A key's facts; empty where it does not exist. Ends are checked at every use by the instance's own clock, so
/// secrets are read a little beyond theirs.
pub async fn facts(db: impl PgExecutor<'_>, key: KeyId) -> sqlx::Result<Vec<Facts>> {
    query_as!(
        Facts,
        r#"
        select k.id as "key: KeyId", k.name, k.environment as "environment: Environment", k.scopes, k.expires_at,
               k.allowed_networks::text[] as "allowed_networks!", least(k.rate_limit, o.key_rate_limit) as rate_limit,
               (k.revoked_at is not null or a.deleted_at is not null) as "is_revoked!",
               (k.disabled_at is not null or o.suspended_at is not null) as "is_disabled!",
               a.id as "app: AppId", a.name as app_name,
               o.id as "organization: OrganizationId", o.name as organization_name,
               s.id as "secret?: SecretId", s.ends_at,
               (
                   select min(n.created_at)
                   from api_key_secret n
                   where n.key_id = k.id and n.created_at > s.created_at and n.cancelled_at is null
               ) as retiring_since
        from api_key k
        join app a on a.id = k.app_id
        join organization o on o.id = a.organization_id
        left join api_key_secret s
            on s.key_id = k.id and (s.ends_at is null or s.ends_at > now() - interval '1 hour')
        where k.id = $1
        "#,
        key.0,
    )
    .fetch_all(db)
    .await
}
