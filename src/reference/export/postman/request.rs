//! One request: its address with variables, its query and headers with those that may be left out switched off, its body.

use serde_json::{Value, json};

use super::{
    super::super::{
        model::{Operation, Parameter, Place as At},
        pages::Place,
        sample::{self, Part, PartContent, Payload, Request, is_idempotency_key},
    },
    BASE_URL,
    auth::Access,
};
use crate::markdown::text::words;

/// Headers that are said elsewhere in a request.
const SAID_ELSEWHERE: [&str; 4] = ["accept", "content-type", "authorization", "cookie"];

/// A new value for each call; Postman makes it.
const NEW_VALUE: &str = "{{$guid}}";

const LONGEST_DESCRIPTION: usize = 600;

/// A request but for what a saved answer leaves out of it.
pub(super) struct Sent {
    method: String,
    headers: Vec<Pair>,
    segments: Vec<String>,
    query: Vec<Pair>,
    variables: Vec<Pair>,
    body: Option<Value>,
}

/// A name with a value, of which there may be one or more.
struct Pair {
    name: String,
    value: String,
    description: String,
    is_off: bool,
}

impl Pair {
    fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into(), description: String::new(), is_off: false }
    }

    fn of(parameter: &Parameter, (name, value): (String, String)) -> Self {
        let description =
            parameter.description.as_deref().map(|text| words(text, LONGEST_DESCRIPTION)).unwrap_or_default();
        let is_off = !parameter.required && !is_idempotency_key(parameter);
        Self { name, value, description, is_off }
    }

    fn to_json(&self) -> Value {
        let mut pair = json!({"key": self.name, "value": self.value});
        if !self.description.is_empty() {
            pair["description"] = super::markdown(&self.description);
        }
        if self.is_off {
            pair["disabled"] = Value::Bool(true);
        }
        pair
    }
}

pub(super) fn of(place: &Place, operation: &Operation, access: &Access) -> Sent {
    let request = Request::to(place.document(), operation, "");
    let (segments, variables) = path(operation);
    let mut query: Vec<Pair> = Vec::new();
    for parameter in operation.parameters.iter().filter(|it| matches!(it.place, At::Query | At::QueryString)) {
        let pairs = sample::written(parameter).into_iter().map(|(name, value)| (readable(&name), readable(&value)));
        query.extend(pairs.map(|pair| Pair::of(parameter, pair)));
    }
    query.extend(access.query.iter().map(|(name, value)| Pair::new(name, value)));
    Sent {
        method: operation.method.as_str().to_owned(),
        headers: headers(operation, &request, access),
        segments,
        query,
        variables,
        body: body(&request),
    }
}

/// The segments of the path after the base address, and a variable for each parameter that is a segment of its own.
fn path(operation: &Operation) -> (Vec<String>, Vec<Pair>) {
    let mut variables: Vec<Pair> = Vec::new();
    let mut segments = Vec::new();
    for segment in operation.path.trim_start_matches('/').split('/') {
        let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let parameter = name.and_then(|name| operation.parameters_in(At::Path).find(|it| it.name == name));
        match parameter.filter(|parameter| is_name_of_variable(&parameter.name)) {
            Some(parameter) => {
                segments.push(format!(":{}", parameter.name));
                if !variables.iter().any(|known| known.name == parameter.name) {
                    variables.extend(sample::written(parameter).into_iter().map(|(_, value)| Pair {
                        is_off: false,
                        ..Pair::of(parameter, (parameter.name.clone(), value))
                    }));
                }
            }
            None => segments.push(filled(operation, segment)),
        }
    }
    (segments, variables)
}

fn is_name_of_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))
}

/// A segment that is more than a parameter, with example values in it. A colon in front would make it a variable.
fn filled(operation: &Operation, segment: &str) -> String {
    let mut filled = String::new();
    let mut rest = segment;
    while let Some((before, opened)) = rest.split_once('{') {
        let Some((name, after)) = opened.split_once('}') else { break };
        filled.push_str(before);
        let parameter = operation.parameters_in(At::Path).find(|parameter| parameter.name == name);
        let value = parameter.and_then(|parameter| sample::written(parameter).pop());
        filled.push_str(&value.map_or_else(|| name.to_owned(), |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    match filled.strip_prefix(':') {
        Some(rest) => format!("%3A{rest}"),
        None => filled,
    }
}

fn headers(operation: &Operation, request: &Request, access: &Access) -> Vec<Pair> {
    let mut headers: Vec<Pair> = Vec::new();
    let answer = operation.success().and_then(|response| response.preferred());
    headers.extend(answer.map(|media_type| Pair::new("Accept", media_type.name.clone())));
    headers.extend(request.header("Content-Type").map(|value| Pair::new("Content-Type", value)));
    for parameter in operation.parameters_in(At::Header) {
        if SAID_ELSEWHERE.contains(&parameter.name.to_ascii_lowercase().as_str()) || access.sends(&parameter.name) {
            continue;
        }
        let mut pairs: Vec<Pair> =
            sample::written(parameter).into_iter().map(|pair| Pair::of(parameter, pair)).collect();
        if is_idempotency_key(parameter) {
            pairs.iter_mut().for_each(|pair| NEW_VALUE.clone_into(&mut pair.value));
        }
        headers.extend(pairs);
    }
    let cookies: Vec<String> = request.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    headers.extend((!cookies.is_empty()).then(|| Pair::new("Cookie", cookies.join("; "))));
    headers.extend(access.headers.iter().map(|(name, value)| Pair::new(name, value)));
    headers
}

fn body(request: &Request) -> Option<Value> {
    let raw =
        |text: String, language: &str| json!({"mode": "raw", "raw": text, "options": {"raw": {"language": language}}});
    Some(match &request.payload {
        Payload::Nothing => return None,
        Payload::Json(value) => raw(serde_json::to_string_pretty(value).unwrap_or_default(), "json"),
        Payload::Text(text) => {
            let kind = request.header("Content-Type").unwrap_or_default();
            let language = if kind.contains("xml") {
                "xml"
            } else if kind.contains("html") {
                "html"
            } else {
                "text"
            };
            raw(text.clone(), language)
        }
        Payload::Form(pairs) => {
            let pairs: Vec<Value> = pairs.iter().map(|(name, value)| Pair::new(name, value).to_json()).collect();
            json!({"mode": "urlencoded", "urlencoded": pairs})
        }
        Payload::Multipart(parts) => {
            json!({"mode": "formdata", "formdata": parts.iter().map(part).collect::<Vec<_>>()})
        }
        Payload::File(name) => json!({"mode": "file", "file": {"src": name}}),
    })
}

fn part(part: &Part) -> Value {
    let mut written = match &part.content {
        PartContent::Text(text) => json!({"key": part.name, "value": text, "type": "text"}),
        PartContent::File(name) => json!({"key": part.name, "src": name, "type": "file"}),
    };
    if let Some(kind) = &part.content_type {
        written["contentType"] = Value::String(kind.clone());
    }
    written
}

/// A value of the query as people write it: these characters mean nothing there.
fn readable(text: &str) -> String {
    const HARMLESS: [(&str, &str); 6] =
        [("%3A", ":"), ("%2C", ","), ("%2F", "/"), ("%40", "@"), ("%5B", "["), ("%5D", "]")];
    HARMLESS.iter().fold(text.to_owned(), |text, (escaped, character)| text.replace(escaped, character))
}

impl Sent {
    pub fn to_json(&self) -> Value {
        let mut request = json!({"method": self.method, "header": all(&self.headers), "url": self.url()});
        if let Some(body) = &self.body {
            request["body"] = body.clone();
        }
        request
    }

    fn url(&self) -> Value {
        let base = format!("{{{{{BASE_URL}}}}}");
        let pairs: Vec<String> =
            self.query.iter().filter(|pair| !pair.is_off).map(|pair| format!("{}={}", pair.name, pair.value)).collect();
        let mark = if pairs.is_empty() { "" } else { "?" };
        let raw = format!("{base}/{}{mark}{}", self.segments.join("/"), pairs.join("&"));
        let mut url = json!({"raw": raw, "host": [base], "path": self.segments});
        if !self.query.is_empty() {
            url["query"] = all(&self.query);
        }
        if !self.variables.is_empty() {
            url["variable"] = all(&self.variables);
        }
        url
    }
}

fn all(pairs: &[Pair]) -> Value {
    Value::Array(pairs.iter().map(Pair::to_json).collect())
}
