//! Lists: their items, how many, and whether one is there twice.

use std::collections::HashSet;

use serde_json::Value;

use super::{Asked, At, Fit, Misfit, count_of, is_schema, schemas};
use crate::reference::document::tree::Kind;

/// Items of a longer list are not compared with each other.
const COMPARED: usize = 5_000;

impl Fit {
    pub(super) fn list(&mut self, asked: Asked<'_>, items: &[Value], at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        let count = items.len() as u64;
        if let Some(least) = count_of(schema, "minItems").filter(|least| count < *least) {
            return at.wrong(&format!("it has {count} items, fewer than {least}"));
        }
        if let Some(most) = count_of(schema, "maxItems").filter(|most| count > *most) {
            return at.wrong(&format!("it has {count} items, more than {most}"));
        }
        if schema.flag("uniqueItems") && items.len() <= COMPARED {
            let mut seen = HashSet::new();
            if let Some(index) = items.iter().position(|item| !seen.insert(item.to_string())) {
                return At::Item(at, index).wrong("an item that is there twice");
            }
        }
        self.items(asked, items, at).or_else(|| self.contained(asked, items, at))
    }

    fn items(&mut self, asked: Asked<'_>, items: &[Value], at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        let is_old_tuple = schema.get("items").is_some_and(|stated| stated.kind() == Kind::List);
        let first: Vec<_> = match schemas(schema, "prefixItems").collect::<Vec<_>>() {
            stated if stated.is_empty() => schemas(schema, "items").collect(),
            stated => stated,
        };
        let rest = schema.get(if is_old_tuple { "additionalItems" } else { "items" }).filter(|rest| is_schema(*rest));
        for (index, item) in items.iter().enumerate() {
            let Some(shape) = first.get(index).copied().or(rest) else { break };
            if let Some(misfit) = self.look(asked.deeper(shape), item, &At::Item(at, index)) {
                return Some(misfit);
            }
        }
        None
    }

    fn contained(&mut self, asked: Asked<'_>, items: &[Value], at: &At<'_>) -> Option<Misfit> {
        let wanted = asked.schema.get("contains").filter(|wanted| is_schema(*wanted))?;
        let fitting = items.iter().filter(|item| self.look(asked.deeper(wanted), item, at).is_none()).count() as u64;
        let least = count_of(asked.schema, "minContains").unwrap_or(1);
        if fitting < least {
            return at.wrong("it does not contain what it must contain");
        }
        let most = count_of(asked.schema, "maxContains")?;
        if fitting > most { at.wrong("it contains too much of what it must contain") } else { None }
    }
}
