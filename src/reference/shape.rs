//! A schema as a page shows it: `allOf` merged, references followed, what its values are in a few words.

use std::collections::HashSet;

use super::model::{Additional, Property, Schema, Type};

/// More choices than a person names in a sentence.
const NAMED_CHOICES: usize = 3;

/// Arrays of arrays end somewhere.
const DEEPEST_KIND: usize = 6;

/// What a value is made of.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Of all parts of an `allOf`, each name once.
    pub properties: Vec<Property>,
    /// The choices of `oneOf` and `anyOf` that are not just `null`.
    pub choices: Vec<Schema>,
    /// Whether several choices may hold at once.
    pub mixing: Mixing,
    /// Names by pattern, and the shape of their values.
    pub patterns: Vec<(String, Schema)>,
    /// The shape of members with other names, where the schema says one.
    pub others: Option<Schema>,
}

/// How many of several choices a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mixing {
    /// Exactly one.
    #[default]
    One,
    /// At least one.
    Any,
}

impl Shape {
    /// Whether there is something to unfold.
    pub fn is_composed(&self) -> bool {
        !(self.properties.is_empty() && self.choices.is_empty() && self.patterns.is_empty())
    }
}

/// The shape of a schema, whatever it refers to and is put together from.
pub fn of(schema: &Schema) -> Shape {
    let mut shape = Shape::default();
    add(&mut shape, schema, &mut HashSet::new());
    if let [only] = shape.choices.as_slice()
        && shape.properties.is_empty()
    {
        return of_alternative(&only.clone());
    }
    shape
}

/// The only choice beside `null` is no choice; its own choices may be such again, so this is bounded by the document.
fn of_alternative(schema: &Schema) -> Shape {
    let mut shape = Shape::default();
    add(&mut shape, schema, &mut HashSet::new());
    shape
}

fn add(shape: &mut Shape, schema: &Schema, seen: &mut HashSet<u32>) {
    let Some(schema) = schema.resolved() else { return };
    if !seen.insert(schema.source().node().index()) {
        return;
    }
    for part in schema.all_of() {
        add(shape, &part, seen);
    }
    for property in schema.properties() {
        match shape.properties.iter_mut().find(|known| known.name == property.name) {
            Some(known) => {
                let required = known.required || property.required;
                *known = Property { required, ..property };
            }
            None => shape.properties.push(property),
        }
    }
    let required = schema.required();
    for property in shape.properties.iter_mut().filter(|property| required.contains(&property.name.as_str())) {
        property.required = true;
    }
    let is_null = |schema: &Schema| schema.types() == [Type::Null];
    let (one_of, any_of) = (schema.one_of(), schema.any_of());
    if one_of.is_empty() && !any_of.is_empty() {
        shape.mixing = Mixing::Any;
    }
    // `anyOf: [{required: [a]}, {required: [b]}]` says which properties go together, not what there is to choose.
    let says_more = |choice: &Schema| {
        choice.reference().is_some()
            || !choice.children_of_any_kind().is_empty()
            || choice.main_type() != Some(Type::Object)
    };
    shape.choices.extend(one_of.into_iter().chain(any_of).filter(|choice| !is_null(choice) && says_more(choice)));
    shape.patterns.extend(schema.pattern_properties());
    if let Additional::Of(others) = schema.additional() {
        shape.others = Some(others);
    }
}

/// The schema behind references and behind an `allOf` or a nullable `oneOf` that has only one part; itself otherwise.
pub fn behind(schema: &Schema) -> Option<Schema> {
    let mut schema = schema.resolved()?;
    let mut seen = HashSet::new();
    while seen.insert(schema.source().node().index()) {
        let is_wrapper = schema.types().is_empty() && schema.properties().is_empty();
        let mut parts = schema.all_of();
        parts.extend(schema.one_of().into_iter().chain(schema.any_of()).filter(|part| part.types() != [Type::Null]));
        match parts.as_slice() {
            [only] if is_wrapper => schema = only.resolved()?,
            _ => return Some(schema),
        }
    }
    None
}

/// What to unfold below a value: the schema of a list's items or of a map's values, however deep, else its own.
pub fn core(schema: &Schema) -> Option<Schema> {
    let mut schema = behind(schema)?;
    for _ in 0..DEEPEST_KIND {
        let inner = match schema.main_type() {
            Some(Type::Array) => schema.items(),
            Some(Type::Object) => match schema.additional() {
                Additional::Of(values) if schema.properties().is_empty() && schema.all_of().is_empty() => Some(values),
                _ => None,
            },
            _ => None,
        };
        match inner {
            Some(inner) => schema = behind(&inner)?,
            None => return Some(schema),
        }
    }
    None
}

/// The type in words: `string · date`, `array of Parcel`, `object · Address`, `map of string`, `one of 3`.
pub fn kind(schema: &Schema) -> String {
    kind_at(schema, 0)
}

fn kind_at(schema: &Schema, depth: usize) -> String {
    if depth > DEEPEST_KIND {
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
    let name = schema.name();
    if !schema.enum_values().is_empty() {
        return match schema.main_type() {
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
        Some(Type::Array) => {
            format!("array of {}", schema.items().map_or_else(|| "any".to_owned(), |items| item(&items, depth + 1)))
        }
        Some(Type::Object) | None if !shape.properties.is_empty() => {
            name.map_or_else(|| "object".to_owned(), |name| format!("object · {name}"))
        }
        Some(Type::Object) => match (schema.additional(), name) {
            (Additional::Of(values), _) => format!("map of {}", item(&values, depth + 1)),
            (_, Some(name)) => format!("object · {name}"),
            _ => "object".to_owned(),
        },
        Some(kind) => match schema.format() {
            Some(format) => format!("{} · {format}", kind.as_str()),
            None => kind.as_str().to_owned(),
        },
        None => "any".to_owned(),
    }
}

/// An item of a list goes by its name where it is more than a plain value.
fn item(schema: &Schema, depth: usize) -> String {
    let named = behind(schema).filter(|resolved| of(resolved).is_composed() || !resolved.enum_values().is_empty());
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

#[cfg(test)]
mod tests {
    use super::{super::document::Document, *};

    fn schemas(yaml: &str) -> Document {
        let indented: String = yaml.lines().map(|line| format!("    {line}\n")).collect();
        Document::read(format!("openapi: 3.1.0\ncomponents:\n  schemas:\n{indented}").as_bytes()).unwrap()
    }

    fn kind_of(document: &Document, name: &str) -> String {
        kind(&document.schema(name).unwrap().schema)
    }

    #[test]
    fn a_kind_says_what_a_value_is() {
        let document = schemas(
            "Address: {type: object, properties: {city: {type: string}}}\n\
             Day: {type: string, format: date}\n\
             Maybe: {type: [string, 'null']}\n\
             List: {type: array, items: {$ref: '#/components/schemas/Address'}}\n\
             Days: {type: array, items: {$ref: '#/components/schemas/Day'}}\n\
             Map: {type: object, additionalProperties: {type: integer}}\n\
             Pick: {oneOf: [{$ref: '#/components/schemas/Address'}, {type: 'null'}]}\n\
             Both: {anyOf: [{type: string}, {type: integer}]}\n\
             Level: {enum: [1, 2], type: integer}\n\
             Any: {}\n\
             Lost: {$ref: '#/components/schemas/Nobody'}\n\
             Wrapped: {allOf: [{$ref: '#/components/schemas/Day'}], description: x}",
        );
        let expected = [
            ("Address", "object · Address"),
            ("Day", "string · date"),
            ("Maybe", "string or null"),
            ("List", "array of Address"),
            ("Days", "array of string · date"),
            ("Map", "map of integer"),
            ("Pick", "object · Address or null"),
            ("Both", "string or integer"),
            ("Level", "enum of integer"),
            ("Any", "any"),
            ("Lost", "unresolved"),
            ("Wrapped", "string · date"),
        ];
        for (name, kind) in expected {
            assert_eq!(kind_of(&document, name), kind, "{name}");
        }
    }

    #[test]
    fn parts_of_an_all_of_are_one_list_of_properties() {
        let document = schemas(
            "Base: {type: object, required: [id], properties: {id: {type: string}, kind: {type: string}}}\n\
             More: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [kind], properties: {size: {type: integer}}}]}",
        );
        let shape = of(&document.schema("More").unwrap().schema);
        let properties: Vec<_> = shape.properties.iter().map(|p| (p.name.as_str(), p.required)).collect();
        assert_eq!(properties, [("id", true), ("kind", true), ("size", false)]);
    }

    #[test]
    fn circles_end() {
        let document = schemas(
            "A: {allOf: [{$ref: '#/components/schemas/B'}]}\n\
             B: {allOf: [{$ref: '#/components/schemas/A'}]}\n\
             C: {type: array, items: {$ref: '#/components/schemas/C'}}\n\
             D: {oneOf: [{$ref: '#/components/schemas/D'}]}",
        );
        for name in ["A", "B", "C", "D"] {
            let schema = &document.schema(name).unwrap().schema;
            assert!(!kind(schema).is_empty());
            assert!(!of(schema).is_composed() || name == "D");
            let _ = core(schema);
        }
    }
}
