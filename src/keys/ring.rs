//! Verified keys, remembered: on a warm cache a call is verified without the database, and a revoked key is still
//! refused within one second on every instance.
//!
//! Which secret belongs to which key never changes, so that is remembered for long. How a key stands may change at
//! any moment: it is believed only while younger than `UNPROVED`, or while the listener proves again and again, on
//! its own connection, that every change up to now has been heard.

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use moka::sync::Cache;
use sqlx::PgPool;
use time::OffsetDateTime;
use tokio::{sync::Semaphore, time::timeout};

use super::{
    VerifiedKey,
    store::{self, Known},
    uses::Uses,
    verified::{Standing, refusal},
};
use crate::{
    config::DATABASE_PATIENCE,
    credential::Credential,
    db::{AppId, KeyId},
    vault::{Fingerprint, Vault},
    web::{
        self, Code, Error,
        rate_limit::{Allowance, Limits},
    },
};

#[cfg(test)]
mod tests;

/// How long a key's standing is believed without proof: less than the second in which a revocation must be seen.
const UNPROVED: Duration = Duration::from_millis(800);
/// How long it is believed with proof, so that a key is read anew now and then whatever happens.
const LONGEST: Duration = Duration::from_secs(60);
/// Keys in memory, about half a kilobyte each.
const KEYS: u64 = 100_000;
/// A secret's key in memory, about a hundred bytes each.
const SECRETS: u64 = 200_000;
const SECRET_IDLE: Duration = Duration::from_secs(3600);
/// Unknown secrets in memory. They may be presented by anybody, so they get little room and a short time.
const STRANGERS: u64 = 10_000;
const STRANGER_LIFE: Duration = Duration::from_secs(10);
/// Lookups in the database at once: a flood of unknown keys must leave connections for everybody else.
const LOOKUPS: usize = 6;

/// The keys that this instance knows.
pub struct KeyRing {
    secrets: Cache<Fingerprint, Known>,
    strangers: Cache<Fingerprint, ()>,
    standings: Cache<KeyId, Remembered>,
    lookups: Semaphore,
    changes: Changes,
    uses: Uses,
    limits: Limits<KeyId>,
    app_limits: Limits<AppId>,
}

#[derive(Clone)]
struct Remembered {
    standing: Arc<Standing>,
    /// When the database was asked, not when it answered.
    asked_at: Instant,
    /// How many changes had been heard of by then.
    heard: u64,
}

/// What the instance has heard of changes to keys.
struct Changes {
    started: Instant,
    /// How many changes were heard of.
    heard: AtomicU64,
    /// Standings from before this many changes count no longer.
    floor: AtomicU64,
    /// Every change up to this moment, in milliseconds since `started`, has been heard. Zero: nothing is proved.
    proved_at: AtomicU64,
}

impl KeyRing {
    /// Knows no key yet; each may make `quota` calls a minute on this instance.
    pub fn new(quota: u32) -> Self {
        let changes = Changes {
            started: Instant::now(),
            heard: AtomicU64::new(0),
            floor: AtomicU64::new(0),
            proved_at: AtomicU64::new(0),
        };
        Self {
            secrets: Cache::builder().max_capacity(SECRETS).time_to_idle(SECRET_IDLE).build(),
            strangers: Cache::builder().max_capacity(STRANGERS).time_to_live(STRANGER_LIFE).build(),
            standings: Cache::builder().max_capacity(KEYS).time_to_live(LONGEST).build(),
            lookups: Semaphore::new(LOOKUPS),
            changes,
            uses: Uses::default(),
            limits: Limits::per_minute(quota),
            app_limits: Limits::per_minute(quota),
        }
    }

    /// The key of a secret whose form and checksum are right, if it is good at this moment.
    pub async fn verify(&self, db: &PgPool, vault: &Vault, secret: Credential<'_>) -> web::Result<Arc<VerifiedKey>> {
        let mac = vault.fingerprint(secret.expose());
        if let Some(verdict) = self.remembered(&mac) {
            return verdict;
        }
        let permit = timeout(DATABASE_PATIENCE, self.lookups.acquire()).await;
        let _permit = permit.map_err(|_| Error::unavailable(anyhow::anyhow!("too many keys wait to be looked up")))?;
        // Whoever had the permit before may have looked up the same key.
        match self.remembered(&mac) {
            Some(verdict) => verdict,
            None => self.look_up(db, vault, secret, mac).await,
        }
    }

    /// Notes that a key was used, in memory; [`KeyRing::flush`] writes it down.
    pub fn note_use(&self, key: &VerifiedKey, from: IpAddr, now: OffsetDateTime) {
        self.uses.note(key.secret, from, now);
    }

    /// Writes the uses down that were noted since the last time, in one statement.
    pub async fn flush(&self, db: &PgPool) -> sqlx::Result<()> {
        self.uses.flush(db).await
    }

    /// Counts a call against the key's rate limit.
    pub fn count(&self, key: &VerifiedKey, now: Instant) -> Allowance {
        match key.rate_limit {
            Some(quota) => self.limits.count_up_to(quota, key.id, now),
            None => self.limits.count(key.id, now),
        }
    }

    /// Counts a call that is made for an app without a key.
    pub fn count_app(&self, app: AppId, now: Instant) -> Allowance {
        self.app_limits.count(app, now)
    }

    fn remembered(&self, mac: &Fingerprint) -> Option<web::Result<Arc<VerifiedKey>>> {
        let Some(known) = self.secrets.get(mac) else {
            return self.strangers.contains_key(mac).then(|| Err(refusal(Code::KeyNotFound)));
        };
        let remembered = self.standings.get(&known.key)?;
        let is_believed = self.changes.still_believes(&remembered, Instant::now());
        is_believed.then(|| remembered.standing.verify(known.secret, OffsetDateTime::now_utc()))
    }

    async fn look_up(
        &self,
        db: &PgPool,
        vault: &Vault,
        secret: Credential<'_>,
        mac: Fingerprint,
    ) -> web::Result<Arc<VerifiedKey>> {
        let (asked_at, heard) = (Instant::now(), self.changes.heard.load(SeqCst));
        let known = match self.secrets.get(&mac) {
            Some(known) => known,
            None => {
                let Some(known) = store::by_macs(db, &vault.fingerprints(secret.expose())).await? else {
                    self.strangers.insert(mac, ());
                    return Err(refusal(Code::KeyNotFound));
                };
                self.secrets.insert(mac, known);
                known
            }
        };
        let standing = Arc::new(Standing::of(&store::facts(db, known.key).await?));
        self.remember(known.key, Remembered { standing: standing.clone(), asked_at, heard });
        standing.verify(known.secret, OffsetDateTime::now_utc())
    }

    /// A change that was heard while the database was asked may be missing in its answer. Forgetting counts first
    /// and removes second, and this inserts first and counts second: whichever comes late removes the entry.
    fn remember(&self, key: KeyId, remembered: Remembered) {
        let heard = remembered.heard;
        self.standings.insert(key, remembered);
        if self.changes.heard.load(SeqCst) != heard {
            self.standings.invalidate(&key);
        }
    }

    /// A key has changed.
    pub(super) fn forget(&self, key: KeyId) {
        self.changes.heard.fetch_add(1, SeqCst);
        self.standings.invalidate(&key);
    }

    /// Any key may have changed.
    pub(super) fn forget_all(&self) {
        let heard = self.changes.heard.fetch_add(1, SeqCst) + 1;
        self.changes.floor.fetch_max(heard, SeqCst);
    }

    /// Every change up to `moment` has been heard.
    pub(super) fn prove(&self, moment: Instant) {
        self.changes.proved_at.store(self.changes.since_start(moment), SeqCst);
    }
}

impl Changes {
    fn still_believes(&self, remembered: &Remembered, now: Instant) -> bool {
        let age = now.saturating_duration_since(remembered.asked_at);
        let proved_at = self.proved_at.load(SeqCst);
        let unproved = self.since_start(now).saturating_sub(proved_at);
        let is_proved = proved_at > 0 && u128::from(unproved) < UNPROVED.as_millis();
        (age < UNPROVED || (is_proved && age < LONGEST)) && remembered.heard >= self.floor.load(SeqCst)
    }

    /// At least one, so that zero means never.
    fn since_start(&self, moment: Instant) -> u64 {
        let since = moment.saturating_duration_since(self.started).as_millis();
        u64::try_from(since).unwrap_or(u64::MAX).saturating_add(1)
    }
}
