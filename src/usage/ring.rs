//! Calls that are not written down yet, within bounds: the newest of each organization, and no more memory than this.

use std::collections::{HashMap, VecDeque};

use super::{exchange::Exchange, logged::Logged};
use crate::db::OrganizationId;

/// As many of an organization as are kept at all.
pub(super) const MOST_CALLS: usize = 1_000;
/// What all of them may weigh together, in bytes.
const MOST_WEIGHT: usize = 32 << 20;
/// Where too much is in memory, as much leaves it: not every call is to look for what to drop.
const AFTER_DROPPING: usize = MOST_WEIGHT / 8 * 7;

/// A call that waits.
pub(super) enum Waiting {
    /// Just noted; whatever else it holds is taken out before anything is done with it.
    Fresh(Box<Exchange>),
    /// Without secrets; it could not be written.
    Redacted(Box<Logged>),
}

/// What waits, oldest first.
#[derive(Default)]
pub(super) struct Ring {
    calls: HashMap<OrganizationId, Own>,
    weight: usize,
}

/// What waits of one organization.
#[derive(Default)]
struct Own {
    calls: VecDeque<(Waiting, usize)>,
    weight: usize,
}

impl Waiting {
    fn organization(&self) -> OrganizationId {
        match self {
            Self::Fresh(call) => call.asked.organization,
            Self::Redacted(call) => call.organization,
        }
    }

    fn weight(&self) -> usize {
        match self {
            Self::Fresh(call) => call.weight(),
            Self::Redacted(call) => call.weight(),
        }
    }

    /// The call without secrets.
    pub fn redacted(self) -> Logged {
        match self {
            Self::Fresh(call) => Logged::of(*call),
            Self::Redacted(call) => *call,
        }
    }
}

impl Ring {
    /// Adds the newest call, and hands back those that have to go for it.
    pub fn push(&mut self, call: Waiting) -> Vec<Waiting> {
        let weight = call.weight();
        let own = self.calls.entry(call.organization()).or_default();
        own.calls.push_back((call, weight));
        own.weight += weight;
        self.weight += weight;
        let mut gone = Vec::new();
        if own.calls.len() > MOST_CALLS {
            gone.extend(own.pop(&mut self.weight));
        }
        if self.weight > MOST_WEIGHT {
            self.make_room(&mut gone);
        }
        gone
    }

    /// Puts a call back that is older than all that wait; hands it back where there is no room.
    pub fn put_back(&mut self, call: Logged) -> Option<Waiting> {
        let call = Waiting::Redacted(Box::new(call));
        let weight = call.weight();
        let own = self.calls.entry(call.organization()).or_default();
        if own.calls.len() >= MOST_CALLS || self.weight + weight > MOST_WEIGHT {
            return Some(call);
        }
        own.calls.push_front((call, weight));
        own.weight += weight;
        self.weight += weight;
        None
    }

    /// Everything, each organization's oldest first.
    pub fn take(&mut self) -> Vec<Waiting> {
        self.weight = 0;
        let all = std::mem::take(&mut self.calls).into_values();
        all.flat_map(|own| own.calls.into_iter().map(|(call, _)| call)).collect()
    }

    /// Whoever has the most in memory loses the oldest of it.
    fn make_room(&mut self, gone: &mut Vec<Waiting>) {
        while self.weight > AFTER_DROPPING {
            let Some(heaviest) = self.calls.values_mut().max_by_key(|own| own.weight) else { return };
            let fair = heaviest.weight / 8 * 7;
            while heaviest.weight > fair {
                gone.extend(heaviest.pop(&mut self.weight));
            }
        }
    }
}

impl Own {
    fn pop(&mut self, all: &mut usize) -> Option<Waiting> {
        let (call, weight) = self.calls.pop_front()?;
        self.weight -= weight;
        *all -= weight;
        Some(call)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::logged::tests::{asked, exchange},
        *,
    };

    fn call(organization: OrganizationId, number: usize, body: usize) -> Waiting {
        let mut asked = asked(organization);
        (asked.request_id, asked.body) = (number.to_string(), vec![b'x'; body].into());
        Waiting::Fresh(Box::new(exchange(asked)))
    }

    fn numbers(ring: &mut Ring) -> Vec<String> {
        ring.take().into_iter().map(|call| call.redacted().request_id).collect()
    }

    #[test]
    fn the_newest_calls_of_each_organization_wait() {
        let (busy, calm) = (OrganizationId::new(), OrganizationId::new());
        let mut ring = Ring::default();
        assert!(ring.push(call(calm, 0, 0)).is_empty());
        let gone: usize = (0..MOST_CALLS + 5).map(|number| ring.push(call(busy, number, 0)).len()).sum();
        assert_eq!(gone, 5);
        let mut waiting = numbers(&mut ring);
        waiting.sort_by_key(|number| number.parse::<usize>().unwrap());
        assert_eq!(waiting.len(), MOST_CALLS + 1);
        assert_eq!((waiting[0].as_str(), waiting[1].as_str()), ("0", "5"));
        assert!(ring.take().is_empty() && ring.weight == 0);
    }

    #[test]
    fn memory_is_bounded_and_whoever_takes_most_loses_first() {
        let (heavy, light) = (OrganizationId::new(), OrganizationId::new());
        let mut ring = Ring::default();
        ring.push(call(light, 7, 10));
        let gone: Vec<Waiting> = (0..90).flat_map(|number| ring.push(call(heavy, number, 1 << 20))).collect();
        assert!(ring.weight <= MOST_WEIGHT && !gone.is_empty());
        assert!(gone.iter().all(|call| call.organization() == heavy));
        let waiting = numbers(&mut ring);
        assert!(waiting.contains(&"7".to_owned()) && waiting.contains(&"89".to_owned()));
    }

    #[test]
    fn what_could_not_be_written_goes_first_the_next_time() {
        let own = OrganizationId::new();
        let mut ring = Ring::default();
        ring.push(call(own, 1, 0));
        let written: Vec<Logged> = ring.take().into_iter().map(Waiting::redacted).collect();
        ring.push(call(own, 2, 0));
        assert!(written.into_iter().all(|call| ring.put_back(call).is_none()));
        assert_eq!(numbers(&mut ring), ["1", "2"]);
    }

    #[test]
    fn what_does_not_fit_is_not_put_back() {
        let own = OrganizationId::new();
        let mut ring = Ring::default();
        let old = call(own, 1, 0).redacted();
        (0..MOST_CALLS).for_each(|number| drop(ring.push(call(own, number, 0))));
        assert!(ring.put_back(old).is_some());
    }
}
