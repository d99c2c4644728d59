//! How long calls took, as a histogram that can be added to another: percentiles of many hours, keys and instances are
//! those of the sum.

use std::time::Duration;

/// The end of the first bucket. What is faster is not told apart.
const FIRST_US: f64 = 100.0;
/// Each bucket ends this many times later than the one before: four of them double, and a percentile is off by less
/// than a tenth.
const GROWTH: f64 = 1.189_207_115_002_721;
/// The last bucket holds all that took longer than 105 seconds.
const BUCKETS: usize = 82;

/// How many calls took how long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Latency(Vec<u64>);

/// What is told of a histogram, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentiles {
    /// Half of the calls were faster.
    pub p50: f64,
    /// 95 of 100 calls were faster.
    pub p95: f64,
    /// 99 of 100 calls were faster.
    pub p99: f64,
}

impl Latency {
    /// The calls by bucket, without the zeros at the end.
    pub fn buckets(&self) -> &[u64] {
        &self.0
    }

    /// Adds a call.
    pub fn note(&mut self, took: Duration) {
        self.add(bucket_of(took), 1);
    }

    /// Adds calls to a bucket by its number.
    pub fn add(&mut self, bucket: usize, calls: u64) {
        let bucket = bucket.min(BUCKETS - 1);
        if self.0.len() <= bucket {
            self.0.resize(bucket + 1, 0);
        }
        self.0[bucket] += calls;
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: &Self) {
        for (bucket, calls) in other.0.iter().enumerate().filter(|(_, calls)| **calls > 0) {
            self.add(bucket, *calls);
        }
    }

    /// The percentiles; `None` where there was no call.
    pub fn percentiles(&self) -> Option<Percentiles> {
        Some(Percentiles { p50: self.quantile(0.5)?, p95: self.quantile(0.95)?, p99: self.quantile(0.99)? })
    }

    /// In milliseconds, the middle of the bucket in which the call of this rank is.
    fn quantile(&self, part: f64) -> Option<f64> {
        let all: u64 = self.0.iter().sum();
        let rank = ((all as f64 * part).ceil() as u64).max(1);
        let mut below = 0;
        let bucket = self.0.iter().position(|calls| {
            below += calls;
            below >= rank
        })?;
        Some(FIRST_US * GROWTH.powf(bucket as f64 - 0.5) / 1000.0)
    }
}

fn bucket_of(took: Duration) -> usize {
    let us = took.as_nanos() as f64 / 1000.0;
    if us <= FIRST_US {
        return 0;
    }
    // A float as a number of a bucket saturates: it is never negative here, and never beyond the last.
    ((us / FIRST_US).ln() / GROWTH.ln()).ceil().min((BUCKETS - 1) as f64) as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(times: &[u64]) -> Latency {
        let mut latency = Latency::default();
        times.iter().for_each(|us| latency.note(Duration::from_micros(*us)));
        latency
    }

    /// The exact value, by the nearest rank.
    fn exact(times: &[u64], part: f64) -> f64 {
        let mut sorted = times.to_vec();
        sorted.sort_unstable();
        let rank = ((sorted.len() as f64 * part).ceil() as usize).max(1);
        sorted[rank - 1] as f64 / 1000.0
    }

    #[test]
    fn nothing_has_no_percentiles_and_one_call_has_its_own() {
        assert_eq!(Latency::default().percentiles(), None);
        let one = of(&[20_000]).percentiles().unwrap();
        assert!((18.0..22.0).contains(&one.p50) && one.p50 == one.p99, "{one:?}");
    }

    #[test]
    fn what_takes_too_long_for_any_bucket_is_in_the_last() {
        let latency = of(&[0, 1, u64::MAX / 2000]);
        assert_eq!((latency.buckets()[0], latency.buckets().len()), (2, BUCKETS));
        let mut foreign = Latency::default();
        foreign.add(usize::MAX, 3);
        assert_eq!(foreign.buckets()[BUCKETS - 1], 3);
    }

    proptest! {
        #[test]
        fn percentiles_are_off_by_less_than_a_tenth(times in prop::collection::vec(110u64..100_000_000, 1..300)) {
            let told = of(&times).percentiles().unwrap();
            for (told, part) in [(told.p50, 0.5), (told.p95, 0.95), (told.p99, 0.99)] {
                let exact = exact(&times, part);
                prop_assert!((told / exact - 1.0).abs() < 0.1, "{told} is told, {exact} it is");
            }
        }

        #[test]
        fn the_sum_is_the_histogram_of_all_calls(
            here in prop::collection::vec(0u64..200_000_000, 0..50), there in prop::collection::vec(0u64..200_000_000, 0..50),
        ) {
            let mut sum = of(&here);
            sum.merge(&of(&there));
            let all: Vec<u64> = here.iter().chain(&there).copied().collect();
            prop_assert_eq!(sum, of(&all));
        }
    }
}
