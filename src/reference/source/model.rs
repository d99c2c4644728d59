//! How a source is set, when it is looked at, and how a result is said.

use std::str::FromStr;

use time::{Duration, OffsetDateTime};

/// The longest address that is kept.
pub const LONGEST_URL: usize = 2000;

/// How often a source is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// Every hour.
    Hour,
    /// Every day.
    Day,
    /// Every week.
    Week,
}

/// What becomes of a new version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// It waits as a draft.
    #[default]
    Draft,
    /// Partners see it at once.
    Publish,
}

/// What an administrator sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the document is.
    pub url: String,
    /// How often it is looked at; `None` for only when somebody asks.
    pub every: Option<Every>,
    /// What becomes of it.
    pub policy: Policy,
}

/// What a look brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastOutcome {
    /// The document is the one that is known.
    Unchanged,
    /// It became a draft.
    Imported,
    /// It became a version that partners see.
    Published,
    /// It was fetched and cannot be taken in.
    Refused,
    /// It could not be fetched.
    Failed,
}

/// A name that is none of those that are stored.
#[derive(Debug, thiserror::Error)]
#[error("Choose one of the list.")]
pub struct Unknown;

impl Every {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Hour, Self::Day, Self::Week];

    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hour => "hourly",
            Self::Day => "daily",
            Self::Week => "weekly",
        }
    }

    fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
            Self::Week => Duration::WEEK,
        }
    }
}

impl FromStr for Every {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        Self::ALL.into_iter().find(|every| every.as_str() == text).ok_or(Unknown)
    }
}

impl Policy {
    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Publish => "publish",
        }
    }
}

impl FromStr for Policy {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        [Self::Draft, Self::Publish].into_iter().find(|policy| policy.as_str() == text).ok_or(Unknown)
    }
}

impl LastOutcome {
    /// As it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unchanged => "unchanged",
            Self::Imported => "imported",
            Self::Published => "published",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for LastOutcome {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let all = [Self::Unchanged, Self::Imported, Self::Published, Self::Refused, Self::Failed];
        all.into_iter().find(|outcome| outcome.as_str() == text).ok_or(Unknown)
    }
}

/// When a source is looked at next. After a failure sooner than usual, then later each time, up to a day or the interval.
pub fn next_check(every: Option<Every>, failures: u32, now: OffsetDateTime) -> Option<OffsetDateTime> {
    const FIRST: Duration = Duration::minutes(15);
    let every = every?;
    let wait = match failures {
        0 => every.length(),
        failures => (FIRST * 4i32.pow((failures - 1).min(8))).min(every.length().max(Duration::DAY)),
    };
    Some(now + wait)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_source_that_fails_is_asked_soon_again_and_then_ever_later() {
        let now = datetime!(2026-11-22 12:00 UTC);
        let waits =
            |every| (0..8).map(move |failures| (next_check(Some(every), failures, now).unwrap() - now).whole_minutes());
        assert_eq!(waits(Every::Hour).collect::<Vec<_>>(), [60, 15, 60, 240, 960, 1440, 1440, 1440]);
        assert_eq!(waits(Every::Week).next_back(), Some(10_080));
        assert_eq!(next_check(Some(Every::Week), u32::MAX, now), Some(now + Duration::WEEK));
        assert_eq!(next_check(None, 0, now), None);
    }

    #[test]
    fn what_is_stored_is_read_again() {
        for every in Every::ALL {
            assert_eq!(every.as_str().parse::<Every>().unwrap(), every);
        }
        assert!("never".parse::<Every>().is_err() && "".parse::<Policy>().is_err());
        assert_eq!("failed".parse::<LastOutcome>().unwrap(), LastOutcome::Failed);
    }
}
