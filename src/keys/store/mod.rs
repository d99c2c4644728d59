//! The tables of keys and their secrets.
//!
//! A key has at most two live secrets: rotating again ends the older one at once. A trigger tells every instance
//! which key has changed when a transaction commits.

mod edits;
mod evidence;
mod leaks;
mod notices;
mod secrets;
mod verification;

#[cfg(test)]
mod tests;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use sqlx::{PgConnection, PgExecutor, PgPool, query, query_as};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

pub use edits::{revoke, switch_off, switch_on, update};
pub(super) use evidence::{ADDRESSES, Count, Use, evidence, record_uses, sweep};
pub(super) use leaks::{end_leaked, known, revoke_leaked};
pub(super) use notices::{near_ends, near_ends_of, told};
pub use secrets::{Extension, cancel_rotation, extend, retire, rotate};
pub use verification::{Facts, Known, by_macs, facts};

use super::{AllowedNetworks, Environment, Key, Secret};
use crate::{
    apps::App,
    audit::{self, Actor, Entry, Subject},
    credential,
    db::{AppId, KeyId, OrganizationId, SecretId},
    name::Name,
    vault::{Fingerprint, Vault},
};

/// A secret that was just drawn: all of it, for its one showing, and what is kept of it.
pub struct Minted {
    text: SecretString,
    mac: Fingerprint,
}

impl Minted {
    /// A new secret of an environment.
    pub fn new(vault: &Vault, prefix: &str, environment: Environment) -> Self {
        let text = credential::generate(prefix, environment.as_str());
        let mac = vault.fingerprint(text.expose_secret());
        Self { text, mac }
    }

    fn last_four(&self) -> &str {
        credential::last_four(self.text.expose_secret())
    }
}

/// A key with the secret that it just got.
pub struct Issued {
    /// The key as it is now.
    pub key: Key,
    /// The secret, to be shown once.
    pub secret: SecretString,
}

/// What a new key is to be.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What its owner calls it.
    pub name: Name,
    /// Where it is used.
    pub environment: Environment,
    /// What it may do.
    pub scopes: Vec<String>,
}

/// A key, if it is of an app of the organization.
pub async fn by_id(db: &PgPool, organization: OrganizationId, id: KeyId) -> sqlx::Result<Option<Key>> {
    let row = query_as!(
        Row,
        r#"
        select k.id as "id: KeyId", k.app_id as "app: AppId", a.name as app_name,
               o.id as "organization: OrganizationId", k.name,
               k.environment as "environment: Environment", k.scopes,
               k.allowed_networks::text[] as "allowed_networks!", k.rate_limit,
               o.key_rate_limit as organization_rate_limit, k.created_by, k.created_at,
               k.expires_at, k.disabled_at, k.revoked_at
        from api_key k
        join app a on a.id = k.app_id
        join organization o on o.id = a.organization_id
        where k.id = $1 and o.id = $2 and a.deleted_at is null
        "#,
        id.0,
        organization.0,
    )
    .fetch_optional(db)
    .await?;
    Ok(with_secrets(db, row.into_iter().collect()).await?.pop())
}

/// An app's keys, newest first, from the one after `after` on.
pub async fn of_app(db: &PgPool, app: AppId, after: Option<KeyId>, limit: i64) -> sqlx::Result<Vec<Key>> {
    let rows = query_as!(
        Row,
        r#"
        select k.id as "id: KeyId", k.app_id as "app: AppId", a.name as app_name,
               o.id as "organization: OrganizationId", k.name,
               k.environment as "environment: Environment", k.scopes,
               k.allowed_networks::text[] as "allowed_networks!", k.rate_limit,
               o.key_rate_limit as organization_rate_limit, k.created_by, k.created_at,
               k.expires_at, k.disabled_at, k.revoked_at
        from api_key k
        join app a on a.id = k.app_id
        join organization o on o.id = a.organization_id
        where k.app_id = $1 and a.deleted_at is null and ($2::uuid is null or k.id < $2)
        order by k.id desc
        limit $3
        "#,
        app.0,
        after.map(|after| after.0),
        limit,
    )
    .fetch_all(db)
    .await?;
    with_secrets(db, rows).await
}

/// Makes a key with its first secret. Violates `api_key_name_unique` where another of the app has the name.
pub async fn issue(db: &PgPool, actor: &Actor, app: &App, new: NewKey, minted: Minted) -> sqlx::Result<Issued> {
    let mut tx = db.begin().await?;
    let id = KeyId::new();
    query!(
        "insert into api_key (id, app_id, environment, name, scopes, created_by) values ($1, $2, $3, $4, $5, $6)",
        id.0,
        app.id.0,
        new.environment.as_str(),
        new.name.as_str(),
        &new.scopes,
        actor.label,
    )
    .execute(&mut *tx)
    .await?;
    insert_secret(&mut tx, id, &minted).await?;
    let key = in_transaction(&mut tx, id).await?;
    let entry = Entry::new("key.issued", subject(&key)).after(json!({
        "app": app.id,
        "environment": new.environment,
        "scopes": new.scopes,
        "secret": minted.last_four(),
    }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Issued { key, secret: minted.text })
}

/// A key as a transaction sees it, locked until its end: changes of one key wait for each other.
pub(super) async fn in_transaction(tx: &mut PgConnection, id: KeyId) -> sqlx::Result<Key> {
    let row = query_as!(
        Row,
        r#"
        select k.id as "id: KeyId", k.app_id as "app: AppId", a.name as app_name,
               o.id as "organization: OrganizationId", k.name,
               k.environment as "environment: Environment", k.scopes,
               k.allowed_networks::text[] as "allowed_networks!", k.rate_limit,
               o.key_rate_limit as organization_rate_limit, k.created_by, k.created_at,
               k.expires_at, k.disabled_at, k.revoked_at
        from api_key k
        join app a on a.id = k.app_id
        join organization o on o.id = a.organization_id
        where k.id = $1
        for update of k
        "#,
        id.0,
    )
    .fetch_one(&mut *tx)
    .await?;
    let secrets = secrets_of(tx, &[id]).await?;
    Ok(row.with(secrets))
}

async fn with_secrets(db: &PgPool, rows: Vec<Row>) -> sqlx::Result<Vec<Key>> {
    let ids: Vec<KeyId> = rows.iter().map(|row| row.id).collect();
    let secrets = secrets_of(db, &ids).await?;
    let keys = rows.into_iter().map(|row| {
        let own = secrets.iter().filter(|secret| secret.key == row.id).cloned().collect();
        row.with(own)
    });
    Ok(keys.collect())
}

async fn secrets_of(db: impl PgExecutor<'_>, keys: &[KeyId]) -> sqlx::Result<Vec<Secret>> {
    query_as!(
        Secret,
        r#"
        select id as "id: SecretId", key_id as "key: KeyId", last_four, created_at, ends_at,
               first_used_at, last_used_at, last_used_from, leaked_at
        from api_key_secret
        where key_id = any($1)
        order by ends_at desc nulls first, id desc
        "#,
        &keys.iter().map(|key| key.0).collect::<Vec<_>>(),
    )
    .fetch_all(db)
    .await
}

async fn insert_secret(tx: &mut PgConnection, key: KeyId, minted: &Minted) -> sqlx::Result<()> {
    query!(
        "insert into api_key_secret (id, key_id, mac, last_four) values ($1, $2, $3, $4)",
        SecretId::new().0,
        key.0,
        minted.mac.as_slice(),
        minted.last_four(),
    )
    .execute(tx)
    .await
    .map(|_| ())
}

/// A key's own row.
struct Row {
    id: KeyId,
    app: AppId,
    app_name: String,
    organization: OrganizationId,
    name: String,
    environment: Environment,
    scopes: Vec<String>,
    allowed_networks: Vec<String>,
    rate_limit: Option<i32>,
    organization_rate_limit: Option<i32>,
    created_by: String,
    created_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    disabled_at: Option<OffsetDateTime>,
    revoked_at: Option<OffsetDateTime>,
}

impl Row {
    fn with(self, secrets: Vec<Secret>) -> Key {
        Key {
            id: self.id,
            app: self.app,
            app_name: self.app_name,
            organization: self.organization,
            name: self.name,
            environment: self.environment,
            scopes: self.scopes,
            allowed_networks: AllowedNetworks::stored(&self.allowed_networks),
            rate_limit: self.rate_limit.and_then(|limit| limit.try_into().ok()),
            organization_rate_limit: self.organization_rate_limit.and_then(|limit| limit.try_into().ok()),
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
            disabled_at: self.disabled_at,
            revoked_at: self.revoked_at,
            secrets,
        }
    }
}

fn subject(key: &Key) -> Subject {
    Subject::of(key.organization, "key", key.id, key.name.clone())
}

fn rfc3339(at: OffsetDateTime) -> String {
    at.format(&Rfc3339).expect("a year of four digits can be written")
}
