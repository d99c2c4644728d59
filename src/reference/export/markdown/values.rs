//! Values and their limits, in words and code.

use serde_json::Value;

use super::super::super::{
    model::{Constraint, EnumValue, Schema},
    shape,
};
use crate::markdown::text::{code, plain, words};

/// A longer value is told by its beginning.
const LONGEST_VALUE: usize = 100;

/// A longer example is cut: the whole one is in the document.
const LONGEST_EXAMPLE: usize = 12_000;

/// More values are counted.
const MOST_VALUES: usize = 40;

/// What a value may be, beside its kind: each part is Markdown.
pub(super) fn limits(schema: &Schema) -> Vec<String> {
    let behind = shape::behind(schema).filter(|behind| behind != schema);
    let parts: Vec<&Schema> = std::iter::once(schema).chain(&behind).collect();
    let constraints = parts.iter().flat_map(|part| part.constraints());
    let mut limits: Vec<String> = constraints.map(|constraint| in_words(&constraint)).collect();
    let find = |read: fn(&Schema) -> Option<Value>| parts.iter().find_map(|part| read(part));
    limits.extend(find(Schema::constant).map(|constant| format!("always {}", shortly(&constant))));
    let default = find(Schema::default);
    limits.extend(default.as_ref().map(|default| format!("default {}", shortly(default))));
    let has_values = parts.iter().any(|part| !part.enum_values().is_empty());
    let example = find(|part| part.examples().into_iter().next());
    let example = example.filter(|example| !has_values && Some(example) != default.as_ref());
    limits.extend(example.map(|example| format!("example {}", shortly(&example))));
    limits.extend(parts.iter().any(|part| part.is_read_only()).then(|| "read only".to_owned()));
    limits.extend(parts.iter().any(|part| part.is_write_only()).then(|| "write only".to_owned()));
    limits
}

fn in_words(constraint: &Constraint) -> String {
    match constraint {
        Constraint::Pattern(pattern) => format!("matches {}", code(pattern)),
        other => other.to_string(),
    }
}

/// The values of an enumeration, one of which a value is; none for a schema that lists none.
pub(super) fn choices(schema: &Schema) -> Option<String> {
    let values = shape::core(schema)?.enum_values();
    let left_out = values.len().saturating_sub(MOST_VALUES);
    let shown: Vec<String> = values.iter().take(MOST_VALUES).map(choice).collect();
    let more = if left_out > 0 { format!(" and {left_out} more") } else { String::new() };
    (!shown.is_empty()).then(|| format!("One of {}{more}.", shown.join(", ")))
}

fn choice(value: &EnumValue) -> String {
    match value.description.as_deref().or(value.name.as_deref()) {
        Some(meaning) => format!("{} ({})", shortly(&value.value), words(meaning, 100)),
        None => shortly(&value.value),
    }
}

/// A value as code, a long one by its beginning.
pub(super) fn shortly(value: &Value) -> String {
    let written = match value {
        Value::String(text) if !text.is_empty() => text.clone(),
        value => value.to_string(),
    };
    match written.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", code(&written[..end])),
        None => code(&written),
    }
}

/// A value over several lines, with the language of its fence.
pub(super) fn example(value: &Value, is_json: bool) -> String {
    let (language, text) = match value {
        Value::String(text) if !is_json => ("", text.clone()),
        value => ("json", serde_json::to_string_pretty(value).unwrap_or_default()),
    };
    crate::markdown::text::fence(language, &cut(text))
}

fn cut(mut text: String) -> String {
    if text.len() > LONGEST_EXAMPLE {
        let end = text.floor_char_boundary(LONGEST_EXAMPLE);
        text.truncate(text[..end].rfind('\n').unwrap_or(end));
        text.push_str("\n…");
    }
    text
}

/// The type in words.
pub(super) fn kind(schema: &Schema) -> String {
    plain(&shape::kind(schema))
}
