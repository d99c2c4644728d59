//! A schema as JSON Schema 2020-12 of its own: what a validator or a form can use without the document.
//!
//! Named and deeply nested schemas stand under `$defs`, so that circles are references and nothing is nested deeper than a
//! validator's stack allows. Spellings of 3.0 are translated. What does not travel in a direction (`readOnly` in requests,
//! `writeOnly` in responses) is neither required nor forbidden. References that lead nowhere allow anything.

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use serde_json::{Map, Value, json};

use super::{
    document::tree::{Kind, Node, Source},
    ecma,
    example::Direction,
    model::{Constraint, Lead, Schema, Type},
    shape,
};

/// Levels that are written into each other; what is deeper gets a name of its own.
const INLINE_LEVELS: usize = 12;

/// Schemas whose parts are gathered for what does not travel; each costs as much as it has parts.
const MOST_GATHERED: usize = 5_000;

/// Schemas that are written; what is further away from the root allows anything.
const MOST_SCHEMAS: usize = 50_000;

/// The JSON Schema of what travels in a direction.
pub fn of(schema: &Schema, direction: Direction) -> Value {
    let minor_of_document = schema.source().node().tree().root().get("openapi").and_then(Node::written);
    let mut writer = Writer {
        direction,
        references_stand_alone: minor_of_document.is_some_and(|version| version.trim().starts_with("3.0")),
        names: HashMap::new(),
        taken: HashSet::new(),
        waiting: VecDeque::new(),
        written: 0,
    };
    let root = writer.schema(schema, Level::default());
    let mut definitions = Map::new();
    while let Some((name, schema)) = writer.waiting.pop_front() {
        let definition = writer.schema(&schema, Level::default());
        definitions.insert(name, definition);
    }
    let Value::Object(root) = root else {
        return root;
    };
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    whole.extend(root);
    if !definitions.is_empty() {
        whole.insert("$defs".to_owned(), Value::Object(definitions));
    }
    Value::Object(whole)
}

struct Writer {
    direction: Direction,
    /// In 3.0 what stands beside a `$ref` does not count.
    references_stand_alone: bool,
    names: HashMap<u32, String>,
    taken: HashSet<String>,
    waiting: VecDeque<(String, Schema)>,
    written: usize,
}

/// Where a schema stands in those around it.
#[derive(Clone, Default)]
struct Level {
    depth: usize,
    /// Properties of the whole object that do not travel; a part of it may require them.
    hidden: BTreeSet<String>,
    /// Under `not` and `if`, leaving out a requirement would turn the meaning round.
    negated: bool,
}

impl Writer {
    fn schema(&mut self, schema: &Schema, level: Level) -> Value {
        self.written += 1;
        if let Some(boolean) = schema.as_boolean() {
            return Value::Bool(boolean);
        }
        if self.written > MOST_SCHEMAS || schema.source().node().kind() != Kind::Object {
            return Value::Bool(true);
        }
        let mut keywords = Map::new();
        if let Some(reference) = schema.reference() {
            self.reference(reference.lead, &mut keywords);
            if self.references_stand_alone {
                return or_null(keywords, schema.source().node().flag("nullable"));
            }
        }
        let level = self.with_own_hidden(schema, level);
        limits(schema, &mut keywords);
        self.objects(schema, &level, &mut keywords);
        self.lists(schema, &level, &mut keywords);
        let is_composed = self.compositions(schema, &level, &mut keywords);
        values(schema, &mut keywords);
        let nullable = schema.source().node().flag("nullable");
        or_null(keywords, nullable && (is_composed || schema.types().is_empty()))
    }

    /// A schema inside another one.
    fn inner(&mut self, schema: &Schema, level: &Level) -> Value {
        if level.depth < INLINE_LEVELS || schema.as_boolean().is_some() {
            return self.schema(schema, level.clone());
        }
        json!({ "$ref": self.definition(schema) })
    }

    fn reference(&mut self, lead: Lead, keywords: &mut Map<String, Value>) {
        if let Lead::To(target) = lead {
            let definition = self.definition(&target);
            keywords.insert("$ref".to_owned(), Value::String(definition));
        }
    }

    /// The address under `$defs` of a schema, which is written there later.
    fn definition(&mut self, schema: &Schema) -> String {
        let index = schema.source().node().index();
        if let Some(name) = self.names.get(&index) {
            return format!("#/$defs/{name}");
        }
        let plain = |name: &&str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
        };
        let own = schema.name().filter(plain).map(str::to_owned);
        let numbered = || format!("schema-{}", self.names.len() + 1);
        let mut name = own.unwrap_or_else(numbered);
        while !self.taken.insert(name.clone()) {
            name.push('-');
        }
        self.names.insert(index, name.clone());
        let address = format!("#/$defs/{name}");
        self.waiting.push_back((name, schema.clone()));
        address
    }

    fn with_own_hidden(&self, schema: &Schema, mut level: Level) -> Level {
        let asks = schema.source().node().get("required").is_some() || !schema.all_of().is_empty();
        let tree = schema.source().node().tree();
        let asks = asks && (tree.has_text("readOnly") || tree.has_text("writeOnly"));
        if asks && !level.negated && self.written < MOST_GATHERED {
            let properties = shape::of(schema).properties;
            let hidden = properties.into_iter().filter(|property| self.is_hidden(&property.schema));
            level.hidden.extend(hidden.map(|property| property.name));
        }
        level
    }

    /// Whether a property does not travel in this direction.
    fn is_hidden(&self, schema: &Schema) -> bool {
        let says = |schema: &Schema| match self.direction {
            Direction::Request => schema.is_read_only(),
            Direction::Response => schema.is_write_only(),
        };
        says(schema) || schema.resolved().as_ref().is_some_and(says)
    }

    fn objects(&mut self, schema: &Schema, level: &Level, keywords: &mut Map<String, Value>) {
        let node = schema.source().node();
        let below = Level { depth: level.depth + 1, hidden: BTreeSet::new(), negated: level.negated };
        if node.get("properties").is_some_and(|node| node.kind() == Kind::Object) {
            let mut properties = Map::new();
            for property in schema.properties() {
                let hidden = !level.negated && self.is_hidden(&property.schema);
                let value = if hidden { Value::Bool(true) } else { self.inner(&property.schema, &below) };
                properties.insert(property.name, value);
            }
            keywords.insert("properties".to_owned(), Value::Object(properties));
        }
        let mut required: Vec<&str> = Vec::new();
        let mut named = HashSet::new();
        required
            .extend(schema.required().into_iter().filter(|name| !level.hidden.contains(*name) && named.insert(*name)));
        if !required.is_empty() {
            keywords.insert("required".to_owned(), json!(required));
        }
        let patterns = schema.pattern_properties();
        let readable = patterns.into_iter().filter(|(pattern, _)| ecma::is_readable(pattern));
        let patterns: Map<_, _> = readable.map(|(pattern, schema)| (pattern, self.inner(&schema, &below))).collect();
        if !patterns.is_empty() {
            keywords.insert("patternProperties".to_owned(), Value::Object(patterns));
        }
        for key in ["additionalProperties", "unevaluatedProperties", "propertyNames"] {
            self.single(node, key, key, &below, schema.source(), keywords);
        }
        let dependent = node.get("dependentRequired").into_iter().flat_map(Node::entries);
        let needed = |names: Node<'_>| names.items().filter_map(Node::text).map(str::to_owned).collect::<BTreeSet<_>>();
        let dependent: Map<_, _> = dependent
            .map(|(name, names)| (name.to_owned(), json!(needed(names).difference(&level.hidden).collect::<Vec<_>>())))
            .collect();
        if !dependent.is_empty() {
            keywords.insert("dependentRequired".to_owned(), Value::Object(dependent));
        }
        let dependent = node.get("dependentSchemas").into_iter().flat_map(Node::entries);
        let level = Level { depth: level.depth + 1, ..level.clone() };
        let dependent: Map<_, _> = dependent
            .map(|(name, node)| (name.to_owned(), self.inner(&Schema::at(schema.source().beside(node)), &level)))
            .collect();
        if !dependent.is_empty() {
            keywords.insert("dependentSchemas".to_owned(), Value::Object(dependent));
        }
    }

    fn lists(&mut self, schema: &Schema, level: &Level, keywords: &mut Map<String, Value>) {
        let node = schema.source().node();
        let below = Level { depth: level.depth + 1, hidden: BTreeSet::new(), negated: level.negated };
        let first = schema.prefix_items();
        let is_old_tuple = node.get("items").is_some_and(|items| items.kind() == Kind::List);
        if !first.is_empty() {
            let first: Vec<_> = first.iter().map(|item| self.inner(item, &below)).collect();
            keywords.insert("prefixItems".to_owned(), Value::Array(first));
        }
        let rest = if is_old_tuple { "additionalItems" } else { "items" };
        self.single(node, rest, "items", &below, schema.source(), keywords);
        for key in ["contains", "unevaluatedItems"] {
            self.single(node, key, key, &below, schema.source(), keywords);
        }
        for key in ["minContains", "maxContains"] {
            if let Some(count) = node.get(key).and_then(Node::number).and_then(|number| number.as_u64()) {
                keywords.insert(key.to_owned(), json!(count));
            }
        }
    }

    /// Writes `allOf`, `oneOf` and the like; tells whether there were any.
    fn compositions(&mut self, schema: &Schema, level: &Level, keywords: &mut Map<String, Value>) -> bool {
        let node = schema.source().node();
        let level = Level { depth: level.depth + 1, ..level.clone() };
        let parts = [("allOf", schema.all_of()), ("oneOf", schema.one_of()), ("anyOf", schema.any_of())];
        let mut is_composed = keywords.contains_key("$ref");
        for (key, parts) in parts {
            if !parts.is_empty() {
                is_composed = true;
                let parts: Vec<_> = parts.iter().map(|part| self.inner(part, &level)).collect();
                keywords.insert(key.to_owned(), Value::Array(parts));
            }
        }
        let negated = Level { negated: true, hidden: BTreeSet::new(), ..level };
        for key in ["not", "if"] {
            is_composed |= self.single(node, key, key, &negated, schema.source(), keywords);
        }
        for key in ["then", "else"] {
            self.single(node, key, key, &level, schema.source(), keywords);
        }
        is_composed
    }

    fn single(
        &mut self,
        node: Node<'_>,
        key: &str,
        keyword: &str,
        level: &Level,
        source: &Source,
        keywords: &mut Map<String, Value>,
    ) -> bool {
        let inner = node.get(key).filter(|inner| matches!(inner.kind(), Kind::Object | Kind::Boolean));
        if let Some(inner) = inner {
            let value = self.inner(&Schema::at(source.beside(inner)), level);
            keywords.insert(keyword.to_owned(), value);
        }
        inner.is_some()
    }
}

/// Types, formats and everything that is counted or compared.
fn limits(schema: &Schema, keywords: &mut Map<String, Value>) {
    let mut types: Vec<&str> = Vec::new();
    for kind in schema.types().into_iter().map(Type::as_str) {
        if !types.contains(&kind) {
            types.push(kind);
        }
    }
    match types.as_slice() {
        [] => {}
        [only] => drop(keywords.insert("type".to_owned(), json!(only))),
        several => drop(keywords.insert("type".to_owned(), json!(several))),
    }
    if let Some(format) = schema.format() {
        keywords.insert("format".to_owned(), json!(format));
    }
    for constraint in schema.constraints() {
        let (keyword, value) = match constraint {
            Constraint::Minimum(limit) => ("minimum", json!(limit)),
            Constraint::Above(limit) => ("exclusiveMinimum", json!(limit)),
            Constraint::Maximum(limit) => ("maximum", json!(limit)),
            Constraint::Below(limit) => ("exclusiveMaximum", json!(limit)),
            Constraint::MultipleOf(step) if step.as_f64().is_some_and(|step| step > 0.0) => ("multipleOf", json!(step)),
            Constraint::MinLength(count) => ("minLength", json!(count)),
            Constraint::MaxLength(count) => ("maxLength", json!(count)),
            Constraint::Pattern(pattern) if ecma::is_readable(&pattern) => ("pattern", json!(pattern)),
            Constraint::MinItems(count) => ("minItems", json!(count)),
            Constraint::MaxItems(count) => ("maxItems", json!(count)),
            Constraint::UniqueItems => ("uniqueItems", json!(true)),
            Constraint::MinProperties(count) => ("minProperties", json!(count)),
            Constraint::MaxProperties(count) => ("maxProperties", json!(count)),
            Constraint::MultipleOf(_) | Constraint::Pattern(_) => continue,
        };
        keywords.insert(keyword.to_owned(), value);
    }
}

/// The values that it lists; 3.0's `nullable` adds one.
fn values(schema: &Schema, keywords: &mut Map<String, Value>) {
    let node = schema.source().node();
    if let Some(listed) = node.get("enum").filter(|listed| listed.kind() == Kind::List) {
        let mut listed: Vec<Value> = listed.items().map(Node::to_json).collect();
        if node.flag("nullable") && !listed.contains(&Value::Null) {
            listed.push(Value::Null);
        }
        keywords.insert("enum".to_owned(), Value::Array(listed));
    }
    if let Some(constant) = schema.constant() {
        keywords.insert("const".to_owned(), constant);
    }
}

fn or_null(keywords: Map<String, Value>, nullable: bool) -> Value {
    let schema = Value::Object(keywords);
    if nullable { json!({ "anyOf": [schema, { "type": "null" }] }) } else { schema }
}
