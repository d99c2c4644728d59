//! Everything that speaks of one value: a schema with what it refers to and all parts of its `allOf`, side by side.

use std::collections::HashSet;

use super::super::model::{Constraint, Lead, Schema, Type};

/// Parts in parts; deeper ones are a tangle.
const DEEPEST: usize = 60;

/// More parts speak of no value that a person describes.
const MOST_PARTS: usize = 500;

/// One of the schemas that a value must fit.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub schema: Schema,
    /// Its choices are made, or are none.
    pub settled: bool,
}

/// The schemas that a value must fit, inner ones first.
#[derive(Debug, Clone, Default)]
pub(super) struct Parts {
    pub list: Vec<Part>,
    /// The places of references on the way.
    pub targets: Vec<u32>,
    /// The name of the outermost schema that has one.
    pub owner: Option<String>,
    /// A schema that allows nothing is among them.
    pub impossible: bool,
    seen: HashSet<u32>,
}

impl Parts {
    pub fn of(schemas: &[Schema]) -> Self {
        let mut parts = Self::default();
        schemas.iter().for_each(|schema| parts.add(schema, 0));
        parts
    }

    /// With further schemas that the same value must fit.
    pub fn with(&self, schemas: &[Schema]) -> Self {
        let mut parts = self.clone();
        schemas.iter().for_each(|schema| parts.add(schema, 0));
        parts
    }

    fn add(&mut self, schema: &Schema, depth: usize) {
        if schema.as_boolean() == Some(false) {
            self.impossible = true;
        }
        if depth > DEEPEST || self.list.len() >= MOST_PARTS || !self.seen.insert(schema.source().node().index()) {
            return;
        }
        if let Some(reference) = schema.reference() {
            if let Lead::To(target) = reference.lead {
                self.owner.get_or_insert(reference.name);
                self.targets.push(target.source().node().index());
                self.add(&target, depth + 1);
            }
            let node = schema.source().node();
            let version = node.tree().root().text_of("openapi").unwrap_or_default();
            if version.starts_with("3.0") || node.entries().len() < 2 {
                return;
            }
        }
        for part in schema.all_of() {
            self.add(&part, depth + 1);
        }
        self.list.push(Part { schema: schema.clone(), settled: false });
    }

    pub fn schemas(&self) -> impl DoubleEndedIterator<Item = &Schema> {
        self.list.iter().map(|part| &part.schema)
    }

    pub fn constraints(&self) -> Vec<Constraint> {
        self.schemas().flat_map(Schema::constraints).collect()
    }

    /// The type that all parts agree on; the first part's where they do not.
    pub fn main_type(&self) -> Option<Type> {
        let mut agreed: Option<Vec<Type>> = None;
        for types in self.schemas().map(Schema::types).filter(|types| !types.is_empty()) {
            agreed = Some(match agreed {
                None => types,
                Some(known) => {
                    let both =
                        |kind: &Type| types.contains(kind) || (*kind == Type::Integer && types.contains(&Type::Number));
                    let narrowed = |kind: &Type| *kind == Type::Integer && known.contains(&Type::Number);
                    let mut both: Vec<Type> = known.iter().copied().filter(both).collect();
                    both.extend(types.iter().copied().filter(narrowed).filter(|kind| !known.contains(kind)));
                    if both.is_empty() { known } else { both }
                }
            });
        }
        let agreed = agreed.unwrap_or_default();
        let stated = agreed.iter().find(|kind| **kind != Type::Null).or(agreed.first()).copied();
        stated.or_else(|| self.schemas().find_map(Schema::main_type))
    }

    pub fn is_nullable(&self) -> bool {
        self.list.iter().all(|part| part.schema.is_nullable() || part.schema.main_type().is_none())
    }

    pub fn format(&self) -> Option<&str> {
        self.schemas().rev().find_map(Schema::format)
    }

    /// The values of the shortest enumeration, and where it stands.
    pub fn enumeration(&self) -> Option<&Schema> {
        let count = |schema: &Schema| schema.source().node().get("enum").map(|values| values.items().len());
        let enumerations =
            self.schemas().filter_map(|schema| Some((count(schema).filter(|count| *count > 0)?, schema)));
        enumerations.min_by_key(|(count, _)| *count).map(|(_, schema)| schema)
    }
}

/// Choices that a value must make, each with the schemas that it adds.
pub(super) struct Choices {
    /// The part that offers them.
    pub at: usize,
    pub options: Vec<Vec<Schema>>,
}

impl Parts {
    /// The first choices that are open; what is only null comes last.
    pub fn open_choices(&self) -> Option<Choices> {
        let (at, part) = self.list.iter().enumerate().find(|(_, part)| !part.settled && is_choosy(&part.schema))?;
        let mut options: Vec<Vec<Schema>> = Vec::new();
        let (one_of, any_of) = (sorted(part.schema.one_of()), sorted(part.schema.any_of()));
        match (one_of.is_empty(), any_of.is_empty()) {
            (false, false) => {
                let pairs = one_of.iter().take(6).flat_map(|one| any_of.iter().take(6).map(move |any| [one, any]));
                options.extend(pairs.map(|pair| pair.map(Clone::clone).to_vec()));
            }
            _ => options.extend(one_of.into_iter().chain(any_of).map(|choice| vec![choice])),
        }
        if let Some((condition, then, otherwise)) = part.schema.condition() {
            let options_before = if options.is_empty() { vec![Vec::new()] } else { options };
            let met: Vec<Schema> = std::iter::once(condition).chain(then).collect();
            let unmet: Vec<Schema> = otherwise.into_iter().collect();
            options = options_before
                .iter()
                .flat_map(|option| [[&option[..], &met].concat(), [&option[..], &unmet].concat()])
                .collect();
        }
        Some(Choices { at, options })
    }

    /// With the choices of one part made.
    pub fn settled(&self, at: usize, option: &[Schema]) -> Self {
        let mut parts = self.clone();
        if let Some(part) = parts.list.get_mut(at) {
            part.settled = true;
        }
        parts.with(option)
    }
}

fn is_choosy(schema: &Schema) -> bool {
    let node = schema.source().node();
    ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some_and(|choices| choices.items().len() > 0))
        || node.get("if").is_some()
}

fn sorted(mut choices: Vec<Schema>) -> Vec<Schema> {
    choices.sort_by_key(|choice| choice.types() == [Type::Null]);
    choices
}
