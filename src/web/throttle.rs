//! Counting attempts across all instances: sign-ins per address and account, mails per recipient.

use std::time::Duration;

use sqlx::PgPool;

use super::{Error, Result};

/// How many attempts a bucket holds, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Attempts in one window.
    pub attempts: i32,
    /// Length of the window, which starts with the first attempt.
    pub window: Duration,
}

/// Counts one attempt in `bucket`, e.g. `login:203.0.113.7`, and refuses when the window is full.
pub async fn count(db: &PgPool, bucket: &str, limit: Limit) -> Result<()> {
    let row = sqlx::query!(
        r#"
        insert into throttle as t (bucket, used, window_ends_at)
        values ($1, 1, now() + make_interval(secs => $2))
        on conflict (bucket) do update set
            used = case when t.window_ends_at <= now() then 1 else t.used + 1 end,
            window_ends_at = case when t.window_ends_at <= now() then excluded.window_ends_at else t.window_ends_at end
        returning used, extract(epoch from window_ends_at - now())::float8 as "left!"
        "#,
        bucket,
        limit.window.as_secs_f64(),
    )
    .fetch_one(db)
    .await?;
    match row.used > limit.attempts {
        true => Err(Error::too_many(Duration::from_secs_f64(row.left.max(1.0)))),
        false => Ok(()),
    }
}

/// Forgets a bucket, e.g. after the right password was given.
pub async fn forget(db: &PgPool, bucket: &str) -> sqlx::Result<()> {
    sqlx::query!("delete from throttle where bucket = $1", bucket).execute(db).await.map(|_| ())
}

/// Removes buckets whose window is over.
pub async fn sweep(db: &PgPool) -> sqlx::Result<u64> {
    let done = sqlx::query!("delete from throttle where window_ends_at < now()").execute(db).await?;
    Ok(done.rows_affected())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: Limit = Limit { attempts: 2, window: Duration::from_secs(60) };

    #[sqlx::test]
    async fn a_full_bucket_says_how_long_to_wait(db: PgPool) {
        count(&db, "login:a", TWICE).await.unwrap();
        count(&db, "login:a", TWICE).await.unwrap();
        let refused = count(&db, "login:a", TWICE).await.unwrap_err();
        assert!(refused.retry_after().is_some_and(|wait| wait <= TWICE.window && wait.as_secs() > 55));
        count(&db, "login:b", TWICE).await.unwrap();
    }

    #[sqlx::test]
    async fn a_new_window_starts_empty(db: PgPool) {
        for _ in 0..3 {
            let _ = count(&db, "x", TWICE).await;
        }
        sqlx::query!("update throttle set window_ends_at = now() - interval '1 second'").execute(&db).await.unwrap();
        count(&db, "x", TWICE).await.unwrap();
        forget(&db, "x").await.unwrap();
        assert_eq!(sweep(&db).await.unwrap(), 0);
    }
}
