//! What can be wrong with a value: a stable code for programs, and a sentence for people.

use serde_json::Value;

/// Values that are named in a sentence.
const NAMED: usize = 12;

/// Characters of a value or an expression in a sentence.
const LONGEST: usize = 80;

/// What is wrong with a value, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// The JSON pointer in the value; empty for the value itself.
    pub pointer: String,
    /// The kind of fault.
    pub fault: Fault,
    /// What would do, as a sentence.
    pub message: String,
}

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// `type`
    WrongType,
    /// `enum` and `const`
    UnlistedValue,
    /// `format`
    WrongFormat,
    /// `minimum` and `exclusiveMinimum`
    TooSmall,
    /// `maximum` and `exclusiveMaximum`
    TooLarge,
    /// `multipleOf`
    NotAMultiple,
    /// `minLength`
    TooShort,
    /// `maxLength`
    TooLong,
    /// `pattern`
    WrongPattern,
    /// `minItems`
    TooFewItems,
    /// `maxItems`
    TooManyItems,
    /// `uniqueItems`
    RepeatedItem,
    /// `contains` and `minContains`
    MissingItem,
    /// `maxContains`
    TooManyMatches,
    /// `unevaluatedItems`
    UnknownItem,
    /// `required` and `dependentRequired`
    MissingProperty,
    /// `additionalProperties` and `unevaluatedProperties`
    UnknownProperty,
    /// `minProperties`
    TooFewProperties,
    /// `maxProperties`
    TooManyProperties,
    /// `propertyNames`
    WrongName,
    /// `anyOf` and `oneOf`, where no choice fits
    NoChoice,
    /// `oneOf`, where several fit
    SeveralChoices,
    /// `discriminator`, where it names no choice
    UnknownChoice,
    /// `not`
    Excluded,
    /// A schema that is `false`
    NotAllowed,
}

impl Fault {
    /// Its code in problem documents; never reworded.
    pub fn code(self) -> &'static str {
        match self {
            Self::WrongType => "wrong_type",
            Self::UnlistedValue => "unlisted_value",
            Self::WrongFormat => "wrong_format",
            Self::TooSmall => "too_small",
            Self::TooLarge => "too_large",
            Self::NotAMultiple => "not_a_multiple",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::WrongPattern => "wrong_pattern",
            Self::TooFewItems => "too_few_items",
            Self::TooManyItems => "too_many_items",
            Self::RepeatedItem => "repeated_item",
            Self::MissingItem => "missing_item",
            Self::TooManyMatches => "too_many_matches",
            Self::UnknownItem => "unknown_item",
            Self::MissingProperty => "missing_property",
            Self::UnknownProperty => "unknown_property",
            Self::TooFewProperties => "too_few_properties",
            Self::TooManyProperties => "too_many_properties",
            Self::WrongName => "wrong_name",
            Self::NoChoice => "no_choice",
            Self::SeveralChoices => "several_choices",
            Self::UnknownChoice => "unknown_choice",
            Self::Excluded => "excluded",
            Self::NotAllowed => "not_allowed",
        }
    }
}

/// A value in a sentence: texts without quotes.
pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| shortened(&value.to_string()), shortened)
}

pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// "a, b or c".
pub(super) fn alternatives(names: impl IntoIterator<Item = String>) -> String {
    let mut names: Vec<String> = names.into_iter().take(NAMED + 1).collect();
    if names.len() > NAMED {
        names[NAMED] = "another".to_owned();
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

/// "1 item", "2 items".
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
