//! A posted form becomes the values of a call, and what is doubtful about them.

use serde_json::{Map, Value};

use super::{
    field::{Entry, Field, not_json},
    form::{Content, Editor, Form, NO_BODY},
    posted::{Attached, Posted},
};
use crate::{
    reference::{
        document::Document,
        example::Direction,
        fit::{Misfit, Rules},
        model::{MediaType, Operation, Parameter, Place, Schema},
        sample::{PartContent, Payload, Request, Values},
    },
    ui::Need,
};

/// A call as it was filled in.
pub(super) struct Draft {
    values: Values,
    care: Care,
    pub files: Vec<Attached>,
    pub doubts: Vec<Doubt>,
}

/// How closely a form is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// Its values are compared with the document, as before a call.
    Compared,
    /// They are only written down: for the `curl` line, at every pause in typing.
    Written,
}

/// Something that the document does not allow, or that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Doubt {
    /// The id of the field.
    pub field: String,
    /// What the field is called.
    pub label: String,
    /// Where in the value, as a JSON pointer.
    pub pointer: String,
    /// A sentence.
    pub message: String,
    pub gravity: Gravity,
}

/// Whether a call can be made in spite of a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gravity {
    /// It can: errors want to be tried too.
    Warns,
    /// There is no such call.
    Blocks,
}

impl Doubt {
    /// The sentence with its place.
    pub fn sentence(&self) -> String {
        match self.pointer.as_str() {
            "" => self.message.clone(),
            pointer => format!("{pointer}: {}", self.message),
        }
    }
}

impl Draft {
    /// Reads the form.
    pub fn read(operation: &Operation, form: &Form, posted: &Posted, care: Care) -> Self {
        let mut draft = Self { values: Values::default(), care, files: Vec::new(), doubts: Vec::new() };
        for parameter in &form.parameters {
            draft.parameter(&operation.parameters[parameter.at], &parameter.field, posted);
        }
        let content = operation.body.as_ref().map(|body| body.content.as_slice()).unwrap_or_default();
        if let Some(editor) = chosen(form, posted) {
            draft.body(editor, &content[editor.at], posted);
        }
        draft
    }

    /// The call, at a base address.
    pub fn request(&self, document: &Document, operation: &Operation, base_url: &str) -> Request {
        let mut request = Request::filled(document, operation, base_url, &self.values);
        if let Payload::Multipart(parts) = &mut request.payload {
            let mut files: Vec<&Attached> = self.files.iter().collect();
            for part in parts.iter_mut().filter(|part| matches!(part.content, PartContent::File(_))) {
                let Some(at) = files.iter().position(|file| file.field == part.name) else { continue };
                part.content = PartContent::File(files.remove(at).name.clone());
            }
        }
        request
    }

    /// Whether nothing keeps the call from being made.
    pub fn is_sendable(&self) -> bool {
        !self.doubts.iter().any(|doubt| doubt.gravity == Gravity::Blocks)
    }

    fn parameter(&mut self, parameter: &Parameter, field: &Field, posted: &Posted) {
        let in_path = parameter.place == Place::Path;
        match field.read(posted) {
            Err(message) => self.doubt(field, Gravity::Blocks, message),
            Ok(None) if in_path => {
                self.doubt(field, Gravity::Blocks, "The address cannot be written without this.".to_owned());
            }
            Ok(None) if field.need == Need::Required => {
                self.doubt(field, Gravity::Warns, "The document asks for this.".to_owned());
            }
            Ok(None) => {}
            Ok(Some(value)) => {
                for misfit in self.misfits(parameter.shape(), &value) {
                    self.misfit(&field.id, &field.label, misfit);
                }
                self.values.set(parameter, value);
            }
        }
    }

    fn body(&mut self, editor: &Editor, media_type: &MediaType, posted: &Posted) {
        match &editor.content {
            Content::Json(prefill) => {
                let text = posted.text(&editor.name()).unwrap_or(prefill).to_owned();
                match serde_json::from_str::<Value>(&text) {
                    Ok(value) => self.check(editor, media_type, &value),
                    Err(error) => self.doubt_body(editor, not_json(&error)),
                }
                self.values.set_text(&editor.stated, text);
            }
            Content::Text(prefill) => {
                let text = posted.text(&editor.name()).unwrap_or(prefill);
                self.values.set_text(&editor.stated, text.to_owned());
            }
            Content::File => self.file(editor, posted),
            Content::Fields(fields) => self.fields(editor, fields, media_type, posted),
        }
    }

    fn file(&mut self, editor: &Editor, posted: &Posted) {
        let name = editor.name();
        self.files = posted.files(&name).into_iter().take(1).cloned().collect();
        let attached = self.files.first().map(|file| file.name.clone());
        let named = attached.or_else(|| posted.text(&name).filter(|name| !name.is_empty()).map(str::to_owned));
        if named.is_none() {
            let (field, label) = (editor.id(), "File".to_owned());
            let message = "Choose the file that is sent.".to_owned();
            self.doubts.push(Doubt { field, label, pointer: String::new(), message, gravity: Gravity::Blocks });
        }
        self.values.set_file(&editor.stated, named.unwrap_or_else(|| "file.bin".to_owned()));
    }

    fn fields(&mut self, editor: &Editor, fields: &[Field], media_type: &MediaType, posted: &Posted) {
        let mut object = Map::new();
        for field in fields {
            if field.entry == Entry::File {
                object.extend(self.attached(field, posted).map(|names| (field.label.clone(), names)));
                continue;
            }
            match field.read(posted) {
                Ok(value) => object.extend(value.map(|value| (field.label.clone(), value))),
                Err(message) => self.doubt(field, Gravity::Blocks, message),
            }
        }
        let object = Value::Object(object);
        let first = |pointer: &str| pointer.split('/').nth(1).map(|name| name.replace("~1", "/").replace("~0", "~"));
        for misfit in self.misfits(media_type.schema.as_ref(), &object) {
            let field = fields.iter().find(|field| Some(&field.label) == first(&misfit.pointer).as_ref());
            match field {
                Some(field) if field.entry == Entry::File => {}
                Some(field) => self.misfit(&field.id, &field.label, misfit),
                None => self.misfit(&editor.id(), "Body", misfit),
            }
        }
        self.values.set_fields(media_type, &object);
    }

    /// The names of a field's files, as the part of the body that stands for them.
    fn attached(&mut self, field: &Field, posted: &Posted) -> Option<Value> {
        let typed = posted.texts(&field.name).into_iter().filter(|name| !name.is_empty()).map(Attached::named);
        let files: Vec<Attached> = posted.files(&field.name).into_iter().cloned().chain(typed).collect();
        let mut names: Vec<Value> = files.iter().map(|file| Value::from(file.name.as_str())).collect();
        // Known by the part's name from here on.
        self.files.extend(files.into_iter().map(|file| Attached { field: field.label.clone(), ..file }));
        match names.len() {
            0 => None,
            1 => names.pop(),
            _ => Some(Value::Array(names)),
        }
    }

    fn check(&mut self, editor: &Editor, media_type: &MediaType, value: &Value) {
        let schema = media_type.schema.as_ref().or(media_type.item_schema.as_ref());
        for misfit in self.misfits(schema, value) {
            self.misfit(&editor.id(), "Body", misfit);
        }
    }

    fn doubt(&mut self, field: &Field, gravity: Gravity, message: String) {
        let (field, label) = (field.id.clone(), field.label.clone());
        self.doubts.push(Doubt { field, label, pointer: String::new(), message, gravity });
    }

    fn doubt_body(&mut self, editor: &Editor, message: String) {
        let (field, label) = (editor.id(), "Body".to_owned());
        self.doubts.push(Doubt { field, label, pointer: String::new(), message, gravity: Gravity::Warns });
    }

    fn misfits(&self, schema: Option<&Schema>, value: &Value) -> Vec<Misfit> {
        let schema = schema.filter(|_| self.care == Care::Compared);
        schema.map(|schema| Rules::of(Direction::Request).misfits(schema, value)).unwrap_or_default()
    }

    fn misfit(&mut self, field: &str, label: &str, Misfit { pointer, message, .. }: Misfit) {
        let (field, label) = (field.to_owned(), label.to_owned());
        self.doubts.push(Doubt { field, label, pointer, message, gravity: Gravity::Warns });
    }
}

/// The editor whose content is sent.
pub(super) fn chosen<'f>(form: &'f Form, posted: &Posted) -> Option<&'f Editor> {
    let at = match posted.text("body.type") {
        Some(NO_BODY) => None,
        Some(at) => at.parse().ok(),
        None => form.preferred,
    };
    at.and_then(|at: usize| form.editors.get(at))
}

#[cfg(test)]
mod tests {
    use axum::body::Bytes;
    use serde_json::json;

    use super::*;

    const BASE: &str = "https://dev.example.com/sandbox/parcels/1";

    fn document(operation: &Value) -> Document {
        let document = json!({ "openapi": "3.1.0", "paths": { "/parcels/{id}": { "post": operation } } });
        Document::read(document.to_string().as_bytes()).unwrap()
    }

    fn read(operation: &Value, posted: &Posted) -> (Draft, Request) {
        let document = document(operation);
        let operation = &document.operations()[0];
        let draft = Draft::read(operation, &Form::of(operation), posted, Care::Compared);
        let request = draft.request(&document, operation, BASE);
        (draft, request)
    }

    fn parameter(place: &str, name: &str, schema: Value) -> Value {
        json!({ "in": place, "name": name, "required": place == "path", "schema": schema })
    }

    fn with_parameters(parameters: Vec<Value>) -> Value {
        let id = parameter("path", "id", json!({ "type": "string" }));
        let all = [vec![id], parameters].concat();
        json!({ "parameters": all })
    }

    fn doubts(draft: &Draft) -> Vec<(String, Gravity)> {
        draft.doubts.iter().map(|doubt| (format!("{}: {}", doubt.label, doubt.sentence()), doubt.gravity)).collect()
    }

    #[test]
    fn what_is_typed_becomes_values_of_the_types_that_the_document_has() {
        let operation = with_parameters(vec![
            parameter("query", "limit", json!({ "type": "integer" })),
            parameter("query", "dry", json!({ "type": "boolean" })),
            parameter("query", "state", json!({ "type": "array", "items": { "enum": ["booked", "lost"] } })),
            parameter("query", "ids", json!({ "type": "array", "items": { "type": "integer" } })),
            parameter("query", "unused", json!({ "type": "string" })),
            json!({ "in": "query", "name": "at", "style": "deepObject", "explode": true, "schema": { "type": "object" } }),
            parameter("header", "X-Tag", json!({ "type": "string" })),
        ]);
        let posted = Posted::of(&[
            ("path.id", "a/b"),
            ("query.limit", "5"),
            ("query.dry", "false"),
            ("query.state", "booked"),
            ("query.state", "lost"),
            ("query.ids", "1\n 2 \n\n"),
            ("query.unused", ""),
            ("query.at", r#"{"from": 1}"#),
            ("header.X-Tag", "it's"),
        ]);
        let (draft, request) = read(&operation, &posted);
        assert_eq!(doubts(&draft), []);
        let query = "limit=5&dry=false&state=booked&state=lost&ids=1&ids=2&at%5Bfrom%5D=1";
        assert_eq!(request.url(), format!("{BASE}/parcels/a%2Fb?{query}"));
        assert_eq!(request.header("x-tag"), Some("it's"));
    }

    #[test]
    fn a_wrong_value_is_doubted_and_can_be_sent() {
        let operation = with_parameters(vec![parameter("query", "limit", json!({ "type": "integer", "maximum": 9 }))]);
        let (draft, request) = read(&operation, &Posted::of(&[("path.id", "1"), ("query.limit", "many")]));
        assert_eq!(doubts(&draft), [("limit: This must be integer.".to_owned(), Gravity::Warns)]);
        assert!(draft.is_sendable() && request.url().ends_with("?limit=many"));
        let (draft, _) = read(&operation, &Posted::of(&[("path.id", "1"), ("query.limit", "12")]));
        assert_eq!(doubts(&draft), [("limit: This must be at most 9.".to_owned(), Gravity::Warns)]);
    }

    #[test]
    fn what_cannot_be_written_cannot_be_sent() {
        let operation = with_parameters(vec![parameter("query", "at", json!({ "type": "object" }))]);
        let (draft, _) = read(&operation, &Posted::of(&[("path.id", ""), ("query.at", "{")]));
        assert!(!draft.is_sendable());
        let fields: Vec<&str> = draft.doubts.iter().map(|doubt| doubt.field.as_str()).collect();
        assert_eq!(fields, ["try-0", "try-1"]);
        assert!(draft.doubts[1].message.starts_with("Line 1, column 1:"), "{}", draft.doubts[1].message);
    }

    fn with_body(content: Value) -> Value {
        let mut operation = with_parameters(Vec::new());
        operation["requestBody"] = json!({ "required": true, "content": content });
        operation
    }

    #[test]
    fn a_body_is_sent_as_it_was_typed_and_doubted_by_place() {
        let schema = json!({ "type": "object", "properties": { "parcels": { "type": "array", "items": { "type": "object", "required": ["weight"] } } } });
        let operation = with_body(json!({ "application/json": { "schema": schema } }));
        let typed = "{ \"parcels\": [{}],\n  \"big\": 12345678901234567890123 }";
        let (draft, request) = read(&operation, &Posted::of(&[("path.id", "1"), ("body.0.text", typed)]));
        let expected = "Body: /parcels/0: The property weight is missing.".to_owned();
        assert_eq!(doubts(&draft), [(expected, Gravity::Warns)]);
        assert_eq!(request.payload, Payload::Text(typed.to_owned()), "no number loses its digits");
        assert_eq!(request.header("content-type"), Some("application/json"));

        let (draft, request) = read(&operation, &Posted::of(&[("path.id", "1"), ("body.0.text", "{\n  \"a\": }")]));
        assert_eq!(draft.doubts[0].message, "Line 2, column 8: expected value.");
        assert!(draft.is_sendable() && request.payload == Payload::Text("{\n  \"a\": }".to_owned()));
    }

    #[test]
    fn parts_are_fields_and_files() {
        let schema = json!({ "type": "object", "required": ["file", "pages"], "properties": {
            "pages": { "type": "integer" }, "note": { "type": "string" }, "file": { "type": "string", "format": "binary" },
        } });
        let operation = with_body(json!({ "multipart/form-data": { "schema": schema } }));
        let mut posted = Posted::of(&[("path.id", "1"), ("body.0.field.pages", "2"), ("body.0.field.note", "")]);
        assert_eq!(read(&operation, &posted).0.doubts[0].message, "The property file is missing.");
        posted.attach("body.0.field.file", "invoice.pdf", Bytes::from_static(b"%PDF"));
        let (draft, request) = read(&operation, &posted);
        assert_eq!(doubts(&draft), []);
        let curl = request.curl();
        assert!(curl.contains("pages=2") && curl.contains("file=@invoice.pdf") && !curl.contains("note"), "{curl}");
        assert_eq!(draft.files[0].bytes, Bytes::from_static(b"%PDF"));
    }

    #[test]
    fn a_file_of_which_only_the_name_came_is_called_by_it() {
        let content = json!({
            "multipart/form-data": {
                "schema": { "type": "object", "properties": { "file": { "type": "string", "format": "binary" } } },
                "encoding": { "file": { "contentType": "application/pdf" } },
            },
            "application/pdf": {},
        });
        let line = |posted: &[(&str, &str)]| {
            let posted = Posted::of(&[&[("path.id", "1")], posted].concat());
            read(&with_body(content.clone()), &posted).1.curl()
        };
        let part = line(&[("body.type", "0"), ("body.0.field.file", "invoice 7.pdf")]);
        assert!(part.contains("file=@invoice 7.pdf;type=application/pdf"), "{part}");
        let odd = line(&[("body.type", "0"), ("body.0.field.file", "a;b,c.pdf")]);
        assert!(odd.contains(r#"file=@"a;b,c.pdf";type"#), "{odd}");
        let whole = line(&[("body.type", "1"), ("body.1.file", "invoice 7.pdf")]);
        assert!(whole.contains("@invoice 7.pdf"), "{whole}");
    }

    #[test]
    fn an_optional_body_can_be_left_out() {
        let mut operation = with_body(json!({ "application/json": { "example": { "a": 1 } }, "text/plain": {} }));
        operation["requestBody"]["required"] = json!(false);
        let payload = |kind: &str| {
            let posted = Posted::of(&[("path.id", "1"), ("body.type", kind), ("body.1.text", "hello")]);
            read(&operation, &posted).1.payload
        };
        assert_eq!(payload(NO_BODY), Payload::Nothing);
        assert_eq!(payload("1"), Payload::Text("hello".to_owned()));
        assert!(matches!(payload("0"), Payload::Text(text) if text.contains("\"a\": 1")));
    }

    #[test]
    fn an_idempotency_key_is_offered_fresh_and_nothing_else_that_is_optional() {
        let operation = with_parameters(vec![
            parameter("header", "Idempotency-Key", json!({ "type": "string", "maxLength": 64 })),
            parameter("query", "limit", json!({ "type": "integer", "example": 3 })),
        ]);
        let keys = [(), ()].map(|()| {
            let document = document(&operation);
            let form = Form::of(&document.operations()[0]);
            let request = read(&operation, &Posted::prefilled(&form)).1;
            assert!(!request.url().contains("limit"));
            request.header("idempotency-key").unwrap().to_owned()
        });
        assert!(keys[0].len() == 36 && keys[0] != keys[1]);
    }
}
