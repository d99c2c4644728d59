//! Secrets leave a call before it is written down: keys of ours by their form wherever they are, and whatever is named
//! like a secret in headers, queries, forms and JSON.
//!
//! Texts are scanned, not parsed: a body that was cut or is no JSON at all is redacted like any other.

mod form;
mod json;
mod name;
#[cfg(test)]
mod tests;

use axum::http::{HeaderMap, HeaderName, header};

pub(super) use form::query;
use name::is_secret;

/// What stands where a secret was.
pub(super) const REDACTED: &str = "[redacted]";

/// The form of a key's secret part: 30 characters and a checksum of 6.
const SECRET_LENGTH: usize = 36;

/// Headers that are secrets as a whole.
const SECRET_HEADERS: [HeaderName; 5] = [
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
    header::SET_COOKIE,
    HeaderName::from_static("x-api-key"),
];

/// Whether a text is all there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    /// Its end was not kept: what looks like the beginning of a key there is one.
    Cut,
}

/// Headers without credentials, as names and values.
pub(super) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (name.to_string(), header_value(name, value.as_bytes()))).collect()
}

fn header_value(name: &HeaderName, value: &[u8]) -> String {
    if SECRET_HEADERS.contains(name) || is_secret(name.as_str()) {
        return REDACTED.to_owned();
    }
    let value = String::from_utf8_lossy(value);
    match value.split_once('?') {
        // An address with a query: where somebody came from, or is sent to.
        Some((path, rest)) => format!("{}?{}", keys(path, Extent::Whole), query(rest, Extent::Whole)),
        None => keys(&value, Extent::Whole),
    }
}

/// A path without keys.
pub(super) fn path(path: &str) -> String {
    let segments: Vec<String> = path.split('/').map(|segment| form::value(segment, Extent::Whole)).collect();
    segments.join("/")
}

/// A body without secrets, by what its content type says it is.
pub(super) fn body(content_type: &str, text: &str, extent: Extent) -> String {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => keys(&query(text, extent), extent),
        "multipart/form-data" => keys(&form::parts(text), extent),
        _ if essence.contains("json") || text.trim_start().starts_with(['{', '[', '"']) => {
            keys(&json::members(text), extent)
        }
        _ => keys(text, extent),
    }
}

/// A text without anything that has the form of a key or token: `vst_sandbox_…Lq17` stays of one. Whether the checksum
/// is right does not matter: a mistyped key is almost one.
pub(super) fn keys(text: &str, extent: Extent) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'_') {
        let start = at + found + 1;
        at = start;
        if !names_a_key(&bytes[..start]) {
            continue;
        }
        let end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let is_cut_off = extent == Extent::Cut && end == bytes.len() && end > start;
        // Kinds such as `sandbox` are no secret parts, and neither is what merely continues after an underscore.
        if end - start < SECRET_LENGTH && !is_cut_off {
            continue;
        }
        out.push_str(&text[copied..start]);
        out.push('…');
        if !is_cut_off {
            out.push_str(&text[end - 4..end]);
        }
        (copied, at) = (end, end);
    }
    out.push_str(&text[copied..]);
    out
}

/// Whether what stands before a secret part ends in `{prefix}_{kind}_`.
fn names_a_key(before: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"_") else { return false };
    let kind = before.iter().rev().take_while(|byte| byte.is_ascii_lowercase()).count();
    let Some(before) = before[..before.len() - kind].strip_suffix(b"_").filter(|_| kind > 0) else { return false };
    let is_prefix = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    before.len() >= 2 && before[before.len() - 2..].iter().all(is_prefix)
}
