//! When and from where each secret was last used: collected in memory, written down once a second.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::PgPool;
use time::OffsetDateTime;

use super::store::{self, Use};
use crate::db::SecretId;

/// Uses that are not written down yet. Only secrets that were verified come in, so there are never more than keys.
#[derive(Default)]
pub(super) struct Uses(Mutex<HashMap<SecretId, Noted>>);

#[derive(Clone, Copy)]
struct Noted {
    first_at: OffsetDateTime,
    last_at: OffsetDateTime,
    from: IpAddr,
}

impl Uses {
    /// Notes one use.
    pub(super) fn note(&self, secret: SecretId, from: IpAddr, now: OffsetDateTime) {
        self.add(secret, Noted { first_at: now, last_at: now, from });
    }

    /// Writes everything down; what cannot be written is kept for the next time.
    pub(super) async fn flush(&self, db: &PgPool) -> sqlx::Result<()> {
        let mut noted: Vec<(SecretId, Noted)> = std::mem::take(&mut *self.lock()).into_iter().collect();
        if noted.is_empty() {
            return Ok(());
        }
        // In one order, so that instances that write at the same time do not block each other.
        noted.sort_by_key(|(secret, _)| *secret);
        let uses: Vec<(SecretId, Use)> = noted.iter().map(|(secret, each)| (*secret, each.to_use())).collect();
        let written = store::record_uses(db, &uses).await;
        if written.is_err() {
            noted.into_iter().for_each(|(secret, each)| self.add(secret, each));
        }
        written
    }

    fn add(&self, secret: SecretId, new: Noted) {
        let mut noted = self.lock();
        let own = noted.entry(secret).or_insert(new);
        own.first_at = own.first_at.min(new.first_at);
        if new.last_at >= own.last_at {
            (own.last_at, own.from) = (new.last_at, new.from);
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SecretId, Noted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Noted {
    fn to_use(self) -> Use {
        Use { first_at: self.first_at, last_at: self.last_at, from: self.from.to_string() }
    }
}
