//! How long the older of two secrets works on.

use time::{Duration, OffsetDateTime};

/// How long the older secret works on after a rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap(Duration);

/// A time that is no overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 0 to {} seconds (30 days)", Overlap::LONGEST.whole_seconds())]
pub struct NotAnOverlap;

impl Overlap {
    /// Long enough for every deployment, short enough to end.
    pub const LONGEST: Duration = Duration::days(30);

    /// What a page offers, shortest first.
    pub const OFFERED: [(Self, &'static str); 5] = [
        (Self(Duration::ZERO), "None: the old secret stops at once"),
        (Self(Duration::hours(1)), "1 hour"),
        (Self(Duration::hours(24)), "24 hours"),
        (Self(Duration::days(7)), "7 days"),
        (Self(Duration::days(30)), "30 days"),
    ];

    /// Reads an overlap in seconds.
    pub fn from_seconds(seconds: i64) -> Result<Self, NotAnOverlap> {
        match (0..=Self::LONGEST.whole_seconds()).contains(&seconds) {
            true => Ok(Self(Duration::seconds(seconds))),
            false => Err(NotAnOverlap),
        }
    }

    /// The overlap in seconds.
    pub fn seconds(self) -> i64 {
        self.0.whole_seconds()
    }

    /// When a secret ends that is replaced now.
    pub fn end(self, now: OffsetDateTime) -> OffsetDateTime {
        now.saturating_add(self.0)
    }
}

impl Default for Overlap {
    fn default() -> Self {
        Self(Duration::hours(24))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::model::tests::NOW, *};

    #[test]
    fn an_overlap_is_at_most_thirty_days() {
        assert_eq!(Overlap::from_seconds(0).unwrap().end(NOW), NOW);
        assert_eq!(Overlap::from_seconds(2_592_000).unwrap().end(NOW), NOW + Duration::days(30));
        assert_eq!(Overlap::from_seconds(2_592_001), Err(NotAnOverlap));
        assert_eq!(Overlap::from_seconds(-1), Err(NotAnOverlap));
        assert_eq!(Overlap::default().seconds(), 86_400);
        assert!(Overlap::OFFERED.iter().any(|(overlap, _)| *overlap == Overlap::default()));
    }
}
