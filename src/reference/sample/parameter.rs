//! Writes parameters into path, query and headers, by their style.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::super::model::{Operation, Parameter, Place, Style};

/// Everything but RFC 3986's unreserved characters.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// For `allowReserved`: what is reserved stays, but for what ends a value or means something to `curl`.
const BARELY: &AsciiSet =
    &RESERVED.remove(b':').remove(b'/').remove(b'?').remove(b'@').remove(b',').remove(b';').remove(b'=');

/// The operation's path with values in place of its parameters.
pub(super) fn filled_path(operation: &Operation, value_of: impl Fn(&Parameter) -> Value) -> String {
    let mut filled = String::new();
    let mut rest = operation.path.as_str();
    while let Some((before, opened)) = rest.split_once('{') {
        let Some((name, after)) = opened.split_once('}') else {
            break;
        };
        filled.push_str(&escaped_path(before));
        let declared = operation.parameters_in(Place::Path).find(|parameter| parameter.name == name);
        filled.push_str(&match declared {
            Some(parameter) => path_value(parameter, &value_of(parameter)),
            None => escaped(name),
        });
        rest = after;
    }
    filled.push_str(&escaped_path(rest));
    if filled.starts_with('/') { filled } else { format!("/{filled}") }
}

/// The names and values of a query parameter or cookie; a list or an object may have several.
pub(super) fn query(parameter: &Parameter, value: &Value) -> Vec<(String, String)> {
    let name = escaped(&parameter.name);
    let write = |value: &Value| escaped_by(parameter, &plain(value));
    if parameter.content.is_some() {
        return vec![(name, escaped(&json_text(value)))];
    }
    match value {
        Value::Array(items) if parameter.explode => items.iter().map(|item| (name.clone(), write(item))).collect(),
        Value::Array(items) => {
            let written: Vec<_> = items.iter().map(write).collect();
            vec![(name, written.join(separator(parameter.style)))]
        }
        Value::Object(members) if parameter.style == Style::DeepObject => {
            members.iter().map(|(key, value)| (format!("{name}%5B{}%5D", escaped(key)), write(value))).collect()
        }
        Value::Object(members) if parameter.explode => {
            members.iter().map(|(key, value)| (escaped(key), write(value))).collect()
        }
        Value::Object(members) => {
            let written: Vec<_> = members.iter().flat_map(|(key, value)| [escaped(key), write(value)]).collect();
            vec![(name, written.join(separator(parameter.style)))]
        }
        scalar => vec![(name, write(scalar))],
    }
}

/// A query that is described as one value.
pub(super) fn whole_query(value: &Value) -> Vec<(String, String)> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, value)| (escaped(name), escaped(&plain(value)))).collect()
}

/// A header's value; headers are not escaped.
pub(super) fn header(parameter: &Parameter, value: &Value) -> String {
    if parameter.content.is_some() {
        return json_text(value);
    }
    match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let mark = if parameter.explode { "=" } else { "," };
            let pairs: Vec<_> = members.iter().map(|(key, value)| format!("{key}{mark}{}", plain(value))).collect();
            pairs.join(",")
        }
        scalar => plain(scalar),
    }
}

/// A scalar as text; what is no scalar as JSON.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => json_text(other),
    }
}

/// A text in a URL.
pub(super) fn escaped(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

pub(super) fn path_value(parameter: &Parameter, value: &Value) -> String {
    let name = escaped(&parameter.name);
    let write = |value: &Value| escaped(&plain(value));
    let (prefix, separator) = match (parameter.style, parameter.explode) {
        (Style::Label, true) => (".".to_owned(), "."),
        (Style::Label, false) => (".".to_owned(), ","),
        (Style::Matrix, true) => (";".to_owned(), ";"),
        (Style::Matrix, false) => (format!(";{name}="), ","),
        _ => (String::new(), ","),
    };
    let repeated = parameter.style == Style::Matrix && parameter.explode;
    let written = match value {
        Value::Array(items) if repeated => items.iter().map(|item| format!("{name}={}", write(item))).collect(),
        Value::Array(items) => items.iter().map(write).collect(),
        Value::Object(members) if parameter.explode => {
            members.iter().map(|(key, value)| format!("{}={}", escaped(key), write(value))).collect()
        }
        Value::Object(members) => members.iter().flat_map(|(key, value)| [escaped(key), write(value)]).collect(),
        scalar if repeated => vec![format!("{name}={}", write(scalar))],
        scalar => vec![write(scalar)],
    };
    let written = written.join(separator);
    // An empty value would be another path.
    if written.is_empty() { format!("{prefix}{name}") } else { format!("{prefix}{written}") }
}

/// The fixed part of a path: only what no URL may have is escaped.
fn escaped_path(text: &str) -> String {
    const KEPT: &AsciiSet =
        &BARELY.remove(b'%').remove(b'+').remove(b'&').remove(b'#').remove(b'*').remove(b'(').remove(b')');
    utf8_percent_encode(text, KEPT).to_string()
}

fn escaped_by(parameter: &Parameter, text: &str) -> String {
    let set = if parameter.allow_reserved { BARELY } else { RESERVED };
    utf8_percent_encode(text, set).to_string()
}

fn separator(style: Style) -> &'static str {
    match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    }
}

fn json_text(value: &Value) -> String {
    value.to_string()
}
