//! A value changed in one place: most of what comes of it does not fit the schema any more.

use serde_json::{Value, json};

/// Changes of one value; more places tell nothing new.
const MOST: usize = 6;

/// How a place is changed.
type Change = fn(&mut Value);

/// Each makes something else of a value, or leaves it alone.
const CHANGES: [Change; 8] = [
    |value| *value = Value::Null,
    |value| *value = if value.is_string() { json!(7) } else { json!("other") },
    |value| *value = if value.is_object() { json!([]) } else { json!({}) },
    |value| match value {
        Value::Object(members) => drop(members.keys().next().cloned().and_then(|name| members.shift_remove(&name))),
        Value::Array(items) => drop(items.pop()),
        Value::String(text) => drop(text.pop()),
        Value::Number(number) => *value = json!(number.as_f64().unwrap_or_default() + 0.5),
        Value::Bool(_) | Value::Null => {}
    },
    |value| match value {
        Value::Object(members) => {
            drop(members.keys().next_back().cloned().and_then(|name| members.shift_remove(&name)))
        }
        Value::Array(items) => items.extend(items.first().cloned()),
        Value::String(text) => *text = text.repeat(40),
        Value::Number(_) => *value = json!(1_000_000_000_000_i64),
        Value::Bool(_) | Value::Null => {}
    },
    |value| match value {
        Value::Object(members) => drop(members.insert("x_unknown".to_owned(), json!(true))),
        Value::Array(items) => items.push(json!({"x_unknown": []})),
        Value::String(text) => text.clear(),
        Value::Number(_) => *value = json!(-1),
        Value::Bool(_) | Value::Null => {}
    },
    |value| {
        if let Value::Object(members) = value {
            members.clear();
        }
    },
    |value| {
        if let Value::String(text) = value {
            *text = format!("~{text}~");
        }
    },
];

/// The same value, changed in one place each time; the seed says where and how.
pub(super) fn of(value: &Value, seed: u64) -> Vec<Value> {
    let places = places(value);
    let mut made: Vec<Value> = Vec::new();
    let mut random = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let first = next(CHANGES.len());
    for change in CHANGES[first..].iter().chain(&CHANGES[..first]) {
        let mut changed = value.clone();
        // The root is changed as often as all that is inside.
        let place = if next(4) == 0 { 0 } else { next(places.len()) };
        if let Some(place) = changed.pointer_mut(&places[place]) {
            change(place);
        }
        if changed != *value && !made.contains(&changed) {
            made.push(changed);
        }
    }
    made.truncate(MOST);
    made
}

/// The pointers of a value and all inside of it.
fn places(value: &Value) -> Vec<String> {
    let mut found = vec![(String::new(), value)];
    let mut at = 0;
    while at < found.len() {
        let (pointer, value) = found[at].clone();
        match value {
            Value::Object(members) => found.extend(
                members
                    .iter()
                    .map(|(name, it)| (format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), it)),
            ),
            Value::Array(items) => {
                found.extend(items.iter().enumerate().map(|(index, it)| (format!("{pointer}/{index}"), it)));
            }
            _ => {}
        }
        at += 1;
    }
    found.into_iter().map(|(pointer, _)| pointer).collect()
}
