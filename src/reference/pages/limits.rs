//! What a value may be, in a few words each.

use leptos::prelude::*;
use serde_json::{Number, Value};

use super::{
    super::{
        model::{Additional, Constraint, Schema, Type},
        reading::{counted, grouped},
        shape,
    },
    phrase::Phrase,
    rules,
};

/// A longer value is told by its beginning.
const LONGEST_VALUE: usize = 100;

/// The limits of a schema and of the one it stands for, with default, constant and example.
pub(super) fn of(schema: &Schema) -> Vec<AnyView> {
    let behind = shape::behind(schema).filter(|behind| behind != schema);
    let parts: Vec<&Schema> = std::iter::once(schema).chain(&behind).collect();
    let constraints: Vec<Constraint> = parts.iter().flat_map(|part| part.constraints()).collect();
    let mut limits = in_words(&constraints);
    let whole = behind.as_ref().unwrap_or(schema);
    limits.extend(of_members(whole));
    let find = |read: fn(&Schema) -> Option<Value>| parts.iter().find_map(|part| read(part));
    limits.extend(find(Schema::constant).map(|constant| valued("always", &constant)));
    let default = find(Schema::default);
    limits.extend(default.as_ref().map(|default| valued("default", default)));
    if shape::values(whole).is_empty() {
        let example =
            find(|part| part.examples().into_iter().next()).filter(|example| Some(example) != default.as_ref());
        limits.extend(example.map(|example| valued("example", &example)));
    }
    let (media_type, encoding) = whole.content();
    limits.extend(encoding.map(|encoding| Phrase::words(format!("encoded as {encoding}"))));
    limits.extend(media_type.filter(|_| encoding.is_some()).map(|name| Phrase::words(format!("contains {name}"))));
    limits.extend(parts.iter().any(|part| part.is_read_only()).then(|| Phrase::words("read only")));
    limits.extend(parts.iter().any(|part| part.is_write_only()).then(|| Phrase::words("write only")));
    limits.extend(rules::of(whole));
    limits.into_iter().map(Phrase::view).collect()
}

/// The limits of each item of a list, or of each value of a map.
fn of_members(schema: &Schema) -> Vec<Phrase> {
    let members = match schema.main_type() {
        Some(Type::Array) => schema.items(),
        Some(Type::Object) => match schema.additional() {
            Additional::Of(values) if schema.properties().is_empty() => Some(values),
            _ => None,
        },
        _ => None,
    };
    let members = members.and_then(|members| shape::behind(&members));
    let limits = members.map(|members| in_words(&members.constraints())).unwrap_or_default();
    limits.into_iter().map(|limit| Phrase::words("each ").then(limit)).collect()
}

/// Words before a value.
pub(super) fn valued(words: &str, value: &Value) -> Phrase {
    Phrase::words(format!("{words} ")).and_value(shortly(value))
}

/// A value as it is sent; a text without its quotes, unless it is empty.
pub(super) fn shortly(value: &Value) -> String {
    let written = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        value => value.to_string(),
    };
    match written.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &written[..end]),
        None => written,
    }
}

/// Constraints in words, those that belong together as one.
pub(super) fn in_words(constraints: &[Constraint]) -> Vec<Phrase> {
    use Constraint::{
        Above, Below, MaxItems, MaxLength, MaxProperties, Maximum, MinItems, MinLength, MinProperties, Minimum,
        MultipleOf, Pattern, UniqueItems,
    };
    let count = |read: fn(&Constraint) -> Option<u64>| constraints.iter().find_map(read);
    let mut words: Vec<String> = Vec::new();
    let least = |constraint: &Constraint| if let MinLength(count) = constraint { Some(*count) } else { None };
    let most = |constraint: &Constraint| if let MaxLength(count) = constraint { Some(*count) } else { None };
    words.extend(range(count(least), count(most), "character", "characters"));
    let least = |constraint: &Constraint| if let MinItems(count) = constraint { Some(*count) } else { None };
    let most = |constraint: &Constraint| if let MaxItems(count) = constraint { Some(*count) } else { None };
    words.extend(range(count(least), count(most), "item", "items"));
    let least = |constraint: &Constraint| if let MinProperties(count) = constraint { Some(*count) } else { None };
    let most = |constraint: &Constraint| if let MaxProperties(count) = constraint { Some(*count) } else { None };
    words.extend(range(count(least), count(most), "key", "keys"));
    let number = |read: fn(&Constraint) -> Option<&Number>| constraints.iter().find_map(read).map(number);
    let lower = number(|constraint| if let Minimum(limit) = constraint { Some(limit) } else { None });
    let upper = number(|constraint| if let Maximum(limit) = constraint { Some(limit) } else { None });
    words.extend(match (lower, upper) {
        (Some(lower), Some(upper)) => Some(format!("{lower} to {upper}")),
        (Some(lower), None) => Some(format!("at least {lower}")),
        (None, Some(upper)) => Some(format!("up to {upper}")),
        (None, None) => None,
    });
    let mut limits: Vec<Phrase> = words.into_iter().map(Phrase::words).collect();
    for constraint in constraints {
        match constraint {
            Above(limit) => limits.push(Phrase::words(format!("more than {}", self::number(limit)))),
            Below(limit) => limits.push(Phrase::words(format!("less than {}", self::number(limit)))),
            MultipleOf(step) => limits.push(Phrase::words(format!("a multiple of {}", self::number(step)))),
            UniqueItems => limits.push(Phrase::words("no item twice")),
            Pattern(pattern) => limits.push(valued("pattern", &Value::String(pattern.clone()))),
            _ => {}
        }
    }
    limits
}

fn range(least: Option<u64>, most: Option<u64>, one: &str, many: &str) -> Option<String> {
    match (least.filter(|least| *least > 0), most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {}", counted(most, one, many))),
        (Some(least), Some(most)) => Some(format!("{} to {}", grouped(least), counted(most, one, many))),
        (Some(least), None) => Some(format!("at least {}", counted(least, one, many))),
        (None, Some(0)) => Some(format!("no {many}")),
        (None, Some(most)) => Some(format!("up to {}", counted(most, one, many))),
        (None, None) => None,
    }
}

fn number(number: &Number) -> String {
    number.as_u64().map_or_else(|| number.to_string(), grouped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ends_are_one_range() {
        let said = |least, most| range(least, most, "character", "characters").unwrap_or_default();
        assert_eq!(said(Some(1), Some(64)), "1 to 64 characters");
        assert_eq!(said(Some(2), Some(2)), "exactly 2 characters");
        assert_eq!(said(None, Some(1)), "up to 1 character");
        assert_eq!(said(Some(0), None), "");
        assert_eq!(said(Some(1000), None), "at least 1,000 characters");
    }

    #[test]
    fn a_value_is_shown_shortly() {
        assert_eq!(shortly(&serde_json::json!("en")), "en");
        assert_eq!(shortly(&serde_json::json!("")), "\"\"");
        assert_eq!(shortly(&serde_json::json!({"a": 1})), "{\"a\":1}");
        assert!(shortly(&serde_json::json!("x".repeat(500))).chars().count() <= LONGEST_VALUE + 1);
    }
}
