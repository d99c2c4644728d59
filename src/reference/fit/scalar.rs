//! Limits of numbers and texts, and when two values are the same.

use std::{
    cmp::Ordering,
    hash::{DefaultHasher, Hash, Hasher},
};

use serde_json::{Number, Value};

use super::{
    At, Fault, Fit,
    fault::{counted, shortened},
    keyword::Stated,
    place::count,
};
use crate::reference::document::tree::{Kind, Node};

/// How far a quotient of floats may be from a whole number.
const SLACK: f64 = 1e-9;

impl Fit {
    pub(super) fn number(&mut self, schema: Node<'_>, (key, stated): Stated<'_>, number: &Number, at: &At<'_>) -> bool {
        let (beyond, is_open) = match key {
            "minimum" => (Ordering::Less, schema.flag("exclusiveMinimum")),
            "maximum" => (Ordering::Greater, schema.flag("exclusiveMaximum")),
            "exclusiveMinimum" => (Ordering::Less, true),
            "exclusiveMaximum" => (Ordering::Greater, true),
            "multipleOf" => {
                let step = stated.number().filter(|step| !is_multiple(number, step));
                return step.is_none_or(|step| {
                    self.wrong(at, Fault::NotAMultiple, || format!("This must be a multiple of {step}."))
                });
            }
            _ => return true,
        };
        let Some(limit) = stated.number() else { return true };
        let order = compared(number, &limit);
        if order != Some(beyond) && !(is_open && order == Some(Ordering::Equal)) {
            return true;
        }
        let (fault, words) = match (beyond, is_open) {
            (Ordering::Less, false) => (Fault::TooSmall, "at least"),
            (Ordering::Less, true) => (Fault::TooSmall, "greater than"),
            (_, false) => (Fault::TooLarge, "at most"),
            (_, true) => (Fault::TooLarge, "less than"),
        };
        self.wrong(at, fault, || format!("This must be {words} {limit}."))
    }

    pub(super) fn text(&mut self, (key, stated): Stated<'_>, (value, text): (&Value, &str), at: &At<'_>) -> bool {
        let limit = || count(stated);
        let length = || text.chars().count() as u64;
        let characters = |count| counted(count, "character", "characters");
        match key {
            "minLength" => limit().filter(|least| length() < *least).is_none_or(|least| {
                self.wrong(at, Fault::TooShort, || format!("This must have at least {}.", characters(least)))
            }),
            "maxLength" => limit().filter(|most| length() > *most).is_none_or(|most| {
                self.wrong(at, Fault::TooLong, || format!("This must have at most {}.", characters(most)))
            }),
            "pattern" => {
                let Some(pattern) = stated.text() else { return true };
                self.pattern_at(stated, pattern).is_none_or(|expression| expression.matches(value))
                    || self.wrong(at, Fault::WrongPattern, || format!("This must match {}.", shortened(pattern)))
            }
            _ => true,
        }
    }
}

/// Equal as JSON Schema has it: 1 and 1.0 are the same, and members have no order.
pub(super) fn same(allowed: Node<'_>, value: &Value) -> bool {
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

/// The same for values that are equal in that sense.
pub(super) fn fingerprint(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value {
        Value::Null => 0_u8.hash(&mut hasher),
        Value::Bool(value) => value.hash(&mut hasher),
        Value::Number(number) => match (whole(number), number.as_f64()) {
            (Some(whole), _) => whole.hash(&mut hasher),
            (None, Some(float)) if float.fract() == 0.0 => (float as i128).hash(&mut hasher),
            (None, float) => float.map(f64::to_bits).hash(&mut hasher),
        },
        Value::String(text) => text.hash(&mut hasher),
        Value::Array(items) => {
            items.len().hash(&mut hasher);
            items.iter().for_each(|item| fingerprint(item).hash(&mut hasher));
        }
        Value::Object(members) => {
            let of_member = |(name, value): (&String, &Value)| {
                let mut hasher = DefaultHasher::new();
                (name, fingerprint(value)).hash(&mut hasher);
                hasher.finish()
            };
            members.iter().map(of_member).fold(1_u64, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
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
