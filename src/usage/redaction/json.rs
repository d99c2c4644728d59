//! Members of JSON, in whatever is like JSON.

use std::borrow::Cow;

use super::{Extent, REDACTED, is_secret, keys};

/// The text with the values of secret members replaced, and keys that hide behind escapes.
pub(super) fn members(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        out.push_str(&rest[..at]);
        let (literal, after) = rest[at..].split_at(literal_length(&rest[at..]));
        let plain = unescaped(literal);
        out.push_str(&without_key(literal, &plain));
        rest = after;
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(value) = value.filter(|_| is_secret(&plain)) {
            out.push_str(&after[..after.len() - value.len()]);
            let length = value_length(value);
            if length > 0 {
                out.push_str(&format!("\"{REDACTED}\""));
            }
            rest = &value[length..];
        }
    }
    out.push_str(rest);
    out
}

/// The length of the string that a text starts with, to its quote or to the end.
fn literal_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn unescaped(literal: &str) -> Cow<'_, str> {
    let inner = literal.trim_start_matches('"').trim_end_matches('"');
    match inner.contains('\\').then(|| serde_json::from_str::<String>(literal)) {
        Some(Ok(plain)) => plain.into(),
        _ => inner.into(),
    }
}

/// A string is written as it was, unless its escapes hide a key.
fn without_key<'a>(literal: &'a str, plain: &str) -> Cow<'a, str> {
    if !literal.contains('\\') {
        return literal.into();
    }
    let clean = keys(plain, Extent::Whole);
    match clean == plain {
        true => literal.into(),
        false => serde_json::to_string(&clean).unwrap_or_else(|_| format!("\"{REDACTED}\"")).into(),
    }
}

/// The length of the value that a text starts with: all of an object or a list, as far as it goes.
fn value_length(text: &str) -> usize {
    match text.as_bytes().first() {
        Some(b'"') => literal_length(text),
        Some(b'{' | b'[') => nested_length(text),
        _ => text.find([',', '}', ']', '\n', '\r']).map_or(text.len(), |end| text[..end].trim_end().len()),
    }
}

fn nested_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b'"' => {
                at += literal_length(&text[at..]);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}
