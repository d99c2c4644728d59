//! JavaScript with `fetch`: a module, as Node, Deno and Bun run it.

use serde_json::Value;

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written},
    native::{self, Native},
    paragraphs,
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered: text::in_braces };
const TEMPLATE: Quotes = Quotes { mark: '`', is_special: |it, _| it == '$', numbered: text::in_braces };
const NATIVE: Native = Native { null: "null", yes: "true", no: "false", text: literal, name, step: "  " };

pub(super) fn program(call: &Call<'_>) -> String {
    let key = call.uses_key().then(|| format!("const key = process.env.{};", call.variable));
    paragraphs([imports(call), key.unwrap_or_default(), form(call.parts()), request(call)])
}

fn imports(call: &Call<'_>) -> String {
    let mut lines = Vec::new();
    if call.sends_file() || call.proof.is_certificate {
        lines.push("import { readFile } from \"node:fs/promises\";");
    }
    match (call.proof.is_certificate, call.parts().is_empty()) {
        (true, true) => lines.push("import { Agent, fetch } from \"undici\";"),
        (true, false) => lines.push("import { Agent, fetch, FormData } from \"undici\";"),
        (false, _) => {}
    }
    lines.join("\n")
}

fn form(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let lines = parts.iter().map(|part| {
        let name = literal(&part.name);
        let kind = part.content_type.as_deref().map(|kind| format!(", {{ type: {} }}", literal(kind)));
        let blob = |content: &str| format!("new Blob([{content}]{})", kind.clone().unwrap_or_default());
        let value = match &part.content {
            PartContent::File(file) => {
                format!("{}, {}", blob(&format!("await readFile({})", literal(file))), literal(file))
            }
            PartContent::Text(text) if kind.is_some() => blob(&literal(text)),
            PartContent::Text(text) => literal(text),
        };
        format!("\nform.append({name}, {value});")
    });
    format!("const form = new FormData();{}", lines.collect::<String>())
}

fn request(call: &Call<'_>) -> String {
    let mut options = Vec::new();
    if call.method() != "GET" {
        options.push(format!("method: {}", literal(call.method())));
    }
    let basic = call.proof.is_basic.then(|| "    \"Authorization\": `Basic ${btoa(`${key}:`)}`,\n".to_owned());
    let headers = call.headers.iter().map(|(name, value)| format!("    {}{},\n", self::name(name), header(value)));
    let headers: String = basic.into_iter().chain(headers).collect();
    if !headers.is_empty() {
        options.push(format!("headers: {{\n{headers}  }}"));
    }
    options.extend(body(call.payload()).map(|body| format!("body: {body}")));
    if call.proof.is_certificate {
        let file = format!("await readFile({})", literal(CERTIFICATE));
        options.push(format!("dispatcher: new Agent({{ connect: {{ cert: {file}, key: {file} }} }})"));
    }
    let address = written(&call.address);
    let options: String = options.iter().map(|option| format!("  {option},\n")).collect();
    let fetch = match options.is_empty() {
        true => format!("fetch({address})"),
        false => format!("fetch({address}, {{\n{options}}})"),
    };
    format!("const response = await {fetch};\nconsole.log(response.status, await response.text());")
}

fn body(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        Payload::Json(value) if native::keeps(value) => format!("JSON.stringify({})", NATIVE.literal(value, "  ")),
        Payload::Json(value) => literal(&Value::to_string(value)),
        Payload::Text(text) => text::lines(text, literal, " +\n    "),
        Payload::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("    [{}, {}],\n", literal(name), literal(value)));
            format!("new URLSearchParams([\n{}  ])", pairs.collect::<String>())
        }
        Payload::Multipart(_) => "form".to_owned(),
        Payload::File(name) => format!("await readFile({})", literal(name)),
    })
}

/// What `fetch` takes for a character is a byte.
fn header(value: &Written) -> String {
    let written = written(value);
    if written.is_ascii() { written } else { format!("Buffer.from({written}).toString(\"latin1\")") }
}

fn written(text: &Written) -> String {
    match text.plain() {
        Some(plain) => literal(plain),
        None => format!("`{}`", text.template(|text| TEMPLATE.inside(text), "${key}")),
    }
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}

/// The name of a member; written plainly, this one would be the object's prototype.
fn name(name: &str) -> String {
    if name == "__proto__" { "[\"__proto__\"]: ".to_owned() } else { format!("{}: ", literal(name)) }
}
