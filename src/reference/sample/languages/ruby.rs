//! Ruby with Net::HTTP.

use serde_json::Value;

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written, type_of},
    native::{self, Native},
    paragraphs,
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: opens_hole, numbered: text::in_braces };
const NATIVE: Native = Native { null: "nil", yes: "true", no: "false", text: literal, name, step: "  " };

/// Methods that have a class of their own.
const CLASSES: [(&str, &str); 7] = [
    ("GET", "Get"),
    ("POST", "Post"),
    ("PUT", "Put"),
    ("PATCH", "Patch"),
    ("DELETE", "Delete"),
    ("HEAD", "Head"),
    ("OPTIONS", "Options"),
];

pub(super) fn program(call: &Call<'_>) -> String {
    let json = if matches!(call.payload(), Payload::Json(_)) { "require \"json\"\n" } else { "" };
    let key = call.uses_key().then(|| format!("key = ENV.fetch(\"{}\")", call.variable));
    let required = format!("{json}require \"net/http\"");
    paragraphs([required, key.unwrap_or_default(), request(call), response(call)])
}

fn request(call: &Call<'_>) -> String {
    let mut lines = vec![format!("uri = URI({})", written(&call.address))];
    let class = CLASSES.iter().find(|(method, _)| *method == call.method());
    lines.push(match class {
        Some((_, class)) => format!("request = Net::HTTP::{class}.new(uri)"),
        None => format!("request = Net::HTTPGenericRequest.new({}, true, true, uri)", literal(call.method())),
    });
    if call.proof.is_basic {
        lines.push("request.basic_auth(key, \"\")".to_owned());
    }
    let headers = call.headers.iter();
    lines.extend(headers.map(|(name, value)| format!("request[{}] = {}", literal(name), written(value))));
    lines.extend(body(call.payload()));
    lines.join("\n")
}

fn response(call: &Call<'_>) -> String {
    let mut options = Vec::new();
    if call.request.base_url.starts_with("https:") {
        options.push("use_ssl: true".to_owned());
    }
    let mut before = String::new();
    if call.proof.is_certificate {
        before = format!("pem = File.read({})\n", literal(CERTIFICATE));
        options.push("cert: OpenSSL::X509::Certificate.new(pem)".to_owned());
        options.push("key: OpenSSL::PKey.read(pem)".to_owned());
    }
    let options: String = options.iter().map(|option| format!(", {option}")).collect();
    format!(
        "{before}response = Net::HTTP.start(uri.hostname, uri.port{options}) {{ |http| http.request(request) }}\n\
         puts response.code, response.body"
    )
}

fn body(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        Payload::Json(value) if native::keeps(value) => format!("request.body = {}.to_json", NATIVE.literal(value, "")),
        Payload::Json(value) => format!("request.body = {}", literal(&Value::to_string(value))),
        Payload::Text(text) => format!("request.body = {}", text::lines(text, literal, " \\\n  ")),
        Payload::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("  [{}, {}],\n", literal(name), literal(value)));
            format!("request.set_form_data([\n{}])", pairs.collect::<String>())
        }
        Payload::Multipart(parts) => {
            let parts: String = parts.iter().map(part).collect();
            format!("request.set_form([\n{parts}], \"multipart/form-data\")")
        }
        Payload::File(name) => format!("request.body = File.binread({})", literal(name)),
    })
}

fn part(part: &Part) -> String {
    let name = literal(&part.name);
    let kind = type_of(part).map(|kind| literal(&kind)).unwrap_or_default();
    match &part.content {
        PartContent::File(file) => {
            let file = literal(file);
            format!("  [{name}, File.open({file}), {{ filename: {file}, content_type: {kind} }}],\n")
        }
        // Net::HTTP gives a content type to files only.
        PartContent::Text(text) if part.content_type.is_some() => {
            format!("  [{name}, {}, {{ filename: {name}, content_type: {kind} }}],\n", literal(text))
        }
        PartContent::Text(text) => format!("  [{name}, {}],\n", literal(text)),
    }
}

fn written(text: &Written) -> String {
    format!("\"{}\"", text.template(|text| QUOTES.inside(text), "#{key}"))
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}

fn name(name: &str) -> String {
    format!("{} => ", literal(name))
}

/// `#{`, `#$` and `#@` are code in a text. A text may also end before such a character.
fn opens_hole(character: char, next: Option<char>) -> bool {
    character == '#' && matches!(next, Some('{' | '$' | '@') | None)
}
