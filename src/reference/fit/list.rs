//! Lists: their items, how many, and whether one is there twice.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    Asked, At, Fault, Fit,
    fault::counted,
    keyword::Stated,
    place::{count, is_schema, schemas},
    scalar::fingerprint,
};
use crate::reference::document::tree::{Kind, Node};

/// Items of a longer list are not compared with each other.
const COMPARED: usize = 5_000;

impl Fit {
    pub(super) fn list(
        &mut self,
        asked: &Asked<'_>,
        (key, stated): Stated<'_>,
        (value, items): (&Value, &[Value]),
        at: &At<'_>,
    ) -> bool {
        let is_fewer = |least: &u64| (items.len() as u64) < *least;
        let is_more = |most: &u64| items.len() as u64 > *most;
        let there_must = |how: &str, limit| format!("There must be {how} {}.", counted(limit, "item", "items"));
        match key {
            "minItems" => count(stated)
                .filter(is_fewer)
                .is_none_or(|least| self.wrong(at, Fault::TooFewItems, || there_must("at least", least))),
            "maxItems" => count(stated)
                .filter(is_more)
                .is_none_or(|most| self.wrong(at, Fault::TooManyItems, || there_must("at most", most))),
            "uniqueItems" if stated.boolean() == Some(true) && items.len() <= COMPARED => self.unique(items, at),
            "prefixItems" => self.items(asked, schemas(stated), items, at),
            "items" if is_schema(stated) => self.rest(asked, stated, items, at),
            "items" if schemas_of(asked.schema, "prefixItems").next().is_none() => {
                self.items(asked, schemas(stated), items, at)
            }
            "additionalItems" if is_schema(stated) && has_old_tuple(asked.schema) => {
                self.rest(asked, stated, items, at)
            }
            "contains" if is_schema(stated) => self.contained(asked, stated, items, at),
            "unevaluatedItems" if is_schema(stated) => self.unevaluated_items(asked, stated, (value, items), at),
            _ => true,
        }
    }

    fn unique(&mut self, items: &[Value], at: &At<'_>) -> bool {
        let mut seen = HashSet::new();
        let repeated = items.iter().position(|item| !seen.insert(fingerprint(item)));
        repeated.is_none_or(|index| {
            let message = || "No item may be there twice.".to_owned();
            self.wrong(&At::Item(at, index), Fault::RepeatedItem, message)
        })
    }

    fn items<'t>(
        &mut self,
        asked: &Asked<'t>,
        shapes: impl Iterator<Item = Node<'t>>,
        items: &[Value],
        at: &At<'_>,
    ) -> bool {
        self.every(shapes.zip(items.iter().enumerate()), |fit, (shape, (index, item))| {
            fit.look(&asked.deeper(shape), item, &At::Item(at, index))
        })
    }

    /// The items after those that have shapes of their own.
    fn rest<'t>(&mut self, asked: &Asked<'t>, shape: Node<'t>, items: &[Value], at: &At<'_>) -> bool {
        let rest = items.iter().enumerate().skip(tuple(asked.schema));
        self.every(rest, |fit, (index, item)| fit.look(&asked.deeper(shape), item, &At::Item(at, index)))
    }

    fn contained<'t>(&mut self, asked: &Asked<'t>, wanted: Node<'t>, items: &[Value], at: &At<'_>) -> bool {
        let fitting = items.iter().filter(|item| self.ask(&asked.deeper(wanted), item, at)).count() as u64;
        let limit = |key| asked.schema.get(key).and_then(count);
        if self.is_exhausted() {
            return true;
        }
        if fitting < limit("minContains").unwrap_or(1) {
            let message = || "An item that must be there is missing.".to_owned();
            return self.wrong(at, Fault::MissingItem, message);
        }
        limit("maxContains").filter(|most| fitting > *most).is_none_or(|most| {
            let message = || format!("At most {} of this kind may be there.", counted(most, "item", "items"));
            self.wrong(at, Fault::TooManyMatches, message)
        })
    }
}

/// How many items have shapes of their own.
pub(super) fn tuple(schema: Node<'_>) -> usize {
    match schemas_of(schema, "prefixItems").count() {
        0 => schemas_of(schema, "items").count(),
        count => count,
    }
}

/// A list of shapes in `items`, as it was written before `prefixItems`.
pub(super) fn has_old_tuple(schema: Node<'_>) -> bool {
    schema.get("items").is_some_and(|stated| stated.kind() == Kind::List)
}

fn schemas_of<'t>(schema: Node<'t>, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
    schema.get(key).into_iter().flat_map(schemas)
}
