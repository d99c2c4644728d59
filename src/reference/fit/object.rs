//! Objects: what must be there, what may be there, and what is in it.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    Asked, At, Fault, Fit,
    fault::counted,
    keyword::Stated,
    place::{count, followed, is_schema},
};
use crate::reference::{document::tree::Node, example::Direction, shape};

type Members = Map<String, Value>;

impl Fit {
    pub(super) fn object(
        &mut self,
        asked: &Asked<'_>,
        (key, stated): Stated<'_>,
        (value, members): (&Value, &Members),
        at: &At<'_>,
    ) -> bool {
        let is_fewer = |least: &u64| (members.len() as u64) < *least;
        let is_more = |most: &u64| members.len() as u64 > *most;
        let there_must =
            |how: &str, limit| format!("There must be {how} {}.", counted(limit, "property", "properties"));
        match key {
            "minProperties" => count(stated)
                .filter(is_fewer)
                .is_none_or(|least| self.wrong(at, Fault::TooFewProperties, || there_must("at least", least))),
            "maxProperties" => count(stated)
                .filter(is_more)
                .is_none_or(|most| self.wrong(at, Fault::TooManyProperties, || there_must("at most", most))),
            "required" => self.required(asked, stated, members, at),
            "properties" => self.properties(asked, stated, members, at),
            "patternProperties" => self.by_pattern(asked, stated, members, at),
            "additionalProperties" if is_schema(stated) => self.others(asked, stated, members, at),
            "propertyNames" if is_schema(stated) => self.names(asked, stated, members, at),
            "dependentRequired" => self.dependents(asked, stated, members, at),
            "dependentSchemas" => {
                let due = stated.entries().filter(|(name, node)| members.contains_key(*name) && is_schema(*node));
                self.every(due, |fit, (_, node)| fit.look(&asked.part(node), value, at))
            }
            "unevaluatedProperties" if is_schema(stated) => {
                self.unevaluated_properties(asked, stated, (value, members), at)
            }
            _ => true,
        }
    }

    fn required(&mut self, asked: &Asked<'_>, stated: Node<'_>, members: &Members, at: &At<'_>) -> bool {
        let names = stated.items().filter_map(Node::text).filter(|name| !members.contains_key(*name));
        self.every(names, |fit, name| {
            fit.need_not_travel(asked, name)
                || fit.wrong(at, Fault::MissingProperty, || format!("The property {name} is missing."))
        })
    }

    fn properties<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, members: &Members, at: &At<'_>) -> bool {
        self.every(members, |fit, (name, value)| match stated.get(name) {
            Some(named) if fit.direction.is_none() || asked.is_negated || !fit.stays_behind(named) => {
                fit.look(&asked.deeper(named), value, &At::Member(at, name))
            }
            _ => true,
        })
    }

    fn by_pattern<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, members: &Members, at: &At<'_>) -> bool {
        self.every(stated.entries(), |fit, (pattern, shape)| {
            let Some(pattern) = fit.pattern_at(shape, pattern) else { return true };
            let named = members.iter().filter(|(name, _)| pattern.matches(&Value::String((*name).clone())));
            fit.every(named, |fit, (name, value)| fit.look(&asked.deeper(shape), value, &At::Member(at, name)))
        })
    }

    fn others<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, members: &Members, at: &At<'_>) -> bool {
        if stated.boolean() == Some(true) {
            return true;
        }
        self.every(members, |fit, (name, value)| {
            fit.is_declared(asked.schema, name) || fit.other(asked, stated, value, &At::Member(at, name))
        })
    }

    /// A property that is allowed only as one of the others.
    pub(super) fn other<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, value: &Value, at: &At<'_>) -> bool {
        if stated.boolean() != Some(false) {
            return self.look(&asked.deeper(stated), value, at);
        }
        !self.refuses_unknown(asked)
            || self.wrong(at, Fault::UnknownProperty, || "The document knows no such property.".to_owned())
    }

    /// Whether `properties` or `patternProperties` speak of a name; an expression that nobody reads may.
    pub(super) fn is_declared(&self, schema: Node<'_>, name: &str) -> bool {
        let by_name = schema.get("properties").is_some_and(|properties| properties.get(name).is_some());
        let mut patterns = schema.get("patternProperties").into_iter().flat_map(Node::entries);
        by_name
            || patterns.any(|(pattern, shape)| {
                let pattern = self.pattern_at(shape, pattern);
                pattern.is_none_or(|pattern| pattern.matches(&Value::String(name.to_owned())))
            })
    }

    fn names<'t>(&mut self, asked: &Asked<'t>, stated: Node<'t>, members: &Members, at: &At<'_>) -> bool {
        let before = self.found.len();
        let fits = self.every(members.keys(), |fit, name| {
            fit.look_apart(&asked.deeper(stated), &Value::String(name.clone()), &At::Member(at, name))
        });
        for misfit in &mut self.found[before..] {
            misfit.fault = Fault::WrongName;
            misfit.message = format!("Of the name: {}", misfit.message);
        }
        fits
    }

    fn dependents(&mut self, asked: &Asked<'_>, stated: Node<'_>, members: &Members, at: &At<'_>) -> bool {
        let due = stated.entries().filter(|(name, _)| members.contains_key(*name));
        self.every(due, |fit, (name, needed)| {
            let missing = needed.items().filter_map(Node::text).filter(|needed| !members.contains_key(*needed));
            fit.every(missing, |fit, missing| {
                let message = || format!("The property {missing} is missing, which {name} asks for.");
                fit.need_not_travel(asked, missing) || fit.wrong(at, Fault::MissingProperty, message)
            })
        })
    }

    /// Whether a property is declared, somewhere in the whole object, as one that does not travel this way.
    fn need_not_travel(&mut self, asked: &Asked<'_>, name: &str) -> bool {
        let tree = asked.schema.tree();
        if asked.is_negated || (!tree.has_text("readOnly") && !tree.has_text("writeOnly")) {
            return false;
        }
        let mut part = Some(asked);
        while let Some(asked) = part {
            if self.leaves_behind(asked, name) {
                return true;
            }
            part = asked.around;
        }
        false
    }

    fn leaves_behind(&mut self, asked: &Asked<'_>, name: &str) -> bool {
        let place = asked.schema.index();
        if let Some(known) = self.left_behind.get(&place) {
            return known.contains(name);
        }
        let properties = shape::of(&asked.model()).properties.into_iter();
        let hidden = properties.filter(|property| self.stays_behind(property.schema.source().node()));
        let hidden: HashSet<String> = hidden.map(|property| property.name).collect();
        let found = hidden.contains(name);
        self.left_behind.insert(place, hidden);
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
