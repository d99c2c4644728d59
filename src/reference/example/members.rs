//! Makes objects and lists.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use super::{
    super::model::{Additional, Constraint, Schema},
    Direction,
    generator::{Generator, MOST_STEPS, Role, stand_in},
    name::singular,
    parts::Parts,
    pattern,
};

/// Entries of a map, and items of a list, whose schema asks for many.
const MOST_ITEMS: u64 = 64;

/// Maps that callers fill as they like.
const FREE_FORM: [&str; 5] = ["metadata", "labels", "attributes", "annotations", "custom_fields"];

/// Tries for an item that is not there yet.
const TRIES_FOR_ANOTHER: usize = 8;

/// Names that are held against a pattern while a schema is looked at.
const MATCHES_OF_A_STEP: usize = 16;

/// A property with everything that speaks of its value.
struct Declared {
    name: String,
    schemas: Vec<Schema>,
    required: bool,
}

impl Generator {
    /// The members of an object; none where one that must be there cannot be made.
    pub(super) fn members(&mut self, parts: &Parts, role: Role<'_>) -> Option<Map<String, Value>> {
        let owner = if role.name.is_empty() { role.owner } else { role.name };
        let ordinal = std::mem::take(&mut self.ordinal);
        let mut members = Map::new();
        let declared = self.declared(parts);
        self.steps += declared.len();
        let most = parts.constraints().iter().filter_map(most_properties).min().unwrap_or(usize::MAX);
        let required = declared.iter().filter(|property| property.required).count();
        let mut room = most.saturating_sub(required);
        for property in &declared {
            let wanted = property.required || (room > 0 && self.has_room(&property.schemas, role));
            if !self.travels(&property.schemas) || !wanted {
                continue;
            }
            let inner = Role { name: &property.name, owner, depth: role.depth + 1 };
            self.ordinal = if property.name.to_ascii_lowercase().ends_with("id") { ordinal } else { 0 };
            match self.member(property, inner) {
                Some(value) => {
                    room -= usize::from(!property.required);
                    members.insert(property.name.clone(), value);
                }
                None if property.required && !self.forced => {
                    self.ordinal = ordinal;
                    return None;
                }
                None => {}
            }
        }
        self.ordinal = ordinal;
        self.further_members(parts, role, &mut members);
        Some(members)
    }

    fn member(&mut self, property: &Declared, role: Role<'_>) -> Option<Value> {
        let made = self.value(&property.schemas, role);
        if let Some(value) = made {
            let fits = !is_plain(&value) || self.fits_all(&property.schemas, &value);
            return (fits || property.required).then_some(value);
        }
        if !property.required {
            return None;
        }
        let instead = stand_in(&Parts::of(&property.schemas));
        (self.forced || self.fits_all(&property.schemas, &instead)).then_some(instead)
    }

    /// Properties of all parts, each name once, without those that some part forbids.
    fn declared(&mut self, parts: &Parts) -> Vec<Declared> {
        let mut declared: Vec<Declared> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for property in parts.schemas().flat_map(Schema::properties) {
            let next = declared.len();
            let place = *places.entry(property.name.clone()).or_insert(next);
            if place == next {
                declared.push(Declared { name: property.name, schemas: Vec::new(), required: false });
            }
            declared[place].schemas.push(property.schema);
        }
        let required: Vec<&str> = parts.schemas().flat_map(Schema::required).collect();
        for name in &required {
            match places.get(*name) {
                Some(place) => declared[*place].required = true,
                None => {
                    places.insert((*name).to_owned(), declared.len());
                    declared.push(Declared { name: (*name).to_owned(), schemas: Vec::new(), required: true });
                }
            }
        }
        self.confine(parts, &mut declared);
        declared
    }

    /// What a part says about members that it does not name: their shape, or that there are none.
    fn confine(&mut self, parts: &Parts, declared: &mut Vec<Declared>) {
        for schema in parts.schemas() {
            let additional = schema.source().node().get("additionalProperties").map(|_| schema.additional());
            let patterns = schema.pattern_properties();
            if patterns.is_empty() && !matches!(additional, Some(Additional::Nothing | Additional::Of(_))) {
                continue;
            }
            self.steps += declared.len() * patterns.len() / MATCHES_OF_A_STEP;
            if self.steps > MOST_STEPS {
                return;
            }
            let named: HashSet<String> = schema.properties().into_iter().map(|property| property.name).collect();
            declared.retain_mut(|property| {
                let mut known = named.contains(&property.name);
                for (pattern, shape) in &patterns {
                    if self.fit.pattern(pattern).is_some_and(|pattern| pattern.matches(&json!(property.name))) {
                        known = true;
                        property.schemas.push(shape.clone());
                    }
                }
                match &additional {
                    Some(Additional::Of(shape)) if !known => property.schemas.push(shape.clone()),
                    Some(Additional::Nothing) if !known => return false,
                    _ => {}
                }
                true
            });
        }
    }

    /// The entries of a map, which has no properties by name.
    fn further_members(&mut self, parts: &Parts, role: Role<'_>, members: &mut Map<String, Value>) {
        let wanted = parts.constraints().iter().filter_map(least_properties).max().map(|count| count.min(MOST_ITEMS));
        let wanted = wanted.map_or(0, |count| count as usize).max(usize::from(members.is_empty()));
        let most = parts.constraints().iter().filter_map(most_properties).min().unwrap_or(usize::MAX);
        let wanted = wanted.min(most);
        if members.len() >= wanted {
            return;
        }
        let by_pattern = parts.schemas().find_map(|schema| schema.pattern_properties().into_iter().next());
        let by_name = parts.schemas().find_map(|schema| match schema.additional() {
            Additional::Of(shape) => Some(shape),
            _ => None,
        });
        let closed = parts.schemas().any(|schema| matches!(schema.additional(), Additional::Nothing));
        let (key, shapes) = match (by_pattern, by_name) {
            (Some((pattern, shape)), _) => (pattern::matching(&pattern, 1, 64, 0), vec![shape]),
            (None, Some(shape)) => (None, vec![shape]),
            (None, None) if closed || members.len() >= wanted => return,
            (None, None) if wanted == 1 && parts.constraints().iter().find_map(least_properties).is_none() => return,
            (None, None) => (None, Vec::new()),
        };
        let named = key.or_else(|| self.map_key(parts)).unwrap_or_else(|| "key".to_owned());
        let is_free = FREE_FORM.contains(&role.name.to_ascii_lowercase().as_str()) && named == "key";
        let named = if is_free { "channel".to_owned() } else { named };
        let mut number = 1;
        while members.len() < wanted && number <= MOST_ITEMS as usize {
            let key = if number == 1 { named.clone() } else { format!("{named}-{number}") };
            let singular = if is_free { named.clone() } else { singular(role.name) };
            let inner = Role { name: &singular, owner: role.owner, depth: role.depth + 1 };
            match self.value(&shapes, inner) {
                Some(value) => members.insert(key, value),
                None => return,
            };
            number += 1;
        }
    }

    fn map_key(&mut self, parts: &Parts) -> Option<String> {
        let stated = parts.schemas().find_map(|schema| {
            schema.extensions().get("x-additionalPropertiesName").and_then(|name| Some(name.as_str()?.to_owned()))
        });
        stated.or_else(|| {
            let names: Vec<Schema> = parts.schemas().filter_map(Schema::property_names).collect();
            if names.is_empty() {
                return None;
            }
            let value = self.value(&names, Role { name: "key", owner: "", depth: 1 })?;
            value.as_str().map(str::to_owned)
        })
    }

    /// The items of a list; none where one that must be there cannot be made.
    pub(super) fn items(&mut self, parts: &Parts, role: Role<'_>) -> Option<Vec<Value>> {
        let name = singular(role.name);
        let inner = Role { name: &name, owner: role.owner, depth: role.depth + 1 };
        let mut items: Vec<Value> = Vec::new();
        let prefix = parts.schemas().map(Schema::prefix_items).find(|prefix| !prefix.is_empty()).unwrap_or_default();
        for item in &prefix {
            items.extend(self.value(std::slice::from_ref(item), inner));
        }
        let shapes: Vec<Schema> = parts.schemas().filter_map(Schema::items).collect();
        let contained: Vec<Schema> = parts.schemas().filter_map(Schema::contains).collect();
        if !contained.is_empty() {
            items.extend(self.value(&[&shapes[..], &contained].concat(), inner));
        }
        let (mut least, mut most) = (0, u64::MAX);
        let mut unique = false;
        for constraint in parts.constraints() {
            match constraint {
                Constraint::MinItems(count) => least = least.max(count),
                Constraint::MaxItems(count) => most = most.min(count),
                Constraint::UniqueItems => unique = true,
                _ => {}
            }
        }
        let shown = u64::from(!shapes.is_empty() && items.is_empty());
        let wanted = least.max(shown).min(most).min(MOST_ITEMS) as usize;
        let ordinal = self.ordinal;
        let mut turn = items.len();
        while items.len() < wanted && turn < wanted + TRIES_FOR_ANOTHER {
            self.ordinal = turn;
            turn += 1;
            match self.value(&shapes, inner) {
                Some(item) if unique && items.contains(&item) => {}
                Some(item) if least == 0 && is_plain(&item) && !self.fits_all(&shapes, &item) => break,
                Some(item) => items.push(item),
                None => break,
            }
        }
        self.ordinal = ordinal;
        items.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let enough = items.len() as u64 >= least.min(MOST_ITEMS);
        (enough || self.forced).then_some(items)
    }

    /// Whether a property goes this way at all.
    fn travels(&self, schemas: &[Schema]) -> bool {
        let either = |schema: &Schema, rule: fn(&Schema) -> bool| {
            rule(schema) || schema.resolved().is_some_and(|resolved| rule(&resolved))
        };
        match self.direction {
            Direction::Request => !schemas.iter().any(|schema| either(schema, Schema::is_read_only)),
            Direction::Response => !schemas.iter().any(|schema| either(schema, Schema::is_write_only)),
        }
    }
}

fn is_plain(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn most_properties(constraint: &Constraint) -> Option<usize> {
    match constraint {
        Constraint::MaxProperties(count) => usize::try_from(*count).ok(),
        _ => None,
    }
}

fn least_properties(constraint: &Constraint) -> Option<u64> {
    match constraint {
        Constraint::MinProperties(count) => Some(*count),
        _ => None,
    }
}
