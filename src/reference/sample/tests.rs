use std::process::Command;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Request, curl};
use crate::reference::document::Document;

const BASE: &str = "https://dev.example.com/sandbox/parcels/2026-09";

fn document(paths: Value) -> Document {
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "Parcels", "version": "1"},
        "paths": paths,
        "components": {"securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "basic": {"type": "http", "scheme": "basic"},
            "header": {"type": "apiKey", "in": "header", "name": "X-Api-Key"},
            "query": {"type": "apiKey", "in": "query", "name": "api_key"},
            "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
            "oauth": {"type": "oauth2", "flows": {}},
        }}
    });
    Document::read(document.to_string().as_bytes()).unwrap()
}

fn request(method: &str, path: &str, operation: Value) -> Request {
    let document = document(json!({path: {method: operation}}));
    Request::to(&document, &document.operations()[0], BASE)
}

/// The arguments that a real shell gives to `curl` for this command.
fn arguments(command: &str) -> Vec<String> {
    let script = format!("curl() {{ for word in \"$@\"; do printf '%s\\0' \"$word\"; done; }}\n{command}");
    let output = Command::new("sh").arg("-c").arg(&script).env("SANDBOX_KEY", "k-1").output().unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{script}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let words = String::from_utf8(output.stdout).unwrap();
    words.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn a_create_looks_as_a_person_would_write_it() {
    let request = request(
        "post",
        "/v1/shipments",
        json!({
            "security": [{"bearer": []}],
            "parameters": [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}],
            "requestBody": {"content": {"application/json": {"example": {"reference": "it's", "parcels": [1]}}}},
            "responses": {"201": {"description": "Created"}}
        }),
    );
    assert_eq!(
        request.curl(),
        r#"curl -X POST \
  https://dev.example.com/sandbox/parcels/2026-09/v1/shipments \
  -H "Authorization: Bearer $SANDBOX_KEY" \
  -H "Idempotency-Key: order-20417-1" \
  -H "Content-Type: application/json" \
  -d '{
    "reference": "it'\''s",
    "parcels": [
      1
    ]
  }'"#
    );
}

#[test]
fn only_required_parameters_are_sent() {
    let request = request(
        "get",
        "/v1/{kind}/{id}",
        json!({"parameters": [
            {"name": "kind", "in": "path", "required": true, "schema": {"const": "a b/c"}},
            {"name": "id", "in": "path", "required": true, "style": "matrix", "schema": {"const": [3, 4]}},
            {"name": "limit", "in": "query", "required": true, "schema": {"const": 5}},
            {"name": "cursor", "in": "query", "schema": {"type": "string"}},
            {"name": "ids", "in": "query", "required": true, "schema": {"const": ["x", "y&z"]}},
            {"name": "tags", "in": "query", "required": true, "style": "pipeDelimited", "explode": false, "schema": {"const": ["x", "y"]}},
            {"name": "filter", "in": "query", "required": true, "style": "deepObject", "schema": {"const": {"state": "new"}}}
        ]}),
    );
    assert_eq!(request.path, "/v1/a%20b%2Fc/;id=3,4");
    assert_eq!(
        request.url(),
        format!("{BASE}/v1/a%20b%2Fc/;id=3,4?limit=5&ids=x&ids=y%26z&tags=x%7Cy&filter%5Bstate%5D=new")
    );
    assert_eq!(arguments(&request.curl()), [request.url()]);
}

#[test]
fn the_key_goes_where_the_security_scheme_says() {
    for (scheme, expected) in [
        ("bearer", vec!["URL", "-H", "Authorization: Bearer k-1"]),
        ("oauth", vec!["URL", "-H", "Authorization: Bearer k-1"]),
        ("basic", vec!["URL", "-u", "k-1:"]),
        ("header", vec!["URL", "-H", "X-Api-Key: k-1"]),
        ("query", vec!["URL?q=1&api_key=k-1"]),
        ("cookie", vec!["URL", "-b", "session=k-1"]),
    ] {
        let parameters = if scheme == "query" {
            json!([{"name": "q", "in": "query", "required": true, "schema": {"const": 1}}])
        } else {
            json!([])
        };
        let request = request("get", "/v1", json!({"security": [{}, {scheme: []}], "parameters": parameters}));
        let found: Vec<_> =
            arguments(&request.curl()).iter().map(|word| word.replace(&format!("{BASE}/v1"), "URL")).collect();
        assert_eq!(found, expected, "{scheme}");
    }
}

#[test]
fn an_operation_without_security_gets_a_key_only_when_asked() {
    let request = request("get", "/v1", json!({}));
    assert_eq!(request.curl(), format!("curl {BASE}/v1"));
    assert!(request.with_key().curl().contains(r#"-H "Authorization: Bearer $SANDBOX_KEY""#));
}

#[test]
fn forms_files_and_parts_are_sent_as_such() {
    let body = |content: Value| request("post", "/", json!({"requestBody": {"content": content}}));
    let form = body(json!({"application/x-www-form-urlencoded": {"example": {"a b": "x=y&z", "list": ["1", "2"]}}}));
    assert_eq!(
        arguments(&form.curl())[3..],
        ["--data-urlencode", "a%20b=x=y&z", "--data-urlencode", "list=1", "--data-urlencode", "list=2"]
    );
    let file = body(json!({"image/*": {}}));
    assert_eq!(arguments(&file.curl())[3..], ["-H", "Content-Type: image/png", "--data-binary", "@file.png"]);
    let parts = body(json!({"multipart/form-data": {"schema": {"type": "object", "properties": {
        "photo": {"type": "string", "format": "binary"},
        "note": {"const": "@home; now"},
        "meta": {"const": {"a": "b;c"}}
    }}}}));
    assert_eq!(
        arguments(&parts.curl())[3..],
        [
            "-F",
            "photo=@photo.bin",
            "--form-string",
            "note=@home; now",
            "-F",
            r#"meta="{\"a\":\"b;c\"}";type=application/json"#
        ]
    );
    let text = body(json!({"text/plain": {"example": "@not a file"}}));
    assert_eq!(arguments(&text.curl())[3..], ["-H", "Content-Type: text/plain", "--data-raw", "@not a file"]);
}

#[test]
fn a_head_request_does_not_wait_for_a_body() {
    assert_eq!(request("head", "/v1", json!({})).curl(), format!("curl --head {BASE}/v1"));
}

#[test]
fn a_hostile_document_stays_inside_its_words() {
    let evil = "'; touch /tmp/owned; echo \"$(id)\" `id` \\ !! \n\r";
    let request = request(
        "post",
        "/v1/{id}",
        json!({
            "security": [{"header": []}],
            "parameters": [
                {"name": "id", "in": "path", "required": true, "schema": {"const": evil}},
                {"name": "X-Evil", "in": "header", "required": true, "schema": {"const": evil}},
                {"name": "X Evil\n$(id)", "in": "header", "required": true, "schema": {"const": "a"}},
                {"name": evil, "in": "query", "required": true, "schema": {"const": evil}},
                {"name": evil, "in": "cookie", "required": true, "schema": {"const": evil}}
            ],
            "requestBody": {"content": {"application/json": {"example": {"evil": evil}}}}
        }),
    );
    let words = arguments(&request.curl());
    assert_eq!(words[..2], ["-X", "POST"]);
    assert_eq!(words[2], request.url());
    assert_eq!(words[4], "X-Api-Key: k-1");
    assert_eq!(words[6], format!("X-Evil: {}", evil.replace(['\n', '\r'], " ")));
    let body: Value = serde_json::from_str(words.last().unwrap()).unwrap();
    assert_eq!(body, json!({"evil": evil}));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_one_word_of_a_real_shell(text in "[^\\x00]{0,40}") {
        let quoted = curl::word(&text);
        prop_assert_eq!(arguments(&format!("curl {quoted}")), [text]);
    }

    #[test]
    fn any_body_arrives_as_it_is(text in "[ -~\\n\\t'\"\\\\$`!@é]{1,40}") {
        let request = request("post", "/", json!({"requestBody": {"content": {"text/plain": {"example": text.clone()}}}}));
        let words = arguments(&request.curl());
        prop_assert_eq!(words.last(), Some(&text));
    }
}
