//! What was called: a log of the newest calls for those who made them, and counts by key, operation and hour.
//!
//! Whoever answers calls hands each one over with [`Usage::observe`]; nothing here decides about a call, and a call
//! never waits for what is written about it. Calls are noted in memory, within bounds, and written down once a second:
//! a process that dies loses at most that second of counts.

mod api;
mod counts;
mod csv;
mod exchange;
mod latency;
mod logged;
mod model;
mod observation;
mod pages;
mod recorder;
mod redaction;
mod ring;
mod store;

pub use api::{paths as api_paths, routes as api_routes};
pub use counts::Class;
pub use exchange::{Asked, Ending};
pub use latency::{Latency, Percentiles};
pub use pages::{KeyUsage, routes};
pub use recorder::record;
pub use store::{KeyBrief, Partner, brief_of_key, partners, sweep};

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{body::Body, response::Response};

use self::{
    counts::Counts,
    exchange::Exchange,
    observation::Observed,
    recorder::Months,
    ring::{Ring, Waiting},
};

/// What this instance knows of calls and has not written down yet.
#[derive(Clone, Default)]
pub struct Usage(Shared);

#[derive(Clone, Default)]
struct Shared(Arc<Noted>);

#[derive(Default)]
struct Noted {
    ring: Mutex<Ring>,
    counts: Mutex<Counts>,
    months: Mutex<Months>,
}

impl Usage {
    /// Follows an answer until its last byte has gone out, and notes the call then.
    pub fn observe(&self, asked: Asked, response: Response) -> Response {
        let (head, body) = response.into_parts();
        let body = Body::new(Observed::new(self.0.clone(), asked, &head, body));
        Response::from_parts(head, body)
    }
}

impl Shared {
    fn note(&self, call: Exchange) {
        if !lock(&self.0.counts).note(&call) {
            metrics::counter!("vestibule_usage_uncounted_calls_total").increment(1);
        }
        // What goes is freed after the lock is.
        let gone = lock(&self.0.ring).push(Waiting::Fresh(Box::new(call)));
        dropped(gone.len());
    }
}

/// Calls that the log never shows, since newer ones came before they could be written.
fn dropped(calls: usize) {
    if calls > 0 {
        metrics::counter!("vestibule_usage_dropped_calls_total").increment(calls as u64);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
