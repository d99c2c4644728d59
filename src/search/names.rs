//! The names inside of a schema: properties and values, as deep as somebody may know them by.

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use serde_json::Value;

use crate::reference::{
    model::{MediaType, Schema},
    shape,
};

/// More names say nothing about one entry any more.
const MOST_NAMES: usize = 200;
/// Longer values are texts, not names.
const LONGEST_VALUE: usize = 60;

/// Gathers names; remembers those of each place in a document, as many operations share their schemas.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<(u32, u8), Rc<[String]>>,
}

impl Names {
    /// The names of a body's contents.
    pub fn of_content(&mut self, content: &[MediaType], depth: u8) -> Vec<String> {
        let schemas = content.iter().filter_map(|media_type| media_type.schema.as_ref());
        let names: Vec<Rc<[String]>> = schemas.map(|schema| self.of(schema, depth)).collect();
        once_each(names.iter().flat_map(|names| names.iter().cloned()))
    }

    /// The names of a schema, those of the parts of its parts up to `depth` included.
    pub fn of(&mut self, schema: &Schema, depth: u8) -> Rc<[String]> {
        let Some(schema) = shape::core(schema) else { return Rc::default() };
        let place = (schema.source().node().index(), depth);
        if let Some(known) = self.known.get(&place) {
            return Rc::clone(known);
        }
        let names: Rc<[String]> = self.gather(&schema, depth).into();
        self.known.insert(place, Rc::clone(&names));
        names
    }

    fn gather(&mut self, schema: &Schema, depth: u8) -> Vec<String> {
        let mut names = values(schema);
        let shape = shape::of(schema);
        names.extend(shape.properties.iter().map(|property| property.name.clone()));
        let inner = shape.properties.iter().map(|property| &property.schema);
        let inner: Vec<&Schema> = inner.chain(&shape.choices).chain(&shape.others).collect();
        for schema in inner {
            match depth.checked_sub(1) {
                Some(depth) => names.extend(self.of(schema, depth).iter().cloned()),
                None => names.extend(shape::behind(schema).iter().flat_map(values)),
            }
        }
        once_each(names)
    }
}

/// The values that a schema allows, where they are names.
fn values(schema: &Schema) -> Vec<String> {
    let values = schema.enum_values().into_iter().map(|value| value.value).chain(schema.constant());
    let names = values.filter_map(|value| match value {
        Value::String(name) if name.len() <= LONGEST_VALUE => Some(name),
        _ => None,
    });
    names.take(MOST_NAMES).collect()
}

/// Each name once, in their order, and not too many.
pub(super) fn once_each(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| !name.is_empty() && seen.insert(name.clone())).take(MOST_NAMES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::document::Document;

    fn names(schemas: &str, name: &str, depth: u8) -> Vec<String> {
        let text = format!("openapi: 3.1.0\ncomponents:\n  schemas:\n{schemas}");
        let document = Document::read(text.as_bytes()).unwrap();
        Names::default().of(&document.schema(name).unwrap().schema, depth).to_vec()
    }

    #[test]
    fn properties_and_values_are_names_as_deep_as_asked() {
        let schemas = "    Order: {properties: {id: {type: string}, lines: {type: array, items: {$ref: '#/components/schemas/Line'}}, state: {enum: [open, paid]}}}\n    Line: {properties: {sku: {type: string}, tax: {properties: {rate: {}}}}}\n";
        assert_eq!(names(schemas, "Order", 0), ["id", "lines", "state", "open", "paid"]);
        assert_eq!(names(schemas, "Order", 1), ["id", "lines", "state", "sku", "tax", "open", "paid"]);
        assert!(names(schemas, "Order", 2).contains(&"rate".to_owned()));
    }

    #[test]
    fn circles_end() {
        let schemas = "    Node: {properties: {name: {}, parent: {$ref: '#/components/schemas/Node'}}}\n";
        assert_eq!(names(schemas, "Node", 5), ["name", "parent"]);
    }
}
