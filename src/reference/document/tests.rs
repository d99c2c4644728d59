use serde_json::{Value, json};

use super::{Document, Format, Unreadable, WarningCode};
use crate::reference::model::{
    Additional, ApiKeyPlace, Constraint, Lead, Method, Place, Schema, SecurityKind, Status, Style, Type,
};

fn read(document: &Value) -> Document {
    Document::read(document.to_string().as_bytes()).unwrap()
}

fn refused(text: &str) -> Unreadable {
    Document::read(text.as_bytes()).unwrap_err()
}

fn warnings(document: &Document) -> Vec<(&str, &str)> {
    document.warnings().iter().map(|warning| (warning.code.as_str(), warning.pointer.as_str())).collect()
}

fn schema(schema: Value) -> Schema {
    let document = read(&json!({"openapi": "3.1.0", "components": {"schemas": {"A": schema}}}));
    document.schemas()[0].schema.clone()
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, code, pointer, place) in [
        ("", "document_empty", None, None),
        (" \n\n", "document_empty", None, None),
        ("# only a comment\n", "document_empty", None, None),
        ("just words", "document_not_openapi", None, None),
        ("[1]", "document_not_openapi", None, None),
        ("info: {}", "document_not_openapi", None, None),
        (
            "{\"openapi\": \"3.1.0\",\n  \"info\": {\"title\" 1}}",
            "document_not_json",
            Some("/info/title"),
            Some((2, 20)),
        ),
        ("openapi: 3.1.0\ninfo:\n\ttitle: x", "document_not_yaml", Some("/info"), Some((3, 2))),
        ("info: {}\nswagger: '2.0'", "document_swagger_2", Some("/swagger"), Some((2, 10))),
        ("openapi: 4.0.0", "document_unsupported_version", Some("/openapi"), Some((1, 10))),
        ("openapi: {}", "document_unsupported_version", Some("/openapi"), Some((1, 10))),
    ] {
        let fault = refused(text);
        let found = fault.position().map(|position| (position.line, position.column));
        assert_eq!((fault.code(), fault.pointer(), found), (code, pointer, place), "{text}: {fault}");
    }
}

#[test]
fn a_refusal_is_one_line_whatever_the_document_calls_its_version() {
    for member in ["openapi", "swagger"] {
        let stated = json!({ member: format!("4\n\n;\u{2028}{}", "x".repeat(1000)) });
        let refusal = refused(&stated.to_string()).to_string();
        assert!(refusal.contains("4 ; xxx") && refusal.lines().count() == 1 && refusal.len() < 300, "{refusal}");
    }
}

#[test]
fn attacks_are_refused_before_they_cost_anything() {
    let deep_json = format!("{{\"a\": {}", "[".repeat(10_000));
    assert!(matches!(refused(&deep_json), Unreadable::TooDeep { .. }));
    let deep_yaml = (0..10_000).fold(String::new(), |text, level| text + &" ".repeat(level % 50) + "- ");
    assert!(matches!(refused(&deep_yaml), Unreadable::TooDeep { .. } | Unreadable::NotYaml { .. }));
    let large = vec![b' '; super::MAX_BYTES + 1];
    assert!(matches!(Document::read(&large), Err(Unreadable::TooLarge { .. })));
    assert!(matches!(Document::read(b"openapi: \xFF"), Err(Unreadable::NotText { position }) if position.column == 10));
}

#[test]
fn a_byte_order_mark_and_unquoted_versions_are_forgiven() {
    let document = Document::read("\u{FEFF}openapi: 3.1\ninfo: {title: Parcels, version: 1.0}\n".as_bytes()).unwrap();
    assert_eq!(document.api().version, "1.0");
    assert_eq!(document.format(), Format::Yaml);
    assert_eq!(document.warnings(), []);
}

#[test]
fn braces_with_a_trailing_comma_are_read_as_yaml() {
    let document =
        Document::read(b"{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"A\", \"version\": \"1\"},}").unwrap();
    assert_eq!((document.format(), document.api().title.as_str()), (Format::Yaml, "A"));
}

#[test]
fn nullable_and_type_lists_give_the_same_answer() {
    for spelling in [json!({"type": "string", "nullable": true}), json!({"type": ["string", "null"]})] {
        let schema = schema(spelling);
        assert_eq!(schema.types(), [Type::String, Type::Null]);
        assert!(schema.is_nullable());
        assert_eq!(schema.main_type(), Some(Type::String));
    }
    assert!(schema(json!({"anyOf": [{"type": "integer"}, {"type": "null"}]})).is_nullable());
}

#[test]
fn both_spellings_of_open_limits_are_open() {
    let above = |limit: i64| vec![Constraint::Above(limit.into())];
    assert_eq!(schema(json!({"minimum": 3, "exclusiveMinimum": true})).constraints(), above(3));
    assert_eq!(schema(json!({"exclusiveMinimum": 3})).constraints(), above(3));
    let words: Vec<_> =
        schema(json!({"minLength": 1, "maxLength": 2, "uniqueItems": true, "pattern": "^a"})).constraints();
    let words: Vec<_> = words.iter().map(Constraint::to_string).collect();
    assert_eq!(words, ["at least 1 character", "at most 2 characters", "matches ^a", "no item twice"]);
}

#[test]
fn a_schema_tells_all_that_a_page_shows() {
    let schema = schema(json!({
        "type": "object", "title": "Parcel", "description": "A *box*", "required": ["b"], "deprecated": true,
        "properties": {"b": {"const": 1}, "a": {"readOnly": true}},
        "additionalProperties": {"type": "string"}, "patternProperties": {"^x": {"writeOnly": true}},
        "allOf": [true], "oneOf": [{"title": "One"}], "not": {"type": "null"}, "default": {}, "example": {"b": 1},
        "x-note": "kept"
    }));
    let properties: Vec<_> = schema.properties().iter().map(|it| (it.name.clone(), it.required)).collect();
    assert_eq!(properties, [("b".into(), true), ("a".into(), false)]);
    assert!(matches!(schema.additional(), Additional::Of(values) if values.types() == [Type::String]));
    assert_eq!(schema.pattern_properties()[0].0, "^x");
    assert_eq!(schema.all_of()[0].as_boolean(), Some(true));
    assert_eq!((schema.label().as_str(), schema.one_of()[0].label().as_str()), ("Parcel", "One"));
    assert_eq!(schema.name(), Some("A"));
    assert_eq!(schema.examples(), [json!({"b": 1})]);
    assert_eq!(schema.properties()[1].schema.pointer(), "/components/schemas/A/properties/a");
    assert_eq!(schema.extensions().all(), [("x-note".to_owned(), json!("kept"))]);
    assert!(schema.is_deprecated() && schema.properties()[1].schema.is_read_only());
}

#[test]
fn enumerations_keep_their_descriptions_in_every_spelling() {
    for described in [
        json!({"enum": ["a", "b"], "x-enumDescriptions": {"b": "Second"}}),
        json!({"enum": ["a", "b"], "x-enum-descriptions": [null, "Second"]}),
    ] {
        let values = schema(described).enum_values();
        assert_eq!((values[0].description.as_deref(), values[1].description.as_deref()), (None, Some("Second")));
    }
    assert_eq!(schema(json!({"enum": [1], "x-enum-varnames": ["ONE"]})).enum_values()[0].name.as_deref(), Some("ONE"));
}

#[test]
fn references_are_data_and_a_circle_ends() {
    let document = read(&json!({"openapi": "3.1.0", "components": {"schemas": {
        "Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}},
        "Loop": {"$ref": "#/components/schemas/Back"},
        "Back": {"$ref": "#/components/schemas/Loop"},
        "Gone": {"$ref": "#/components/schemas/Nothing"},
        "Away": {"$ref": "other.yaml#/Thing"}
    }}}));
    let schema = |name: &str| document.schema(name).unwrap().schema.clone();
    let next = schema("Node").properties()[0].schema.clone();
    assert_eq!(next.reference().unwrap().name, "Node");
    assert_eq!(next.resolved(), Some(schema("Node")));
    assert_eq!(schema("Loop").resolved(), None);
    assert!(matches!(schema("Gone").reference().unwrap().lead, Lead::Nowhere));
    assert!(matches!(schema("Away").reference().unwrap().lead, Lead::Outside));
    let codes: Vec<_> = warnings(&document).into_iter().filter(|(code, _)| !code.starts_with("missing")).collect();
    assert_eq!(
        codes,
        [
            ("reference_loop", "/components/schemas/Loop"),
            ("reference_loop", "/components/schemas/Back"),
            ("unresolved_reference", "/components/schemas/Gone"),
            ("external_reference", "/components/schemas/Away"),
        ]
    );
}

#[test]
fn a_reference_inside_an_example_is_data() {
    let document =
        read(&json!({"openapi": "3.1.0", "info": {"title": "A", "version": "1"}, "components": {"schemas": {
            "A": {"example": {"$ref": "#/nowhere"}, "properties": {"example": {"$ref": "#/nowhere"}}}
        }}}));
    assert_eq!(warnings(&document), [("unresolved_reference", "/components/schemas/A/properties/example")]);
}

#[test]
fn an_operation_has_its_paths_parameters_and_its_own() {
    let document = read(
        &json!({"openapi": "3.1.0", "servers": [{"url": "https://{where}.example.com", "variables": {"where": {"default": "eu", "enum": ["eu", "us"]}}}],
        "paths": {"/parcels/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "description": "of the path"},
                {"$ref": "#/components/parameters/Trace"}
            ],
            "get": {
                "operationId": "getParcel", "summary": "Get a parcel", "tags": ["Parcels"],
                "parameters": [{"name": "id", "in": "path", "schema": {"type": "string"}, "description": "of the operation"}],
                "responses": {"default": {"description": "Error"}, "200": {"$ref": "#/components/responses/Parcel"}}
            }
        }},
        "components": {
            "parameters": {"Trace": {"name": "X-Trace", "in": "header", "schema": {"type": "string"}}},
            "responses": {"Parcel": {"description": "A parcel", "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {"text/plain": {}, "application/json": {"schema": {"type": "object"}, "examples": {"b": {"value": 1}, "a": {"value": 2}}}},
                "links": {"again": {"operationId": "getParcel", "parameters": {"id": "$response.body#/id"}}}}}
        }}),
    );
    let operation = document.operation("getParcel").unwrap();
    let parameters: Vec<_> = operation.parameters.iter().map(|it| (it.name.as_str(), it.place, it.required)).collect();
    assert_eq!(parameters, [("id", Place::Path, true), ("X-Trace", Place::Header, false)]);
    assert_eq!(operation.parameters[0].description.as_deref(), Some("of the operation"));
    assert_eq!(operation.parameters[0].style, Style::Simple);
    assert_eq!(operation.parameters[1].source.pointer(), "/components/parameters/Trace");
    let statuses: Vec<_> = operation.responses.iter().map(|it| it.status).collect();
    assert_eq!(statuses, [Status::Code(200), Status::Default]);
    let success = operation.success().unwrap();
    assert_eq!(success.preferred().unwrap().name, "application/json");
    assert_eq!(success.preferred().unwrap().examples[0].name.as_deref(), Some("b"));
    assert_eq!((success.headers[0].name.as_str(), success.links[0].name.as_str()), ("ETag", "again"));
    assert_eq!(operation.servers[0].default_url(), "https://eu.example.com");
    assert_eq!(operation.servers[0].url_with(&[("where".into(), "us".into())]), "https://us.example.com");
    assert_eq!(document.api().tags[0].name, "Parcels");
}

#[test]
fn names_in_addresses_are_unique_and_safe() {
    let operation = |id: Option<&str>| match id {
        Some(id) => json!({"operationId": id, "responses": {"200": {}}}),
        None => json!({"responses": {"200": {}}}),
    };
    let document = read(&json!({"openapi": "3.1.0", "paths": {
        "/a/{petId}": {"get": operation(None), "post": operation(Some("pets/create"))},
        "/b": {"get": operation(Some("same")), "put": operation(Some("same"))}
    }}));
    let ids: Vec<_> = document.operations().iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["get-a-pet-id", "pets-create", "same", "put-b"]);
    assert_eq!(document.operation("put-b").unwrap().method, Method::parse("put").unwrap());
    assert_eq!(document.warning_counts()[&WarningCode::DuplicateOperationId], 1);
}

#[test]
fn security_is_the_operations_else_the_documents() {
    let document = read(&json!({"openapi": "3.1.0", "security": [{"oauth": ["parcels:read"]}],
    "paths": {"/a": {
        "get": {"responses": {}},
        "put": {"security": [], "responses": {}},
        "post": {"security": [{"key": [], "oauth": ["parcels:write", "unknown"]}, {}], "responses": {}}
    }},
    "components": {"securitySchemes": {
        "key": {"type": "apiKey", "in": "query", "name": "key"},
        "oauth": {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/t", "scopes": {"parcels:read": "Read"}}}, "x-scopes": {"parcels:write": "Write"}},
        "http": {"type": "http", "scheme": "Bearer", "x-scopes": {"admin": "All"}}
    }}}));
    let [get, put, post] = document.operations() else { panic!("three operations") };
    assert_eq!(get.security[0].schemes[0].scopes, ["parcels:read"]);
    assert_eq!(put.security, []);
    assert_eq!(post.security[0].schemes.len(), 2);
    assert!(post.security[1].is_anonymous());
    let scopes: Vec<_> =
        document.scopes().iter().map(|scope| (scope.name.as_str(), scope.description.as_str())).collect();
    assert_eq!(scopes, [("parcels:read", "Read"), ("parcels:write", "Write"), ("admin", "All"), ("unknown", "")]);
    let key = document.security_scheme("key").unwrap();
    assert_eq!(key.kind, SecurityKind::ApiKey { place: ApiKeyPlace::Query, name: "key".into() });
    assert_eq!(document.warning_counts()[&WarningCode::UnknownScope], 1);
}

#[test]
fn webhooks_and_callbacks_are_operations_of_the_other_side() {
    let event = json!({"post": {"operationId": "sent", "responses": {"200": {"description": "ok"}}}});
    for key in ["webhooks", "x-webhooks"] {
        let document = read(&json!({"openapi": "3.1.0", key: {"parcel.sent": event}}));
        assert_eq!(document.webhook("parcel.sent").unwrap().operation.operation_id.as_deref(), Some("sent"));
        assert_eq!(document.webhooks().len(), 1);
    }
    let document = read(&json!({"openapi": "3.1.0", "paths": {"/a": {"post": {
        "responses": {"200": {}},
        "callbacks": {"done": {"$ref": "#/components/callbacks/Done"}}
    }}}, "components": {"callbacks": {"Done": {"{$request.body#/url}": {"post": {
        "responses": {"200": {}}, "callbacks": {"again": {"$ref": "#/components/callbacks/Done"}}
    }}}}}}));
    let callback = &document.operations()[0].callbacks[0];
    assert_eq!((callback.name.as_str(), callback.expression.as_str()), ("done", "{$request.body#/url}"));
    assert_eq!(callback.operations[0].method.as_str(), "POST");
    assert!(callback.operations[0].callbacks.is_empty());
}

#[test]
fn every_doubt_has_its_code_and_place() {
    let document = read(&json!({"openapi": "3.1.0", "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://{host}"}],
        "paths": {
            "a": {"get": {"operationId": "a", "responses": {"200": {}}}},
            "/b/{id}": {"fetch": {}, "get": {"operationId": "b", "security": [{"none": []}], "responses": {"2000": {}}, "parameters": [
                {"name": "other", "in": "path", "required": true, "schema": {}},
                {"name": "q", "in": "query"},
                {"name": "q", "in": "query", "schema": {}},
                {"name": "z", "in": "body"}
            ]}},
            "/b/{key}": {"get": {"operationId": "c", "responses": {"200": {"content": {"application/json": {
                "schema": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}},
                "example": {"n": "one"}
            }}}}, "parameters": [{"$ref": "#/gone"}]}}
        },
        "components": {"schemas": {"T": {"type": "text"}}, "securitySchemes": {"odd": {"type": "magic"}}}
    }));
    let mut found: Vec<_> = warnings(&document);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("duplicate_parameter", "/paths/~1b~1{id}/get/parameters/2"),
            ("duplicate_path", "/paths/~1b~1{key}"),
            ("example_mismatch", "/paths/~1b~1{key}/get/responses/200/content/application~1json/example/n"),
            ("malformed_path", "/paths/a"),
            ("malformed_security_scheme", "/components/securitySchemes/odd"),
            ("parameter_without_schema", "/paths/~1b~1{id}/get/parameters/1"),
            ("path_parameter_undeclared", "/paths/~1b~1{id}/get"),
            ("path_parameter_undeclared", "/paths/~1b~1{key}/get"),
            ("path_parameter_unused", "/paths/~1b~1{id}/get"),
            ("response_missing", "/paths/~1b~1{id}/get"),
            ("server_variable_undeclared", "/servers/0"),
            ("unknown_method", "/paths/~1b~1{id}/fetch"),
            ("unknown_parameter_place", "/paths/~1b~1{id}/get/parameters/3"),
            ("unknown_security_scheme", "/paths/~1b~1{id}/get/security/0/none"),
            ("unknown_status", "/paths/~1b~1{id}/get/responses/2000"),
            ("unknown_type", "/components/schemas/T/type"),
            ("unresolved_reference", "/paths/~1b~1{key}/get/parameters/0"),
        ]
    );
    assert_eq!(document.operation("c").unwrap().unresolved[0].reference, "#/gone");
}

#[test]
fn a_document_of_nonsense_in_every_place_is_still_read() {
    for nonsense in
        [json!(null), json!(1), json!("x"), json!([]), json!([[1], null]), json!({"a": null}), json!({"$ref": 5})]
    {
        let document = read(&json!({"openapi": "3.0.3", "info": nonsense, "servers": nonsense, "tags": nonsense,
            "security": nonsense, "paths": {"/a": nonsense, "/b": {"get": nonsense, "parameters": nonsense, "put": {
                "parameters": nonsense, "requestBody": nonsense, "responses": nonsense, "callbacks": nonsense, "tags": nonsense
            }, "post": {"requestBody": {"content": nonsense}, "responses": {"200": nonsense, "201": {"content": {"a/b": nonsense},
                "headers": nonsense, "links": nonsense}}, "parameters": [nonsense]}}},
            "webhooks": nonsense, "components": {"schemas": {"A": nonsense, "B": {"type": nonsense, "properties": nonsense,
                "allOf": nonsense, "items": nonsense, "enum": nonsense, "required": nonsense, "discriminator": nonsense}},
                "securitySchemes": {"s": nonsense, "t": {"type": "oauth2", "flows": nonsense}}}}));
        for operation in document.operations() {
            crate::reference::sample::Request::to(&document, operation, "").curl();
        }
    }
}

#[test]
fn a_strict_reader_is_asked_about_openapi_3_0_only_and_points_at_the_fault() {
    let document = |version: &str| {
        read(
            &json!({"openapi": version, "info": {"title": "A", "version": "1"}, "paths": {}, "components": {"schemas": {
                "A": {"type": "object", "properties": {"b": {"type": "string", "maxLength": "x"}}}
            }}}),
        )
    };
    assert_eq!(warnings(&document("3.0.3")), [("not_strict", "/components/schemas/A/properties/b")]);
    assert_eq!(warnings(&document("3.1.0")), []);
}

#[test]
fn schemas_nested_hundreds_of_levels_deep_have_short_examples() {
    let nested = |levels: usize| {
        (0..levels).fold(
            json!({"type": "string", "maxLength": "x"}),
            |inner, _| json!({"type": "object", "required": ["a"], "properties": {"a": inner}}),
        )
    };
    for version in ["3.0.0", "3.1.0"] {
        let choices: Vec<_> = (0..1_000).map(|index| json!({"title": index.to_string(), "const": index})).collect();
        let document = read(
            &json!({"openapi": version, "components": {"schemas": {"Deep": nested(400), "Wide": {"oneOf": choices}}}}),
        );
        for named in document.schemas() {
            let example =
                crate::reference::example::of_schema(&named.schema, crate::reference::example::Direction::Response);
            assert!(example.to_string().len() < 10_000);
            assert_eq!(
                named.schema.source().to_json(),
                document.schema_at(&named.schema.pointer()).unwrap().source().to_json()
            );
        }
    }
}
