//! Makes a value for a schema.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    super::{
        document::tree::Kind,
        model::{Additional, Constraint, Property, Schema, Type},
    },
    Direction,
    name::singular,
    number,
    refusal::Refusal,
    text,
};

/// Levels of nesting that an example shows. What is deeper has only what it must have.
const SHOWN_DEPTH: usize = 6;

/// Levels at which even what must be there is left out.
const DEEPEST: usize = 24;

/// References inside of references beyond this are a chain that nobody follows, and each takes stack.
const LONGEST_CHAIN: usize = 64;

/// Values after which only what must be there is added, so that an example stays readable.
const SHOWN_VALUES: usize = 400;

/// Schemas looked at, after which everything is left out: a page must not wait for a document's tangle.
const MOST_STEPS: usize = 20_000;

/// Items of a list whose schema asks for many.
const MOST_ITEMS: u64 = 5;

/// A generator for one example.
pub(super) struct Generator {
    direction: Direction,
    steps: usize,
    values: usize,
    ordinal: usize,
    /// The references that the value being made is inside of.
    inside: Vec<u32>,
    refusal: Option<Refusal>,
}

/// What a value is called and where it is.
#[derive(Clone, Copy)]
struct Role<'a> {
    name: &'a str,
    owner: &'a str,
    depth: usize,
}

impl Generator {
    pub fn new(direction: Direction) -> Self {
        Self { direction, steps: 0, values: 0, ordinal: 0, inside: Vec::new(), refusal: None }
    }

    /// For the body of an error.
    pub fn refusing(self, refusal: Option<Refusal>) -> Self {
        Self { refusal, ..self }
    }

    /// The example; an empty value of the right kind where the schema allows none to be made.
    pub fn root(mut self, schema: &Schema, name: &str) -> Value {
        let owner = schema.reference().map(|reference| reference.name).or_else(|| schema.name().map(str::to_owned));
        let role = Role { name, owner: owner.as_deref().unwrap_or_default(), depth: 0 };
        let made = self.value(schema, role);
        made.unwrap_or_else(|| empty(schema.resolved().as_ref().unwrap_or(schema)))
    }

    /// A value, or none where it would have no end or nothing is allowed.
    fn value(&mut self, schema: &Schema, role: Role<'_>) -> Option<Value> {
        self.steps += 1;
        if self.steps > MOST_STEPS || role.depth > DEEPEST || schema.as_boolean() == Some(false) {
            return None;
        }
        if let Some(own) = self.stated(schema) {
            self.values += 1;
            self.steps += weight(&own);
            return Some(own);
        }
        if schema.reference().is_some() {
            return self.referred(schema, role);
        }
        let parts = schema.all_of();
        if !parts.is_empty() {
            return self.merged(schema, &parts, role);
        }
        let choices: Vec<_> = schema.one_of().into_iter().chain(schema.any_of()).collect();
        if !choices.is_empty() {
            return self.chosen(schema, &choices, role);
        }
        self.plain(schema, role)
    }

    /// What the schema itself gives: a constant, an example, a default, a value of its enumeration.
    fn stated(&self, schema: &Schema) -> Option<Value> {
        let useful = |value: &Value| !value.is_null();
        let scalar = |value: &Value| useful(value) && !value.is_object() && !value.is_array() && *value != json!("");
        let example = || {
            let fitting = |value: &Value| useful(value) && fits_type(schema, value);
            schema.examples().into_iter().find(fitting)
        };
        let enumerated = || {
            let values = schema.source().node().get("enum")?;
            let mut useful = values.items().filter(|value| value.kind() != Kind::Null);
            let count = values.items().len().max(1);
            let first = useful.clone().next()?;
            Some(useful.nth(self.ordinal % count).unwrap_or(first).to_json())
        };
        let default = || schema.default().filter(scalar);
        schema.constant().or_else(example).or_else(default).or_else(enumerated)
    }

    fn referred(&mut self, schema: &Schema, role: Role<'_>) -> Option<Value> {
        let reference = schema.reference()?;
        let target = reference.lead.schema()?;
        let index = target.source().node().index();
        if self.inside.contains(&index) || self.inside.len() > LONGEST_CHAIN {
            return None;
        }
        self.inside.push(index);
        let value = self.value(target, Role { owner: &reference.name, ..role });
        self.inside.pop();
        value
    }

    /// All parts together: objects are merged, of anything else the first that can be made counts.
    fn merged(&mut self, schema: &Schema, parts: &[Schema], role: Role<'_>) -> Option<Value> {
        let mut together = Map::new();
        let mut other = None;
        for part in parts {
            let depth = role.depth + usize::from(!part.all_of().is_empty());
            match self.value(part, Role { depth, ..role }) {
                Some(Value::Object(members)) => together.extend(members),
                Some(value) => other = other.or(Some(value)),
                None => {}
            }
        }
        let choices: Vec<_> = schema.one_of().into_iter().chain(schema.any_of()).collect();
        if !choices.is_empty()
            && let Some(Value::Object(members)) = self.chosen(schema, &choices, role)
        {
            together.extend(members);
        } else if choices.is_empty() && !schema.properties().is_empty() {
            together.extend(self.members(schema, role));
        }
        if together.is_empty() && other.is_some() {
            return other;
        }
        Some(Value::Object(together))
    }

    /// The first choice that can be made, with the properties that all choices share.
    fn chosen(&mut self, schema: &Schema, choices: &[Schema], role: Role<'_>) -> Option<Value> {
        self.steps += choices.len();
        let not_null = choices.iter().filter(|choice| choice.types() != [Type::Null]);
        let (choice, value) = not_null.into_iter().find_map(|choice| Some((choice, self.value(choice, role)?)))?;
        let Value::Object(mut members) = value else {
            return Some(value);
        };
        let shared = self.members(schema, role);
        for (name, value) in shared {
            members.entry(name).or_insert(value);
        }
        if let Some((property, value)) = discriminating(schema, choice) {
            members.insert(property, Value::String(value));
        }
        Some(Value::Object(members))
    }

    fn plain(&mut self, schema: &Schema, role: Role<'_>) -> Option<Value> {
        self.values += 1;
        Some(match schema.main_type() {
            Some(Type::Object) => Value::Object(self.members(schema, role)),
            Some(Type::Array) => Value::Array(self.items(schema, role)),
            Some(Type::Boolean) => Value::Bool(is_likely(role.name)),
            Some(Type::Integer) => self.whole(schema, role),
            Some(Type::Number) => number::any(schema, role.name, self.ordinal),
            Some(Type::Null) => Value::Null,
            None if role.depth == 0 => json!({}),
            Some(Type::String) | None => Value::String(self.text(schema, role)),
        })
    }

    fn whole(&self, schema: &Schema, role: Role<'_>) -> Value {
        let of_refusal = self.refusal.and_then(|refusal| refusal.number(role.name));
        of_refusal.unwrap_or_else(|| number::whole(schema, role.name, self.ordinal))
    }

    fn text(&self, schema: &Schema, role: Role<'_>) -> String {
        let free = schema.constraints().is_empty() && matches!(schema.format(), None | Some("uri" | "uri-reference"));
        let of_refusal = self.refusal.filter(|_| free).and_then(|refusal| refusal.text(role.name));
        of_refusal.unwrap_or_else(|| text::of_schema(schema, role.name, role.owner, self.ordinal))
    }

    fn members(&mut self, schema: &Schema, role: Role<'_>) -> Map<String, Value> {
        let owner = if role.name.is_empty() { role.owner } else { role.name };
        let ordinal = std::mem::take(&mut self.ordinal);
        let mut members = Map::new();
        let properties = schema.properties();
        self.steps += properties.len();
        for property in &properties {
            if !self.travels(property) || !(property.required || self.has_room(&property.schema, role)) {
                continue;
            }
            let inner = Role { name: &property.name, owner, depth: role.depth + 1 };
            self.ordinal = if property.name.to_ascii_lowercase().ends_with("id") { ordinal } else { 0 };
            let made = self.value(&property.schema, inner);
            let needed = || property.required.then(|| stand_in(&property.schema)).flatten();
            if let Some(value) = made.or_else(needed) {
                members.insert(property.name.clone(), value);
            }
        }
        let named: HashSet<&str> = properties.iter().map(|property| property.name.as_str()).collect();
        for name in schema.required().into_iter().filter(|name| !named.contains(name)) {
            if matches!(schema.additional(), Additional::Unsaid | Additional::Anything) && schema.all_of().is_empty() {
                members.entry(name).or_insert_with(|| Value::String(text::of_name(name)));
            }
        }
        self.further_members(schema, role, &mut members);
        self.ordinal = ordinal;
        members
    }

    /// The entries of a map, which has no properties by name.
    fn further_members(&mut self, schema: &Schema, role: Role<'_>, members: &mut Map<String, Value>) {
        let wanted = schema.constraints().iter().find_map(|constraint| match constraint {
            Constraint::MinProperties(count) => Some((*count).min(MOST_ITEMS) as usize),
            _ => None,
        });
        let wanted = wanted.unwrap_or_else(|| usize::from(members.is_empty()));
        let by_pattern = schema.pattern_properties().into_iter().next();
        let shape = match (schema.additional(), by_pattern) {
            (_, Some((pattern, shape))) => Some((super::pattern::matching(&pattern, 1, 64, 0), shape)),
            (Additional::Of(shape), None) => Some((None, shape)),
            _ => None,
        };
        let Some((by_pattern, shape)) = shape else {
            return;
        };
        let named = by_pattern.or_else(|| self.map_key(schema)).unwrap_or_else(|| "key".to_owned());
        let mut number = 1;
        while members.len() < wanted && number <= MOST_ITEMS as usize {
            let key = if number == 1 { named.clone() } else { format!("{named}-{number}") };
            let singular = singular(role.name);
            let inner = Role { name: &singular, owner: role.owner, depth: role.depth + 1 };
            match self.value(&shape, inner) {
                Some(value) => members.insert(key, value),
                None => return,
            };
            number += 1;
        }
    }

    fn map_key(&mut self, schema: &Schema) -> Option<String> {
        let stated = schema.extensions().get("x-additionalPropertiesName");
        let named = stated.and_then(|name| Some(name.as_str()?.to_owned()));
        named.or_else(|| {
            let names = schema.property_names()?;
            let value = self.value(&names, Role { name: "key", owner: "", depth: 1 })?;
            value.as_str().map(str::to_owned)
        })
    }

    fn items(&mut self, schema: &Schema, role: Role<'_>) -> Vec<Value> {
        let name = singular(role.name);
        let inner = Role { name: &name, owner: role.owner, depth: role.depth + 1 };
        let prefix = schema.prefix_items();
        let mut items: Vec<Value> = prefix.iter().filter_map(|item| self.value(item, inner)).collect();
        let Some(shape) = schema.items().or_else(|| schema.contains()) else {
            return items;
        };
        let (mut least, mut most) = (0, u64::MAX);
        for constraint in schema.constraints() {
            match constraint {
                Constraint::MinItems(count) => least = count,
                Constraint::MaxItems(count) => most = count,
                _ => {}
            }
        }
        let wanted = if prefix.is_empty() { least.max(1) } else { least }.min(most).min(MOST_ITEMS) as usize;
        let ordinal = self.ordinal;
        while items.len() < wanted {
            self.ordinal = items.len();
            match self.value(&shape, inner) {
                Some(item) => items.push(item),
                None => break,
            }
        }
        self.ordinal = ordinal;
        items
    }

    /// Whether a property goes this way at all.
    fn travels(&self, property: &Property) -> bool {
        let resolved = property.schema.resolved();
        let either = |rule: fn(&Schema) -> bool| rule(&property.schema) || resolved.as_ref().is_some_and(rule);
        match self.direction {
            Direction::Request => !either(Schema::is_read_only),
            Direction::Response => !either(Schema::is_write_only),
        }
    }

    /// Whether there is room for what need not be there.
    fn has_room(&self, schema: &Schema, role: Role<'_>) -> bool {
        self.values < SHOWN_VALUES && role.depth < SHOWN_DEPTH && !schema.is_deprecated()
    }
}

/// The property that tells which choice was taken, and its value for this one.
fn discriminating(schema: &Schema, choice: &Schema) -> Option<(String, String)> {
    let discriminator = schema.discriminator()?;
    let target = choice.resolved()?;
    let mapped = discriminator
        .mapping
        .iter()
        .find(|(_, lead)| lead.schema().and_then(Schema::resolved).is_some_and(|schema| schema == target));
    let value = mapped.map(|(value, _)| value.clone()).or_else(|| Some(choice.reference()?.name))?;
    Some((discriminator.property, value))
}

/// What stands for a value that must be there and cannot be made.
fn stand_in(schema: &Schema) -> Option<Value> {
    if schema.is_nullable() {
        return Some(Value::Null);
    }
    Some(empty(&schema.resolved()?))
}

fn empty(schema: &Schema) -> Value {
    match schema.main_type() {
        Some(Type::Array) => json!([]),
        Some(Type::Object) => json!({}),
        _ if !schema.all_of().is_empty() => json!({}),
        _ => Value::Null,
    }
}

/// How many values a value is made of.
fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Value::Object(members) => members.values().map(weight).sum::<usize>() + 1,
        _ => 1,
    }
}

fn fits_type(schema: &Schema, value: &Value) -> bool {
    let types = schema.types();
    types.is_empty() || types.iter().any(|kind| kind.holds(value))
}

/// Flags are mostly set, but for those that tell of trouble or of an end.
fn is_likely(name: &str) -> bool {
    const UNLIKELY: [&str; 12] = [
        "deleted",
        "archived",
        "disabled",
        "error",
        "failed",
        "test",
        "draft",
        "locked",
        "blocked",
        "more",
        "revoked",
        "deprecated",
    ];
    !super::name::words(name).iter().any(|word| UNLIKELY.contains(&word.as_str()))
}
