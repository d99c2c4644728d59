//! Formats of texts and numbers, as RFCs and OpenAPI define them. Those that nobody defined allow anything.

use std::{collections::HashMap, sync::LazyLock};

use jsonschema::Validator;
use serde_json::{Value, json};

use super::{At, Fault, Fit};
use crate::reference::document::tree::Node;

/// Of texts; `regex` is left out, as telling it costs more than it is worth.
const OF_TEXTS: [&str; 14] = [
    "date",
    "date-time",
    "duration",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "iri",
    "json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
    "uuid",
];

/// Made once: each is a schema that says nothing but the format.
static VALIDATORS: LazyLock<HashMap<&str, Validator>> = LazyLock::new(|| {
    let made = OF_TEXTS.into_iter().filter_map(|format| {
        let options = jsonschema::draft202012::options().should_validate_formats(true);
        Some((format, options.build(&json!({ "format": format })).ok()?))
    });
    made.collect()
});

impl Fit {
    pub(super) fn format(&mut self, stated: Node<'_>, value: &Value, at: &At<'_>) -> bool {
        let Some(format) = stated.text() else { return true };
        let fits = match value {
            Value::String(_) => VALIDATORS.get(format).is_none_or(|validator| validator.is_valid(value)),
            Value::Number(number) => match format {
                "int32" => number.as_i64().map_or(!is_whole(value), |number| i32::try_from(number).is_ok()),
                "int64" => number.is_i64() || !is_whole(value) || number.as_f64().is_some_and(is_in_64_bits),
                _ => true,
            },
            _ => true,
        };
        fits || self.wrong(at, Fault::WrongFormat, || format!("This must be a {format}."))
    }
}

/// A fraction is a fault of the type.
fn is_whole(value: &Value) -> bool {
    value.as_f64().is_some_and(|number| number.fract() == 0.0)
}

fn is_in_64_bits(number: f64) -> bool {
    (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&number)
}
