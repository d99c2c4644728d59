use serde_json::{Value, json};

use super::{Fault, Fit, MOST_STEPS, Misfit, Rules, Unknown};
use crate::reference::{document::Document, example::Direction, json_schema, model::Schema};

fn schema(version: &str, components: Value) -> Schema {
    let document = json!({"openapi": version, "components": {"schemas": components}});
    Document::read(document.to_string().as_bytes()).unwrap().schemas()[0].schema.clone()
}

/// All that is wrong with a value; the crate that is asked as well must agree.
fn wrong(stated: Value, value: Value) -> Vec<Misfit> {
    let schema = schema("3.1.0", json!({ "Thing": stated }));
    let misfits = Fit::new(Some(Direction::Response)).misfits(&schema, &value, 9);
    let validator = jsonschema::validator_for(&json_schema::of(&schema, Direction::Response)).unwrap();
    assert_eq!(validator.is_valid(&value), misfits.is_empty(), "{value}: {misfits:?}");
    assert_eq!(Fit::new(Some(Direction::Response)).fits(&schema, &value), misfits.is_empty());
    misfits
}

#[test]
fn what_is_wrong_is_told_with_its_place_and_code() {
    let found = |stated: Value, value: Value| match wrong(stated, value).as_slice() {
        [Misfit { pointer, fault, message }] => format!("{pointer} {}: {message}", fault.code()),
        other => panic!("{other:?}"),
    };
    let cases = [
        (json!({"type": ["null", "string"]}), json!(1), " wrong_type: This must be string or null."),
        (json!({"type": "integer"}), json!(1.5), " wrong_type: This must be integer."),
        (json!({"enum": ["a", 1]}), json!("b"), " unlisted_value: This must be a or 1."),
        (json!({"const": {"a": 1}}), json!({"a": 2}), " unlisted_value: This must be {\"a\":1}."),
        (json!({"minimum": 3}), json!(2.5), " too_small: This must be at least 3."),
        (json!({"exclusiveMinimum": 3}), json!(3), " too_small: This must be greater than 3."),
        (json!({"maximum": 3}), json!(4), " too_large: This must be at most 3."),
        (json!({"exclusiveMaximum": 3}), json!(3), " too_large: This must be less than 3."),
        (json!({"multipleOf": 0.01}), json!(0.005), " not_a_multiple: This must be a multiple of 0.01."),
        (json!({"minLength": 2}), json!("ü"), " too_short: This must have at least 2 characters."),
        (json!({"maxLength": 1}), json!("üü"), " too_long: This must have at most 1 character."),
        (json!({"pattern": "^a+$"}), json!("b"), " wrong_pattern: This must match ^a+$."),
        (json!({"minItems": 2}), json!([1]), " too_few_items: There must be at least 2 items."),
        (json!({"maxItems": 1}), json!([1, 2]), " too_many_items: There must be at most 1 item."),
        (json!({"items": {"type": "null"}}), json!([null, 1]), "/1 wrong_type: This must be null."),
        (json!({"prefixItems": [{}, {"const": 1}]}), json!([0, 0]), "/1 unlisted_value: This must be 1."),
        (json!({"prefixItems": [{}], "items": false}), json!([0, 0]), "/1 not_allowed: This may not be here."),
        (
            json!({"prefixItems": [{}], "contains": {"const": 1}, "unevaluatedItems": false}),
            json!([0, 1, 2]),
            "/2 unknown_item: The document knows no such item.",
        ),
        (json!({"uniqueItems": true}), json!([1, 2, 1.0]), "/2 repeated_item: No item may be there twice."),
        (
            json!({"uniqueItems": true}),
            json!([{"a": 1, "b": [2]}, {"b": [2], "a": 1}]),
            "/1 repeated_item: No item may be there twice.",
        ),
        (json!({"contains": {"const": 1}}), json!([2]), " missing_item: An item that must be there is missing."),
        (
            json!({"contains": {"const": 1}, "maxContains": 1}),
            json!([1, 1]),
            " too_many_matches: At most 1 item of this kind may be there.",
        ),
        (json!({"required": ["a"]}), json!({}), " missing_property: The property a is missing."),
        (json!({"minProperties": 1}), json!({}), " too_few_properties: There must be at least 1 property."),
        (json!({"maxProperties": 0}), json!({"a": 1}), " too_many_properties: There must be at most 0 properties."),
        (json!({"properties": {"a/b": false}}), json!({"a/b": 1}), "/a~1b not_allowed: This may not be here."),
        (
            json!({"additionalProperties": false, "patternProperties": {"^x-": {}}}),
            json!({"x-a": 1, "y": 1}),
            "/y unknown_property: The document knows no such property.",
        ),
        (
            json!({
                "allOf": [{"properties": {"a": {}}}],
                "anyOf": [{"required": ["b"], "properties": {"b": {}}}, {"properties": {"c": {}}, "required": ["c"]}],
                "unevaluatedProperties": false,
            }),
            json!({"a": 1, "b": 1, "c": 1, "d": 1}),
            "/d unknown_property: The document knows no such property.",
        ),
        (
            json!({"propertyNames": {"maxLength": 1}}),
            json!({"ab": 1}),
            "/ab wrong_name: Of the name: This must have at most 1 character.",
        ),
        (
            json!({"dependentRequired": {"a": ["b"]}}),
            json!({"a": 1}),
            " missing_property: The property b is missing, which a asks for.",
        ),
        (
            json!({"dependentSchemas": {"a": {"required": ["b"]}}}),
            json!({"a": 1}),
            " missing_property: The property b is missing.",
        ),
        (json!({"anyOf": [{"const": 1}, {"const": 2}]}), json!(3), " no_choice: This is none of the 2 choices."),
        (
            json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}),
            json!(3),
            " several_choices: This fits more than one of the choices.",
        ),
        (json!({"not": {"type": "string"}}), json!("a"), " excluded: This is what the document excludes here."),
        (json!({"if": {"const": 1}, "else": {"type": "string"}}), json!(2), " wrong_type: This must be string."),
        (
            json!({"allOf": [{"type": "object"}, {"required": ["z"]}]}),
            json!({}),
            " missing_property: The property z is missing.",
        ),
        (
            json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "null"}]}),
            json!({"a": 1}),
            "/a wrong_type: This must be string.",
        ),
    ];
    for (stated, value, expected) in cases {
        assert_eq!(found(stated, value), expected);
    }
}

#[test]
fn all_that_is_wrong_is_told_up_to_a_number() {
    let stated = json!({
        "type": "object", "required": ["name", "at"], "additionalProperties": false,
        "properties": {
            "name": {}, "at": {},
            "parcels": {"type": "array", "items": {"properties": {"weight": {"type": ["integer", "null"], "minimum": 1}}}},
            "kind": {"enum": ["x", "y"]},
        },
    });
    let value = json!({"parcels": [{"weight": 0}, {"weight": "1"}], "kind": "z", "odd": 1});
    let found: Vec<_> = wrong(stated.clone(), value.clone()).into_iter().map(|it| (it.pointer, it.message)).collect();
    let expected = [
        ("", "The property name is missing."),
        ("", "The property at is missing."),
        ("/odd", "The document knows no such property."),
        ("/parcels/0/weight", "This must be at least 1."),
        ("/parcels/1/weight", "This must be integer or null."),
        ("/kind", "This must be x or y."),
    ];
    assert_eq!(found, expected.map(|(pointer, message)| (pointer.to_owned(), message.to_owned())));
    let schema = schema("3.1.0", json!({ "Thing": stated }));
    assert_eq!(Fit::new(None).misfits(&schema, &value, 2).len(), 2);
}

#[test]
fn of_several_choices_the_one_that_was_meant_is_explained() {
    let choice = |kind: &str, property: &str| {
        json!({
            "type": "object", "required": [property, "kind"],
            "properties": {"kind": {"const": kind}, property: {"type": "string"}},
        })
    };
    let told = |components: Value, value: Value| -> Vec<String> {
        let misfits = Rules::of(Direction::Request).misfits(&schema("3.1.0", components), &value);
        misfits.into_iter().map(|it| format!("{} {}: {}", it.pointer, it.fault.code(), it.message)).collect()
    };
    let thing = json!({"properties": {"to": {"oneOf": [choice("address", "line1"), choice("locker", "id")]}}});
    let of_locker = told(json!({ "Thing": thing }), json!({"to": {"kind": "locker", "id": 7}}));
    assert_eq!(of_locker, ["/to/id wrong_type: This must be string."]);

    let to = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let free = |property: &str| json!({"required": [property], "properties": {property: {"type": "string"}}});
    let document = |mapping: Value| {
        json!({
            "Thing": {"oneOf": [to("Address"), to("Locker")], "discriminator": {"propertyName": "kind", "mapping": mapping}},
            "Address": free("line1"), "Locker": free("id"),
        })
    };
    for (mapping, kind) in [(json!({}), "Locker"), (json!({"l": "#/components/schemas/Locker", "a": "Address"}), "l")] {
        assert_eq!(
            told(document(mapping), json!({"kind": kind, "line1": 7})),
            [" missing_property: The property id is missing."]
        );
    }
    let told_kind = |value| told(document(json!({"l": "Locker", "a": "Address"})), value);
    assert_eq!(told_kind(json!({"kind": "x"})), ["/kind unknown_choice: This must be l or a."]);
    assert_eq!(told_kind(json!({})), [" missing_property: The property kind is missing."]);
}

#[test]
fn unknown_fields_are_refused_or_passed_over() {
    let stated = json!({
        "type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": false,
        "not": {"properties": {"a": {}}, "required": ["a", "b"], "additionalProperties": false},
    });
    let schema = schema("3.1.0", json!({ "Thing": stated }));
    let rules = Rules::of(Direction::Request);
    let lenient = rules.unknown(Unknown::Ignored);
    let value = json!({"a": 1, "x": 2});
    assert_eq!(rules.misfits(&schema, &value)[0].fault, Fault::UnknownProperty);
    assert!(!rules.fits(&schema, &value) && lenient.fits(&schema, &value));
    assert_eq!(lenient.misfits(&schema, &value), []);
    assert_eq!(lenient.misfits(&schema, &json!({"a": "1", "x": 2})).len(), 1);
}

#[test]
fn choices_that_only_what_they_do_not_know_tells_apart_are_no_fault_to_the_lenient() {
    let closed = |name: &str| json!({"properties": {name: {}}, "additionalProperties": false});
    let schema = schema("3.1.0", json!({ "Thing": {"oneOf": [closed("a"), closed("b")]} }));
    let lenient = Rules::of(Direction::Request).unknown(Unknown::Ignored);
    assert!(lenient.fits(&schema, &json!({"a": 1})) && lenient.fits(&schema, &json!({"c": 1})));
    assert!(!Rules::of(Direction::Request).fits(&schema, &json!({"c": 1})));
}

#[test]
fn formats_count_in_calls_and_not_in_examples() {
    for (format, good, bad) in [
        ("date-time", json!("2026-11-22T10:00:00Z"), json!("today")),
        ("date", json!("2026-02-28"), json!("2026-02-30")),
        ("uuid", json!("0190f7a2-8c1e-7b3d-9c55-1f2e3d4c5b6a"), json!("none")),
        ("email", json!("ines@example.com"), json!("ines")),
        ("uri", json!("https://example.com"), json!("no uri")),
        ("int32", json!(2_147_483_647), json!(2_147_483_648_i64)),
        ("int64", json!(i64::MIN), json!(9_223_372_036_854_775_808_u64)),
        ("int64", json!(1.5), json!(1e19)),
    ] {
        let schema = schema("3.1.0", json!({ "Thing": {"format": format} }));
        let misfits = |value| Rules::of(Direction::Request).misfits(&schema, value);
        assert_eq!(misfits(&good), [], "{format} {good}");
        assert_eq!(misfits(&bad)[0].fault, Fault::WrongFormat, "{format} {bad}");
        assert!(Fit::new(None).fits(&schema, &bad));
    }
    let made_up = schema("3.1.0", json!({ "Thing": {"format": "parcel-number"} }));
    assert!(Rules::of(Direction::Request).fits(&made_up, &json!("none")));
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
        assert_eq!(wrong(stated, value), []);
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

#[test]
fn a_tree_of_choices_is_told_within_bounds() {
    let to = json!({"$ref": "#/components/schemas/Tree"});
    let branch = |name: &str| json!({"required": [name, "more"], "properties": {name: {"type": "string"}, "more": to}});
    let choices: Vec<_> = ["a", "b", "c", "d"].into_iter().map(branch).collect();
    let schema = schema("3.1.0", json!({"Tree": {"oneOf": choices}}));
    let value = (0..40).fold(json!({"e": 1}), |inner, _| json!({"a": "x", "b": 1, "more": inner}));
    let mut fit = Fit::new(None);
    assert!(!fit.misfits(&schema, &value, 20).is_empty());
    assert!(fit.steps() < MOST_STEPS / 2, "{} steps", fit.steps());
}
