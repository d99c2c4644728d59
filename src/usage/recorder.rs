//! Writes down once a second what was noted: counts, then calls.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use sqlx::PgPool;
use time::{Month, OffsetDateTime, UtcOffset};
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{MissedTickBehavior, interval},
};

use super::{
    Usage,
    counts::{Count, Slot},
    dropped, lock,
    logged::Logged,
    ring::Waiting,
    store,
};
use crate::{
    portal::Portal,
    reference::{Published, Viewer},
};

/// As much of the counts as is lost at most.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Months of which this instance knows that they have a partition.
pub(super) type Months = BTreeSet<(i32, Month)>;

/// Writes down what was called once a second until `stop` turns true, and once more then.
pub async fn record(portal: Portal, mut stop: watch::Receiver<bool>) {
    let mut ticks = interval(FLUSH_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut is_over = false;
    while !is_over {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => is_over = true,
            _ = ticks.tick() => {}
        }
        let published = portal.catalogue.visible_to(Viewer::Staff);
        if let Err(error) = portal.usage.flush(&portal.db, &published).await {
            tracing::warn!(%error, "the last calls could not be written down; they are kept");
        }
    }
}

impl Usage {
    /// Writes everything down; what cannot be written is kept for the next time, within bounds. Calls of APIs that are
    /// not published are counted without their names.
    pub async fn flush(&self, db: &PgPool, published: &Published) -> sqlx::Result<()> {
        let counts = lock(&self.0.0.counts).take(|api, version| published.find(api, version).is_some());
        let counted = self.write_counts(db, counts).await;
        let calls = lock(&self.0.0.ring).take();
        let logged = self.write_calls(db, calls).await;
        counted.and(logged)
    }

    async fn write_counts(&self, db: &PgPool, counts: BTreeMap<Slot, Count>) -> sqlx::Result<()> {
        if counts.is_empty() {
            return Ok(());
        }
        let written = self.in_partitions(db, &counts).await;
        if written.is_err() {
            lock(&self.0.0.months).clear();
            let mut kept = lock(&self.0.0.counts);
            let lost = counts.into_iter().filter(|(slot, count)| !kept.put_back(slot.clone(), count));
            let lost: u64 = lost.map(|(_, count)| count.calls).sum();
            metrics::counter!("vestibule_usage_uncounted_calls_total").increment(lost);
        }
        written
    }

    async fn in_partitions(&self, db: &PgPool, counts: &BTreeMap<Slot, Count>) -> sqlx::Result<()> {
        for hour in counts.keys().map(|slot| slot.hour) {
            let month = month_of(hour);
            if !lock(&self.0.0.months).contains(&month) {
                store::make_partition(db, hour).await?;
                lock(&self.0.0.months).insert(month);
            }
        }
        store::add_counts(db, counts).await
    }

    async fn write_calls(&self, db: &PgPool, calls: Vec<Waiting>) -> sqlx::Result<()> {
        if calls.is_empty() {
            return Ok(());
        }
        // A thousand calls with long bodies take a while.
        let redact = || calls.into_iter().map(Waiting::redacted).collect::<Vec<Logged>>();
        let calls = spawn_blocking(redact).await.unwrap_or_default();
        let written = store::add_calls(db, &calls).await;
        if written.is_err() {
            let mut kept = lock(&self.0.0.ring);
            let gone: Vec<Waiting> = calls.into_iter().rev().filter_map(|call| kept.put_back(call)).collect();
            drop(kept);
            dropped(gone.len());
        }
        written
    }
}

fn month_of(at: OffsetDateTime) -> (i32, Month) {
    let at = at.to_offset(UtcOffset::UTC);
    (at.year(), at.month())
}
