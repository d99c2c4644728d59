//! Where a look is: the place in the value, and the schema with those around it.

use serde_json::Number;

use crate::reference::{
    document::{
        pointer,
        tree::{Kind, Node, Source, Target},
    },
    model::Schema,
};

/// Longer chains of nothing but references are a loop.
const LONGEST_CHAIN: usize = 64;

/// A place in the value.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root,
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl At<'_> {
    pub fn pointer(&self) -> String {
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
        found
    }
}

/// A schema in the ones around it that speak of the same value.
pub(super) struct Asked<'a> {
    pub schema: Node<'a>,
    /// The next outer one: a part may require what another part calls read-only.
    pub around: Option<&'a Asked<'a>>,
    /// The outermost of them.
    pub whole: u32,
    /// Under `not` and `if`, leniency would turn the meaning round.
    pub is_negated: bool,
    pub depth: usize,
    source: &'a Source,
}

impl<'a> Asked<'a> {
    pub fn first(schema: &'a Schema) -> Self {
        let source = schema.source();
        let node = source.node();
        Self { schema: node, around: None, whole: node.index(), is_negated: false, depth: 0, source }
    }

    /// A part that speaks of the same value.
    pub fn part(&'a self, schema: Node<'a>) -> Self {
        Self { schema, around: Some(self), depth: self.depth + 1, ..*self }
    }

    /// A schema that speaks of a value inside this one.
    pub fn deeper(&self, schema: Node<'a>) -> Self {
        Self { schema, around: None, whole: schema.index(), depth: self.depth + 1, ..*self }
    }

    /// A schema that excludes the value, or decides what holds for it.
    pub fn negated(&self, schema: Node<'a>) -> Self {
        Self { is_negated: true, ..self.deeper(schema) }
    }

    /// As the model has it.
    pub fn model(&self) -> Schema {
        Schema::at(self.source.beside(self.schema))
    }

    /// In 3.0 what stands beside a `$ref` does not count.
    pub fn references_stand_alone(&self) -> bool {
        let version = self.schema.tree().root().get("openapi").and_then(Node::written);
        version.is_some_and(|version| version.trim().starts_with("3.0"))
    }
}

/// What a reference leads to in the end; none for nothing, another document, or a loop.
pub(super) fn followed<'t>(schema: Node<'t>, reference: &str) -> Option<Node<'t>> {
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

pub(super) fn is_schema(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::Boolean)
}

/// The schemas of a list.
pub(super) fn schemas(stated: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    stated.items().filter(|node| is_schema(*node))
}

pub(super) fn count(stated: Node<'_>) -> Option<u64> {
    let number = stated.number()?;
    number.as_u64().or_else(|| whole(&number))
}

fn whole(number: &Number) -> Option<u64> {
    let number = number.as_f64()?;
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}
