//! Every example that is made fits its schema: told by another validator, for documents that nobody here wrote.

use std::collections::HashMap;

use jsonschema::Validator;
use serde_json::Value;

use super::{Direction, generator::Generator, mutation, refusal::Refusal};
use crate::reference::{
    document::{Document, tree::Kind},
    fit::Fit,
    json_schema,
    model::{MediaType, Operation, Schema},
    real_documents::Collection,
};

/// Operations of a larger document are sampled.
const MOST_OPERATIONS: usize = 300;

/// Schemas that no value fits, by document and the beginning of their place, and why.
const CONTRADICTIONS: [(&str, &str, &str); 5] = [
    ("github-webhooks", "/components/schemas/webhook-repository-advisory-", "an author is null and a user at once"),
    ("circular-request-bodies", "/paths/~1direct/post", "a tree node must have a parent, which is a tree node"),
    ("circular-request-bodies", "/components/schemas/TreeNode", "a tree node must have a parent, which is a tree node"),
    ("schema-types", "/paths/~1anything~1quirks~1polymorphism/put", "a text and a whole number at once"),
    ("schema-types", "/paths/~1anything~1quirks~1polymorphism/patch", "a text and a whole number at once"),
];

/// Faults of one value that are asked for.
const MOST_FAULTS: usize = 20;

#[test]
fn examples_of_our_own_document_fit() {
    judge_all(Collection::Own);
}

#[test]
fn examples_of_shared_documents_fit() {
    judge_all(Collection::Shared);
}

#[test]
fn examples_of_readmes_documents_fit() {
    judge_all(Collection::Readme);
}

#[test]
fn examples_of_githubs_document_fit() {
    judge_all(Collection::Github);
}

fn judge_all(collection: Collection) {
    let mut faults = Vec::new();
    collection.each(|name, bytes| {
        // The folders hold Swagger 2 documents and package files too.
        let Ok(document) = Document::read(bytes) else { return };
        let mut judge = Judge {
            name: name.to_owned(),
            validators: HashMap::new(),
            judged: 0,
            changed: 0,
            refused: 0,
            ambiguous: 0,
            faults: Vec::new(),
        };
        judge.document(&document);
        let Judge { ref name, judged, changed, refused, ambiguous, .. } = judge;
        eprintln!(
            "{name}: {judged} examples, {ambiguous} of ambiguous schemas, {changed} changed, {refused} of them refused"
        );
        assert!(
            judged < 20 || refused * 4 >= changed,
            "{name}: only {refused} of {changed} changed values are refused"
        );
        assert!(ambiguous * 8 <= judged, "{}: {ambiguous} of {judged} examples are ambiguous", judge.name);
        faults.append(&mut judge.faults);
    });
    assert!(faults.is_empty(), "{} examples do not fit:\n{}", faults.len(), faults.join("\n"));
}

struct Judge {
    name: String,
    validators: HashMap<(u32, bool), Validator>,
    judged: usize,
    /// Examples that were changed in one place, and how many of them do not fit any more.
    changed: usize,
    refused: usize,
    /// Choices of a `oneOf` that do not exclude each other: whatever is one of them is another one too.
    ambiguous: usize,
    faults: Vec<String>,
}

impl Judge {
    fn document(&mut self, document: &Document) {
        let calls = document.operations().iter();
        let operations: Vec<_> = calls.chain(document.webhooks().iter().map(|webhook| &webhook.operation)).collect();
        let step = operations.len().div_ceil(MOST_OPERATIONS).max(1);
        operations.iter().step_by(step).for_each(|operation| self.operation(operation));
        let step = document.schemas().len().div_ceil(MOST_OPERATIONS).max(1);
        for named in document.schemas().iter().step_by(step) {
            self.schema(&named.schema, Direction::Response, &named.name, || Generator::new(Direction::Response));
            self.schema(&named.schema, Direction::Request, &named.name, || Generator::new(Direction::Request));
        }
    }

    fn operation(&mut self, operation: &Operation) {
        for parameter in &operation.parameters {
            if let Some(schema) = parameter.shape() {
                self.schema(schema, Direction::Request, &parameter.name, || Generator::new(Direction::Request));
            }
        }
        for media_type in operation.body.iter().flat_map(|body| &body.content) {
            self.media_type(media_type, Direction::Request, || Generator::new(Direction::Request));
        }
        for response in &operation.responses {
            for header in &response.headers {
                if let Some(schema) = &header.schema {
                    self.schema(schema, Direction::Response, &header.name, || Generator::new(Direction::Response));
                }
            }
            let refusal = Refusal::of(response.status);
            for media_type in &response.content {
                let generator = || Generator::new(Direction::Response).refusing(refusal);
                self.media_type(media_type, Direction::Response, generator);
            }
        }
    }

    fn media_type(&mut self, media_type: &MediaType, direction: Direction, generator: impl Fn() -> Generator) {
        if let Some(schema) = super::shape(media_type) {
            self.schema(schema, direction, "", generator);
            for example in media_type.examples.iter().filter_map(super::Example::to_json).take(3) {
                self.agree(schema, direction, &example);
            }
        }
    }

    fn schema(&mut self, schema: &Schema, direction: Direction, name: &str, generator: impl Fn() -> Generator) {
        let made = generator().root(schema, name);
        self.judged += 1;
        assert_eq!(made, generator().root(schema, name), "{} {}: not the same twice", self.name, schema.pointer());
        if says_string(&made) && !states_string(schema) {
            self.faults.push(format!("{} {}: says \"string\"", self.name, schema.pointer()));
        }
        let validator = self.validator(schema, direction);
        let wrong = validator.validate(&made).err().map(|error| format!("{} at {}", error, error.instance_path()));
        self.agree(schema, direction, &made);
        for changed in mutation::of(&made, schema.source().node().index().into()) {
            self.changed += 1;
            self.refused += usize::from(!self.validator(schema, direction).is_valid(&changed));
            self.agree(schema, direction, &changed);
        }
        let pointer = schema.pointer();
        let is_known =
            CONTRADICTIONS.iter().any(|(name, place, _)| self.name.contains(name) && pointer.starts_with(place));
        if wrong.is_some() && !is_known && fits_loosely(schema, direction, &made) {
            self.ambiguous += 1;
        } else if let Some(wrong) = wrong.filter(|_| !is_known) {
            let wrong: String = wrong.chars().take(300).collect();
            let target = schema.reference().map(|reference| reference.text).unwrap_or_default();
            self.faults.push(format!("{} {pointer} {target} {direction:?}: {wrong}", self.name));
        }
    }

    /// Our own judgement is the same as the other validator's, without exception. Formats, of which the two know different
    /// ones, are asked by neither here.
    fn agree(&mut self, schema: &Schema, direction: Direction, value: &Value) {
        let theirs = self.validator(schema, direction).is_valid(value);
        let ours = Fit::new(Some(direction)).misfits(schema, value, MOST_FAULTS);
        if ours.is_empty() != theirs || Fit::new(Some(direction)).fits(schema, value) != theirs {
            let value: String = value.to_string().chars().take(200).collect();
            self.faults.push(format!("{} {}: we say {ours:?}, they {theirs}: {value}", self.name, schema.pointer()));
        }
    }

    fn validator(&mut self, schema: &Schema, direction: Direction) -> &Validator {
        let key = (schema.source().node().index(), direction == Direction::Request);
        self.validators.entry(key).or_insert_with(|| {
            let written = json_schema::of(schema, direction);
            jsonschema::draft202012::new(&written)
                .unwrap_or_else(|error| panic!("{}: {error}\n{written}", schema.pointer()))
        })
    }
}

/// Whether the only fault is that a value is several of the choices of which it must be one.
fn fits_loosely(schema: &Schema, direction: Direction, value: &Value) -> bool {
    let loosened = json_schema::of(schema, direction).to_string().replace("\"oneOf\":", "\"anyOf\":");
    let loosened: Value = serde_json::from_str(&loosened).unwrap();
    jsonschema::draft202012::new(&loosened).unwrap().is_valid(value)
}

fn says_string(value: &Value) -> bool {
    match value {
        Value::String(text) => text == "string",
        Value::Array(items) => items.iter().any(says_string),
        Value::Object(members) => members.values().any(says_string),
        _ => false,
    }
}

/// Whether the document gives the text "string" as a value somewhere.
fn states_string(schema: &Schema) -> bool {
    let mut places = vec![schema.source().node().tree().root()];
    while let Some(place) = places.pop() {
        for (key, member) in place.entries() {
            if matches!(key, "const" | "default") && member.text() == Some("string") {
                return true;
            }
            if key == "enum" && member.items().any(|value| value.text() == Some("string")) {
                return true;
            }
            places.push(member);
        }
        places.extend(place.items().filter(|item| matches!(item.kind(), Kind::Object | Kind::List)));
    }
    false
}
