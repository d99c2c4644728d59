//! When a version or an operation is over: as an administrator set it, and as the document says it.

use serde_json::Value;
use time::{Date, OffsetDateTime, Time, macros::format_description};

use super::{Version, model::Operation, version::State};
use crate::web::Ending;

/// How documents name the day since when an operation is deprecated.
const SINCE: [&str; 4] = ["x-deprecated-at", "x-deprecated-since", "x-deprecated-on", "x-deprecation-date"];

/// How documents name the last day of an operation.
const SUNSET: [&str; 3] = ["x-sunset", "x-sunset-date", "x-sunset-at"];

impl Version {
    /// What callers of a deprecated version have to know.
    pub fn ending(&self) -> Ending {
        match self.state {
            State::Deprecated => Ending { since: self.deprecated_at, at: self.sunset_on.map(end_of) },
            State::Beta | State::Stable | State::Retired => Ending::default(),
        }
    }
}

impl Operation {
    /// What callers of an operation have to know that its document deprecates, as far as the document has dates.
    pub fn ending(&self) -> Ending {
        let extensions = self.extensions();
        let since = SINCE.iter().filter(|_| self.deprecated).find_map(|name| date_of(&extensions.get(name)?));
        let last_day = self.sunset().as_ref().and_then(date_of);
        Ending { since: since.map(|day| day.midnight().assume_utc()), at: last_day.map(end_of) }
    }

    /// What the document says of the operation's last day.
    pub(super) fn sunset(&self) -> Option<Value> {
        let extensions = self.extensions();
        SUNSET.iter().find_map(|name| extensions.get(name))
    }
}

/// The last moment of a last day.
fn end_of(day: Date) -> OffsetDateTime {
    const LAST: Time = time::macros::time!(23:59:59);
    day.with_time(LAST).assume_utc()
}

/// A date, a point in time, or an object with one.
pub(super) fn date_of(value: &Value) -> Option<Date> {
    let text = value.as_str().or_else(|| value.get("date")?.as_str())?;
    Date::parse(text.trim().get(..10)?, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::{date, datetime};

    use super::*;
    use crate::reference::document::Document;

    #[test]
    fn an_end_is_read_however_it_is_written() {
        for value in [json!("2027-03-31"), json!("2027-03-31T00:00:00Z"), json!({"date": "2027-03-31"})] {
            assert_eq!(date_of(&value), Some(date!(2027 - 03 - 31)), "{value}");
        }
        for value in [json!("soon"), json!(20270331), json!("äääääääääää"), json!(null)] {
            assert_eq!(date_of(&value), None, "{value}");
        }
    }

    #[test]
    fn an_operation_ends_as_its_document_says_and_no_date_is_made_up() {
        let (since, at) = (datetime!(2026-09-01 00:00 UTC), datetime!(2027-03-31 23:59:59 UTC));
        for (stated, ending) in [
            ("deprecated: true", Ending::default()),
            ("deprecated: true, x-deprecated-at: '2026-09-01'", Ending { since: Some(since), at: None }),
            ("x-deprecated-at: '2026-09-01'", Ending::default()),
            (
                "deprecated: true, x-deprecated-at: '2026-09-01', x-sunset: '2027-03-31'",
                Ending { since: Some(since), at: Some(at) },
            ),
            ("x-sunset: {date: '2027-03-31'}", Ending { since: None, at: Some(at) }),
            ("x-sunset: soon", Ending::default()),
        ] {
            let text = format!("openapi: 3.1.0\npaths: {{/a: {{get: {{responses: {{}}, {stated}}}}}}}\n");
            let document = Document::read(text.as_bytes()).unwrap();
            assert_eq!(document.operations()[0].ending(), ending, "{stated}");
        }
    }
}
