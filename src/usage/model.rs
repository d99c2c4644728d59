//! What is told of calls: one call as it is shown, and usage over a time by its parts.

use std::{collections::BTreeMap, str::FromStr};

use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::{counts::Class, latency::Latency};
use crate::{
    db::{AppId, CallId, KeyId},
    portal::Portal,
    web::Owner,
};

/// A line of the call log.
#[derive(Clone, Debug)]
pub(super) struct CallLine {
    pub id: CallId,
    pub at: OffsetDateTime,
    pub app: AppId,
    /// `None` where the app is gone.
    pub app_name: Option<String>,
    pub key: Option<KeyId>,
    pub key_name: Option<String>,
    pub request_id: String,
    pub address: String,
    pub api: String,
    pub version: String,
    pub operation: Option<String>,
    pub method: String,
    pub path: String,
    pub query: String,
    pub status: i16,
    pub code: Option<String>,
    pub took_us: i64,
    /// `complete`, `hung_up` or `broken`.
    pub ending: String,
}

/// A call with both of its sides.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub line: CallLine,
    pub request: Side,
    pub response: Side,
}

/// What went one way.
#[derive(Clone, Debug)]
pub(super) struct Side {
    pub headers: Vec<(String, String)>,
    /// `None` where there is none, or where it is no text.
    pub body: Option<String>,
    /// The size of all of the body, in bytes.
    pub size: i64,
}

/// A time that is looked back at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Range {
    #[default]
    Day,
    Week,
    Month,
    Year,
}

/// What a time is cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Hours(i64),
    Month,
}

/// A text that names no range.
#[derive(Debug, thiserror::Error)]
#[error("is not one of 24h, 7d, 30d and 12m")]
pub(super) struct UnknownRange;

/// Calls with something in common, as the database adds them up.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub period: OffsetDateTime,
    pub caller: Option<(AppId, Option<KeyId>)>,
    pub api: String,
    pub version: String,
    pub operation: String,
    pub class: Class,
    pub calls: u64,
    pub latency: Latency,
}

/// Usage over a time.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub periods: Vec<Period>,
    /// The most called first.
    pub operations: Vec<OperationUse>,
    pub calls: u64,
    pub errors: u64,
    pub latency: Latency,
}

/// One part of the time.
#[derive(Clone, Debug)]
pub(super) struct Period {
    pub start: OffsetDateTime,
    /// In the order of [`Class::ALL`].
    pub calls: [u64; Class::ALL.len()],
    pub latency: Latency,
}

/// How an operation was called.
#[derive(Clone, Debug, Default)]
pub(super) struct OperationUse {
    /// Empty where the call was of no API that there is.
    pub api: String,
    pub version: String,
    /// Empty where the call means no operation.
    pub operation: String,
    pub calls: u64,
    pub errors: u64,
    pub latency: Latency,
}

impl Range {
    pub const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// The range as it stands in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Year => "12m",
        }
    }

    pub const fn title(self) -> &'static str {
        match self {
            Self::Day => "24 hours",
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Year => "12 months",
        }
    }

    pub const fn step(self) -> Step {
        match self {
            Self::Day => Step::Hours(1),
            Self::Week => Step::Hours(6),
            Self::Month => Step::Hours(24),
            Self::Year => Step::Month,
        }
    }

    /// The starts of its parts; the last one is under way.
    pub fn periods(self, now: OffsetDateTime) -> Vec<OffsetDateTime> {
        let count = match self {
            Self::Day => 24,
            Self::Week => 28,
            Self::Month => 30,
            Self::Year => 12,
        };
        let mut starts: Vec<OffsetDateTime> = std::iter::successors(Some(self.step().start(now)), |start| {
            Some(self.step().start(*start - Duration::SECOND))
        })
        .take(count)
        .collect();
        starts.reverse();
        starts
    }
}

impl FromStr for Range {
    type Err = UnknownRange;

    fn from_str(text: &str) -> Result<Self, UnknownRange> {
        Self::ALL.into_iter().find(|range| range.as_str() == text).ok_or(UnknownRange)
    }
}

impl Step {
    /// The start of the part that a moment is in.
    fn start(self, at: OffsetDateTime) -> OffsetDateTime {
        let at = at.to_offset(UtcOffset::UTC);
        match self {
            Self::Hours(hours) => {
                let seconds = at.unix_timestamp();
                at.replace_time(Time::MIDNIGHT)
                    + Duration::seconds(seconds.rem_euclid(86_400) / (hours * 3600) * (hours * 3600))
            }
            Self::Month => at.replace_day(1).unwrap_or(at).replace_time(Time::MIDNIGHT),
        }
    }

    /// The words for one part.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Hours(1) => "hour",
            Self::Hours(24) => "day",
            Self::Hours(_) => "six hours",
            Self::Month => "month",
        }
    }
}

impl Report {
    /// The parts of a time, with what the database has of them.
    pub fn of(starts: Vec<OffsetDateTime>, cells: &[Cell]) -> Self {
        let empty = |start| Period { start, calls: [0; Class::ALL.len()], latency: Latency::default() };
        let mut report = Self {
            periods: starts.into_iter().map(empty).collect(),
            operations: Vec::new(),
            calls: 0,
            errors: 0,
            latency: Latency::default(),
        };
        let mut operations = BTreeMap::<(&str, &str, &str), OperationUse>::new();
        for cell in cells {
            report.add(cell);
            let of = operations.entry((&cell.api, &cell.version, &cell.operation)).or_default();
            of.calls += cell.calls;
            of.errors += if cell.class.is_error() { cell.calls } else { 0 };
            of.latency.merge(&cell.latency);
        }
        let named = |((api, version, operation), of): ((&str, &str, &str), OperationUse)| OperationUse {
            api: api.to_owned(),
            version: version.to_owned(),
            operation: operation.to_owned(),
            ..of
        };
        report.operations = operations.into_iter().map(named).collect();
        report.operations.sort_by_key(|of| std::cmp::Reverse(of.calls));
        report
    }

    fn add(&mut self, cell: &Cell) {
        let Some(period) = self.periods.iter_mut().find(|period| period.start == cell.period) else { return };
        period.calls[cell.class as usize] += cell.calls;
        period.latency.merge(&cell.latency);
        self.calls += cell.calls;
        self.errors += if cell.class.is_error() { cell.calls } else { 0 };
        self.latency.merge(&cell.latency);
    }
}

impl Class {
    /// Whether the caller did not get what they asked for.
    pub const fn is_error(self) -> bool {
        matches!(self, Self::Refused | Self::Limited | Self::Fault)
    }
}

impl CallLine {
    /// The path with its query, as callers from outside write it.
    pub fn address(&self) -> String {
        let Self { api, version, path, query, .. } = self;
        let mark = if query.is_empty() { "" } else { "?" };
        format!("/sandbox/{api}/{version}{path}{mark}{query}")
    }
}

impl Side {
    /// The content type as it was stated.
    pub fn content_type(&self) -> &str {
        let stated = self.headers.iter().find(|(name, _)| name == "content-type");
        stated.map_or("", |(_, value)| value.as_str())
    }
}

impl Owner for Call {
    const PARAMETER: &'static str = "call";
    type Id = CallId;

    async fn of(portal: &Portal, organization: crate::db::OrganizationId, id: CallId) -> sqlx::Result<Option<Self>> {
        super::store::call(&portal.db, organization, id).await
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-18 14:20:07 UTC);

    #[test]
    fn a_range_ends_with_the_part_that_is_under_way() {
        let ends = Range::ALL.map(|range| {
            let starts = range.periods(NOW);
            assert!(starts.is_sorted());
            (starts.len(), starts[0], *starts.last().unwrap())
        });
        assert_eq!(
            ends,
            [
                (24, datetime!(2026-11-17 15:00 UTC), datetime!(2026-11-18 14:00 UTC)),
                (28, datetime!(2026-11-11 18:00 UTC), datetime!(2026-11-18 12:00 UTC)),
                (30, datetime!(2026-10-20 00:00 UTC), datetime!(2026-11-18 00:00 UTC)),
                (12, datetime!(2025-12-01 00:00 UTC), datetime!(2026-11-01 00:00 UTC)),
            ]
        );
        assert_eq!("7d".parse::<Range>().unwrap(), Range::Week);
        assert!("8d".parse::<Range>().is_err());
    }

    #[test]
    fn a_report_adds_up_by_time_and_by_operation() {
        let starts = Range::Day.periods(NOW);
        let cell = |hour: usize, operation: &str, class, calls| {
            let mut latency = Latency::default();
            latency.add(20, calls);
            Cell {
                period: starts[hour],
                caller: None,
                api: "parcels".into(),
                version: "v1".into(),
                operation: operation.into(),
                class,
                calls,
                latency,
            }
        };
        let cells = [
            cell(0, "list", Class::Success, 3),
            cell(0, "get", Class::Limited, 2),
            cell(23, "get", Class::Success, 4),
            Cell { period: starts[0] - Duration::HOUR, ..cell(0, "get", Class::Fault, 100) },
        ];
        let report = Report::of(starts.clone(), &cells[..3]);
        assert_eq!((report.calls, report.errors), (9, 2));
        assert_eq!((report.periods[0].calls, report.periods[23].calls), ([3, 0, 0, 2, 0], [4, 0, 0, 0, 0]));
        let operations: Vec<_> =
            report.operations.iter().map(|of| (of.operation.as_str(), of.calls, of.errors)).collect();
        assert_eq!(operations, [("get", 6, 2), ("list", 3, 0)]);
        assert_eq!(Report::of(starts, &cells).calls, 9, "what is of no part is not counted");
    }
}
