//! The limits of a value, as keywords and in words.

use std::fmt;

use serde_json::Number;

use super::super::document::tree::Node;

/// A limit that a schema puts on a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// `minimum`
    Minimum(Number),
    /// `exclusiveMinimum`
    Above(Number),
    /// `maximum`
    Maximum(Number),
    /// `exclusiveMaximum`
    Below(Number),
    /// `multipleOf`
    MultipleOf(Number),
    /// `minLength`
    MinLength(u64),
    /// `maxLength`
    MaxLength(u64),
    /// `pattern`: a regular expression of ECMA-262.
    Pattern(String),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
}

/// The limits that a schema object states. 3.0's `exclusiveMinimum: true` turns its `minimum` into an open one.
pub(super) fn of(schema: Node<'_>) -> Vec<Constraint> {
    use Constraint::*;
    let number = |key: &str| schema.get(key).and_then(Node::number);
    let count = |key: &str| number(key).and_then(|number| number.as_u64().or_else(|| whole(&number)));
    let mut found = Vec::new();
    let lower = if schema.flag("exclusiveMinimum") { Above } else { Minimum };
    let upper = if schema.flag("exclusiveMaximum") { Below } else { Maximum };
    found.extend(number("minimum").map(lower));
    found.extend(number("exclusiveMinimum").map(Above));
    found.extend(number("maximum").map(upper));
    found.extend(number("exclusiveMaximum").map(Below));
    found.extend(number("multipleOf").map(MultipleOf));
    found.extend(count("minLength").map(MinLength));
    found.extend(count("maxLength").map(MaxLength));
    found.extend(schema.text_of("pattern").map(|pattern| Pattern(pattern.to_owned())));
    found.extend(count("minItems").map(MinItems));
    found.extend(count("maxItems").map(MaxItems));
    found.extend(schema.flag("uniqueItems").then_some(UniqueItems));
    found.extend(count("minProperties").map(MinProperties));
    found.extend(count("maxProperties").map(MaxProperties));
    found
}

impl fmt::Display for Constraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minimum(limit) => write!(f, "at least {limit}"),
            Self::Above(limit) => write!(f, "greater than {limit}"),
            Self::Maximum(limit) => write!(f, "at most {limit}"),
            Self::Below(limit) => write!(f, "less than {limit}"),
            Self::MultipleOf(step) => write!(f, "a multiple of {step}"),
            Self::MinLength(count) => write!(f, "at least {}", counted(*count, "character", "characters")),
            Self::MaxLength(count) => write!(f, "at most {}", counted(*count, "character", "characters")),
            Self::Pattern(pattern) => write!(f, "matches {pattern}"),
            Self::MinItems(count) => write!(f, "at least {}", counted(*count, "item", "items")),
            Self::MaxItems(count) => write!(f, "at most {}", counted(*count, "item", "items")),
            Self::UniqueItems => f.write_str("no item twice"),
            Self::MinProperties(count) => write!(f, "at least {}", counted(*count, "property", "properties")),
            Self::MaxProperties(count) => write!(f, "at most {}", counted(*count, "property", "properties")),
        }
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn whole(number: &Number) -> Option<u64> {
    let number = number.as_f64()?;
    (number >= 0.0 && number.fract() == 0.0).then_some(number as u64)
}
