//! The events that an API sends, and one of them.

use super::{
    super::super::{
        example::{self, Direction},
        model::Webhook,
        pages::Place,
    },
    Text, operation, properties, state_of, text_of, values,
};
use crate::markdown::text::{article, code, item, link, plain, words};

pub(super) fn list(place: &Place) -> String {
    let mut text = Text::titled("Webhooks");
    text.add(state_of(place));
    let lines = lines(place);
    text.add(if lines.is_empty() { "The document describes no events that the API sends.".to_owned() } else { lines });
    text.end()
}

/// A line for each event.
pub(super) fn lines(place: &Place) -> String {
    let lines: Vec<String> = place.document().webhooks().iter().map(|webhook| line(place, webhook)).collect();
    lines.join("\n")
}

fn line(place: &Place, webhook: &Webhook) -> String {
    let path = text_of(&place.below(&format!("webhooks/{}", webhook.id)));
    let operation = &webhook.operation;
    let summary = operation.summary.as_deref().or(operation.description.as_deref()).unwrap_or_default();
    let described = words(summary, 160);
    let colon = if described.is_empty() { "" } else { ": " };
    item(&format!("{}{colon}{described}", link(&webhook.name, &path)))
}

pub(super) fn text(place: &Place, webhook: &Webhook, origin: &str) -> String {
    let operation = &webhook.operation;
    let mut text = Text::titled(&plain(&webhook.name));
    text.add(format!("A webhook of {}", state_of(place)));
    text.add(operation.summary.as_deref().filter(|summary| *summary != webhook.name).map(plain).unwrap_or_default());
    text.add(operation.description.as_deref().map(|described| article(described, 2, origin)).unwrap_or_default());
    operation::parameters(&mut text, place, operation);
    let content = operation.body.as_ref().and_then(|body| body.preferred());
    let schema = content.and_then(|content| content.schema.as_ref());
    let payload = schema.map(|schema| properties::of(place, schema, Some(Direction::Response), None));
    let name = content.map(|content| format!("{}, ", code(&content.name))).unwrap_or_default();
    let payload = payload.unwrap_or_else(|| "the document does not describe it.".to_owned());
    text.section(2, "Payload", format!("{name}{payload}"));
    if let Some((media_type, value)) = operation.body.as_ref().and_then(example::of_body) {
        text.section(3, "Example", values::example(&value, media_type.is_json()));
    }
    operation::responses(&mut text, place, operation, "What to answer");
    text.section(2, "See also", item(&link("All webhooks", &text_of(&place.below("webhooks")))));
    text.end()
}
