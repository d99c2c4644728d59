//! The end of an operation, as its document tells it.

use leptos::prelude::*;

use super::{
    super::{admin::day, ending::date_of, model::Operation},
    address,
};
use crate::{
    markdown,
    ui::{Callout, Tone},
};

/// How documents say why, and what to use instead.
const REASONS: [&str; 4] = ["x-deprecation-reason", "x-deprecated-reason", "x-deprecation", "x-deprecated-message"];

/// Tells that an operation is on its way out; one with an end is, whether or not it says so.
pub(super) fn banner(operation: &Operation) -> Option<impl IntoView + use<>> {
    let extensions = operation.extensions();
    let end = operation.sunset();
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
