//! The answers that a document promises, saved with their examples beside the request.

use serde_json::{Value, json};

use super::{
    super::super::{
        example,
        model::{MediaType, Operation, Response, Status},
        pages::reason,
    },
    request::Sent,
};

/// More examples of one answer are in the document.
const MOST_EXAMPLES: usize = 5;

/// A longer example would be half of the collection.
const LONGEST_EXAMPLE: usize = 60_000;

/// The saved answers of an operation; `id` makes an id from a name.
pub(super) fn saved(operation: &Operation, sent: &Sent, id: impl Fn(&str) -> String) -> Vec<Value> {
    let mut original = sent.to_json();
    if let Some(pairs) = original["header"].as_array_mut() {
        pairs.iter_mut().filter_map(Value::as_object_mut).for_each(|pair| drop(pair.remove("description")));
    }
    let mut answers = Vec::new();
    for response in &operation.responses {
        for (name, content) in examples(response) {
            let name = name.map_or_else(|| title(response), |name| format!("{}: {name}", title(response)));
            answers.push(answer(&id(&name), &name, response, content, &original));
        }
    }
    answers
}

fn title(response: &Response) -> String {
    format!("{} {}", response.status, reason(response.status)).trim().to_owned()
}

/// A body, with its name where the document has several.
type Example<'r> = (Option<String>, Option<(&'r MediaType, Value)>);

/// The bodies to save.
fn examples(response: &Response) -> Vec<Example<'_>> {
    let named = response.preferred().map(|media_type| {
        let examples = media_type.examples.iter().filter(|example| example.name.is_some());
        let values = examples.filter_map(|example| Some((example, example.to_json()?))).take(MOST_EXAMPLES);
        let words = values.map(|(example, value)| {
            let name = example.summary.clone().or_else(|| example.name.clone());
            (name, Some((media_type, value)))
        });
        words.collect::<Vec<_>>()
    });
    match named {
        Some(named) if named.len() > 1 => named,
        _ => vec![(None, example::of_response(response))],
    }
}

fn answer(id: &str, name: &str, response: &Response, content: Option<(&MediaType, Value)>, original: &Value) -> Value {
    let code = match response.status {
        Status::Code(code) => Some(code),
        Status::Range(class) => Some(u16::from(class) * 100),
        Status::Default => None,
    };
    let mut headers: Vec<Value> = Vec::new();
    let mut language = "text";
    let mut body = None;
    if let Some((media_type, value)) = content {
        headers.push(json!({"key": "Content-Type", "value": media_type.name}));
        let text = match value {
            Value::String(text) if !media_type.is_json() => text,
            value => serde_json::to_string_pretty(&value).unwrap_or_default(),
        };
        language = if media_type.is_json() { "json" } else { "text" };
        body = (text.len() <= LONGEST_EXAMPLE).then_some(text);
    }
    headers.extend(response.headers.iter().map(|header| {
        let value = example::of_header(header);
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        json!({"key": header.name, "value": value})
    }));
    let mut answer = json!({
        "id": id,
        "name": name,
        "originalRequest": original,
        "status": reason(response.status),
        "_postman_previewlanguage": language,
        "header": headers,
        "cookie": [],
        "body": body,
    });
    if let Some(code) = code {
        answer["code"] = json!(code);
    }
    answer
}
