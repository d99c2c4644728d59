//! What is done to a key that somebody reported as leaked.

use serde_json::json;
use sqlx::{PgConnection, PgExecutor, query, query_as};
use time::OffsetDateTime;

use super::{Known, edits::revoke_in, in_transaction, secrets::live_secrets, subject};
use crate::{
    audit::{self, Actor, Entry},
    db::{KeyId, SecretId},
    keys::{Key, Overlap},
    vault::Fingerprint,
};

/// The secrets that have these fingerprints, of apps that are there.
pub(in crate::keys) async fn known(db: impl PgExecutor<'_>, macs: &[Fingerprint]) -> sqlx::Result<Vec<Known>> {
    let macs: Vec<Vec<u8>> = macs.iter().map(|mac| mac.to_vec()).collect();
    query_as!(
        Known,
        r#"
        select s.key_id as "key: KeyId", s.id as "secret: SecretId"
        from api_key_secret s
        join api_key k on k.id = s.key_id
        join app a on a.id = k.app_id
        where s.mac = any($1) and a.deleted_at is null
        order by s.key_id, s.id
        "#,
        &macs,
    )
    .fetch_all(db)
    .await
}

/// Ends a key because one of its secrets was seen in the open. `None`: it was over before, or the secret was.
pub(in crate::keys) async fn revoke_leaked(
    tx: &mut PgConnection,
    actor: &Actor,
    leaked: Known,
    source: &str,
    now: OffsetDateTime,
) -> sqlx::Result<Option<Key>> {
    let before = in_transaction(tx, leaked.key).await?;
    if !is_dangerous(&before, leaked.secret, now) {
        return Ok(None);
    }
    query!("update api_key_secret set leaked_at = $2 where id = $1", leaked.secret.0, now).execute(&mut *tx).await?;
    record_report(tx, actor, &before, leaked.secret, source).await?;
    revoke_in(tx, actor, leaked.key).await.map(Some)
}

/// Lets a leaked secret work for the overlap at most. `None`: it ends by then already, or the key does.
pub(in crate::keys) async fn end_leaked(
    tx: &mut PgConnection,
    actor: &Actor,
    leaked: Known,
    source: &str,
    (overlap, now): (Overlap, OffsetDateTime),
) -> sqlx::Result<Option<Key>> {
    let before = in_transaction(tx, leaked.key).await?;
    let end = overlap.end(now);
    let ends_by_then =
        before.secrets.iter().any(|secret| secret.id == leaked.secret && secret.ends_at.is_some_and(|at| at <= end));
    if ends_by_then || !is_dangerous(&before, leaked.secret, now) {
        return Ok(None);
    }
    query!("update api_key_secret set leaked_at = $2, ends_at = $3 where id = $1", leaked.secret.0, now, end)
        .execute(&mut *tx)
        .await?;
    let after = in_transaction(tx, leaked.key).await?;
    record_report(tx, actor, &before, leaked.secret, source).await?;
    let entry = Entry::new("key.leaked_secret_ended", subject(&after))
        .before(json!({ "secrets": live_secrets(&before, now) }))
        .after(json!({ "secrets": live_secrets(&after, now) }));
    audit::record(tx, actor, entry).await?;
    Ok(Some(after))
}

fn is_dangerous(key: &Key, secret: SecretId, now: OffsetDateTime) -> bool {
    !key.is_over(now) && key.secrets.iter().any(|own| own.id == secret && own.is_live(now))
}

async fn record_report(
    tx: &mut PgConnection,
    actor: &Actor,
    key: &Key,
    secret: SecretId,
    source: &str,
) -> sqlx::Result<()> {
    let last_four = key.secrets.iter().find(|own| own.id == secret).map(|own| own.last_four.as_str());
    let entry = Entry::new("key.leak_reported", subject(key)).after(json!({ "secret": last_four, "found_at": source }));
    audit::record(tx, actor, entry).await
}
