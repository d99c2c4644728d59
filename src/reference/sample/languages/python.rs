//! Python with requests.

use serde_json::Value;

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written},
    native::{self, Native},
    paragraphs,
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered: text::in_digits };
const NATIVE: Native = Native { null: "None", yes: "True", no: "False", text: literal, name, step: "    " };

/// Methods that have a function of their own.
const FUNCTIONS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

pub(super) fn program(call: &Call<'_>) -> String {
    let os = if call.uses_key() { "import os\n\n" } else { "" };
    let key = call.uses_key().then(|| format!("key = os.environ[\"{}\"]", call.variable));
    paragraphs([format!("{os}import requests"), key.unwrap_or_default(), request(call)])
}

fn request(call: &Call<'_>) -> String {
    let address = written(&call.address);
    let (function, mut arguments) = match FUNCTIONS.contains(&call.method()) {
        true => (call.method().to_ascii_lowercase(), vec![address]),
        false => ("request".to_owned(), vec![literal(call.method()), address]),
    };
    let body = body(call.payload());
    let is_said = body.as_deref().is_some_and(|body| body.starts_with("json="));
    let headers = call.headers.iter().filter(|(name, value)| {
        !(is_said && name.eq_ignore_ascii_case("content-type") && value.plain() == Some("application/json"))
    });
    let headers: String =
        headers.map(|(name, value)| format!("        {}{},\n", self::name(name), header(value))).collect();
    if !headers.is_empty() {
        arguments.push(format!("headers={{\n{headers}    }}"));
    }
    if call.proof.is_basic {
        arguments.push("auth=(key, \"\")".to_owned());
    }
    if call.proof.is_certificate {
        arguments.push(format!("cert={}", literal(CERTIFICATE)));
    }
    arguments.extend(body);
    arguments.push("timeout=30".to_owned());
    let arguments: String = arguments.iter().map(|argument| format!("    {argument},\n")).collect();
    format!("response = requests.{function}(\n{arguments})\nprint(response.status_code, response.text)")
}

fn body(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        // Where it is None, requests sends nothing.
        Payload::Json(value) if native::keeps(value) && !value.is_null() => {
            format!("json={}", NATIVE.literal(value, "    "))
        }
        Payload::Json(value) => format!("data={}.encode()", literal(&Value::to_string(value))),
        Payload::Text(text) => match text::lines(text, literal, "\n        ") {
            one if !one.contains('\n') => format!("data={one}.encode()"),
            several => format!("data=(\n        {several}\n    ).encode()"),
        },
        Payload::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("        ({}, {}),\n", literal(name), literal(value)));
            format!("data=[\n{}    ]", pairs.collect::<String>())
        }
        Payload::Multipart(parts) => {
            let parts = parts.iter().map(|part| format!("        {},\n", self::part(part)));
            format!("files=[\n{}    ]", parts.collect::<String>())
        }
        Payload::File(name) => format!("data=open({}, \"rb\")", literal(name)),
    })
}

fn part(part: &Part) -> String {
    let kind = part.content_type.as_deref().map(|kind| format!(", {}", literal(kind))).unwrap_or_default();
    let (file, content) = match &part.content {
        PartContent::File(file) => (literal(file), format!("open({}, \"rb\")", literal(file))),
        PartContent::Text(text) => ("None".to_owned(), literal(text)),
    };
    format!("({}, ({file}, {content}{kind}))", literal(&part.name))
}

/// Text that is not ASCII has to be bytes in a header.
fn header(value: &Written) -> String {
    let written = written(value);
    if written.is_ascii() { written } else { format!("{written}.encode()") }
}

fn written(text: &Written) -> String {
    match text.plain() {
        Some(plain) => literal(plain),
        None => {
            let inside = |text: &str| QUOTES.inside(text).replace('{', "{{").replace('}', "}}");
            format!("f\"{}\"", text.template(inside, "{key}"))
        }
    }
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}

fn name(name: &str) -> String {
    format!("{}: ", literal(name))
}
