//! Whether a value is what the document says, and where it is not, in words for people.

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use super::{example::Direction, json_schema, model::Schema};

/// Nobody corrects more at once.
const MOST: usize = 20;

/// Values that are named in a sentence.
const NAMED: usize = 12;

/// A part of a value that is not what the document says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Its JSON pointer; empty for the whole value.
    pub pointer: String,
    /// What would do, as a sentence.
    pub message: String,
}

/// A schema that no validator can be made of, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Uncheckable(String);

/// What is wrong with a value that travels in a direction: the first few mismatches.
pub fn mismatches(schema: &Schema, direction: Direction, value: &Value) -> Result<Vec<Mismatch>, Uncheckable> {
    let written = json_schema::of(schema, direction);
    let validator = jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(&written)
        .map_err(|error| Uncheckable(error.masked().to_string()))?;
    let mut found = Vec::new();
    for error in validator.iter_errors(value).take(MOST) {
        add(&mut found, &error);
    }
    found.truncate(MOST);
    Ok(found)
}

fn add(found: &mut Vec<Mismatch>, error: &ValidationError<'_>) {
    if let Kind::AnyOf { context } | Kind::OneOfNotValid { context } = error.kind()
        && let Some(nearest) = nearest(context)
    {
        nearest.iter().for_each(|error| add(found, error));
        return;
    }
    let mismatch = Mismatch { pointer: error.instance_path().to_string(), message: message(error) };
    if !found.contains(&mismatch) {
        found.push(mismatch);
    }
}

/// Of several choices, the one that was probably meant: its constants fit, and the least is wrong with it.
fn nearest<'c>(choices: &'c [Vec<ValidationError<'static>>]) -> Option<&'c [ValidationError<'static>]> {
    let tells_apart = |error: &&ValidationError<'_>| matches!(error.kind(), Kind::Constant { .. } | Kind::Enum { .. });
    let of_type = |error: &&ValidationError<'_>| matches!(error.kind(), Kind::Type { .. });
    let distance = |choice: &&Vec<ValidationError<'static>>| {
        (choice.iter().filter(tells_apart).count(), choice.iter().filter(of_type).count(), choice.len())
    };
    choices.iter().filter(|choice| !choice.is_empty()).min_by_key(distance).map(Vec::as_slice)
}

fn message(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { property } => format!("The property {} is missing.", plain(property)),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            format!("The document knows no property {} here.", listed(unexpected.iter().cloned(), "or"))
        }
        Kind::Type { kind } => format!("This must be {}.", types(kind)),
        Kind::Enum { options } => {
            let options = options.as_array().into_iter().flatten().map(plain);
            format!("This must be {}.", listed(options, "or"))
        }
        Kind::Constant { expected_value } => format!("This must be {}.", plain(expected_value)),
        Kind::Format { format } => format!("This must be a {format}."),
        Kind::Pattern { pattern } => format!("This must match {pattern}."),
        Kind::Minimum { limit } => format!("This must be at least {limit}."),
        Kind::Maximum { limit } => format!("This must be at most {limit}."),
        Kind::ExclusiveMinimum { limit } => format!("This must be greater than {limit}."),
        Kind::ExclusiveMaximum { limit } => format!("This must be less than {limit}."),
        Kind::MultipleOf { multiple_of } => format!("This must be a multiple of {multiple_of}."),
        Kind::MinLength { limit } => format!("This must have at least {limit} characters."),
        Kind::MaxLength { limit } => format!("This must have at most {limit} characters."),
        Kind::MinItems { limit } => format!("There must be at least {limit} items."),
        Kind::MaxItems { limit } => format!("There must be at most {limit} items."),
        Kind::MinProperties { limit } => format!("There must be at least {limit} properties."),
        Kind::MaxProperties { limit } => format!("There must be at most {limit} properties."),
        Kind::UniqueItems => "No item may be there twice.".to_owned(),
        Kind::FalseSchema => "This may not be here.".to_owned(),
        Kind::OneOfMultipleValid { .. } => "This fits more than one of the choices.".to_owned(),
        _ => format!("{}.", error.masked_with("This")),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => {
            let mut names: Vec<String> = kinds.iter().map(|kind| kind.to_string()).collect();
            names.sort_by_key(|name| name == "null"); // it comes last in speech
            listed(names.into_iter(), "or")
        }
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(names: impl Iterator<Item = String>, word: &str) -> String {
    let mut names: Vec<String> = names.take(NAMED + 1).collect();
    if names.len() > NAMED {
        names[NAMED] = "another".to_owned();
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {word} {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::document::Document, *};

    fn found(root: Value, value: &Value) -> Vec<(String, String)> {
        let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "Root": root } } });
        let document = Document::read(document.to_string().as_bytes()).unwrap();
        let found = mismatches(&document.schema("Root").unwrap().schema, Direction::Request, value).unwrap();
        found.into_iter().map(|mismatch| (mismatch.pointer, mismatch.message)).collect()
    }

    fn is(pointer: &str, message: &str) -> (String, String) {
        (pointer.to_owned(), message.to_owned())
    }

    #[test]
    fn a_mismatch_says_where_and_what_would_do() {
        let root = json!({
            "type": "object", "required": ["name"], "additionalProperties": false,
            "properties": {
                "name": {}, "parcels": { "type": "array", "items": { "type": "object", "properties": { "a/b": { "type": ["integer", "null"] } } } },
                "kind": { "enum": ["x", "y"] }, "at": { "type": "string", "format": "date-time" },
            },
        });
        let value = json!({ "parcels": [{}, { "a/b": "1" }], "kind": "z", "at": "today", "odd": 1 });
        let found = found(root, &value);
        for expected in [
            is("/parcels/1/a~1b", "This must be integer or null."),
            is("/kind", "This must be x or y."),
            is("/at", "This must be a date-time."),
            is("", "The property name is missing."),
            is("", "The document knows no property odd here."),
        ] {
            assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
        }
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn of_several_choices_the_one_that_was_meant_is_explained() {
        let choice = |kind: &str, property: &str| json!({ "type": "object", "required": [property, "kind"], "properties": { "kind": { "const": kind }, (property): { "type": "string" } } });
        let root = json!({ "type": "object", "properties": { "to": { "oneOf": [choice("address", "line1"), choice("locker", "id")] } } });
        let found = found(root, &json!({ "to": { "kind": "locker", "id": 7 } }));
        assert_eq!(found, [is("/to/id", "This must be string.")]);
    }

    #[test]
    fn what_fits_has_no_mismatch() {
        assert!(found(json!({ "type": "integer", "format": "int32" }), &json!(3)).is_empty());
    }

    #[test]
    fn a_pattern_that_nobody_reads_is_not_checked() {
        let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "Root": { "pattern": "(" } } } });
        let document = Document::read(document.to_string().as_bytes()).unwrap();
        let found = mismatches(&document.schema("Root").unwrap().schema, Direction::Request, &json!("x"));
        assert!(found.unwrap().is_empty());
    }
}
