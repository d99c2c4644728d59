//! One operation.

use super::{
    super::super::{
        errors::ErrorEntry,
        example::{self, Direction},
        model::{Body, Callback, MediaType, Operation, Place as At, Response},
        pages::{Place, reason},
        sample::Request,
    },
    Text, authentication, errors,
    properties::{self, Need},
    state_of, text_of, values,
};
use crate::markdown::text::{article, code, fence, item, link, plain, words};

/// A longer example of an error says nothing more.
const LONGEST_ERROR: usize = 1_500;

const PLACES: [(At, &str); 5] = [
    (At::Path, "Path parameters"),
    (At::Query, "Query parameters"),
    (At::QueryString, "Whole query"),
    (At::Header, "Headers"),
    (At::Cookie, "Cookies"),
];

pub(super) fn text(place: &Place, operation: &Operation, origin: &str) -> String {
    let mut text = Text::titled(&plain(&operation.title()));
    text.add(code(&format!("{} {}", operation.method, operation.path)));
    let id = operation.operation_id.as_deref().map(|id| format!("Operation {} of ", code(id)));
    text.add(format!("{}{}", id.unwrap_or_default(), state_of(place)));
    if operation.deprecated {
        text.add("**Deprecated.** It works. Do not build anything new on it.");
    }
    text.add(operation.description.as_deref().map(|described| article(described, 2, origin)).unwrap_or_default());
    text.add(more_to_read(operation));
    text.section(2, "Address", addresses(place, operation));
    text.section(2, "Authentication", authentication::of_operation(place, operation));
    parameters(&mut text, place, operation);
    if let Some(body) = &operation.body {
        body_section(&mut text, place, body);
    }
    text.section(2, "Sample", fence("sh", &sample(place, operation)));
    responses(&mut text, place, operation, "Responses");
    text.section(2, "Errors", error_lines(place, operation));
    callbacks(&mut text, place, operation, origin);
    text.section(2, "See also", neighbours(place, operation));
    text.end()
}

fn more_to_read(operation: &Operation) -> String {
    let Some(docs) = &operation.external_docs else { return String::new() };
    let label = docs.description.as_deref().map(|text| words(text, 100)).filter(|text| !text.is_empty());
    format!("Read on: {}", link(&label.unwrap_or_else(|| "More about this".to_owned()), &docs.url))
}

fn addresses(place: &Place, operation: &Operation) -> String {
    let path = &operation.path;
    let (ours, what) = (place.calls.trim_end_matches('/'), if place.is_own() { "" } else { " (sandbox)" });
    let mut lines = vec![item(&format!("{}{what}", code(&format!("{ours}{path}"))))];
    let servers = operation.servers.iter().filter(|server| !place.is_own() && server.url != "/");
    lines.extend(servers.map(|server| {
        let described = server.description.as_deref().map(|text| words(text, 200)).unwrap_or_default();
        let colon = if described.is_empty() { "" } else { ": " };
        item(&format!("{}{colon}{described}", code(&format!("{}{path}", server.url.trim_end_matches('/')))))
    }));
    lines.join("\n")
}

/// A section for each place that has parameters.
pub(super) fn parameters(text: &mut Text, place: &Place, operation: &Operation) {
    for (at, title) in PLACES {
        text.section(2, title, properties::of_parameters(place, operation, at));
    }
}

fn body_section(text: &mut Text, place: &Place, body: &Body) {
    let described = body.description.as_deref().map(|text| words(text, 600)).unwrap_or_default();
    let need = if body.required { "Required." } else { "It may be left out." };
    text.section(2, "Body", format!("{need} {described}"));
    for media_type in &body.content {
        text.add(content(place, media_type, Direction::Request));
    }
    if let Some((media_type, value)) = example::of_body(body) {
        text.section(3, "Example body", values::example(&value, media_type.is_json()));
    }
}

fn content(place: &Place, media_type: &MediaType, direction: Direction) -> String {
    let schema = media_type.schema.as_ref().or(media_type.item_schema.as_ref());
    let shown = schema.map(|schema| properties::of(place, schema, Some(direction), None));
    format!("{}: {}", code(&media_type.name), shown.unwrap_or_else(|| "not described.".to_owned()))
}

fn sample(place: &Place, operation: &Operation) -> String {
    let request = Request::to(place.document(), operation, &place.calls);
    match place.is_own() {
        true => request.curl().replace("SANDBOX_KEY", "VESTIBULE_TOKEN"),
        false => request.with_key().curl(),
    }
}

/// A section for each status.
pub(super) fn responses(text: &mut Text, place: &Place, operation: &Operation, title: &str) {
    if operation.responses.is_empty() {
        return text.section(2, title, "The document describes no response.");
    }
    text.add(format!("## {title}"));
    let has_codes = place.version.errors().iter().any(|entry| entry.operations.contains(&operation.id));
    let first_error = operation.responses.iter().position(|response| response.status.is_error());
    for (at, response) in operation.responses.iter().enumerate() {
        text.add(format!("### {}", format!("{} {}", response.status, reason(response.status)).trim()));
        let described = Some(&response.description).filter(|described| !described.is_empty());
        text.add(words(described.or(response.summary.as_ref()).map_or("", String::as_str), 600));
        match response.status.is_error() {
            false => response_section(text, place, response),
            // The codes follow below: one example shows what the others look like.
            true if has_codes && Some(at) != first_error => {}
            true => error_response(text, response),
        }
    }
}

fn response_section(text: &mut Text, place: &Place, response: &Response) {
    let headers: Vec<_> = response
        .headers
        .iter()
        .map(|header| {
            let schema = header.schema.as_ref().or_else(|| header.content.as_ref()?.schema.as_ref());
            let need = if header.required { Need::Required } else { Need::Optional };
            (header.name.as_str(), schema, need, header.description.as_deref())
        })
        .collect();
    if !headers.is_empty() {
        text.add("Headers:");
        text.add(properties::named(place, &headers));
    }
    for media_type in &response.content {
        text.add(content(place, media_type, Direction::Response));
    }
    if response.content.is_empty() {
        text.add("No body.");
    }
    if let Some((media_type, value)) = example::of_response(response) {
        text.add("Example:");
        text.add(values::example(&value, media_type.is_json()));
    }
}

/// Errors of an API look alike: an example tells more than their properties.
fn error_response(text: &mut Text, response: &Response) {
    let Some((media_type, value)) = example::of_response(response) else { return };
    let example = values::example(&value, media_type.is_json());
    if example.len() <= LONGEST_ERROR {
        text.add(format!("{}:", code(&media_type.name)));
        text.add(example);
    }
}

fn error_lines(place: &Place, operation: &Operation) -> String {
    let own: Vec<&ErrorEntry> =
        place.version.errors().iter().filter(|entry| entry.operations.contains(&operation.id)).collect();
    let lines: Vec<String> = own.into_iter().map(errors::line).collect();
    lines.join("\n")
}

fn callbacks(text: &mut Text, place: &Place, operation: &Operation, origin: &str) {
    for callback in &operation.callbacks {
        text.add(format!("## Callback {}", plain(&callback.name)));
        callback_section(text, place, callback, origin);
    }
}

fn callback_section(text: &mut Text, place: &Place, callback: &Callback, origin: &str) {
    for operation in &callback.operations {
        text.add(code(&format!("{} {}", operation.method, callback.expression)));
        let described = operation.description.as_deref().or(operation.summary.as_deref()).unwrap_or_default();
        text.add(article(described, 3, origin));
        let content = operation.body.as_ref().and_then(|body| body.preferred());
        if let Some(schema) = content.and_then(|content| content.schema.as_ref()) {
            text.add(properties::of(place, schema, Some(Direction::Response), None));
        }
    }
}

fn neighbours(place: &Place, operation: &Operation) -> String {
    let (before, after) = place.version.navigation().neighbours(place.document(), operation);
    let to = |words: &str, other: &Operation| {
        item(&format!("{words}: {}", link(&other.title(), &text_of(&place.operation_path(other)))))
    };
    let lines = [
        before.map(|other| to("Before", other)),
        after.map(|other| to("Next", other)),
        Some(item(&link("Overview, with authentication and all operations", &text_of(&place.path())))),
        Some(item(&link("All errors", &text_of(&place.below("errors"))))),
    ];
    lines.into_iter().flatten().collect::<Vec<_>>().join("\n")
}
