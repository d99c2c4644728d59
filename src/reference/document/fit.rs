//! Whether an example fits its schema, as far as a glance tells: types, enumerations, required properties.
//!
//! A doubt must be a fault: choices (`oneOf`, `anyOf`) and formats are left to a full validator.

use super::{
    super::model::{Property, Schema, Type},
    tree::{Kind, Node},
};

/// What is deeper, or further down a list, is not looked at.
const DEEPEST: usize = 12;
const ITEMS: usize = 20;

/// Where an example is at odds with its schema, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub pointer: String,
    pub message: String,
}

/// The first fault of an example.
pub(super) fn misfit(schema: &Schema, value: Node<'_>) -> Option<Misfit> {
    look(schema, value, DEEPEST)
}

fn look(schema: &Schema, value: Node<'_>, depth: usize) -> Option<Misfit> {
    let schema = schema.resolved()?;
    if depth == 0 || (value.kind() == Kind::Null && schema.is_nullable()) {
        return None;
    }
    type_misfit(&schema, value)
        .or_else(|| enum_misfit(&schema, value))
        .or_else(|| schema.all_of().iter().find_map(|part| look(part, value, depth - 1)))
        .or_else(|| object_misfit(&schema, value, depth))
        .or_else(|| {
            let items = schema.items()?;
            value.items().take(ITEMS).find_map(|item| look(&items, item, depth - 1))
        })
}

fn type_misfit(schema: &Schema, value: Node<'_>) -> Option<Misfit> {
    let types = schema.types();
    let nothing_else_said = types.is_empty() || (types == [Type::Null] && schema.all_of().is_empty());
    if nothing_else_said || types.iter().any(|kind| holds(*kind, value)) {
        return None;
    }
    let expected: Vec<_> = types.iter().map(|kind| kind.as_str()).collect();
    Some(found(value, format!("{} where {} is expected", name(value), expected.join(" or "))))
}

fn enum_misfit(schema: &Schema, value: Node<'_>) -> Option<Misfit> {
    let written = value.written()?;
    let listed = schema.source().node().get("enum")?;
    let allowed = listed.items().any(|allowed| allowed.kind() == value.kind() && allowed.written() == Some(written));
    (listed.items().len() > 0 && !allowed)
        .then(|| found(value, "a value that the enumeration does not have".to_owned()))
}

fn object_misfit(schema: &Schema, value: Node<'_>, depth: usize) -> Option<Misfit> {
    if value.kind() != Kind::Object {
        return None;
    }
    let properties = schema.properties();
    let one_way = |property: &&Property| property.schema.is_read_only() || property.schema.is_write_only();
    let missing = schema.required().into_iter().find(|name| {
        let exempt = || properties.iter().find(|property| property.name == *name).as_ref().is_some_and(one_way);
        value.get(name).is_none() && !exempt()
    });
    if let Some(name) = missing {
        return Some(found(value, format!("the required property `{name}` is missing")));
    }
    properties.iter().find_map(|property| look(&property.schema, value.get(&property.name)?, depth - 1))
}

fn holds(kind: Type, value: Node<'_>) -> bool {
    match (kind, value.kind()) {
        (Type::Null, Kind::Null)
        | (Type::Boolean, Kind::Boolean)
        | (Type::Number, Kind::Number)
        | (Type::String, Kind::Text)
        | (Type::Array, Kind::List)
        | (Type::Object, Kind::Object) => true,
        (Type::Integer, Kind::Number) => Type::Integer.holds(&value.to_json()),
        _ => false,
    }
}

fn found(value: Node<'_>, message: String) -> Misfit {
    Misfit { pointer: value.pointer(), message }
}

fn name(value: Node<'_>) -> &'static str {
    match value.kind() {
        Kind::Null => "null",
        Kind::Boolean => "a boolean",
        Kind::Number => "a number",
        Kind::Text => "a text",
        Kind::List => "a list",
        Kind::Object => "an object",
    }
}
