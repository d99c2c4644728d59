//! A schema as a page shows it: `allOf` merged, references followed, what its values are in a few words.

mod kind;

use std::collections::{HashMap, HashSet};

pub use self::kind::kind;
use super::model::{Additional, Discriminator, EnumValue, Property, Schema, Type};

/// Longer chains of `allOf` in `allOf` are nobody's intention, and walking them takes stack.
const LONGEST_CHAIN: usize = 40;

/// What a value is made of.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Of all parts of an `allOf`, each name once.
    pub properties: Vec<Property>,
    /// Names that must be there and that no part describes.
    pub undescribed: Vec<String>,
    /// The choices of `oneOf` and `anyOf` that are not just `null`.
    pub choices: Vec<Schema>,
    /// Whether several choices may hold at once.
    pub mixing: Mixing,
    /// How to tell the choices apart.
    pub discriminator: Option<Discriminator>,
    /// Names by pattern, and the shape of their values.
    pub patterns: Vec<(String, Schema)>,
    /// The shape of members with other names, where the schema says one.
    pub others: Option<Schema>,
    /// The first items of a list, each with a shape of its own.
    pub items: Vec<Schema>,
    /// The schemas that were merged, from the innermost part to the schema itself.
    pub parts: Vec<Schema>,
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
        !(self.properties.is_empty() && self.choices.is_empty() && self.patterns.is_empty() && self.items.is_empty())
    }
}

/// The shape of a schema, whatever it refers to and is put together from.
pub fn of(schema: &Schema) -> Shape {
    let mut shape = merged(schema);
    if let [only] = shape.choices.as_slice()
        && shape.properties.is_empty()
    {
        // The only choice beside `null` is no choice; its own choices may be such again.
        shape = merged(&only.clone());
    }
    shape
}

fn merged(schema: &Schema) -> Shape {
    let mut gathering = Gathering::default();
    gathering.add(schema, 0);
    let Gathering { mut shape, required, places, .. } = gathering;
    let mut named: HashSet<&str> = places.keys().map(String::as_str).collect();
    shape.undescribed = required.iter().filter(|name| named.insert(name)).cloned().collect();
    shape
}

/// What was found so far.
#[derive(Default)]
struct Gathering {
    shape: Shape,
    required: Vec<String>,
    /// Where each property is in the shape.
    places: HashMap<String, usize>,
    seen: HashSet<u32>,
}

impl Gathering {
    fn add(&mut self, schema: &Schema, depth: usize) {
        let Some(schema) = schema.resolved() else { return };
        if depth > LONGEST_CHAIN || !self.seen.insert(schema.source().node().index()) {
            return;
        }
        for part in schema.all_of() {
            self.add(&part, depth + 1);
        }
        self.add_properties(&schema);
        self.required.extend(schema.required().into_iter().map(str::to_owned));
        let shape = &mut self.shape;
        add_choices(shape, &schema);
        shape.discriminator = shape.discriminator.take().or_else(|| schema.discriminator());
        shape.patterns.extend(schema.pattern_properties());
        if let Additional::Of(others) = schema.additional() {
            shape.others = Some(others);
        }
        if shape.items.is_empty() {
            shape.items = schema.prefix_items();
        }
        shape.parts.push(schema);
    }

    fn add_properties(&mut self, schema: &Schema) {
        let properties = &mut self.shape.properties;
        for property in schema.properties() {
            match self.places.get(&property.name).and_then(|place| properties.get_mut(*place)) {
                Some(known) => {
                    let required = known.required || property.required;
                    *known = Property { required, ..property };
                }
                None => {
                    self.places.insert(property.name.clone(), properties.len());
                    properties.push(property);
                }
            }
        }
        for name in schema.required() {
            if let Some(known) = self.places.get(name).and_then(|place| properties.get_mut(*place)) {
                known.required = true;
            }
        }
    }
}

fn add_choices(shape: &mut Shape, schema: &Schema) {
    if !listed_values(schema).is_empty() {
        return;
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
}

/// The values that a schema allows where it lists them: `enum`, or choices that are a constant each.
pub fn values(schema: &Schema) -> Vec<EnumValue> {
    let stated = schema.enum_values();
    if stated.is_empty() { listed_values(schema) } else { stated }
}

/// `oneOf: [{const: a, title: …, description: …}, …]`
fn listed_values(schema: &Schema) -> Vec<EnumValue> {
    let one_of = schema.one_of();
    let choices = if one_of.is_empty() { schema.any_of() } else { one_of };
    let values = choices.iter().filter(|choice| choice.types() != [Type::Null]).map(|choice| {
        let value = choice.constant().filter(|_| choice.properties().is_empty())?;
        let text = |text: Option<&str>| text.map(str::to_owned);
        Some(EnumValue { value, name: text(choice.title()), description: text(choice.description()) })
    });
    values.collect::<Option<Vec<_>>>().unwrap_or_default()
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
    for _ in 0..kind::DEEPEST {
        let inner = match schema.main_type() {
            Some(Type::Array) if schema.prefix_items().is_empty() => schema.items(),
            Some(Type::Object) => match schema.additional() {
                Additional::Of(values) if is_plain_map(&schema) => Some(values),
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

fn is_plain_map(schema: &Schema) -> bool {
    schema.properties().is_empty() && schema.all_of().is_empty() && schema.pattern_properties().is_empty()
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
             Price: {oneOf: [{const: 1, title: Low}, {const: 2, title: High}]}\n\
             Pair: {type: array, prefixItems: [{type: number}, {type: string}]}\n\
             Names: {type: object, patternProperties: {'^x': {type: string}}}\n\
             Scan: {type: string, contentMediaType: image/png}\n\
             Raw: {type: string, format: binary}\n\
             Yes: {const: true}\n\
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
            ("Price", "enum of integer"),
            ("Pair", "list of number, string"),
            ("Names", "map · Names"),
            ("Scan", "file · image/png"),
            ("Raw", "file"),
            ("Yes", "boolean"),
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
