//! Whether a value fits its schema, told from the model itself: nothing is compiled, so asking costs what is looked at.
//!
//! A doubt must be a fault: formats are not asked about, references that lead nowhere allow anything, and what takes more
//! steps than it may counts as fitting. Messages say what is wrong in words, and where in the value.

mod list;
mod object;
mod scalar;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

use serde_json::{Number, Value};

use super::{
    document::{
        pointer,
        tree::{Kind, Node, Source, Target},
    },
    ecma::Pattern,
    example::Direction,
    model::{Schema, Type},
};

/// Values and schemas nested deeper are not looked at; a thread's stack holds this many.
const DEEPEST: usize = 250;

/// Schemas that one value is held against.
const MOST_STEPS: usize = 100_000;

/// What makes one value be asked about again and again.
const COMPOSED: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// Longer chains of nothing but references are a loop.
const LONGEST_CHAIN: usize = 64;

/// Expressions that are kept; a document with more has them made by a machine.
const MOST_PATTERNS: usize = 2_000;

/// What is wrong with a value, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The JSON pointer in the value; empty for the value itself.
    pub pointer: String,
    /// What is wrong, as the end of a sentence.
    pub message: String,
}

/// Holds values against schemas of one document.
pub struct Fit {
    direction: Option<Direction>,
    patterns: HashMap<String, Option<Rc<Pattern>>>,
    steps: usize,
    steps_before: usize,
    /// What was told already of a value, by the schema's place and the value's: diamonds are walked once.
    known: HashMap<(u32, usize), bool>,
    /// Inside of values that are made for asking, which have no place of their own.
    transient: usize,
    /// Properties that do not travel, by the place of the whole object's schema.
    left_behind: HashMap<u32, HashSet<String>>,
}

/// A place in the value.
#[derive(Clone, Copy)]
enum At<'a> {
    Root,
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

/// A schema in the ones around it that speak of the same value.
#[derive(Clone, Copy)]
struct Asked<'t> {
    schema: Node<'t>,
    /// The outermost of them: a part may require what another part calls read-only.
    whole: Node<'t>,
    source: &'t Source,
    depth: usize,
}

impl Fit {
    /// For values that travel in a direction; without one, what travels in one direction only is never missed.
    pub fn new(direction: Option<Direction>) -> Self {
        Self {
            direction,
            patterns: HashMap::new(),
            steps: 0,
            steps_before: 0,
            known: HashMap::new(),
            transient: 0,
            left_behind: HashMap::new(),
        }
    }

    /// The first thing that is wrong with a value.
    pub fn misfit(&mut self, schema: &Schema, value: &Value) -> Option<Misfit> {
        let node = schema.source().node();
        let asked = Asked { schema: node, whole: node, source: schema.source(), depth: 0 };
        let misfit = self.look(asked, value, &At::Root);
        self.steps_before += self.steps.min(MOST_STEPS);
        let steps = std::mem::take(&mut self.steps);
        self.known.clear();
        misfit.filter(|_| steps <= MOST_STEPS)
    }

    /// Whether nothing is wrong.
    pub fn fits(&mut self, schema: &Schema, value: &Value) -> bool {
        self.misfit(schema, value).is_none()
    }

    /// Whether a value has the type and keeps the limits that the schema itself states; the enumeration is not asked.
    pub fn misfit_beside_enum(&mut self, schema: &Schema, value: &Value) -> Option<Misfit> {
        let node = schema.source().node();
        self.steps_before += 1;
        if value.is_null() && node.flag("nullable") {
            return None;
        }
        type_misfit(node, value, &At::Root).or_else(|| match value {
            Value::Number(number) => scalar::number(node, number, &At::Root),
            Value::String(text) => self.text(node, text, value, &At::Root),
            _ => None,
        })
    }

    /// How many schemas values have been held against so far.
    pub fn steps(&self) -> usize {
        self.steps_before + self.steps
    }

    /// The compiled expression; none where it is not one.
    pub fn pattern(&mut self, pattern: &str) -> Option<Rc<Pattern>> {
        if let Some(known) = self.patterns.get(pattern) {
            return known.clone();
        }
        if self.patterns.len() >= MOST_PATTERNS {
            return None;
        }
        let read = Pattern::read(pattern).map(Rc::new);
        self.patterns.insert(pattern.to_owned(), read.clone());
        read
    }

    /// Whether it is known to be no expression.
    pub fn is_unreadable(&mut self, pattern: &str) -> bool {
        self.pattern(pattern);
        matches!(self.patterns.get(pattern), Some(None))
    }

    fn look(&mut self, asked: Asked<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
        self.steps += 1;
        let schema = asked.schema;
        if asked.depth > DEEPEST {
            self.steps = MOST_STEPS + 1;
        }
        if self.steps > MOST_STEPS {
            return None;
        }
        if schema.boolean() == Some(false) {
            return at.wrong("nothing is allowed here");
        }
        if value.is_null() && schema.flag("nullable") {
            return None;
        }
        let place = (schema.index(), std::ptr::from_ref(value).addr());
        match self.known.get(&place) {
            Some(true) => return None,
            Some(false) => return at.wrong("it does not fit, as said before"),
            None => {}
        }
        let misfit = self.look_further(asked, value, at);
        let is_shared = schema.get("$ref").is_some() || COMPOSED.iter().any(|key| schema.get(key).is_some());
        if self.transient == 0 && is_shared && self.steps <= MOST_STEPS {
            self.known.insert(place, misfit.is_none());
        }
        misfit
    }

    fn look_further(&mut self, asked: Asked<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        let reference = schema.text_of("$ref").or_else(|| schema.text_of("$dynamicRef"));
        if let Some(reference) = reference {
            let target = followed(schema, reference);
            let misfit = target.and_then(|target| self.look(asked.part(target), value, at));
            if misfit.is_some() || schema.tree().root().get("openapi").and_then(Node::written).is_some_and(is_3_0) {
                return misfit;
            }
        }
        self.own(asked, value, at)
    }

    /// What the schema says besides its references.
    fn own(&mut self, asked: Asked<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
        type_misfit(asked.schema, value, at)
            .or_else(|| scalar::listed(asked.schema, value, at))
            .or_else(|| match value {
                Value::Number(number) => scalar::number(asked.schema, number, at),
                Value::String(text) => self.text(asked.schema, text, value, at),
                Value::Array(items) => self.list(asked, items, at),
                Value::Object(members) => self.object(asked, members, at),
                Value::Null | Value::Bool(_) => None,
            })
            .or_else(|| self.composed(asked, value, at))
    }

    fn composed(&mut self, asked: Asked<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
        let schema = asked.schema;
        for part in schemas(schema, "allOf") {
            if let Some(misfit) = self.look(asked.part(part), value, at) {
                return Some(misfit);
            }
        }
        let mut any = schemas(schema, "anyOf").peekable();
        if any.peek().is_some() && !any.any(|choice| self.look(asked.part(choice), value, at).is_none()) {
            return self.no_choice(asked, "anyOf", value, at);
        }
        let count = schemas(schema, "oneOf").count();
        let fitting = schemas(schema, "oneOf").filter(|choice| self.look(asked.part(*choice), value, at).is_none());
        match fitting.take(2).count() {
            0 if count > 0 => return self.no_choice(asked, "oneOf", value, at),
            2 => return at.wrong("it is more than one of the choices, of which it must be exactly one"),
            _ => {}
        }
        if let Some(not) = schema.get("not").filter(|not| is_schema(*not))
            && self.steps <= MOST_STEPS
            && self.look(asked.deeper(not), value, at).is_none()
            && self.steps <= MOST_STEPS
        {
            return at.wrong("it is what `not` excludes");
        }
        let condition = schema.get("if").filter(|condition| is_schema(*condition))?;
        let holds = self.look(asked.part(condition), value, at).is_none();
        let consequence = schema.get(if holds { "then" } else { "else" }).filter(|node| is_schema(*node))?;
        self.look(asked.part(consequence), value, at)
    }

    /// Of a single choice, or of the one that the discriminator names, one can say what is wrong.
    fn no_choice(&mut self, asked: Asked<'_>, key: &str, value: &Value, at: &At<'_>) -> Option<Misfit> {
        let not_null = |choice: &Node<'_>| choice.text_of("type") != Some("null");
        let mut choices: Vec<_> = schemas(asked.schema, key).filter(not_null).collect();
        let named = Schema::at(asked.source.beside(asked.schema)).discriminator().and_then(|discriminator| {
            let stated = value.get(&discriminator.property)?.as_str()?;
            let (_, lead) = discriminator.mapping.iter().find(|(value, _)| value == stated)?;
            let index = lead.schema()?.source().node().index();
            choices.iter().copied().find(|choice| {
                choice.text_of("$ref").and_then(|reference| followed(*choice, reference)).map(Node::index)
                    == Some(index)
            })
        });
        choices = named.map_or(choices, |named| vec![named]);
        match choices.as_slice() {
            [only] => self.look(asked.part(*only), value, at).or_else(|| at.wrong("it is none of the choices")),
            several => at.wrong(&format!("it is none of the {} choices", several.len())),
        }
    }
}

impl<'t> Asked<'t> {
    /// A part that speaks of the same value.
    fn part(self, schema: Node<'t>) -> Self {
        Self { schema, depth: self.depth + 1, ..self }
    }

    /// A schema that speaks of a value inside this one.
    fn deeper(self, schema: Node<'t>) -> Self {
        Self { schema, whole: schema, depth: self.depth + 1, ..self }
    }
}

impl At<'_> {
    #[expect(clippy::unnecessary_wraps, reason = "every caller gives an option back")]
    fn wrong(&self, message: &str) -> Option<Misfit> {
        let mut steps = Vec::new();
        let mut place = self;
        loop {
            place = match place {
                At::Root => break,
                At::Member(outer, name) => {
                    steps.push((*name).to_owned());
                    outer
                }
                At::Item(outer, index) => {
                    steps.push(index.to_string());
                    outer
                }
            };
        }
        let mut found = String::new();
        steps.iter().rev().for_each(|step| pointer::push(&mut found, step));
        Some(Misfit { pointer: found, message: message.to_owned() })
    }
}

fn type_misfit(schema: Node<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
    let stated = schema.get("type")?;
    let names = stated.items().chain((stated.kind() == Kind::Text).then_some(stated));
    let mut expected = Vec::new();
    for kind in names.filter_map(|name| Type::parse(name.text()?)) {
        if kind.holds(value) {
            return None;
        }
        expected.push(kind.as_str());
    }
    if expected.is_empty() {
        return None;
    }
    at.wrong(&format!("{} where {} is expected", name(value), expected.join(" or ")))
}

/// What a reference leads to in the end; none for nothing, another document, or a loop.
fn followed<'t>(schema: Node<'t>, reference: &str) -> Option<Node<'t>> {
    let mut reference = reference;
    for _ in 0..LONGEST_CHAIN {
        let Target::Inside(target) = schema.tree().resolve(reference) else {
            return None;
        };
        match target.text_of("$ref") {
            Some(further) if target.entries().len() == 1 => reference = further,
            _ => return Some(target),
        }
    }
    None
}

fn is_3_0(version: &str) -> bool {
    version.trim().starts_with("3.0")
}

fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Boolean)
}

fn schemas<'t>(schema: Node<'t>, key: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
    schema.get(key).into_iter().flat_map(Node::items).filter(|node| is_schema(*node))
}

fn count_of(schema: Node<'_>, key: &str) -> Option<u64> {
    let number = schema.get(key)?.number()?;
    let whole = |number: f64| (number >= 0.0 && number.fract() == 0.0).then_some(number as u64);
    number.as_u64().or_else(|| whole(number.as_f64()?))
}

fn limit_of(schema: Node<'_>, key: &str) -> Option<Number> {
    schema.get(key)?.number()
}

fn name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
