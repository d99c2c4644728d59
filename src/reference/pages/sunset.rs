//! The end of an operation, as its document tells it.

use leptos::prelude::*;
use serde_json::Value;
use time::{Date, macros::format_description};

use super::{
    super::{admin::day, model::Operation},
    address,
};
use crate::{
    markdown,
    ui::{Callout, Tone},
};

/// How documents name the last day of an operation.
const SUNSET: [&str; 3] = ["x-sunset", "x-sunset-date", "x-sunset-at"];

/// How documents say why, and what to use instead.
const REASONS: [&str; 4] = ["x-deprecation-reason", "x-deprecated-reason", "x-deprecation", "x-deprecated-message"];

/// Tells that an operation is on its way out; one with an end is, whether or not it says so.
pub(super) fn banner(operation: &Operation) -> Option<impl IntoView + use<>> {
    let extensions = operation.extensions();
    let end = SUNSET.iter().find_map(|name| extensions.get(name));
    if !operation.deprecated && end.is_none() {
        return None;
    }
    let date = end.as_ref().and_then(date_of);
    let title = match date {
        Some(date) => format!("This operation is deprecated and ends on {}", day(date)),
        None => "This operation is deprecated".to_owned(),
    };
    let works = match date {
        Some(_) => "It works until then. Do not build anything new on it.",
        None => "It works. Do not build anything new on it.",
    };
    let reason = REASONS.iter().find_map(|name| extensions.get(name)?.as_str().map(str::to_owned));
    let reason = reason.map(|reason| markdown::plain(&reason, 400));
    let link = end.as_ref().and_then(|end| end.get("link")?.as_str().map(str::to_owned));
    let link = link.map(|url| view! { " "{address(&url, "Read more".to_owned())} });
    Some(view! {
        <Callout tone=Tone::Warn title>
            <p>{works}{reason.map(|reason| format!(" {reason}"))}{link}</p>
        </Callout>
    })
}

/// A date, a point in time, or an object with one.
fn date_of(value: &Value) -> Option<Date> {
    let text = value.as_str().or_else(|| value.get("date")?.as_str())?;
    Date::parse(text.trim().get(..10)?, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::date;

    use super::*;

    #[test]
    fn an_end_is_read_however_it_is_written() {
        for value in [json!("2027-03-31"), json!("2027-03-31T00:00:00Z"), json!({"date": "2027-03-31"})] {
            assert_eq!(date_of(&value), Some(date!(2027 - 03 - 31)), "{value}");
        }
        for value in [json!("soon"), json!(20270331), json!("äääääääääää"), json!(null)] {
            assert_eq!(date_of(&value), None, "{value}");
        }
    }
}
