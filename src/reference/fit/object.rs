//! Objects: what must be there, what may be there, and what is in it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Asked, At, Fit, Misfit, count_of, followed, is_schema};
use crate::reference::{
    document::tree::{Kind, Node},
    example::Direction,
    model::Schema,
    shape,
};

impl Fit {
    pub(super) fn object(&mut self, asked: Asked<'_>, members: &Map<String, Value>, at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        let count = members.len() as u64;
        if let Some(least) = count_of(schema, "minProperties").filter(|least| count < *least) {
            return at.wrong(&format!("it has {count} properties, fewer than {least}"));
        }
        if let Some(most) = count_of(schema, "maxProperties").filter(|most| count > *most) {
            return at.wrong(&format!("it has {count} properties, more than {most}"));
        }
        let required = schema.get("required").into_iter().flat_map(Node::items).filter_map(Node::text);
        for name in required.filter(|name| !members.contains_key(*name)) {
            if !self.need_not_travel(asked, name) {
                return at.wrong(&format!("the required property `{name}` is missing"));
            }
        }
        self.members(asked, members, at).or_else(|| self.dependents(asked, members, at))
    }

    fn members(&mut self, asked: Asked<'_>, members: &Map<String, Value>, at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        let properties = schema.get("properties").filter(|node| node.kind() == Kind::Object);
        let patterns: Vec<_> = schema.get("patternProperties").into_iter().flat_map(Node::entries).collect();
        let others = schema.get("additionalProperties").filter(|node| is_schema(*node));
        let names = schema.get("propertyNames").filter(|node| is_schema(*node));
        for (name, value) in members {
            let place = At::Member(at, name);
            let named = properties.and_then(|properties| properties.get(name));
            let mut known = named.is_some();
            if let Some(named) = named.filter(|named| self.direction.is_none() || !self.stays_behind(*named))
                && let Some(misfit) = self.look(asked.deeper(named), value, &place)
            {
                return Some(misfit);
            }
            for (pattern, shape) in &patterns {
                let Some(pattern) = self.pattern(pattern) else {
                    known = true;
                    continue;
                };
                if pattern.matches(&Value::String(name.clone())) {
                    known = true;
                    if let Some(misfit) = self.look(asked.deeper(*shape), value, &place) {
                        return Some(misfit);
                    }
                }
            }
            if let Some(others) = others.filter(|_| !known) {
                if others.boolean() == Some(false) {
                    return place.wrong("a property that the schema does not have");
                }
                if let Some(misfit) = self.look(asked.deeper(others), value, &place) {
                    return Some(misfit);
                }
            }
            if let Some(names) = names
                && let Some(misfit) = self.look_apart(asked.deeper(names), &Value::String(name.clone()), &place)
            {
                return Some(Misfit { message: format!("in the name, {}", misfit.message), ..misfit });
            }
        }
        None
    }

    fn dependents(&mut self, asked: Asked<'_>, members: &Map<String, Value>, at: &At<'_>) -> Option<Misfit> {
        let needed = asked.schema.get("dependentRequired").into_iter().flat_map(Node::entries);
        for (name, needed) in needed.filter(|(name, _)| members.contains_key(*name)) {
            let missing = needed.items().filter_map(Node::text).find(|needed| !members.contains_key(*needed));
            if let Some(missing) = missing {
                return at.wrong(&format!("`{missing}` is missing, which `{name}` asks for"));
            }
        }
        let schemas = asked.schema.get("dependentSchemas").into_iter().flat_map(Node::entries);
        let mut due = schemas.filter(|(name, node)| members.contains_key(*name) && is_schema(*node));
        due.find_map(|(_, node)| self.look_apart(asked.part(node), &Value::Object(members.clone()), at))
    }

    /// Looks at a value that was made for it, and is gone afterwards.
    fn look_apart(&mut self, asked: Asked<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
        self.transient += 1;
        let known = std::mem::take(&mut self.known);
        let misfit = self.look(asked, value, at);
        self.known = known;
        self.transient -= 1;
        misfit
    }

    /// Whether a property is declared, somewhere in the whole object, as one that does not travel this way.
    fn need_not_travel(&mut self, asked: Asked<'_>, name: &str) -> bool {
        let own = asked.schema.get("properties").and_then(|properties| properties.get(name));
        if own.is_some_and(|own| self.stays_behind(own)) {
            return true;
        }
        let tree = asked.whole.tree();
        if !tree.has_text("readOnly") && !tree.has_text("writeOnly") {
            return false;
        }
        if let Some(known) = self.left_behind.get(&asked.whole.index()) {
            return known.contains(name);
        }
        let whole = Schema::at(asked.source.beside(asked.whole));
        let properties = shape::of(&whole).properties.into_iter();
        let hidden = properties.filter(|property| self.stays_behind(property.schema.source().node()));
        let hidden: HashSet<String> = hidden.map(|property| property.name).collect();
        let found = hidden.contains(name);
        self.left_behind.insert(asked.whole.index(), hidden);
        found
    }

    fn stays_behind(&self, property: Node<'_>) -> bool {
        match self.direction {
            Some(Direction::Request) => is_flagged(property, "readOnly"),
            Some(Direction::Response) => is_flagged(property, "writeOnly"),
            None => is_flagged(property, "readOnly") || is_flagged(property, "writeOnly"),
        }
    }
}

fn is_flagged(property: Node<'_>, flag: &str) -> bool {
    let target = || followed(property, property.text_of("$ref")?);
    property.flag(flag) || target().is_some_and(|target| target.flag(flag))
}
