//! What an owner changes about a key as a whole.

use serde_json::{Map, Value, json};
use sqlx::{PgConnection, PgPool, query};
use time::OffsetDateTime;

use super::{in_transaction, rfc3339, subject};
use crate::{
    audit::{self, Actor, Entry},
    db::KeyId,
    keys::{Edit, Key},
};

/// Changes a key's properties. `None`: it is revoked or has expired. Violates `api_key_name_unique` where another key
/// of the app has the name.
pub async fn update(
    db: &PgPool,
    actor: &Actor,
    key: KeyId,
    edit: Edit,
    now: OffsetDateTime,
) -> sqlx::Result<Option<Key>> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    if before.is_over(now) {
        return Ok(None);
    }
    let wanted = edit.applied_to(before.clone());
    let Some((old, new)) = difference(&before, &wanted) else { return Ok(Some(before)) };
    query!(
        r#"
        update api_key
        set name = $2, scopes = $3, allowed_networks = $4::text[]::cidr[], rate_limit = $5, expires_at = $6,
            expiry_set_at = case when expires_at is distinct from $6 then $7 else expiry_set_at end
        where id = $1
        "#,
        key.0,
        wanted.name,
        &wanted.scopes,
        &wanted.allowed_networks.texts(),
        wanted.rate_limit.and_then(|limit| i32::try_from(limit).ok()),
        wanted.expires_at,
        now,
    )
    .execute(&mut *tx)
    .await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new("key.changed", subject(&after)).before(old).after(new);
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Some(after))
}

/// Switches a key off until somebody switches it on again. `None`: it is revoked or has expired.
pub async fn switch_off(db: &PgPool, actor: &Actor, key: KeyId, now: OffsetDateTime) -> sqlx::Result<Option<Key>> {
    switch(db, actor, key, Switch::Off, now).await
}

/// Switches a key on again. `None`: it is revoked or has expired.
pub async fn switch_on(db: &PgPool, actor: &Actor, key: KeyId, now: OffsetDateTime) -> sqlx::Result<Option<Key>> {
    switch(db, actor, key, Switch::On, now).await
}

/// Ends a key for good: every instance refuses it within a second. Doing it again changes nothing.
pub async fn revoke(db: &PgPool, actor: &Actor, key: KeyId) -> sqlx::Result<Key> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    if before.revoked_at.is_some() {
        return Ok(before);
    }
    let after = revoke_in(&mut tx, actor, key).await?;
    tx.commit().await?;
    Ok(after)
}

/// The same in a transaction that has seen that the key is not revoked.
pub(super) async fn revoke_in(tx: &mut PgConnection, actor: &Actor, key: KeyId) -> sqlx::Result<Key> {
    query!("update api_key set revoked_at = now() where id = $1", key.0).execute(&mut *tx).await?;
    let after = in_transaction(&mut *tx, key).await?;
    let entry = Entry::new("key.revoked", subject(&after))
        .before(json!({ "revoked_at": null }))
        .after(json!({ "revoked_at": after.revoked_at.map(rfc3339) }));
    audit::record(tx, actor, entry).await?;
    Ok(after)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    Off,
    On,
}

async fn switch(db: &PgPool, actor: &Actor, key: KeyId, to: Switch, now: OffsetDateTime) -> sqlx::Result<Option<Key>> {
    let mut tx = db.begin().await?;
    let before = in_transaction(&mut tx, key).await?;
    if before.is_over(now) {
        return Ok(None);
    }
    if before.disabled_at.is_some() == (to == Switch::Off) {
        return Ok(Some(before));
    }
    let (disabled_at, action) = match to {
        Switch::Off => (Some(now), "key.switched_off"),
        Switch::On => (None, "key.switched_on"),
    };
    query!("update api_key set disabled_at = $2 where id = $1", key.0, disabled_at).execute(&mut *tx).await?;
    let after = in_transaction(&mut tx, key).await?;
    let entry = Entry::new(action, subject(&after))
        .before(json!({ "disabled_at": before.disabled_at.map(rfc3339) }))
        .after(json!({ "disabled_at": after.disabled_at.map(rfc3339) }));
    audit::record(&mut tx, actor, entry).await?;
    tx.commit().await?;
    Ok(Some(after))
}

/// The properties that differ, before and after. `None`: nothing differs.
fn difference(before: &Key, after: &Key) -> Option<(Value, Value)> {
    let (old, new) = (properties(before), properties(after));
    let differing = |of: &Map<String, Value>| -> Value {
        let differs = |name: &String| old.get(name) != new.get(name);
        Value::Object(of.iter().filter(|(name, _)| differs(name)).map(|(n, v)| (n.clone(), v.clone())).collect())
    };
    (old != new).then(|| (differing(&old), differing(&new)))
}

fn properties(key: &Key) -> Map<String, Value> {
    let properties = [
        ("name", json!(key.name)),
        ("scopes", json!(key.scopes)),
        ("allowed_networks", json!(key.allowed_networks.texts())),
        ("expires_at", json!(key.expires_at.map(rfc3339))),
        ("rate_limit", json!(key.rate_limit)),
    ];
    properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
