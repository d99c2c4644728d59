//! PHP with its curl.

use std::collections::HashSet;

use super::{
    super::{Part, PartContent, Payload, parameter::escaped},
    call::{CERTIFICATE, Call, Written, disposition, type_of},
    paragraphs,
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: |it, _| it == '$', numbered: text::in_braces };

const SEND: &str = "\
$body = curl_exec($curl);
if ($body === false) {
    exit(curl_error($curl) . \"\\n\");
}
echo curl_getinfo($curl, CURLINFO_RESPONSE_CODE), \"\\n\", $body, \"\\n\";";

pub(super) fn program(call: &Call<'_>) -> String {
    let key = call.uses_key().then(|| format!("$key = getenv('{}');", call.variable));
    let parts = if can_be_array(call.parts()) { String::new() } else { by_hand(call.parts()) };
    paragraphs(["<?php".to_owned(), key.unwrap_or_default(), parts, request(call), SEND.to_owned()])
}

fn request(call: &Call<'_>) -> String {
    let mut options = Vec::new();
    match call.method() {
        "GET" => {}
        "HEAD" => options.push("CURLOPT_NOBODY => true".to_owned()),
        method => options.push(format!("CURLOPT_CUSTOMREQUEST => {}", literal(method))),
    }
    if call.proof.is_basic {
        options.push("CURLOPT_USERPWD => $key . ':'".to_owned());
    }
    if call.proof.is_certificate {
        options.push(format!("CURLOPT_SSLCERT => {}", literal(CERTIFICATE)));
    }
    let headers = call.headers.iter().map(|(name, value)| match value.plain() {
        // With a colon, curl would leave the header out.
        Some(plain) if plain.trim().is_empty() => literal(&format!("{name};")),
        _ => written(&value.behind(&format!("{name}: "))),
    });
    let by_hand =
        (!can_be_array(call.parts())).then(|| "\"Content-Type: multipart/form-data; boundary=$boundary\"".to_owned());
    let headers: String = headers.chain(by_hand).map(|header| format!("        {header},\n")).collect();
    if !headers.is_empty() {
        options.push(format!("CURLOPT_HTTPHEADER => [\n{headers}    ]"));
    }
    options.extend(body(call.payload()).map(|body| format!("CURLOPT_POSTFIELDS => {body}")));
    options.push("CURLOPT_RETURNTRANSFER => true".to_owned());
    let options: String = options.iter().map(|option| format!("    {option},\n")).collect();
    format!("$curl = curl_init({});\ncurl_setopt_array($curl, [\n{options}]);", written(&call.address))
}

fn body(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        // No line of JSON starts with this word.
        Payload::Json(value) => {
            format!("<<<'JSON'\n        {}\n        JSON", text::json(value, "        "))
        }
        Payload::Text(text) => text::lines(text, literal, " .\n        "),
        Payload::Form(pairs) if are_unique(pairs.iter().map(|(name, _)| name)) => {
            let pairs = pairs.iter().map(|(name, value)| format!("        {} => {},\n", literal(name), literal(value)));
            format!("http_build_query([\n{}    ])", pairs.collect::<String>())
        }
        Payload::Form(pairs) => {
            let pairs: Vec<_> =
                pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
            literal(&pairs.join("&"))
        }
        Payload::Multipart(parts) if can_be_array(parts) => {
            let parts = parts.iter().map(|part| format!("        {} => {},\n", literal(&part.name), value(part)));
            format!("[\n{}    ]", parts.collect::<String>())
        }
        Payload::Multipart(_) => "$form".to_owned(),
        Payload::File(name) => format!("file_get_contents({})", literal(name)),
    })
}

fn value(part: &Part) -> String {
    let kind = part.content_type.as_ref().map(|kind| format!(", {}", literal(kind)));
    match (&part.content, kind) {
        (PartContent::File(file), kind) => format!("new CURLFile({}{})", literal(file), kind.unwrap_or_default()),
        (PartContent::Text(text), Some(kind)) => {
            format!("new CURLStringFile({}, {}{kind})", literal(text), literal(&part.name))
        }
        (PartContent::Text(text), None) => literal(text),
    }
}

/// Whether an array can hold the parts: it has each name once, and takes a number for a place of its own.
fn can_be_array(parts: &[Part]) -> bool {
    are_unique(parts.iter().map(|part| &part.name))
}

fn are_unique<'n>(names: impl Iterator<Item = &'n String>) -> bool {
    let mut seen = HashSet::new();
    names.into_iter().all(|name| seen.insert(name))
}

/// The parts as bytes.
fn by_hand(parts: &[Part]) -> String {
    let parts = parts.iter().map(|part| {
        let kind = type_of(part).map(|kind| format!("\r\nContent-Type: {kind}")).unwrap_or_default();
        let head = literal(&format!("Content-Disposition: {}{kind}", disposition(part)));
        let content = match &part.content {
            PartContent::File(file) => format!("file_get_contents({})", literal(file)),
            PartContent::Text(text) => literal(text),
        };
        format!("    [{head}, {content}],\n")
    });
    let parts: String = parts.collect();
    format!(
        "$boundary = bin2hex(random_bytes(16));\n$form = '';\nforeach ([\n{parts}] as [$head, $content]) {{\n    \
         $form .= \"--$boundary\\r\\n$head\\r\\n\\r\\n$content\\r\\n\";\n}}\n$form .= \"--$boundary--\\r\\n\";"
    )
}

fn written(text: &Written) -> String {
    text.joined(literal, "$key", " . ")
}

/// In single quotes, but for what is not to be seen in them.
pub(super) fn literal(text: &str) -> String {
    match text.contains(text::is_unseen) {
        true => QUOTES.literal(text),
        false => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
    }
}
