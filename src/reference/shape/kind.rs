//! The type of a value in a few words.

use serde_json::Value;

use super::{
    super::model::{Additional, Schema, Type},
    Mixing, Shape, behind, of, values,
};

/// More choices than a person names in a sentence.
const NAMED_CHOICES: usize = 3;

/// More items than a person names in a sentence.
const NAMED_ITEMS: usize = 4;

/// Arrays of arrays end somewhere.
pub(super) const DEEPEST: usize = 6;

/// The type in words: `string · date`, `array of Parcel`, `object · Address`, `map of string`, `one of 3`.
pub fn kind(schema: &Schema) -> String {
    kind_at(schema, 0)
}

fn kind_at(schema: &Schema, depth: usize) -> String {
    if depth > DEEPEST {
        return "any".to_owned();
    }
    let Some(resolved) = behind(schema) else { return "unresolved".to_owned() };
    let nullable =
        schema.is_nullable() || resolved.is_nullable() || schema.resolved().is_some_and(|own| own.is_nullable());
    let words = plain_kind(&resolved, depth);
    if nullable && words != "null" && words != "any" { format!("{words} or null") } else { words }
}

fn plain_kind(schema: &Schema, depth: usize) -> String {
    match schema.as_boolean() {
        Some(true) => return "any".to_owned(),
        Some(false) => return "never".to_owned(),
        None => {}
    }
    let values = values(schema);
    if let Some(first) = values.first() {
        let stated = schema.main_type().or_else(|| Type::of(&first.value));
        return match stated {
            None | Some(Type::String) => "enum".to_owned(),
            Some(kind) => format!("enum of {}", kind.as_str()),
        };
    }
    let shape = of(schema);
    if !shape.choices.is_empty() && shape.properties.is_empty() {
        return choices_in_words(&shape, depth);
    }
    let types: Vec<Type> = schema.types().into_iter().filter(|kind| *kind != Type::Null).collect();
    if types.len() > 1 {
        return types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ");
    }
    match schema.main_type() {
        Some(Type::Array) if !shape.items.is_empty() => list_in_words(&shape, depth),
        Some(Type::Array) => {
            format!("array of {}", schema.items().map_or_else(|| "any".to_owned(), |items| item(&items, depth + 1)))
        }
        Some(Type::Object) | None if !shape.properties.is_empty() => named("object", schema),
        Some(Type::Object) => match schema.additional() {
            Additional::Of(values) => format!("map of {}", item(&values, depth + 1)),
            _ if !shape.patterns.is_empty() => named("map", schema),
            _ => named("object", schema),
        },
        Some(kind) => scalar(schema, kind),
        None => constant_kind(schema).unwrap_or_else(|| content_kind(schema).unwrap_or_else(|| "any".to_owned())),
    }
}

fn named(kind: &str, schema: &Schema) -> String {
    schema.name().map_or_else(|| kind.to_owned(), |name| format!("{kind} · {name}"))
}

fn scalar(schema: &Schema, kind: Type) -> String {
    match schema.format() {
        Some("binary") if kind == Type::String => "file".to_owned(),
        Some(format) => format!("{} · {format}", kind.as_str()),
        None => content_kind(schema).unwrap_or_else(|| kind.as_str().to_owned()),
    }
}

/// Content of a media type that is not written in characters is a file.
fn content_kind(schema: &Schema) -> Option<String> {
    match schema.content() {
        (Some(media_type), None) => Some(format!("file · {media_type}")),
        _ => None,
    }
}

fn constant_kind(schema: &Schema) -> Option<String> {
    let constant: Value = schema.constant()?;
    Some(Type::of(&constant)?.as_str().to_owned())
}

/// `list of string, integer`: each item has a shape of its own.
fn list_in_words(shape: &Shape, depth: usize) -> String {
    let names: Vec<String> = shape.items.iter().take(NAMED_ITEMS).map(|own| item(own, depth + 1)).collect();
    let more = if shape.items.len() > NAMED_ITEMS { ", …" } else { "" };
    format!("list of {}{more}", names.join(", "))
}

/// An item of a list goes by its name where it is more than a plain value.
fn item(schema: &Schema, depth: usize) -> String {
    let named = behind(schema).filter(|resolved| of(resolved).is_composed() || !values(resolved).is_empty());
    let name = named.as_ref().and_then(|resolved| resolved.name());
    name.map_or_else(|| kind_at(schema, depth), str::to_owned)
}

fn choices_in_words(shape: &Shape, depth: usize) -> String {
    if shape.choices.len() <= NAMED_CHOICES {
        let mut names: Vec<String> = Vec::new();
        for choice in &shape.choices {
            let name = item(choice, depth + 1);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        return names.join(" or ");
    }
    match shape.mixing {
        Mixing::One => format!("one of {}", shape.choices.len()),
        Mixing::Any => format!("any of {}", shape.choices.len()),
    }
}
