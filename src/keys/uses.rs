//! When and from where each secret is used: collected in memory, written down once a second.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sqlx::PgPool;
use time::OffsetDateTime;

use super::store::{self, Count, Use};
use crate::db::SecretId;

/// Uses that are not written down yet. Only secrets that were verified come in, so there are never more than keys.
#[derive(Default)]
pub(super) struct Uses(Mutex<HashMap<SecretId, Noted>>);

#[derive(Clone)]
struct Noted {
    first_at: OffsetDateTime,
    last_at: OffsetDateTime,
    from: IpAddr,
    /// By hour and address, in no order: there are a few, and mostly one.
    counts: Vec<Counted>,
}

#[derive(Clone, Copy)]
struct Counted {
    /// Hours since 1970.
    hour: i64,
    /// `None` for all addresses beyond those that are kept.
    address: Option<IpAddr>,
    calls: i64,
    first_at: OffsetDateTime,
    last_at: OffsetDateTime,
}

impl Uses {
    /// Notes one use.
    pub(super) fn note(&self, secret: SecretId, from: IpAddr, now: OffsetDateTime) {
        let from = from.to_canonical();
        let hour = now.unix_timestamp().div_euclid(3600);
        let count = Counted { hour, address: Some(from), calls: 1, first_at: now, last_at: now };
        let mut noted = self.lock();
        let own =
            noted.entry(secret).or_insert_with(|| Noted { first_at: now, last_at: now, from, counts: Vec::new() });
        own.saw(now, now, from);
        own.add(count);
    }

    /// Writes everything down in one statement; what cannot be written is kept for the next time.
    pub(super) async fn flush(&self, db: &PgPool) -> sqlx::Result<()> {
        let mut noted: Vec<(SecretId, Noted)> = std::mem::take(&mut *self.lock()).into_iter().collect();
        if noted.is_empty() {
            return Ok(());
        }
        // In one order, so that instances that write at the same time do not block each other.
        noted.sort_by_key(|(secret, _)| *secret);
        let uses: Vec<Use> = noted.iter().map(|(secret, each)| each.to_use(*secret)).collect();
        let counts: Vec<Count> = noted.iter().flat_map(|(secret, each)| each.to_counts(*secret)).collect();
        let written = store::record_uses(db, &uses, &counts).await;
        if written.is_err() {
            noted.into_iter().for_each(|(secret, each)| self.take_back(secret, each));
        }
        written
    }

    fn take_back(&self, secret: SecretId, older: Noted) {
        let mut noted = self.lock();
        match noted.get_mut(&secret) {
            None => {
                noted.insert(secret, older);
            }
            Some(own) => {
                own.saw(older.first_at, older.last_at, older.from);
                older.counts.into_iter().for_each(|count| own.add(count));
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SecretId, Noted>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Noted {
    fn saw(&mut self, first_at: OffsetDateTime, last_at: OffsetDateTime, from: IpAddr) {
        self.first_at = self.first_at.min(first_at);
        if last_at >= self.last_at {
            (self.last_at, self.from) = (last_at, from);
        }
    }

    fn add(&mut self, new: Counted) {
        let same = |address| move |count: &&mut Counted| count.hour == new.hour && count.address == address;
        if let Some(count) = self.counts.iter_mut().find(same(new.address)) {
            return count.add(&new);
        }
        let kept = self.counts.iter().filter(|count| count.hour == new.hour && count.address.is_some()).count();
        let address = new.address.filter(|_| kept < store::ADDRESSES);
        match self.counts.iter_mut().find(same(address)) {
            Some(count) => count.add(&new),
            None => self.counts.push(Counted { address, ..new }),
        }
    }

    fn to_use(&self, secret: SecretId) -> Use {
        Use { secret, first_at: self.first_at, last_at: self.last_at, from: self.from.to_string() }
    }

    fn to_counts(&self, secret: SecretId) -> impl Iterator<Item = Count> {
        self.counts.iter().map(move |count| Count {
            secret,
            hour: OffsetDateTime::from_unix_timestamp(count.hour * 3600).expect("an hour that has been is a moment"),
            address: count.address.map(|address| address.to_string()).unwrap_or_default(),
            calls: count.calls,
            first_at: count.first_at,
            last_at: count.last_at,
        })
    }
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
    }
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-11-18 12:00 UTC);

    fn counts(uses: &Uses, secret: SecretId) -> Vec<(i64, String, i64)> {
        let noted = uses.lock();
        let mut counts: Vec<_> = noted[&secret]
            .to_counts(secret)
            .map(|count| ((count.hour - NOON).whole_hours(), count.address, count.calls))
            .collect();
        counts.sort();
        counts
    }

    #[test]
    fn calls_are_counted_by_hour_and_address() {
        let (uses, secret) = (Uses::default(), SecretId::new());
        let calls: [([u8; 4], i64); 4] =
            [([192, 0, 2, 1], 0), ([192, 0, 2, 1], 59), ([192, 0, 2, 2], 30), ([192, 0, 2, 1], 60)];
        for (address, minute) in calls {
            uses.note(secret, address.into(), NOON + Duration::minutes(minute));
        }
        let expected = [(0, "192.0.2.1", 2), (0, "192.0.2.2", 1), (1, "192.0.2.1", 1)];
        assert_eq!(counts(&uses, secret), expected.map(|(hour, address, calls)| (hour, address.to_owned(), calls)));
    }

    #[test]
    fn an_address_through_an_ipv6_socket_is_the_same_address() {
        let (uses, secret) = (Uses::default(), SecretId::new());
        uses.note(secret, "::ffff:192.0.2.1".parse().unwrap(), NOON);
        uses.note(secret, "192.0.2.1".parse().unwrap(), NOON);
        assert_eq!(counts(&uses, secret), [(0, "192.0.2.1".to_owned(), 2)]);
    }

    #[test]
    fn addresses_beyond_those_that_are_kept_are_counted_together() {
        let (uses, secret) = (Uses::default(), SecretId::new());
        for _ in 0..2 {
            for address in 0..200u8 {
                uses.note(secret, [192, 0, 2, address].into(), NOON);
            }
        }
        let counts = counts(&uses, secret);
        assert_eq!(counts.len(), store::ADDRESSES + 1);
        assert_eq!(counts[0], (0, String::new(), 2 * (200 - store::ADDRESSES as i64)));
        assert_eq!(counts.iter().map(|count| count.2).sum::<i64>(), 400);
    }
}
