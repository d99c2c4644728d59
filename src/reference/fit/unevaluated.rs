//! `unevaluatedProperties` and `unevaluatedItems`: what no part of a schema, wherever it stands, spoke of.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Asked, At, DEEPEST, Fault, Fit, MOST_STEPS,
    keyword::Stated,
    list::{has_old_tuple, tuple},
    place::{followed, is_schema, schemas},
};
use crate::reference::document::tree::Node;

/// What parts of a schema spoke of.
#[derive(Default)]
struct Evaluated {
    all: bool,
    names: HashSet<String>,
    /// The first items.
    first: usize,
    items: HashSet<usize>,
}

impl Fit {
    pub(super) fn unevaluated_properties<'t>(
        &mut self,
        asked: &Asked<'t>,
        stated: Node<'t>,
        (value, members): (&Value, &Map<String, Value>),
        at: &At<'_>,
    ) -> bool {
        let mut evaluated = Evaluated::default();
        self.evaluate(asked, value, at, &mut evaluated);
        if evaluated.all {
            return true;
        }
        let rest = members.iter().filter(|(name, _)| !evaluated.names.contains(*name));
        self.every(rest, |fit, (name, value)| fit.other(asked, stated, value, &At::Member(at, name)))
    }

    pub(super) fn unevaluated_items<'t>(
        &mut self,
        asked: &Asked<'t>,
        stated: Node<'t>,
        (value, items): (&Value, &[Value]),
        at: &At<'_>,
    ) -> bool {
        let mut evaluated = Evaluated::default();
        self.evaluate(asked, value, at, &mut evaluated);
        if evaluated.all {
            return true;
        }
        let rest = items.iter().enumerate().skip(evaluated.first);
        self.every(rest.filter(|(index, _)| !evaluated.items.contains(index)), |fit, (index, item)| {
            let at = At::Item(at, index);
            if stated.boolean() != Some(false) {
                return fit.look(&asked.deeper(stated), item, &at);
            }
            let message = || "The document knows no such item.".to_owned();
            !fit.refuses_unknown(asked) || fit.wrong(&at, Fault::UnknownItem, message)
        })
    }

    fn evaluate(&mut self, asked: &Asked<'_>, value: &Value, at: &At<'_>, found: &mut Evaluated) {
        self.steps += 1;
        if asked.depth > DEEPEST {
            self.steps = MOST_STEPS + 1;
        }
        if self.is_exhausted() {
            found.all = true;
        }
        if found.all {
            return;
        }
        if let Some(reference) = asked.schema.text_of("$ref").or_else(|| asked.schema.text_of("$dynamicRef")) {
            if let Some(target) = followed(asked.schema, reference) {
                self.evaluate_part(&asked.part(target), value, at, found);
            }
            if asked.references_stand_alone() {
                return;
            }
        }
        for stated in asked.schema.entries() {
            self.evaluate_composed(asked, stated, value, at, found);
            match value {
                Value::Object(members) => self.evaluate_properties(asked, stated, members, found),
                Value::Array(items) => self.evaluate_items(asked, stated, items, at, found),
                _ => {}
            }
        }
    }

    /// A part that may say itself what happens to the rest.
    fn evaluate_part(&mut self, part: &Asked<'_>, value: &Value, at: &At<'_>, found: &mut Evaluated) {
        let key = if value.is_object() { "unevaluatedProperties" } else { "unevaluatedItems" };
        found.all |= part.schema.get(key).is_some_and(is_schema);
        self.evaluate(part, value, at, found);
    }

    fn evaluate_composed(
        &mut self,
        asked: &Asked<'_>,
        (key, stated): Stated<'_>,
        value: &Value,
        at: &At<'_>,
        found: &mut Evaluated,
    ) {
        match key {
            "allOf" => schemas(stated).for_each(|part| self.evaluate_part(&asked.part(part), value, at, found)),
            "anyOf" | "oneOf" => {
                for choice in schemas(stated).map(|choice| asked.part(choice)) {
                    if self.ask(&choice, value, at) {
                        self.evaluate_part(&choice, value, at, found);
                    }
                }
            }
            "if" if is_schema(stated) => {
                let holds = self.ask(&asked.negated(stated), value, at);
                if holds {
                    self.evaluate_part(&asked.part(stated), value, at, found);
                }
                let consequence = asked.schema.get(if holds { "then" } else { "else" });
                if let Some(consequence) = consequence.filter(|node| is_schema(*node)) {
                    self.evaluate_part(&asked.part(consequence), value, at, found);
                }
            }
            "dependentSchemas" => {
                let due = stated.entries().filter(|(name, _)| value.get(*name).is_some());
                due.for_each(|(_, node)| self.evaluate_part(&asked.part(node), value, at, found));
            }
            _ => {}
        }
    }

    fn evaluate_properties(
        &self,
        asked: &Asked<'_>,
        (key, stated): Stated<'_>,
        members: &Map<String, Value>,
        found: &mut Evaluated,
    ) {
        match key {
            "properties" | "patternProperties" => {
                let declared = members.keys().filter(|name| self.is_declared(asked.schema, name));
                found.names.extend(declared.cloned());
            }
            "additionalProperties" if is_schema(stated) => found.all = true,
            _ => {}
        }
    }

    fn evaluate_items<'t>(
        &mut self,
        asked: &Asked<'t>,
        (key, stated): Stated<'t>,
        items: &[Value],
        at: &At<'_>,
        found: &mut Evaluated,
    ) {
        match key {
            "items" if is_schema(stated) => found.all = true,
            "additionalItems" if is_schema(stated) && has_old_tuple(asked.schema) => found.all = true,
            "items" | "prefixItems" => found.first = found.first.max(tuple(asked.schema)),
            "contains" if is_schema(stated) => {
                let wanted = asked.deeper(stated);
                let fitting = items.iter().enumerate().filter(|(_, item)| self.ask(&wanted, item, at));
                found.items.extend(fitting.map(|(index, _)| index));
            }
            _ => {}
        }
    }
}
