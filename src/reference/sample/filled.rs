//! What fills a request: a value for each parameter that is sent, and a body.

use serde_json::Value;

use super::{
    super::{
        document::Document,
        example,
        model::{MediaType, Operation, Parameter, Place},
    },
    Payload, Request, auth, body, is_sent, parameter,
};

/// The values of a call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    parameters: Vec<(Place, String, Value)>,
    payload: Option<(Payload, Option<String>)>,
}

impl Values {
    /// Example values for all that an operation requires, an idempotency key where it takes one, and an example body.
    pub fn of_examples(operation: &Operation) -> Self {
        let mut values = Self::default();
        for parameter in operation.parameters.iter().filter(|parameter| is_sent(parameter)) {
            values.set(parameter, example::of_parameter(parameter));
        }
        values.payload = body::of_example(operation);
        values
    }

    /// Sends a parameter with this value.
    pub fn set(&mut self, parameter: &Parameter, value: Value) {
        self.parameters.push((parameter.place, parameter.name.clone(), value));
    }

    /// The value of a parameter, if it is sent.
    pub fn get(&self, parameter: &Parameter) -> Option<&Value> {
        let mut known = self.parameters.iter();
        let found = known.find(|(place, name, _)| *place == parameter.place && *name == parameter.name);
        found.map(|(.., value)| value)
    }

    /// Sends a text as it is.
    pub fn set_text(&mut self, content_type: &str, text: String) {
        self.payload = Some((Payload::Text(text), Some(content_type.to_owned())));
    }

    /// Sends the content of a file.
    pub fn set_file(&mut self, content_type: &str, name: String) {
        self.payload = Some((Payload::File(name), Some(content_type.to_owned())));
    }

    /// Sends an object as a form, or as the parts of a multipart body.
    pub fn set_fields(&mut self, media_type: &MediaType, fields: &Value) {
        let payload = match media_type.essence().starts_with("multipart/") {
            true => Payload::Multipart(body::parts(media_type, fields)),
            false => Payload::Form(body::form(media_type, fields)),
        };
        self.payload = Some((payload, None));
    }
}

impl Request {
    /// An operation called with these values at a base address.
    pub fn filled(document: &Document, operation: &Operation, base_url: &str, values: &Values) -> Self {
        let mut request = Self {
            method: operation.method.clone(),
            base_url: base_url.trim_end_matches('/').to_owned(),
            path: parameter::filled_path(operation, |parameter| {
                values.get(parameter).cloned().unwrap_or_else(|| example::of_parameter(parameter))
            }),
            query: Vec::new(),
            headers: Vec::new(),
            cookies: Vec::new(),
            auth: auth(document, operation),
            payload: Payload::Nothing,
        };
        for parameter in &operation.parameters {
            if let Some(value) = values.get(parameter) {
                request.add(parameter, value);
            }
        }
        if let Some((payload, content_type)) = &values.payload {
            request.payload = payload.clone();
            request.headers.extend(content_type.clone().map(|name| ("Content-Type".to_owned(), name)));
        }
        request
    }
}
