//! The schemas of a version, and one of them.

use super::{
    super::super::{
        example::{self, Direction},
        model::NamedSchema,
        pages::Place,
    },
    Text, properties, state_of, text_of, values,
};
use crate::markdown::text::{article, item, link, plain, words};

pub(super) fn list(place: &Place) -> String {
    let mut text = Text::titled("Schemas");
    text.add(state_of(place));
    let lines: Vec<String> = place.document().schemas().iter().map(|named| line(place, named)).collect();
    text.add(if lines.is_empty() { "The document names no schemas.".to_owned() } else { lines.join("\n") });
    text.end()
}

fn line(place: &Place, named: &NamedSchema) -> String {
    let path = text_of(&place.below(&format!("schemas/{}", named.id)));
    let described = named.schema.description().map(|text| words(text, 140)).unwrap_or_default();
    let colon = if described.is_empty() { "" } else { ": " };
    item(&format!("{} ({}){colon}{described}", link(&named.name, &path), values::kind(&named.schema)))
}

pub(super) fn text(place: &Place, named: &NamedSchema, origin: &str) -> String {
    let schema = &named.schema;
    let mut text = Text::titled(&plain(&named.name));
    text.add(format!("A schema of {}", state_of(place)));
    if schema.is_deprecated() {
        text.add("**Deprecated.** It works. Do not build anything new on it.");
    }
    text.add(schema.description().map(|described| article(described, 2, origin)).unwrap_or_default());
    text.section(2, "Properties", properties::of(place, schema, None, Some(schema)));
    text.section(2, "Example", values::example(&example::of_schema(schema, Direction::Response), true));
    text.section(2, "See also", item(&link("All schemas", &text_of(&place.below("schemas")))));
    text.end()
}
