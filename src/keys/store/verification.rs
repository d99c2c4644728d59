//! What verification reads and writes.

use sqlx::{PgExecutor, query, query_as};
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

/// One secret's use since the last flush.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The first call.
    pub first_at: OffsetDateTime,
    /// The last call.
    pub last_at: OffsetDateTime,
    /// Where the last call came from.
    pub from: String,
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
               (k.revoked_at is not null or a.deleted_at is not null) as "is_revoked!",
               (k.disabled_at is not null or o.suspended_at is not null) as "is_disabled!",
               a.id as "app: AppId", a.name as app_name,
               o.id as "organization: OrganizationId", o.name as organization_name,
               s.id as "secret?: SecretId", s.ends_at,
               (
                   select min(n.created_at)
                   from api_key_secret n
                   where n.key_id = k.id and n.created_at > s.created_at
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

/// Notes uses in one statement. A later use that another instance has noted already stays.
pub async fn record_uses(db: impl PgExecutor<'_>, uses: &[(SecretId, Use)]) -> sqlx::Result<()> {
    query!(
        r#"
        update api_key_secret as s
        set first_used_at = least(s.first_used_at, u.first_at),
            last_used_from = case when s.last_used_at > u.last_at then s.last_used_from else u.used_from end,
            last_used_at = greatest(s.last_used_at, u.last_at)
        from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[]) as u (id, first_at, last_at, used_from)
        where s.id = u.id
        "#,
        &uses.iter().map(|(secret, _)| secret.0).collect::<Vec<_>>(),
        &uses.iter().map(|(_, each)| each.first_at).collect::<Vec<_>>(),
        &uses.iter().map(|(_, each)| each.last_at).collect::<Vec<_>>(),
        &uses.iter().map(|(_, each)| each.from.clone()).collect::<Vec<_>>(),
    )
    .execute(db)
    .await
    .map(|_| ())
}
