//! Moments, absolute in UTC and relative to now.
use leptos::prelude::*;
use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A moment. In a table or a fact the relative words are a second line.
#[component]
pub fn Time(
    /// The moment.
    at: OffsetDateTime,
    /// When the page was made.
    now: OffsetDateTime,
    /// Which words are in view.
    #[prop(optional)]
    clock: Clock,
) -> impl IntoView {
    let machine = at.to_offset(UtcOffset::UTC).format(&Rfc3339).ok();
    let (exact, rough) = (absolute(at), relative(at, now));
    match clock {
        Clock::Both => {
            view! { <span class="time"><time datetime=machine>{exact}</time>" "<small>{rough}</small></span> }
                .into_any()
        }
        Clock::Exact => view! { <time datetime=machine title=rough>{exact}</time> }.into_any(),
        Clock::Rough => view! { <time datetime=machine title=exact>{rough}</time> }.into_any(),
    }
}

/// Which words of a moment are in view; the others are shown on hover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The moment and how long ago.
    #[default]
    Both,
    /// The moment.
    Exact,
    /// How long ago.
    Rough,
}

/// `18 Nov 2026, 14:20 UTC`.
pub fn absolute(at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let month = at.month().to_string();
    format!("{} {} {}, {:02}:{:02} UTC", at.day(), &month[..3], at.year(), at.hour(), at.minute())
}

/// `3 minutes ago`, `in 2 days`, `just now`.
pub fn relative(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let apart = (now - at).abs();
    if apart < Duration::seconds(5) {
        return "just now".to_owned();
    }
    let length = length(apart);
    if at < now { format!("{length} ago") } else { format!("in {length}") }
}

/// The largest unit of which there are at least two, so that nothing is rounded by more than half.
fn length(apart: Duration) -> String {
    let (count, unit) = match apart {
        apart if apart < Duration::minutes(2) => (apart.whole_seconds(), "second"),
        apart if apart < Duration::hours(2) => (apart.whole_minutes(), "minute"),
        apart if apart < Duration::days(2) => (apart.whole_hours(), "hour"),
        apart if apart < Duration::days(61) => (apart.whole_days(), "day"),
        apart if apart < Duration::days(730) => (apart.whole_days() * 12 / 365, "month"),
        apart => (apart.whole_days() / 365, "year"),
    };
    format!("{count} {unit}s")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: OffsetDateTime = match OffsetDateTime::from_unix_timestamp(1_795_011_607) {
        Ok(now) => now,
        Err(_) => OffsetDateTime::UNIX_EPOCH,
    };

    #[test]
    fn a_moment_is_written_in_utc() {
        let east = UtcOffset::from_hms(2, 0, 0).expect("two hours are an offset");
        assert_eq!(absolute(NOW.to_offset(east)), "18 Nov 2026, 14:20 UTC");
    }

    #[test]
    fn a_distance_is_said_in_the_largest_unit_of_which_there_are_two() {
        let said = |apart: Duration| relative(NOW - apart, NOW);
        assert_eq!(said(Duration::seconds(4)), "just now");
        assert_eq!(said(Duration::seconds(119)), "119 seconds ago");
        assert_eq!(said(Duration::seconds(120)), "2 minutes ago");
        assert_eq!(said(Duration::minutes(119)), "119 minutes ago");
        assert_eq!(said(Duration::hours(47)), "47 hours ago");
        assert_eq!(said(Duration::days(60)), "60 days ago");
        assert_eq!(said(Duration::days(61)), "2 months ago");
        assert_eq!(said(Duration::days(729)), "23 months ago");
        assert_eq!(said(Duration::days(730)), "2 years ago");
    }

    #[test]
    fn what_comes_is_said_as_coming() {
        assert_eq!(relative(NOW + Duration::hours(24), NOW), "in 24 hours");
    }
}
