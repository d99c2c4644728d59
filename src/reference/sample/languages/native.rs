//! JSON as a literal of a language that nearly speaks it.

use serde_json::Value;

/// Interpreters refuse brackets that are nested deeper than this, or nearly.
const DEEPEST: usize = 40;

/// The largest whole number that every interpreter keeps as it is.
const LARGEST: u64 = 1 << 53;

/// How a language writes values.
pub(super) struct Native {
    pub null: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub text: fn(&str) -> String,
    /// The name of a member and what stands between it and the value.
    pub name: fn(&str) -> String,
    /// How far members stand in.
    pub step: &'static str,
}

impl Native {
    /// The value, its first line without the margin.
    pub fn literal(&self, value: &Value, margin: &str) -> String {
        let inner = format!("{margin}{}", self.step);
        match value {
            Value::Null => self.null.to_owned(),
            Value::Bool(true) => self.yes.to_owned(),
            Value::Bool(false) => self.no.to_owned(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => (self.text)(text),
            Value::Array(items) if items.is_empty() => "[]".to_owned(),
            Value::Object(members) if members.is_empty() => "{}".to_owned(),
            Value::Array(items) => {
                let lines = items.iter().map(|item| format!("{inner}{},\n", self.literal(item, &inner)));
                format!("[\n{}{margin}]", lines.collect::<String>())
            }
            Value::Object(members) => {
                let line = |(name, value): (&String, &Value)| {
                    format!("{inner}{}{},\n", (self.name)(name), self.literal(value, &inner))
                };
                format!("{{\n{}{margin}}}", members.iter().map(line).collect::<String>())
            }
        }
    }
}

/// Whether a literal is the same value everywhere.
pub(super) fn keeps(value: &Value) -> bool {
    keeps_within(value, DEEPEST)
}

fn keeps_within(value: &Value, depth: usize) -> bool {
    match value {
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(whole), _) => whole <= LARGEST,
            (_, Some(negative)) => negative.unsigned_abs() <= LARGEST,
            _ => true,
        },
        Value::Array(items) => depth > 0 && items.iter().all(|item| keeps_within(item, depth - 1)),
        Value::Object(members) => depth > 0 && members.values().all(|value| keeps_within(value, depth - 1)),
        _ => true,
    }
}
