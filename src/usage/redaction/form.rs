//! Pairs of names and values: queries, forms, and forms in parts.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Extent, REDACTED, is_secret, keys};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A query or a form without the values of secrets.
pub(in crate::usage) fn query(text: &str, extent: Extent) -> String {
    let pairs: Vec<String> = text.split('&').map(|text| pair(text, extent)).collect();
    pairs.join("&")
}

fn pair(text: &str, extent: Extent) -> String {
    let Some((name, content)) = text.split_once('=') else { return value(text, extent) };
    match is_secret(&decoded(name)) {
        true => format!("{}={REDACTED}", value(name, extent)),
        false => format!("{}={}", value(name, extent), value(content, extent)),
    }
}

/// A value without a key in it, whether it is escaped or not.
pub(super) fn value(text: &str, extent: Extent) -> String {
    let plain = decoded(text);
    let clean = keys(&plain, extent);
    match clean == plain {
        true => text.to_owned(),
        false => utf8_percent_encode(&clean, UNRESERVED).to_string(),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `multipart/form-data` without the parts that are secrets: a part ends where the next boundary begins, or the text.
pub(super) fn parts(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("name=\"") {
        let after = &rest[at + "name=\"".len()..];
        let name = &after[..after.find('"').unwrap_or(after.len())];
        let (head, content) = match after.find("\r\n\r\n") {
            Some(end) => rest.split_at(rest.len() - after.len() + end + "\r\n\r\n".len()),
            None => (rest, ""),
        };
        out.push_str(head);
        let end = content.find("\r\n--").unwrap_or(content.len());
        out.push_str(if is_secret(name) && end > 0 { REDACTED } else { &content[..end] });
        rest = &content[end..];
    }
    out.push_str(rest);
    out
}
