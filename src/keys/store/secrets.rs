//! How secrets take over from each other. A key has at most two that are live.

use serde_json::{Value, json};
use sqlx::{PgPool, query};
use time::OffsetDateTime;

use super::{Issued, Minted, in_transaction, insert_secret, rfc3339, subject};
use crate::{
    audit::{self, Actor, Entry},
    db::KeyId,
    keys::{Key, Overlap, Secret},
};

/// What became of a wish to let the older secret work longer.
#[derive(Debug)]
pub enum Extension {
    /// It works longer.
    Extended(Box<Key>),
    /// It would have ended sooner.
    Sooner,
    /// There is no older secret that works.
    NoRotation,
    /// The older secret was reported as leaked.
    Leaked,
}

/// Gives a key a new secret; the newest until now works on for the overlap, and any older one ends. `None`: the key
/// is revoked or has expired, and has nothing left to rotate.
pub async fn rotate(
    db: &PgPool,
    actor: &Actor,
    key: KeyId,
    overlap: Overlap,
    now: OffsetDateTime,
    minted: Minted,
) -> sqlx::Result<Option<Issued>> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    if before.is_over(now) {
        return Ok(None);
    }
    // A leaked secret has an end already, which a rotation does not put off.
    query!(
        r#"
        update api_key_secret
        set ends_at = case when id = $2 then least(ends_at, $3) else $4 end
        where key_id = $1 and (ends_at is null or ends_at > $4)
        "#,
        key.0,
        before.current().map(|secret| secret.id.0),
        overlap.end(now),
        now,
    )
    .execute(&mut *tx)
    .await?;
    insert_secret(&mut tx, key, &minted).await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new("key.rotated", subject(&after))
        .before(json!({ "secrets": live_secrets(&before, now) }))
        .after(json!({ "secrets": live_secrets(&after, now), "overlap_seconds": overlap.seconds() }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Some(Issued { key: after, secret: minted.text }))
}

/// Ends the older of two live secrets. `None`: there is only one.
pub async fn retire(db: &PgPool, actor: &Actor, key: KeyId, now: OffsetDateTime) -> sqlx::Result<Option<Secret>> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    let Some(old) = before.retiring(now).cloned() else { return Ok(None) };
    query!("update api_key_secret set ends_at = $2 where id = $1", old.id.0, now).execute(&mut *tx).await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new("key.secret_retired", subject(&after))
        .before(json!({ "secrets": live_secrets(&before, now) }))
        .after(json!({ "secrets": live_secrets(&after, now) }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Some(old))
}

/// Lets the older of two live secrets work for the overlap from now on, which must be longer than it has left.
pub async fn extend(
    db: &PgPool,
    actor: &Actor,
    key: KeyId,
    overlap: Overlap,
    now: OffsetDateTime,
) -> sqlx::Result<Extension> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    let old = match before.retiring(now) {
        Some(old) if !before.is_over(now) => old,
        _ => return Ok(Extension::NoRotation),
    };
    if old.leaked_at.is_some() {
        return Ok(Extension::Leaked);
    }
    if old.ends_at.is_some_and(|end| end >= overlap.end(now)) {
        return Ok(Extension::Sooner);
    }
    query!("update api_key_secret set ends_at = $2 where id = $1", old.id.0, overlap.end(now))
        .execute(&mut *tx)
        .await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new("key.overlap_extended", subject(&after))
        .before(json!({ "secrets": live_secrets(&before, now) }))
        .after(json!({ "secrets": live_secrets(&after, now) }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Extension::Extended(Box::new(after)))
}

/// Takes a rotation back: the newer of two live secrets ends at once, and the older has no end any more. `None`: there
/// is nothing to take back, or the older secret was reported as leaked and must go.
pub async fn cancel_rotation(
    db: &PgPool,
    actor: &Actor,
    key: KeyId,
    now: OffsetDateTime,
) -> sqlx::Result<Option<(Key, Secret)>> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    let (old, new) = match (before.retiring(now), before.current()) {
        (Some(old), Some(new)) if old.leaked_at.is_none() && !before.is_over(now) => (old, new.clone()),
        _ => return Ok(None),
    };
    query!(
        r#"
        update api_key_secret
        set ends_at = case when id = $1 then null else $3::timestamptz end,
            cancelled_at = case when id = $2 then $3::timestamptz end
        where id in ($1, $2)
        "#,
        old.id.0,
        new.id.0,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new("key.rotation_cancelled", subject(&after))
        .before(json!({ "secrets": live_secrets(&before, now) }))
        .after(json!({ "secrets": live_secrets(&after, now) }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Some((after, new)))
}

/// The secrets that work, as the audit trail keeps them.
pub(super) fn live_secrets(key: &Key, now: OffsetDateTime) -> Vec<Value> {
    let live = key.secrets.iter().filter(|secret| secret.is_live(now));
    live.map(|secret| json!({ "secret": secret.last_four, "ends_at": secret.ends_at.map(rfc3339) })).collect()
}
