//! How many calls a caller may make, in windows of a minute.
//!
//! Counted in the memory of one instance: with several instances each allows the whole limit.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    http::{HeaderMap, HeaderValue},
    response::{IntoResponse, Response},
};

use super::Error;

/// Length of a window, which starts with its first call.
const WINDOW: Duration = Duration::from_secs(60);
/// Windows in memory. Beyond it, those that are over are dropped; if all are running, every caller starts afresh.
const CAPACITY: usize = 50_000;

/// The calls of every caller in its running window.
pub struct Limits<K> {
    quota: u32,
    capacity: usize,
    windows: Mutex<HashMap<K, Window>>,
}

#[derive(Clone, Copy)]
struct Window {
    started: Instant,
    used: u32,
}

/// What a caller has left, just after a call was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Whether this call is within the limit.
    pub verdict: LimitVerdict,
    /// Calls in a whole window.
    pub quota: u32,
    /// Calls left in the window.
    pub remaining: u32,
    /// Until the next window, rounded up to seconds.
    pub reset_seconds: u64,
}

/// Whether a call is within the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitVerdict {
    /// It is.
    Within,
    /// It is one too many.
    Exceeded,
}

impl<K: Hash + Eq> Limits<K> {
    /// Limits of `quota` calls in a minute.
    pub fn per_minute(quota: u32) -> Self {
        Self { quota, capacity: CAPACITY, windows: Mutex::default() }
    }

    /// Counts one call.
    pub fn count(&self, key: K, now: Instant) -> Allowance {
        self.count_up_to(self.quota, key, now)
    }

    /// Counts one call of a caller that has a quota of its own.
    pub fn count_up_to(&self, quota: u32, key: K, now: Instant) -> Allowance {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= self.capacity && !windows.contains_key(&key) {
            windows.retain(|_, window| !window.is_over(now));
            if windows.len() >= self.capacity {
                windows.clear();
            }
        }
        let window = windows.entry(key).or_insert(Window { started: now, used: 0 });
        if window.is_over(now) {
            *window = Window { started: now, used: 0 };
        }
        window.used = window.used.saturating_add(1);
        window.allowance(quota, now)
    }
}

impl Window {
    fn is_over(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.started) >= WINDOW
    }

    fn allowance(&self, quota: u32, now: Instant) -> Allowance {
        let left = WINDOW.saturating_sub(now.saturating_duration_since(self.started));
        Allowance {
            verdict: if self.used > quota { LimitVerdict::Exceeded } else { LimitVerdict::Within },
            quota,
            remaining: quota.saturating_sub(self.used),
            reset_seconds: left.as_millis().div_ceil(1000) as u64,
        }
    }
}

impl Allowance {
    /// Writes the allowance on an answer: `RateLimit` and `RateLimit-Policy` (IETF draft 11), and the older names.
    pub fn set_headers(&self, headers: &mut HeaderMap) {
        let Self { quota, remaining, reset_seconds, .. } = self;
        let values = [
            ("ratelimit-policy", format!("\"default\";q={quota};w={}", WINDOW.as_secs())),
            ("ratelimit", format!("\"default\";r={remaining};t={reset_seconds}")),
            ("x-ratelimit-limit", quota.to_string()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset", reset_seconds.to_string()),
        ];
        for (name, value) in values {
            let value = HeaderValue::from_str(&value).expect("digits, letters and quotes are a valid header");
            headers.insert(name, value);
        }
    }

    /// The answer to a call beyond the limit: 429 with `Retry-After` and the allowance.
    pub fn refusal(&self) -> Response {
        let mut response = Error::too_many(Duration::from_secs(self.reset_seconds)).into_response();
        self.set_headers(response.headers_mut());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(capacity: usize) -> Limits<u32> {
        Limits { capacity, ..Limits::per_minute(60) }
    }

    #[test]
    fn one_call_more_than_the_quota_is_too_many() {
        let limits = Limits::per_minute(60);
        let start = Instant::now();
        let first = limits.count("a", start);
        assert_eq!(first, Allowance { verdict: LimitVerdict::Within, quota: 60, remaining: 59, reset_seconds: 60 });
        for left in (0..59).rev() {
            let allowance = limits.count("a", start);
            assert_eq!((allowance.verdict, allowance.remaining), (LimitVerdict::Within, left));
        }
        let late = start + Duration::from_millis(59_500);
        let refused = limits.count("a", late);
        assert_eq!((refused.verdict, refused.remaining, refused.reset_seconds), (LimitVerdict::Exceeded, 0, 1));
        assert_eq!(limits.count("b", late).remaining, 59, "another caller has a window of its own");
        assert_eq!(limits.count("a", start + WINDOW).remaining, 59, "the next window is whole");
    }

    #[test]
    fn a_caller_may_have_a_quota_of_its_own() {
        let limits = Limits::per_minute(60);
        let now = Instant::now();
        assert_eq!(limits.count_up_to(1, "a", now).remaining, 0);
        let refused = limits.count_up_to(1, "a", now);
        assert_eq!((refused.verdict, refused.quota), (LimitVerdict::Exceeded, 1));
        assert_eq!(limits.count_up_to(3, "a", now).verdict, LimitVerdict::Within, "a change counts at once");
    }

    #[test]
    fn memory_is_bounded() {
        let limits = small(10);
        let start = Instant::now();
        for key in 0..1000 {
            limits.count(key, start);
            assert!(limits.windows.lock().unwrap().len() <= 10);
        }
    }

    #[test]
    fn windows_that_are_over_make_room_first() {
        let limits = small(2);
        let start = Instant::now();
        limits.count(1, start);
        limits.count(2, start + Duration::from_secs(30));
        limits.count(3, start + WINDOW);
        assert_eq!(limits.count(2, start + WINDOW).remaining, 58);
    }

    #[test]
    fn the_headers_are_those_of_the_draft() {
        let mut headers = HeaderMap::new();
        Limits::per_minute(60).count("a", Instant::now()).set_headers(&mut headers);
        assert_eq!(headers["ratelimit-policy"], "\"default\";q=60;w=60");
        assert_eq!(headers["ratelimit"], "\"default\";r=59;t=60");
        assert_eq!(headers["x-ratelimit-limit"], "60");
        assert_eq!(headers["x-ratelimit-remaining"], "59");
        assert_eq!(headers["x-ratelimit-reset"], "60");
    }
}
