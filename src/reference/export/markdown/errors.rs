//! The error catalogue.

use super::{
    super::super::{
        errors::ErrorEntry,
        model::Status,
        pages::{Place, reason},
    },
    Text, state_of,
};
use crate::{
    markdown::text::{code, item, plain, words},
    web::Code,
};

pub(super) fn text(place: &Place) -> String {
    let mut text = Text::titled("Errors");
    text.add(state_of(place));
    let entries = place.version.errors();
    let (lead, lines): (&str, Vec<String>) = match place.is_own() {
        true => (
            "Branch on the code, never on the words. A code is never reworded and never changes its meaning.",
            Code::ALL.iter().map(own_line).collect(),
        ),
        false if entries.is_empty() => {
            ("The document names no error codes; these are its error responses by status.", by_status(place))
        }
        false => (
            "The codes that the document names. Branch on the code, never on the words.",
            entries.iter().map(line).collect(),
        ),
    };
    text.add(lead);
    text.add(if lines.is_empty() { "The document describes no error response.".to_owned() } else { lines.join("\n") });
    text.end()
}

/// An error in one line.
pub(super) fn line(entry: &ErrorEntry) -> String {
    let statuses: Vec<String> = entry.statuses.iter().map(Status::to_string).collect();
    let repeat = match entry.retryable {
        Some(true) => ", repeat",
        Some(false) => ", do not repeat",
        None => "",
    };
    let mut said = vec![format!("{} ({}{repeat})", code(&entry.code), statuses.join(", "))];
    let told = [&entry.title, &entry.meaning].into_iter().flatten().map(|text| words(text, 400));
    let told: Vec<String> =
        told.map(|text| text.trim_end_matches('.').to_owned()).filter(|text| !text.is_empty()).collect();
    if !told.is_empty() {
        said[0].push(':');
        said.push(format!("{}.", told.join(". ")));
    }
    said.extend(entry.example.as_deref().map(|example| format!("For example: {}", words(example, 400))));
    item(&said.join(" "))
}

fn own_line(own: &Code) -> String {
    let repeat = if own.is_retryable() { "repeat" } else { "do not repeat" };
    let (status, title, advice) = (own.status().as_u16(), plain(own.title()), plain(own.advice()));
    item(&format!("{} ({status}, {repeat}): {title}. {advice}", code(own.as_str())))
}

fn by_status(place: &Place) -> Vec<String> {
    let mut statuses: Vec<(Status, &str)> = Vec::new();
    for response in place.document().operations().iter().flat_map(|operation| &operation.responses) {
        if response.status.is_error() && !statuses.iter().any(|(status, _)| *status == response.status) {
            statuses.push((response.status, &response.description));
        }
    }
    statuses.sort_by_key(|(status, _)| *status);
    let lines = statuses.into_iter().map(|(status, description)| {
        let described = words(description, 200);
        item(format!("{} {}: {described}", code(&status.to_string()), reason(status)).trim_end_matches([':', ' ']))
    });
    lines.collect()
}
