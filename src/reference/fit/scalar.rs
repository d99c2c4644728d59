//! Limits of numbers and texts, and values that are listed.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::{At, Fit, Misfit, count_of, limit_of};
use crate::reference::document::tree::{Kind, Node};

/// How far a quotient of floats may be from a whole number.
const SLACK: f64 = 1e-9;

/// `enum` and `const`.
pub(super) fn listed(schema: Node<'_>, value: &Value, at: &At<'_>) -> Option<Misfit> {
    if let Some(constant) = schema.get("const")
        && !same(constant, value)
    {
        return at.wrong("another value than the one that is allowed");
    }
    let listed = schema.get("enum").filter(|listed| listed.kind() == Kind::List)?;
    if listed.items().any(|allowed| same(allowed, value)) {
        return None;
    }
    at.wrong("a value that the enumeration does not have")
}

pub(super) fn number(schema: Node<'_>, number: &Number, at: &At<'_>) -> Option<Misfit> {
    let open = |key: &str| schema.flag(key);
    let limits = [
        ("minimum", Ordering::Less, open("exclusiveMinimum")),
        ("maximum", Ordering::Greater, open("exclusiveMaximum")),
        ("exclusiveMinimum", Ordering::Less, true),
        ("exclusiveMaximum", Ordering::Greater, true),
    ];
    for (key, wrong, is_open) in limits {
        let Some(limit) = limit_of(schema, key) else { continue };
        let order = compared(number, &limit);
        if order == Some(wrong) || (is_open && order == Some(Ordering::Equal)) {
            let than = if wrong == Ordering::Less { "less" } else { "greater" };
            let limit =
                if is_open && order == Some(Ordering::Equal) { "allowed".to_owned() } else { limit.to_string() };
            return at.wrong(&format!("{number} is {than} than {limit}"));
        }
    }
    let step = limit_of(schema, "multipleOf")?;
    if is_multiple(number, &step) { None } else { at.wrong(&format!("{number} is not a multiple of {step}")) }
}

impl Fit {
    pub(super) fn text(&mut self, schema: Node<'_>, text: &str, value: &Value, at: &At<'_>) -> Option<Misfit> {
        let (least, most) = (count_of(schema, "minLength"), count_of(schema, "maxLength"));
        if least.is_some() || most.is_some() {
            let length = text.chars().count() as u64;
            if let Some(least) = least.filter(|least| length < *least) {
                return at.wrong(&format!("it has {length} characters, fewer than {least}"));
            }
            if let Some(most) = most.filter(|most| length > *most) {
                return at.wrong(&format!("it has {length} characters, more than {most}"));
            }
        }
        let pattern = schema.text_of("pattern")?;
        let matches = self.pattern(pattern)?.matches(value);
        if matches { None } else { at.wrong(&format!("it does not match `{}`", shortened(pattern))) }
    }
}

fn shortened(pattern: &str) -> String {
    const SHOWN: usize = 80;
    match pattern.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &pattern[..end]),
        None => pattern.to_owned(),
    }
}

/// Equal as JSON Schema has it: 1 and 1.0 are the same, and members have no order.
fn same(allowed: Node<'_>, value: &Value) -> bool {
    match (allowed.kind(), value) {
        (Kind::Null, Value::Null) => true,
        (Kind::Boolean, Value::Bool(value)) => allowed.boolean() == Some(*value),
        (Kind::Text, Value::String(value)) => allowed.text() == Some(value),
        (Kind::Number, Value::Number(value)) => {
            allowed.number().is_some_and(|allowed| compared(&allowed, value) == Some(Ordering::Equal))
        }
        (Kind::List, Value::Array(items)) => {
            allowed.items().len() == items.len()
                && allowed.items().zip(items).all(|(allowed, item)| same(allowed, item))
        }
        (Kind::Object, Value::Object(members)) => {
            allowed.entries().len() == members.len()
                && allowed.entries().all(|(name, allowed)| members.get(name).is_some_and(|value| same(allowed, value)))
        }
        _ => false,
    }
}

fn compared(one: &Number, other: &Number) -> Option<Ordering> {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn is_multiple(number: &Number, step: &Number) -> bool {
    if let (Some(number), Some(step)) = (whole(number), whole(step)) {
        return step <= 0 || number % step == 0;
    }
    let (Some(number), Some(step)) = (number.as_f64(), step.as_f64()) else {
        return true;
    };
    let quotient = number / step;
    step <= 0.0 || !quotient.is_finite() || (quotient - quotient.round()).abs() <= SLACK * quotient.abs().max(1.0)
}
