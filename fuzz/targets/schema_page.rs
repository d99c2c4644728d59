//! Any schema has an example, a JSON Schema that a validator reads, and a page that holds nothing of it as markup.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule::reference::{
    document::Document,
    example::{self, Direction},
    json_schema, pages_alone, shape,
};

fuzz_target!(|text: &str| {
    let minor = if text.len() % 2 == 0 { "3.0.3" } else { "3.1.0" };
    let text = format!(
        r##"{{"openapi": "{minor}", "info": {{"title": "Fuzzed", "version": "1"}}, "components": {{"schemas": {{
            "Other": {{"type": "object", "required": ["a"], "properties": {{"a": {{"$ref": "#/components/schemas/Fuzzed"}}}}}},
            "Fuzzed": {text}
        }}}}}}"##
    );
    let Ok(document) = Document::read(text.as_bytes()) else { return };
    for named in document.schemas().iter().take(4) {
        let schema = &named.schema;
        assert!(!shape::kind(schema).is_empty());
        shape::of(schema);
        shape::core(schema);
        for direction in [Direction::Request, Direction::Response] {
            let made = example::of_schema(schema, direction);
            assert_eq!(made, example::of_schema(schema, direction));
            let written = json_schema::of(schema, direction);
            if let Err(error) = jsonschema::draft202012::new(&written) {
                panic!("{error}: {written}");
            }
        }
    }
    for html in pages_alone(document, text.into_bytes()) {
        assert!(!html.contains("<script") && !html.contains("href=\"javascript:"), "{html}");
    }
});
