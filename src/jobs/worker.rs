//! Takes jobs and does them.

use std::time::Duration;

use sqlx::postgres::PgListener;
use time::OffsetDateTime;
use tokio::{sync::watch, time::timeout};

use super::{Job, store};
use crate::{accounts, api, keys, mail, portal::Portal, reference::source, usage, web::throttle};

/// A job that takes longer has lost its lease: another instance may take it up.
const LEASE: Duration = Duration::from_secs(120);
/// Notifications wake the worker; this is for those that were lost, and for retries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// After these many attempts a job is given up: with the waits below, after about two days.
const ATTEMPTS: i32 = 12;
/// How often what has expired is removed.
const SWEEP_EVERY: Duration = Duration::from_secs(600);

/// How often it is seen to what has its time.
const SCHEDULE_EVERY: Duration = Duration::from_secs(30);

/// What became of one step of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was due.
    Idle,
    /// A job was done.
    Done,
    /// A job failed and waits for its next attempt.
    Failed,
}

/// Does jobs until `stop` turns true; the job at hand is finished first.
pub async fn run(portal: Portal, mut stop: watch::Receiver<bool>) {
    let mut wake = listen(&portal).await;
    let mut swept = None::<tokio::time::Instant>;
    let mut scheduled = None::<tokio::time::Instant>;
    while !*stop.borrow() {
        if swept.is_none_or(|at| at.elapsed() > SWEEP_EVERY) {
            sweep(&portal).await;
            swept = Some(tokio::time::Instant::now());
        }
        if scheduled.is_none_or(|at| at.elapsed() > SCHEDULE_EVERY) {
            schedule(&portal).await;
            scheduled = Some(tokio::time::Instant::now());
        }
        match run_one(&portal).await {
            Ok(Outcome::Idle) => {}
            Ok(Outcome::Done | Outcome::Failed) => continue,
            Err(error) => tracing::warn!(error = format!("{error:#}"), "the job queue is out of reach"),
        }
        tokio::select! {
            _ = stop.changed() => {}
            _ = tokio::time::sleep(LONGEST_PAUSE) => {}
            // A listener that has lost its connection answers at once, again and again: the pause above paces it.
            Some(Ok(_)) = async { match wake.as_mut() { Some(wake) => Some(wake.recv().await), None => None } } => {}
        }
        if wake.is_none() {
            wake = listen(&portal).await;
        }
    }
}

/// Takes one job, if one is due, and does it.
pub async fn run_one(portal: &Portal) -> anyhow::Result<Outcome> {
    let Some(job) = store::take(&portal.db, LEASE).await? else { return Ok(Outcome::Idle) };
    let result = match timeout(LEASE, perform(portal, &job)).await {
        Ok(result) => result,
        Err(_) => Err(anyhow::anyhow!("took longer than {} seconds", LEASE.as_secs())),
    };
    let Err(error) = result else {
        store::finish(&portal.db, job.id).await?;
        return Ok(Outcome::Done);
    };
    let error = format!("{error:#}");
    tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, error, "a job failed");
    match job.attempts >= ATTEMPTS {
        true => store::abandon(&portal.db, job.id, &error).await?,
        false => store::retry(&portal.db, job.id, wait_after(job.attempts), &error).await?,
    }
    Ok(Outcome::Failed)
}

/// The one place that knows which job is whose.
async fn perform(portal: &Portal, job: &Job) -> anyhow::Result<()> {
    match job.kind.as_str() {
        mail::SEND => mail::send(portal, &job.payload).await,
        source::CHECK => source::perform(portal, &job.payload).await,
        keys::NOTICE => keys::write_notices(portal, &job.payload).await,
        keys::LEAK_REPORT => keys::act_on_leaks(portal, &job.payload).await,
        other => anyhow::bail!("nothing here knows how to do {other}"),
    }
}

/// Five seconds after the first attempt, then four times as long each time, up to eight hours.
fn wait_after(attempts: i32) -> Duration {
    const FIRST: u64 = 5;
    const LONGEST: u64 = 8 * 3600;
    let exponent = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    Duration::from_secs((FIRST * 4u64.pow(exponent)).min(LONGEST))
}

async fn listen(portal: &Portal) -> Option<PgListener> {
    let mut listener = PgListener::connect_with(&portal.db).await.ok()?;
    listener.listen("job").await.ok()?;
    Some(listener)
}

async fn schedule(portal: &Portal) {
    let results = [source::schedule(&portal.db).await, keys::schedule_notices(&portal.db).await];
    for error in results.into_iter().filter_map(Result::err) {
        tracing::warn!(%error, "what is due could not be scheduled");
    }
}

async fn sweep(portal: &Portal) {
    let results = [
        store::sweep(&portal.db).await,
        throttle::sweep(&portal.db).await,
        accounts::sweep(&portal.db).await,
        api::sweep(&portal.db).await,
        keys::sweep(&portal.db).await,
        usage::sweep(&portal.db, OffsetDateTime::now_utc()).await,
    ];
    for error in results.into_iter().filter_map(Result::err) {
        tracing::warn!(%error, "what has expired could not be removed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let waits: Vec<u64> = (1..ATTEMPTS).map(|attempt| wait_after(attempt).as_secs()).collect();
        assert!(waits.is_sorted());
        assert_eq!(waits[..3], [5, 20, 80]);
        assert_eq!(waits.last(), Some(&(8 * 3600)));
        let total: u64 = waits.iter().sum();
        assert!((24 * 3600..72 * 3600).contains(&total), "{total} seconds in all");
    }
}
