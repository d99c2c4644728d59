//! Ends that come near, and when people should hear of them.

use time::{Duration, OffsetDateTime};

use super::{Key, Secret};
use crate::db::{KeyId, SecretId};

/// An end that was told once is told again only where it has been moved further than this.
const MOVED: Duration = Duration::days(1);
/// The clocks of the portal and of its database may differ a little.
const TOLERANCE: Duration = Duration::minutes(1);

/// How near an end is, in steps at which people are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Within seven days.
    Week,
    /// Within a day.
    Day,
    /// It has come.
    End,
}

/// A key or an older secret of it that ends.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// The key.
    pub(super) key: KeyId,
    /// The secret; `None` where the key itself ends.
    pub(super) secret: Option<SecretId>,
    /// When it ends.
    pub(super) ends_at: OffsetDateTime,
    /// When that was decided.
    pub(super) planned_at: OffsetDateTime,
    /// The end that the letter of the week named, if it was written.
    pub(super) told_week: Option<OffsetDateTime>,
    /// The same for the letter of the day.
    pub(super) told_day: Option<OffsetDateTime>,
    /// The same for the letter at the end.
    pub(super) told_end: Option<OffsetDateTime>,
}

impl Stage {
    /// The stage as it is stored.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Day => "day",
            Self::End => "end",
        }
    }

    /// How long before the end it begins.
    fn lead(self) -> Duration {
        match self {
            Self::Week => Duration::days(7),
            Self::Day => Duration::days(1),
            Self::End => Duration::ZERO,
        }
    }

    fn at(left: Duration) -> Option<Self> {
        [Self::End, Self::Day, Self::Week].into_iter().find(|stage| left <= stage.lead())
    }
}

impl End {
    /// The letter that is due, if one is. What was decided later than a letter would have been written needs none.
    pub(super) fn due(&self, now: OffsetDateTime) -> Option<Stage> {
        let stage = Stage::at(self.ends_at - now)?;
        if stage != Stage::End && self.ends_at - stage.lead() + TOLERANCE < self.planned_at {
            return None;
        }
        let told = match stage {
            Stage::Week => self.told_week,
            Stage::Day => self.told_day,
            Stage::End => self.told_end,
        };
        let is_told = told.is_some_and(|told| (self.ends_at - told).abs() < MOVED);
        (!is_told).then_some(stage)
    }

    /// The secret that ends; `None` where the key itself does.
    pub(super) fn secret_of<'a>(&self, key: &'a Key) -> Option<&'a Secret> {
        key.secrets.iter().find(|secret| Some(secret.id) == self.secret)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::model::tests::NOW, *};

    fn end(in_hours: i64, planned_hours_ago: i64) -> End {
        End {
            key: KeyId::new(),
            secret: None,
            ends_at: NOW + Duration::hours(in_hours),
            planned_at: NOW - Duration::hours(planned_hours_ago),
            told_week: None,
            told_day: None,
            told_end: None,
        }
    }

    #[test]
    fn people_hear_of_an_end_a_week_ahead_a_day_ahead_and_when_it_has_come() {
        let planned = 30 * 24;
        assert_eq!(end(7 * 24 + 1, planned).due(NOW), None);
        assert_eq!(end(7 * 24, planned).due(NOW), Some(Stage::Week));
        assert_eq!(end(25, planned).due(NOW), Some(Stage::Week));
        assert_eq!(end(24, planned).due(NOW), Some(Stage::Day));
        assert_eq!(end(0, planned).due(NOW), Some(Stage::End));
        assert_eq!(end(-48, planned).due(NOW), Some(Stage::End), "late is better than never");
    }

    #[test]
    fn an_end_that_was_decided_too_late_for_a_letter_is_told_at_the_next_step() {
        assert_eq!(end(24, 0).due(NOW), Some(Stage::Day), "an overlap of a day is told at once");
        assert_eq!(end(6, 0).due(NOW), None);
        assert_eq!(end(5 * 24, 0).due(NOW), None);
        assert_eq!(end(24, 4 * 24).due(NOW), Some(Stage::Day));
        assert_eq!(end(0, 0).due(NOW), Some(Stage::End));
    }

    #[test]
    fn what_was_told_is_told_again_only_after_the_end_was_moved_by_a_day() {
        let told = |by_hours: i64| {
            let end = end(100, 500);
            End { told_week: Some(end.ends_at - Duration::hours(by_hours)), ..end }.due(NOW)
        };
        assert_eq!(told(0), None);
        assert_eq!(told(23), None);
        assert_eq!(told(-23), None);
        assert_eq!(told(24), Some(Stage::Week));
        let week_told = End { told_week: Some(NOW + Duration::hours(20)), ..end(20, 500) };
        assert_eq!(week_told.due(NOW), Some(Stage::Day));
    }
}
