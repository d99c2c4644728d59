//! The queue's table.

use std::time::Duration;

use serde_json::Value;
use sqlx::{PgExecutor, query, query_as, query_scalar};

use crate::db::JobId;

/// A job in the hands of this instance.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What is to be done.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// Which attempt this is, from 1.
    pub attempts: i32,
}

/// Puts a job into the queue. A `dedup` key that a waiting job has already makes this do nothing.
pub async fn enqueue(db: impl PgExecutor<'_>, kind: &str, payload: Value, dedup: Option<&str>) -> sqlx::Result<()> {
    query!(
        r#"
        insert into job (id, kind, payload, dedup_key) values ($1, $2, $3, $4)
        on conflict (dedup_key) where finished_at is null and abandoned_at is null do nothing
        "#,
        JobId::new().0,
        kind,
        payload,
        dedup,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// Takes the job that has been due longest, for as long as `lease`.
pub(super) async fn take(db: impl PgExecutor<'_>, lease: Duration) -> sqlx::Result<Option<Job>> {
    query_as!(
        Job,
        r#"
        update job set leased_until = now() + make_interval(secs => $1), attempts = attempts + 1
        where id = (
            select id from job
            where finished_at is null and abandoned_at is null and run_at <= now()
              and (leased_until is null or leased_until < now())
            order by run_at
            limit 1
            for update skip locked
        )
        returning id as "id: JobId", kind, payload, attempts
        "#,
        lease.as_secs_f64(),
    )
    .fetch_optional(db)
    .await
}

/// The job is done.
pub(super) async fn finish(db: impl PgExecutor<'_>, id: JobId) -> sqlx::Result<()> {
    query!("update job set finished_at = now(), leased_until = null where id = $1", id.0).execute(db).await.map(|_| ())
}

/// The job failed, and is tried again after `wait`.
pub(super) async fn retry(db: impl PgExecutor<'_>, id: JobId, wait: Duration, error: &str) -> sqlx::Result<()> {
    query!(
        "update job set leased_until = null, run_at = now() + make_interval(secs => $2), last_error = $3 where id = $1",
        id.0,
        wait.as_secs_f64(),
        error,
    )
    .execute(db)
    .await
    .map(|_| ())
}

/// The job failed for the last time.
pub(super) async fn abandon(db: impl PgExecutor<'_>, id: JobId, error: &str) -> sqlx::Result<()> {
    query!("update job set leased_until = null, abandoned_at = now(), last_error = $2 where id = $1", id.0, error)
        .execute(db)
        .await
        .map(|_| ())
}

/// How many jobs wait to be done.
pub async fn waiting(db: impl PgExecutor<'_>) -> sqlx::Result<i64> {
    query_scalar!(r#"select count(*) as "count!" from job where finished_at is null and abandoned_at is null"#)
        .fetch_one(db)
        .await
}

/// Forgets jobs that were done more than a week ago.
pub(super) async fn sweep(db: impl PgExecutor<'_>) -> sqlx::Result<u64> {
    let done = query!("delete from job where finished_at < now() - interval '7 days'").execute(db).await?;
    Ok(done.rows_affected())
}
