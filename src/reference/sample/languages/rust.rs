//! Rust with reqwest.

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written},
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered: text::in_braces };

/// Methods that have a function of their own.
const FUNCTIONS: [&str; 6] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

pub(super) fn program(call: &Call<'_>) -> String {
    let mut features = vec!["blocking"];
    match call.payload() {
        Payload::Form(_) => features.push("form"),
        Payload::Multipart(_) => features.push("multipart"),
        _ => {}
    }
    let key = call.uses_key().then(|| format!("    let key = std::env::var(\"{}\")?;\n", call.variable));
    format!(
        "// cargo add reqwest --features {}\nfn main() -> Result<(), Box<dyn std::error::Error>> {{\n{}{}{}    \
         println!(\"{{}}\\n{{}}\", response.status(), response.text()?);\n    Ok(())\n}}",
        features.join(","),
        key.unwrap_or_default(),
        form(call.parts()),
        request(call),
    )
}

fn request(call: &Call<'_>) -> String {
    let address = format(&call.address);
    let mut steps = vec![match FUNCTIONS.contains(&call.method()) {
        true => format!("{}({address})", call.method().to_ascii_lowercase()),
        false => format!("request({}.parse()?, {address})", literal(call.method())),
    }];
    if call.proof.is_basic {
        steps.push("basic_auth(&key, Some(\"\"))".to_owned());
    }
    let is_bearer = call.headers.first().filter(|(name, value)| name == "Authorization" && is_bearer(value));
    if is_bearer.is_some() {
        steps.push("bearer_auth(&key)".to_owned());
    }
    let headers = call.headers.iter().skip(usize::from(is_bearer.is_some()));
    steps.extend(headers.map(|(name, value)| format!("header({}, {})", literal(name), format(value))));
    steps.extend(body(call.payload()));
    steps.push("send()?;\n".to_owned());
    let steps: String = steps.iter().map(|step| format!("\n        .{step}")).collect();
    if !call.proof.is_certificate {
        return format!("    let response = reqwest::blocking::Client::new(){steps}");
    }
    let file = literal(CERTIFICATE);
    format!(
        "    let identity = reqwest::Identity::from_pem(&std::fs::read({file})?)?;\n    \
         let client = reqwest::blocking::Client::builder().identity(identity).build()?;\n    \
         let response = client{steps}"
    )
}

fn body(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        Payload::Json(value) => {
            let json = text::json(value, "        ");
            let hashes = "#".repeat(longest_end(&json) + 1);
            format!("body(r{hashes}\"{json}\"{hashes})")
        }
        Payload::Text(text) => match text::lines(text, literal, ",\n            ") {
            one if !one.contains('\n') => format!("body({one})"),
            several => format!("body(concat!(\n            {several}\n        ))"),
        },
        Payload::Form(pairs) => {
            let pairs =
                pairs.iter().map(|(name, value)| format!("            ({}, {}),\n", literal(name), literal(value)));
            format!("form(&[\n{}        ])", pairs.collect::<String>())
        }
        Payload::Multipart(_) => "multipart(form)".to_owned(),
        Payload::File(name) => format!("body(std::fs::File::open({})?)", literal(name)),
    })
}

/// As many hashes as follow a quote somewhere in the text.
fn longest_end(text: &str) -> usize {
    let ends = text.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len());
    ends.max().unwrap_or(0)
}

fn form(parts: &[Part]) -> String {
    if parts.is_empty() {
        return String::new();
    }
    let lines = parts.iter().map(|part| {
        let name = literal(&part.name);
        let kind = part.content_type.as_deref().map(|kind| format!(".mime_str({})?", literal(kind)));
        match (&part.content, kind) {
            (PartContent::File(file), None) => format!("\n        .file({name}, {})?", literal(file)),
            (PartContent::Text(text), None) => format!("\n        .text({name}, {})", literal(text)),
            (PartContent::File(file), Some(kind)) => {
                format!("\n        .part({name}, reqwest::blocking::multipart::Part::file({})?{kind})", literal(file))
            }
            (PartContent::Text(text), Some(kind)) => {
                format!("\n        .part({name}, reqwest::blocking::multipart::Part::text({}){kind})", literal(text))
            }
        }
    });
    format!("    let form = reqwest::blocking::multipart::Form::new(){};\n", lines.collect::<String>())
}

fn is_bearer(value: &Written) -> bool {
    value.plain().is_none() && value.template(str::to_owned, "") == "Bearer "
}

fn format(text: &Written) -> String {
    match text.plain() {
        Some(plain) => literal(plain),
        None => {
            let inside = |text: &str| braces(&QUOTES, text);
            format!("format!(\"{}\")", text.template(inside, "{key}"))
        }
    }
}

/// The inside of a literal for `format!`, in which braces are holes; those of a number are not.
fn braces(quotes: &Quotes, text: &str) -> String {
    let pieces = text.split_inclusive(['{', '}']).map(|piece| {
        let (before, brace) = match piece.strip_suffix(['{', '}']) {
            Some(before) => (before, &piece[before.len()..]),
            None => (piece, ""),
        };
        format!("{}{brace}{brace}", quotes.inside(before))
    });
    pieces.collect()
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}
