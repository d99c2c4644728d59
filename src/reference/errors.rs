//! The error codes of an API, gathered from its error responses: from examples, else from the values of `code`.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::{
    document::Document,
    model::{MediaType, Response, Schema, Status},
    shape,
};

/// An error that an API can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorEntry {
    /// Its stable code.
    pub code: String,
    /// A few words, where an example has them.
    pub title: Option<String>,
    /// What it means, where the document says so of the code itself.
    pub meaning: Option<String>,
    /// What one occurrence of it says, where there is an example.
    pub example: Option<String>,
    /// Whether to repeat the request, where an example says so.
    pub retryable: Option<bool>,
    /// The statuses that it comes with.
    pub statuses: BTreeSet<Status>,
    /// Ids of the operations that can answer it, in the document's order.
    pub operations: Vec<String>,
}

/// An error as one response tells it.
#[derive(Clone, Default)]
struct Told {
    code: String,
    title: Option<String>,
    meaning: Option<String>,
    example: Option<String>,
    retryable: Option<bool>,
    status: Option<u16>,
}

/// The codes in the order of their first status; empty where the document names none.
pub(super) fn of(document: &Document) -> Vec<ErrorEntry> {
    let mut entries: Vec<ErrorEntry> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut told_by: HashMap<u32, Vec<Told>> = HashMap::new();
    for operation in document.operations() {
        for response in operation.responses.iter().filter(|response| response.status.is_error()) {
            let told = told_by.entry(response.source.node().index()).or_insert_with(|| told_by_response(response));
            for error in told {
                let at = *places.entry(error.code.clone()).or_insert_with(|| {
                    entries.push(ErrorEntry::new(error.code.clone()));
                    entries.len() - 1
                });
                entries[at].add(error, response.status, &operation.id);
            }
        }
    }
    entries.sort_by(|a, b| (a.statuses.first(), &a.code).cmp(&(b.statuses.first(), &b.code)));
    entries
}

impl ErrorEntry {
    fn new(code: String) -> Self {
        let (statuses, operations) = (BTreeSet::new(), Vec::new());
        Self { code, title: None, meaning: None, example: None, retryable: None, statuses, operations }
    }

    fn add(&mut self, told: &Told, status: Status, operation: &str) {
        self.statuses.insert(told.status.map_or(status, Status::Code));
        self.title = self.title.take().or_else(|| told.title.clone());
        self.meaning = self.meaning.take().or_else(|| told.meaning.clone());
        self.example = self.example.take().or_else(|| told.example.clone());
        self.retryable = self.retryable.or(told.retryable);
        if self.operations.last().is_none_or(|last| last != operation) {
            self.operations.push(operation.to_owned());
        }
    }
}

fn told_by_response(response: &Response) -> Vec<Told> {
    let json: Vec<&MediaType> = response.content.iter().filter(|media_type| media_type.is_json()).collect();
    let examples = json.iter().flat_map(|media_type| &media_type.examples).filter_map(|example| example.to_json());
    let told: Vec<Told> = examples.filter_map(|example| told_by_example(&example)).collect();
    if !told.is_empty() {
        return told;
    }
    json.iter().filter_map(|media_type| media_type.schema.as_ref()).flat_map(told_by_schema).collect()
}

/// A problem document, or the same under `error`, as many APIs have it.
fn told_by_example(example: &Value) -> Option<Told> {
    let problem = if example.get("code").is_some() { example } else { example.get("error")? };
    let text = |key: &str| problem.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Told {
        code: text("code")?,
        title: text("title"),
        meaning: None,
        example: text("detail").or_else(|| text("message")),
        retryable: problem.get("retryable").and_then(Value::as_bool),
        status: problem.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok()),
    })
}

fn told_by_schema(schema: &Schema) -> Vec<Told> {
    let member = |schema: &Schema, name: &str| {
        let properties = shape::of(schema).properties;
        properties.into_iter().find(|property| property.name == name).map(|property| property.schema)
    };
    let code = member(schema, "code").or_else(|| member(&member(schema, "error")?, "code"));
    let Some(code) = code.and_then(|code| code.resolved()) else { return Vec::new() };
    let constant = code.constant().into_iter().map(|value| (value, None));
    let values = code.enum_values().into_iter().map(|value| (value.value, value.description));
    let told = constant
        .chain(values)
        .filter_map(|(value, meaning)| Some(Told { code: value.as_str()?.to_owned(), meaning, ..Told::default() }));
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_from_examples_with_their_words() {
        let document = Document::read(
            br#"
openapi: 3.1.0
paths:
  /a:
    get:
      operationId: getA
      responses:
        "404":
          content:
            application/problem+json:
              example: {code: gone, title: Gone, detail: It is gone., status: 404, retryable: false}
        "500":
          content:
            application/json:
              schema: {type: object, properties: {error: {type: object, properties: {code: {enum: [broken, away]}}}}}
"#,
        )
        .unwrap();
        let entries = of(&document);
        let codes: Vec<_> = entries.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, ["gone", "away", "broken"]);
        assert_eq!(entries[0].title.as_deref(), Some("Gone"));
        assert_eq!(entries[0].retryable, Some(false));
        assert_eq!(entries[0].operations, ["getA"]);
    }

    #[test]
    fn a_document_without_codes_has_none() {
        let document =
            Document::read(b"openapi: 3.0.0\npaths: {/a: {get: {responses: {'400': {description: x}}}}}").unwrap();
        assert!(of(&document).is_empty());
    }
}
