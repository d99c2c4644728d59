use serde_json::{Value, json};

use super::{Fit, MOST_STEPS};
use crate::reference::{document::Document, example::Direction, json_schema, model::Schema};

fn schema(version: &str, components: Value) -> Schema {
    let document = json!({"openapi": version, "components": {"schemas": components}});
    Document::read(document.to_string().as_bytes()).unwrap().schemas()[0].schema.clone()
}

/// What is wrong with a value; the crate that is asked as well must agree.
fn wrong(stated: Value, value: Value) -> Option<(String, String)> {
    let schema = schema("3.1.0", json!({ "Thing": stated }));
    let misfit = Fit::new(Some(Direction::Response)).misfit(&schema, &value);
    let validator = jsonschema::validator_for(&json_schema::of(&schema, Direction::Response)).unwrap();
    assert_eq!(validator.is_valid(&value), misfit.is_none(), "{value}: {misfit:?}");
    misfit.map(|misfit| (misfit.pointer, misfit.message))
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let found = |stated: Value, value: Value| {
        let (pointer, message) = wrong(stated, value).unwrap();
        format!("{pointer}: {message}")
    };
    let cases = [
        (json!({"type": "string"}), json!(1), ": a number where string is expected"),
        (json!({"type": "integer"}), json!(1.5), ": a number where integer is expected"),
        (json!({"enum": ["a", 1]}), json!("b"), ": a value that the enumeration does not have"),
        (json!({"const": {"a": 1}}), json!({"a": 2}), ": another value than the one that is allowed"),
        (json!({"minimum": 3}), json!(2.5), ": 2.5 is less than 3"),
        (json!({"exclusiveMaximum": 3}), json!(3), ": 3 is greater than allowed"),
        (json!({"multipleOf": 0.01}), json!(0.005), ": 0.005 is not a multiple of 0.01"),
        (json!({"minLength": 2}), json!("ü"), ": it has 1 characters, fewer than 2"),
        (json!({"pattern": "^a+$"}), json!("b"), ": it does not match `^a+$`"),
        (json!({"items": {"type": "null"}}), json!([null, 1]), "/1: a number where null is expected"),
        (json!({"prefixItems": [{}, {"const": 1}]}), json!([0, 0]), "/1: another value than the one that is allowed"),
        (json!({"uniqueItems": true}), json!([1, 2, 1]), "/2: an item that is there twice"),
        (json!({"contains": {"const": 1}}), json!([2]), ": it does not contain what it must contain"),
        (json!({"required": ["a"]}), json!({}), ": the required property `a` is missing"),
        (json!({"properties": {"a/b": false}}), json!({"a/b": 1}), "/a~1b: nothing is allowed here"),
        (
            json!({"additionalProperties": false, "patternProperties": {"^x-": {}}}),
            json!({"x-a": 1, "y": 1}),
            "/y: a property that the schema does not have",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            json!({"ab": 1}),
            "/ab: in the name, it has 2 characters, more than 1",
        ),
        (json!({"dependentRequired": {"a": ["b"]}}), json!({"a": 1}), ": `b` is missing, which `a` asks for"),
        (json!({"anyOf": [{"const": 1}, {"const": 2}]}), json!(3), ": it is none of the 2 choices"),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            json!(3),
            ": it is more than one of the choices, of which it must be exactly one",
        ),
        (json!({"not": {"type": "string"}}), json!("a"), ": it is what `not` excludes"),
        (json!({"if": {"const": 1}, "else": {"type": "string"}}), json!(2), ": a number where string is expected"),
        (
            json!({"allOf": [{"type": "object"}, {"required": ["z"]}]}),
            json!({}),
            ": the required property `z` is missing",
        ),
        (
            json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "null"}]}),
            json!({"a": 1}),
            "/a: a number where string is expected",
        ),
    ];
    for (stated, value, expected) in cases {
        assert_eq!(found(stated, value), expected);
    }
}

#[test]
fn what_fits_is_left_alone() {
    for (stated, value) in [
        (json!({"enum": [1]}), json!(1.0)),
        (json!({"type": "integer", "maximum": 9_007_199_254_740_993_i64}), json!(9_007_199_254_740_993_i64)),
        (json!({"multipleOf": 0.1}), json!(0.7)),
        (json!({"format": "uuid"}), json!("none")),
        (json!({"pattern": "("}), json!("any")),
        (json!({"$ref": "#/nowhere"}), json!("any")),
        (json!({"type": ["string", "null"]}), json!(null)),
        (json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}), json!({"a": 1})),
    ] {
        assert_eq!(wrong(stated, value), None);
    }
}

#[test]
fn what_does_not_travel_is_neither_missed_nor_looked_at() {
    let schema = schema(
        "3.0.3",
        json!({
            "Thing": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"type": "object", "required": ["id", "name"]}]},
            "Base": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": true}, "name": {"type": "string"}}}
        }),
    );
    let validator = jsonschema::validator_for(&json_schema::of(&schema, Direction::Request)).unwrap();
    for (value, fits) in
        [(json!({"name": "a"}), true), (json!({"id": "x", "name": "a"}), true), (json!({"id": 1}), false)]
    {
        assert_eq!(Fit::new(Some(Direction::Request)).fits(&schema, &value), fits, "{value}");
        assert_eq!(validator.is_valid(&value), fits, "{value}");
    }
    assert!(!Fit::new(Some(Direction::Response)).fits(&schema, &json!({"name": "a"})));
    assert!(Fit::new(None).fits(&schema, &json!({"name": "a"})));
}

#[test]
fn spellings_of_3_0_are_understood() {
    let schema = schema(
        "3.0.3",
        json!({
            "Thing": {"type": "object", "properties": {
                "level": {"type": "integer", "minimum": 1, "exclusiveMinimum": true},
                "state": {"type": "string", "enum": ["a"], "nullable": true},
                "other": {"$ref": "#/components/schemas/Text", "minLength": 100},
                "maybe": {"nullable": true, "allOf": [{"$ref": "#/components/schemas/Text"}]}
            }},
            "Text": {"type": "string"}
        }),
    );
    let validator = jsonschema::validator_for(&json_schema::of(&schema, Direction::Response)).unwrap();
    for (value, fits) in [
        (json!({"level": 1}), false),
        (json!({"level": 2, "state": null, "other": "short", "maybe": null}), true),
        (json!({"state": "b"}), false),
        (json!({"maybe": 1}), false),
    ] {
        assert_eq!(Fit::new(None).fits(&schema, &value), fits, "{value}");
        assert_eq!(validator.is_valid(&value), fits, "{value}");
    }
}

#[test]
fn circles_and_explosions_end_and_count_as_fitting() {
    let doubled = json!({"$ref": "#/components/schemas/A"});
    let mut fit = Fit::new(None);
    for stated in [
        json!({"A": {"allOf": [doubled, doubled]}}),
        json!({"A": {"anyOf": [doubled, doubled], "oneOf": [doubled, doubled]}}),
        json!({"A": {"not": doubled}}),
        json!({"A": {"$ref": "#/components/schemas/A"}}),
    ] {
        let before = fit.steps();
        assert!(fit.fits(&schema("3.1.0", stated), &json!({"a": 1})));
        assert!(fit.steps() - before <= MOST_STEPS);
    }
}

#[test]
fn two_hundred_levels_are_looked_through_and_more_are_passed_over() {
    let nested = |levels: usize| {
        let schema = (0..levels).fold(json!({"const": 1}), |inner, _| json!({"properties": {"a": inner}}));
        let value = (0..levels).fold(json!(2), |inner, _| json!({ "a": inner }));
        (schema, value)
    };
    let (stated, value) = nested(200);
    assert!(!Fit::new(None).fits(&schema("3.1.0", json!({ "Thing": stated })), &value));
    let (stated, value) = nested(450);
    assert!(Fit::new(None).fits(&schema("3.1.0", json!({ "Thing": stated })), &value));
}
