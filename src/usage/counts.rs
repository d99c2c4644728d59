//! Calls by key, operation, hour and class, until they are written down.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use axum::http::StatusCode;
use time::OffsetDateTime;

use super::{exchange::Exchange, latency::Latency};
use crate::db::{AppId, KeyId, OrganizationId};

/// As many different counts wait at most; in an outage of the database, what is beyond is not counted.
const MOST_SLOTS: usize = 100_000;
/// Longer names are of no API.
const LONGEST_NAME: usize = 200;

/// Classes of statuses, as people look at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// 2xx.
    Success,
    /// 3xx.
    Redirect,
    /// 4xx but 429.
    Refused,
    /// 429.
    Limited,
    /// 5xx.
    Fault,
}

/// What is counted by.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Slot {
    pub hour: OffsetDateTime,
    pub organization: OrganizationId,
    pub app: AppId,
    pub key: Option<KeyId>,
    pub api: String,
    pub version: String,
    pub operation: String,
    pub class: Class,
}

/// How many calls, and how long they took.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    pub calls: u64,
    pub latency: Latency,
}

/// Counts that are not written down yet.
#[derive(Default)]
pub(super) struct Counts(HashMap<Slot, Count>);

impl Class {
    /// Every class, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Success, Self::Redirect, Self::Refused, Self::Limited, Self::Fault];

    /// The class of a status.
    pub fn of(status: StatusCode) -> Self {
        match status.as_u16() {
            429 => Self::Limited,
            ..300 => Self::Success,
            300..400 => Self::Redirect,
            400..500 => Self::Refused,
            500.. => Self::Fault,
        }
    }

    /// The class as it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "2xx",
            Self::Redirect => "3xx",
            Self::Refused => "4xx",
            Self::Limited => "429",
            Self::Fault => "5xx",
        }
    }

    /// The class by its name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }
}

impl Counts {
    /// Counts a call; `false` where there is no room for it.
    pub fn note(&mut self, call: &Exchange) -> bool {
        let name = |text: &str| if text.len() > LONGEST_NAME { String::new() } else { text.to_owned() };
        let slot = Slot {
            hour: hour_of(call.asked.at),
            organization: call.asked.organization,
            app: call.asked.app,
            key: call.asked.key,
            api: name(&call.asked.api),
            version: name(&call.asked.version),
            operation: call.asked.operation.as_deref().map(name).unwrap_or_default(),
            class: Class::of(call.status),
        };
        self.add(slot, |count| count.note(call.took))
    }

    /// Adds what could not be written.
    pub fn put_back(&mut self, slot: Slot, count: &Count) -> bool {
        self.add(slot, |own| own.merge(count))
    }

    /// Everything, in the order of the table's key; names that are of no API are left out.
    pub fn take(&mut self, is_known: impl Fn(&str, &str) -> bool) -> BTreeMap<Slot, Count> {
        let mut all = BTreeMap::<Slot, Count>::new();
        for (mut slot, count) in self.0.drain() {
            if !is_known(&slot.api, &slot.version) {
                (slot.api, slot.version) = (String::new(), String::new());
            }
            all.entry(slot).or_default().merge(&count);
        }
        all
    }

    fn add(&mut self, slot: Slot, change: impl FnOnce(&mut Count)) -> bool {
        if self.0.len() >= MOST_SLOTS && !self.0.contains_key(&slot) {
            return false;
        }
        change(self.0.entry(slot).or_default());
        true
    }
}

impl Count {
    fn note(&mut self, took: Duration) {
        self.calls += 1;
        self.latency.note(took);
    }

    fn merge(&mut self, other: &Self) {
        self.calls += other.calls;
        self.latency.merge(&other.latency);
    }
}

/// The hour that a moment is in, in UTC.
fn hour_of(at: OffsetDateTime) -> OffsetDateTime {
    let seconds = at.unix_timestamp();
    OffsetDateTime::from_unix_timestamp(seconds - seconds.rem_euclid(3600)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::{
        super::logged::tests::{asked, exchange},
        *,
    };

    #[test]
    fn a_status_is_of_one_class_and_too_many_is_one_of_its_own() {
        let classes = [200, 204, 304, 400, 404, 429, 499, 500, 599]
            .map(|status| Class::of(StatusCode::from_u16(status).unwrap()).as_str());
        assert_eq!(classes, ["2xx", "2xx", "3xx", "4xx", "4xx", "429", "4xx", "5xx", "5xx"]);
        assert!(Class::ALL.iter().all(|class| Class::named(class.as_str()) == Some(*class)));
    }

    #[test]
    fn an_hour_is_one_of_utc() {
        assert_eq!(hour_of(datetime!(2026-11-18 09:59:59.9 +05:30)), datetime!(2026-11-18 04:00 UTC));
    }

    #[test]
    fn names_of_no_api_are_not_counted_apart() {
        let organization = OrganizationId::new();
        let (app, at) = (AppId::new(), OffsetDateTime::now_utc());
        let mut counts = Counts::default();
        for api in ["parcels", "a", "b", &"x".repeat(300)] {
            let mut asked = asked(organization);
            (asked.api, asked.app, asked.key, asked.at, asked.operation) = (api.into(), app, None, at, None);
            assert!(counts.note(&exchange(asked)));
        }
        let taken = counts.take(|api, _| api == "parcels");
        let calls: Vec<_> = taken.iter().map(|(slot, count)| (slot.api.as_str(), count.calls)).collect();
        assert_eq!(calls, [("", 3), ("parcels", 1)]);
        assert!(counts.take(|_, _| true).is_empty());
    }

    #[test]
    fn memory_is_bounded() {
        let mut counts = Counts::default();
        let mut call = exchange(asked(OrganizationId::new()));
        for number in 0..MOST_SLOTS {
            call.asked.api = number.to_string();
            assert!(counts.note(&call));
        }
        assert!(counts.note(&call), "what is counted already is counted on");
        call.asked.api = "one more".into();
        assert!(!counts.note(&call));
    }
}
