//! Documents that nobody means well with: each is read or refused, and whatever was read can be asked everything, within
//! bounds of size. Each runs on a thread's usual stack.

use serde_json::{Map, Value, json};

use super::{
    changes::Changes,
    document::{Document, Unreadable, WarningCode},
    example::{self, Direction},
    json_schema, pages_alone,
    sample::Request,
    shape,
};

/// What is larger helps nobody.
const LONGEST_EXAMPLE: usize = 1_000_000;
const LONGEST_SAMPLE: usize = 4_000_000;
const LONGEST_PAGE: usize = 12_000_000;

/// How many schemas of a document are asked; the first ones are the worst.
const ASKED: usize = 2;

fn named(schemas: impl IntoIterator<Item = (String, Value)>) -> Value {
    Value::Object(schemas.into_iter().collect::<Map<_, _>>())
}

fn to(name: impl std::fmt::Display) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Reads a document with these schemas, of which the first is a request's and a response's, and asks it everything.
fn ask(schemas: &Value) -> Document {
    let first = to(schemas.as_object().unwrap().keys().next().unwrap());
    let content = json!({"application/json": {"schema": first}});
    let document = json!({"openapi": "3.1.0", "info": {"title": "Bad", "version": "1"}, "paths": {"/a": {"post": {
        "operationId": "a", "parameters": [{"name": "q", "in": "query", "schema": first}],
        "requestBody": {"content": content}, "responses": {"200": {"description": "ok", "content": content}}
    }}}, "components": {"schemas": schemas}});
    let text = document.to_string();
    let document = Document::read(text.as_bytes()).unwrap();
    for named in document.schemas().iter().take(ASKED) {
        let schema = &named.schema;
        assert!(shape::kind(schema).len() < 1_000, "{}", named.name);
        shape::core(schema);
        for direction in [Direction::Request, Direction::Response] {
            let made = example::of_schema(schema, direction);
            assert!(made.to_string().len() < LONGEST_EXAMPLE, "{}: {}", named.name, made.to_string().len());
            let written = json_schema::of(schema, direction);
            assert!(written.to_string().len() <= 40 * text.len() + 1_000, "{}", written.to_string().len());
            assert!(depth(&written) < 100, "{} levels", depth(&written));
        }
    }
    let operation = &document.operations()[0];
    assert!(Request::to(&document, operation, "https://api.example.com").curl().len() < LONGEST_SAMPLE);
    example::of_response(&operation.responses[0]);
    let copy = Document::read(text.as_bytes()).unwrap();
    for page in pages_alone(copy, text.into_bytes()) {
        assert!(page.len() < LONGEST_PAGE, "a page of {} bytes", page.len());
    }
    document
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or_default(),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or_default(),
        _ => 0,
    }
}

fn compiles(document: &Document, name: &str) {
    let written = json_schema::of(&document.schema(name).unwrap().schema, Direction::Response);
    jsonschema::draft202012::new(&written).unwrap();
}

#[test]
fn two_hundred_levels_are_shown_and_ten_thousand_are_refused() {
    for inside in ["properties", "items", "allOf", "anyOf"] {
        let deeper = |inner: Value| match inside {
            "properties" => json!({"type": "object", "required": ["a"], "properties": {"a": inner}}),
            "items" => json!({"type": "array", "minItems": 1, "items": inner}),
            key => json!({ key: [inner] }),
        };
        let deep = (0..200).fold(json!({"type": "string"}), |inner, _| deeper(inner));
        compiles(&ask(&json!({ "Deep": deep })), "Deep");
    }
    for (open, close) in [("{\"items\":", "}"), ("{\"allOf\":[", "]}"), ("[", "]")] {
        let deep = format!("{}{{}}{}", open.repeat(10_000), close.repeat(10_000));
        let text = format!("{{\"openapi\": \"3.1.0\", \"components\": {{\"schemas\": {{\"A\": {deep}}}}}}}");
        assert!(matches!(Document::read(text.as_bytes()), Err(Unreadable::TooDeep { .. })));
    }
}

#[test]
fn a_thousand_choices_are_choices() {
    let choices = |key: &str| {
        let choices: Vec<_> = (0..1_000)
            .map(|index| json!({"type": "object", "required": [format!("p{index}")], "properties": {format!("p{index}"): {"const": index}}}))
            .collect();
        json!({ key: choices })
    };
    let document = ask(&json!({"One": choices("oneOf"), "Any": choices("anyOf"), "All": choices("allOf")}));
    assert_eq!(shape::of(&document.schema("One").unwrap().schema).choices.len(), 1_000);
    let made = |name: &str| example::of_schema(&document.schema(name).unwrap().schema, Direction::Response);
    assert_eq!(made("One"), json!({"p0": 0}));
    ["One", "Any", "All"].into_iter().for_each(|name| compiles(&document, name));
}

#[test]
fn diamonds_are_not_walked_on_every_way() {
    for key in ["allOf", "anyOf", "oneOf"] {
        let levels = (0..60).map(|level| {
            (format!("S{level}"), json!({ key: [to(format!("S{}", level + 1)), to(format!("S{}", level + 1))] }))
        });
        let end = ("S60".to_owned(), json!({"type": "object", "properties": {"a": {"const": 1}}}));
        compiles(&ask(&named(levels.chain([end]))), "S0");
    }
    let wide = (0..40).map(|level| {
        let members: Map<_, _> =
            ["a", "b", "c"].map(|name| (name.to_owned(), to(format!("S{}", level + 1)))).into_iter().collect();
        (format!("S{level}"), json!({"type": "object", "required": ["a", "b", "c"], "properties": members}))
    });
    ask(&named(wide.chain([("S40".to_owned(), json!({"type": "integer"}))])));
}

#[test]
fn chains_of_thousands_of_references_end() {
    let links: [fn(Value) -> Value; 4] = [
        |next| next,
        |next| json!({ "allOf": [next] }),
        |next| json!({"type": "object", "required": ["a"], "properties": {"a": next}}),
        |next| json!({"type": "array", "minItems": 1, "items": next}),
    ];
    for (link, length) in links.into_iter().zip([10_000, 2_500, 2_500, 2_500]) {
        let chain = (0..length).map(|index| (format!("S{index}"), link(to(format!("S{}", index + 1)))));
        let document = ask(&named(chain.chain([(format!("S{length}"), json!({"type": "string"}))])));
        compiles(&document, "S0");
    }
}

#[test]
fn what_refers_to_itself_ends() {
    let own = to("A");
    for schema in [
        own.clone(),
        json!({"allOf": [own]}),
        json!({"oneOf": [own, own]}),
        json!({"anyOf": [own, {"type": "null"}]}),
        json!({"not": own}),
        json!({"type": "array", "minItems": 2, "uniqueItems": true, "items": own}),
        json!({"type": "object", "required": ["a"], "properties": {"a": own}, "additionalProperties": own}),
        json!({"allOf": [own, {"oneOf": [own, {"allOf": [own]}]}], "properties": {"a": {"allOf": [own]}}}),
        json!({"if": own, "then": own, "else": own}),
        json!({"propertyNames": own, "patternProperties": {"a": own}, "contains": own, "prefixItems": [own]}),
        json!({"$ref": "#", "properties": {"a": {"$ref": "#/components"}, "b": {"$ref": "#/components/schemas/A/properties/b"}}}),
    ] {
        ask(&json!({ "A": schema }));
    }
}

#[test]
fn many_values_and_many_properties_are_counted_not_compared_with_each_other() {
    let values: Vec<_> = (0..100_000).map(|index| format!("value-{index}")).collect();
    let document = ask(
        &json!({"Many": {"type": "string", "enum": values}, "List": {"type": "array", "items": to("Many"), "minItems": 3}}),
    );
    assert_eq!(example::of_schema(&document.schema("Many").unwrap().schema, Direction::Response), json!("value-0"));

    let properties: Map<_, _> = (0..50_000).map(|index| (format!("p{index}"), json!({"type": "integer"}))).collect();
    let required: Vec<_> = properties.keys().cloned().collect();
    let wide = json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let document = ask(&json!({"Wide": wide, "Twice": {"allOf": [to("Wide"), wide]}}));
    assert_eq!(shape::of(&document.schema("Twice").unwrap().schema).properties.len(), 50_000);
    assert_eq!(document.warnings(), []);
}

#[test]
fn numbers_of_any_size_are_numbers() {
    let text = r#"{"openapi": "3.1.0", "info": {"title": "Bad", "version": "1"}, "components": {"schemas": {
        "A": {"type": "number", "minimum": 1e400, "maximum": -1e400}, "B": {"type": "integer", "minimum": 1e300},
        "C": {"type": "integer", "minimum": 9223372036854775807, "maximum": 18446744073709551616},
        "D": {"type": "integer", "enum": [1234567890123456789, -0, 1e400]}, "E": {"type": "number", "multipleOf": 1e-300},
        "F": {"type": "string", "minLength": 1e30, "maxLength": 99999999999999999999},
        "G": {"type": "array", "items": {"type": "integer"}, "minItems": 18446744073709551615},
        "H": {"type": "object", "additionalProperties": true, "minProperties": 1e15, "maxProperties": 1e16},
        "I": {"type": "integer", "multipleOf": 0, "exclusiveMinimum": -0.0}, "J": {"type": "integer", "multipleOf": 7, "minimum": 9223372036854775000},
        "K": {"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1}
    }}}"#;
    let document = Document::read(text.as_bytes()).unwrap();
    for named in document.schemas() {
        let made = example::of_schema(&named.schema, Direction::Response);
        assert!(made.to_string().len() < 10_000, "{} {made}", named.name);
        assert_eq!(made, example::of_schema(&named.schema, Direction::Response));
        compiles(&document, &named.id);
    }
    let made = |name: &str| example::of_schema(&document.schema(name).unwrap().schema, Direction::Response);
    assert_eq!(made("C"), json!(i64::MAX));
    assert_eq!(made("D"), json!(1_234_567_890_123_456_789_i64));
    assert_eq!(document.warning_counts()[&WarningCode::ImpossibleConstraint], 3);
}

#[test]
fn patterns_are_read_within_bounds() {
    let bombs = [
        "(((a{1000}){1000}){1000}){1000}".to_owned(),
        "(a+)+$".to_owned(),
        "^(a|aa)+$".to_owned(),
        "(?=(a+))\\1b".to_owned(),
        "(".repeat(5_000),
        "[a-".to_owned(),
        "a{0,4294967295}".to_owned(),
        "\\p{L}+".to_owned(),
        "(?<!x)y\\k<z>".to_owned(),
        "\\u{110000}".to_owned(),
        "x".repeat(100_000),
    ];
    let schemas = bombs.iter().enumerate().map(|(index, pattern)| {
        let long = "a".repeat(40);
        (
            format!("S{index}"),
            json!({"type": "string", "pattern": pattern, "example": long, "default": format!("{long}!")}),
        )
    });
    let document = ask(&named(schemas));
    let unreadable = document.warning_counts()[&WarningCode::UnreadablePattern];
    assert!((3..=8).contains(&unreadable), "{:?}", document.warnings());
    let names =
        json!({"type": "object", "patternProperties": {"(": {"type": "integer"}, "^a{3}$": {"type": "integer"}}});
    ask(&json!({ "Names": names }));
}

#[test]
fn a_part_of_a_form_that_is_made_of_itself_ends() {
    let parts = json!({"type": "object", "properties": {"lists": to("Lists")}, "allOf": [to("Parts")]});
    let example = json!({"unknown": 1, "lists": [1]});
    let document = json!({"openapi": "3.1.0", "info": {"title": "Bad", "version": "1"}, "paths": {"/a": {"post": {
        "operationId": "a", "responses": {"200": {"description": "ok"}},
        "requestBody": {"content": {"multipart/form-data": {"schema": to("Parts"), "example": example}}}
    }}}, "components": {"schemas": {"Parts": parts, "Lists": {"type": "array", "items": to("Lists")}}}});
    let document = Document::read(document.to_string().as_bytes()).unwrap();
    let curl = Request::to(&document, &document.operations()[0], "https://api.example.com").curl();
    assert!(curl.contains("unknown") && curl.contains("lists"), "{curl}");
}

#[test]
fn rules_that_lead_to_themselves_on_many_ways_end() {
    let own = to("A");
    let ways: Map<_, _> = (0..60).map(|index| (format!("w{index}"), own.clone())).collect();
    for schema in [
        json!({"type": "object", "properties": {"a": {}}, "not": own, "anyOf": vec![own.clone(); 300]}),
        json!({"type": "object", "properties": {"a": {}}, "dependentSchemas": ways}),
    ] {
        ask(&json!({ "A": schema }));
    }
}

#[test]
fn many_names_of_one_kind_are_counted_not_compared_with_each_other() {
    const MANY: usize = 10_000;
    let named = |of: fn(usize) -> (String, Value)| Value::Object((0..MANY).map(of).collect::<Map<_, _>>());
    let properties = named(|index| (format!("p{index}"), json!({"type": "string"})));
    let patterns = named(|index| (format!("^p{index}"), json!({"type": "string"})));
    ask(&json!({"Patterns": {"type": "object", "patternProperties": patterns}}));
    ask(&json!({"Both": {"type": "object", "properties": properties, "patternProperties": patterns}}));
    let required: Vec<_> = (0..MANY).map(|index| format!("p{index}")).collect();
    let form = json!({"type": "object", "properties": properties, "required": required});
    let query: Vec<_> = required.iter().map(|name| json!({"name": name, "in": "query"})).collect();
    let document = |names: &[Value], form: &Value| {
        let document = json!({"openapi": "3.1.0", "info": {"title": "Bad", "version": "1"}, "paths": {"/a": {"post": {
            "operationId": "a", "description": "# Same\n".repeat(MANY), "parameters": names, "responses": {},
            "requestBody": {"content": {"multipart/form-data": {"schema": form}}}
        }}}, "components": {"schemas": {"Form": form}}});
        Document::read(document.to_string().as_bytes()).unwrap()
    };
    let (old, new) = (document(&query, &form), document(&[], &json!({"type": "object"})));
    let changed = Changes::between(&old, &new).groups;
    assert!(changed.iter().all(|group| group.changed[0].details.len() >= MANY), "{:?}", changed.len());
    assert!(Request::to(&old, &old.operations()[0], "https://api.example.com").curl().len() < LONGEST_SAMPLE);
    pages_alone(old, Vec::new());
}
