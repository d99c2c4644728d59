use serde_json::{Value, json};

use super::{Direction, of_response, of_schema};
use crate::reference::{document::Document, model::Schema};

fn schema(components: Value) -> Schema {
    let document =
        json!({"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "components": {"schemas": components}});
    let document = Document::read(document.to_string().as_bytes()).unwrap();
    document.schemas()[0].schema.clone()
}

fn response(components: Value) -> Value {
    of_schema(&schema(components), Direction::Response)
}

#[test]
fn values_are_plausible_by_format_and_name() {
    let example = response(json!({"Shipment": {"type": "object", "properties": {
        "id": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "created_at": {"type": "string", "format": "date-time"},
        "weight_grams": {"type": "integer", "minimum": 1, "maximum": 500},
        "price": {"type": "number"},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "note": {"type": "string", "maxLength": 6},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "carrier_service": {"type": "string"},
        "deleted": {"type": "boolean"}
    }}}));
    assert!(example["id"].as_str().unwrap().starts_with("shipment_"), "{example}");
    assert_eq!(example["email"], "ines.halloran@example.com");
    assert_eq!(example["created_at"], "2026-03-14T09:26:53Z");
    assert_eq!(example["weight_grams"], 500);
    assert_eq!(example["price"], 19.9);
    assert!(example["country"].as_str().unwrap().chars().all(|it| it.is_ascii_uppercase()));
    assert_eq!(example["note"], "Please");
    assert!((0.0..1.0).contains(&example["ratio"].as_f64().unwrap()) && example["ratio"] != 0.0, "{example}");
    assert_eq!(example["carrier_service"], "Carrier service");
    assert_eq!(example["deleted"], false);
}

#[test]
fn what_the_document_states_comes_first() {
    let example = response(json!({"Thing": {"type": "object", "properties": {
        "constant": {"const": "a"},
        "example": {"type": "string", "example": "b"},
        "examples": {"type": "string", "examples": ["c", "d"]},
        "enumeration": {"enum": [null, "e", "f"]},
        "default": {"type": "integer", "default": 7},
        "wrong": {"type": "integer", "example": "text"}
    }}}));
    assert_eq!(
        example,
        json!({"constant": "a", "example": "b", "examples": "c", "enumeration": "e", "default": 7, "wrong": 42})
    );
}

#[test]
fn a_cycle_is_left_out_where_it_may_be_and_ends_where_it_must_be() {
    let example = response(json!({"Node": {"type": "object", "required": ["parent", "children"], "properties": {
        "count": {"type": "integer"},
        "next": {"$ref": "#/components/schemas/Node"},
        "parent": {"$ref": "#/components/schemas/Node"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}}
    }}}));
    let inner = json!({"count": 3, "parent": {}, "children": []});
    assert_eq!(example["next"], inner);
    assert_eq!(example["children"], json!([inner]));
}

#[test]
fn read_only_stays_out_of_requests_and_write_only_out_of_responses() {
    let schema = schema(json!({"User": {"type": "object", "properties": {
        "id": {"type": "integer", "readOnly": true},
        "password": {"type": "string", "writeOnly": true},
        "state": {"$ref": "#/components/schemas/State"}
    }}, "State": {"type": "string", "readOnly": true}}));
    let names = |direction| of_schema(&schema, direction).as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(Direction::Request), ["password"]);
    assert_eq!(names(Direction::Response), ["id", "state"]);
}

#[test]
fn choices_are_named_by_their_discriminator() {
    let example = response(json!({
        "Event": {
            "oneOf": [{"$ref": "#/components/schemas/Sent"}],
            "discriminator": {"propertyName": "type", "mapping": {"event.sent": "#/components/schemas/Sent"}}
        },
        "Sent": {"type": "object", "properties": {"type": {"type": "string"}, "count": {"type": "integer"}}}
    }));
    assert_eq!(example, json!({"type": "event.sent", "count": 3}));
}

#[test]
fn all_parts_of_an_object_are_there() {
    let example = response(json!({
        "Both": {"allOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "properties": {"b": {"const": 2}}}], "properties": {"c": {"const": 3}}},
        "A": {"type": "object", "properties": {"a": {"const": 1}}}
    }));
    assert_eq!(example, json!({"a": 1, "b": 2, "c": 3}));
}

#[test]
fn maps_and_tuples_have_members() {
    let example = response(json!({"Thing": {"type": "object", "properties": {
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
        "pattern": {"type": "object", "patternProperties": {"^x-[a-z]{3}$": {"const": true}}},
        "tuple": {"type": "array", "prefixItems": [{"const": 1}, {"const": "a"}]},
        "many": {"type": "array", "minItems": 3, "uniqueItems": true, "items": {"type": "integer"}},
        "none": {"type": "array", "maxItems": 0, "items": {"type": "integer"}}
    }}}));
    assert_eq!(example["map"], json!({"key": 42}));
    assert_eq!(example["pattern"].as_object().unwrap().len(), 1);
    assert_eq!(example["tuple"], json!([1, "a"]));
    assert_eq!(example["many"], json!([42, 43, 44]));
    assert_eq!(example["none"], json!([]));
}

#[test]
fn an_example_is_the_same_at_every_reading_and_never_says_string() {
    let components = json!({"A": {"type": "object", "properties": {
        "id": {"type": "string"}, "value": {"type": "string"}, "list": {"type": "array", "items": {"type": "string"}}
    }}});
    let first = response(components.clone());
    assert_eq!(first, response(components));
    assert!(!first.to_string().contains("\"string\""), "{first}");
}

#[test]
fn a_tangle_of_schemas_ends_in_bounded_time() {
    let refs: Vec<_> = (0..60).map(|index| json!({"$ref": format!("#/components/schemas/S{index}")})).collect();
    let tangle: serde_json::Map<String, Value> = (0..60)
        .map(|index| {
            let properties: serde_json::Map<String, Value> =
                refs.iter().enumerate().map(|(other, schema)| (format!("p{other}"), schema.clone())).collect();
            let required: Vec<_> = properties.keys().cloned().collect();
            (
                format!("S{index}"),
                json!({"type": "object", "required": required, "properties": properties, "oneOf": refs}),
            )
        })
        .collect();
    let started = std::time::Instant::now();
    response(Value::Object(tangle));
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn an_error_speaks_of_its_status() {
    let error = json!({"type": "object", "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"}
    }});
    let document = json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {
        "404": {"content": {"application/problem+json": {"schema": error}}}
    }}}}});
    let document = Document::read(document.to_string().as_bytes()).unwrap();
    let (media_type, example) = of_response(&document.operations()[0].responses[0]).unwrap();
    assert_eq!(media_type.name, "application/problem+json");
    assert_eq!(
        example,
        json!({
            "type": "https://example.com/errors/not-found",
            "title": "Not found",
            "status": 404,
            "detail": "There is nothing at this address.",
            "code": "not_found"
        })
    );
}
