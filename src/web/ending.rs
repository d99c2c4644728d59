//! What is on its way out, told to its callers: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use time::{OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description};

const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// As far as it is known: what is not is not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// Since when something better is there.
    pub since: Option<OffsetDateTime>,
    /// When it stops working.
    pub at: Option<OffsetDateTime>,
}

impl Ending {
    /// Of two things that a call needs, what its caller has to know first.
    pub fn or_earlier(self, other: Self) -> Self {
        let earlier = |one: Option<OffsetDateTime>, two| one.into_iter().chain(two).min();
        Self { since: earlier(self.since, other.since), at: earlier(self.at, other.at) }
    }

    /// The headers by name.
    pub fn headers(self) -> impl Iterator<Item = (&'static str, String)> {
        let since = self.since.map(|since| ("deprecation", format!("@{}", since.unix_timestamp())));
        let at = self.at.map(|at| {
            let date = at.to_offset(UtcOffset::UTC).format(HTTP_DATE);
            ("sunset", date.expect("a moment has every component of an HTTP date"))
        });
        since.into_iter().chain(at)
    }

    /// Adds the headers to an answer.
    pub fn announce(self, headers: &mut HeaderMap) {
        for (name, value) in self.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn what_ends_first_is_told_and_what_is_not_known_is_not() {
        let key = Ending { since: Some(datetime!(2026-11-18 09:05 UTC)), at: Some(datetime!(2026-11-19 09:05 UTC)) };
        let version = Ending { since: Some(datetime!(2026-03-01 00:00 UTC)), at: Some(datetime!(2027-03-31 0:00 UTC)) };
        let mut headers = HeaderMap::new();
        version.or_earlier(key).announce(&mut headers);
        assert_eq!(headers["deprecation"], "@1772323200");
        assert_eq!(headers["sunset"], "Thu, 19 Nov 2026 09:05:00 GMT");
        assert_eq!(version.or_earlier(key), key.or_earlier(version));

        let endless = Ending { at: None, ..version };
        assert_eq!(endless.headers().map(|(name, _)| name).collect::<Vec<_>>(), ["deprecation"]);
        assert_eq!(Ending::default().headers().count(), 0);
        assert_eq!(Ending::default().or_earlier(version), version);
    }
}
