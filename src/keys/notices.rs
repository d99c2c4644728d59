//! Letters before a key or an older secret ends: seven days ahead, one day ahead, and at the end.
//!
//! What is near its end is looked for again and again, and a job is put into the queue for it. Whether a letter is due
//! is decided when the job runs, from what the key is then; the letter and the note that it was written are committed
//! together, so each is written once, however often a job is run or an end is moved.

use anyhow::Context;
use serde_json::{Value, json};
use sqlx::PgPool;
use time::OffsetDateTime;

use super::{letters, store};
use crate::{db::KeyId, jobs, mail, organizations, portal::Portal};

/// The kind of job that writes the letters about a key's ends.
pub const NOTICE: &str = "keys.notice";

/// Puts a job into the queue for each key with an end of which people should hear now.
pub async fn schedule(db: &PgPool) -> sqlx::Result<u64> {
    let now = OffsetDateTime::now_utc();
    let mut due: Vec<KeyId> =
        store::near_ends(db, now).await?.iter().filter(|end| end.due(now).is_some()).map(|end| end.key).collect();
    due.sort();
    due.dedup();
    for key in &due {
        jobs::enqueue(db, NOTICE, json!({ "key": key }), Some(&format!("{NOTICE} {key}"))).await?;
    }
    Ok(due.len() as u64)
}

/// Writes the letters about a key that are due now: the job.
pub async fn perform(portal: &Portal, payload: &Value) -> anyhow::Result<()> {
    let id: KeyId = payload["key"].as_str().and_then(|text| text.parse().ok()).context("the job names no key")?;
    let now = OffsetDateTime::now_utc();
    let mut tx = portal.db.begin().await?;
    let key = match store::in_transaction(&mut tx, id).await {
        Ok(key) => key,
        Err(sqlx::Error::RowNotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let ends = store::near_ends_of(&mut *tx, id, now).await?;
    for (end, stage) in ends.iter().filter_map(|end| Some((end, end.due(now)?))) {
        store::told(&mut *tx, end, stage).await?;
        for person in organizations::people(&mut *tx, key.organization).await? {
            let letter = letters::ending(portal, &key, end.secret_of(&key), (end.ends_at, now), stage, person);
            mail::queue(&mut tx, portal, letter).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
