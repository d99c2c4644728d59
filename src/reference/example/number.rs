//! Plausible numbers, by name and in the limits of their schema.

use serde_json::{Number, Value};

use super::{
    super::model::Constraint,
    name::{hash, words},
};

/// By a word of the name, the last word first.
const BY_WORD: [(&str, f64); 42] = [
    ("page", 1.0),
    ("limit", 25.0),
    ("size", 25.0),
    ("offset", 0.0),
    ("index", 0.0),
    ("position", 1.0),
    ("count", 3.0),
    ("quantity", 2.0),
    ("total", 42.0),
    ("number", 42.0),
    ("amount", 1990.0),
    ("price", 1990.0),
    ("cost", 1990.0),
    ("fee", 250.0),
    ("balance", 12_500.0),
    ("percent", 20.0),
    ("percentage", 20.0),
    ("rate", 20.0),
    ("grams", 840.0),
    ("weight", 840.0),
    ("length", 320.0),
    ("width", 240.0),
    ("height", 120.0),
    ("latitude", 51.4545),
    ("lat", 51.4545),
    ("longitude", -2.5879),
    ("lng", -2.5879),
    ("lon", -2.5879),
    ("year", 2026.0),
    ("month", 3.0),
    ("day", 14.0),
    ("hour", 9.0),
    ("minutes", 30.0),
    ("seconds", 60.0),
    ("age", 34.0),
    ("port", 443.0),
    ("status", 200.0),
    ("score", 0.8),
    ("timestamp", 1_773_480_413.0),
    ("created", 1_773_480_413.0),
    ("updated", 1_773_566_531.0),
    ("at", 1_773_480_413.0),
];

/// Prices with a fraction, where the schema allows one.
const MONEY: [&str; 4] = ["amount", "price", "cost", "total"];

/// A whole number in its limits.
pub(super) fn whole(limits: &[Constraint], format: Option<&str>, name: &str, ordinal: usize) -> Value {
    let wanted = (wanted(name) + ordinal as f64).round();
    let nearest = Range::of(limits).nearest(wanted, 1.0).round();
    let mut number = nearest as i128; // `as` saturates
    let exact = |limit: &Number| limit.as_i64().map(i128::from).or_else(|| limit.as_u64().map(i128::from));
    for limit in limits {
        // Floats cannot tell the largest whole numbers from their neighbours.
        match limit {
            Constraint::Minimum(limit) if exact(limit) > Some(number) => number = exact(limit).unwrap_or(number),
            Constraint::Maximum(limit) => number = exact(limit).map_or(number, |limit| number.min(limit)),
            _ => {}
        }
    }
    let is_between = limits.iter().any(|limit| matches!(limit, Constraint::Minimum(limit) if exact(limit).is_some()));
    if is_between && number > i128::from(i64::MAX) {
        let least = limits.iter().filter_map(|limit| match limit {
            Constraint::Minimum(limit) => exact(limit),
            _ => None,
        });
        number = least.max().unwrap_or(number);
    }
    if format == Some("int32") {
        number = number.clamp(i128::from(i32::MIN), i128::from(i32::MAX));
    }
    let small = i64::try_from(number).map(Number::from).or_else(|_| u64::try_from(number).map(Number::from)).ok();
    small.or_else(|| Number::from_f64(nearest)).map_or(Value::Null, Value::Number)
}

/// Any number in its limits.
pub(super) fn any(limits: &[Constraint], name: &str, ordinal: usize) -> Value {
    let is_money = words(name).last().is_some_and(|word| MONEY.contains(&word.as_str()));
    let wanted = if is_money { 19.9 } else { wanted(name) } + ordinal as f64;
    let number = Range::of(limits).nearest(wanted, 0.0);
    let written = if number.fract() == 0.0 && number.abs() < 1e15 {
        Some(Number::from(number as i64))
    } else {
        Number::from_f64(number)
    };
    written.map_or(Value::Null, Value::Number)
}

struct Range {
    low: f64,
    high: f64,
    open_low: bool,
    open_high: bool,
    step: f64,
    decimals: usize,
}

impl Range {
    fn of(limits: &[Constraint]) -> Self {
        let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut range = Range { low, high, open_low: false, open_high: false, step: 0.0, decimals: 0 };
        for limit in limits {
            match limit {
                Constraint::Minimum(limit) if float(limit) > range.low => {
                    (range.low, range.open_low) = (float(limit), false)
                }
                Constraint::Above(limit) if float(limit) >= range.low => {
                    (range.low, range.open_low) = (float(limit), true)
                }
                Constraint::Maximum(limit) if float(limit) < range.high => {
                    (range.high, range.open_high) = (float(limit), false)
                }
                Constraint::Below(limit) if float(limit) <= range.high => {
                    (range.high, range.open_high) = (float(limit), true)
                }
                Constraint::MultipleOf(step) => {
                    range.step = float(step).abs();
                    range.decimals = step.to_string().split_once('.').map_or(0, |(_, decimals)| decimals.len());
                }
                _ => {}
            }
        }
        range
    }

    /// The allowed number that is nearest to the wanted one; `grain` is the smallest step of the type.
    fn nearest(&self, wanted: f64, grain: f64) -> f64 {
        let number = self.nearest_step(wanted, grain);
        if self.decimals == 0 {
            return number;
        }
        // 1990 × 0.01 is 19.900000000000002 in floats.
        format!("{number:.*}", self.decimals.min(12)).parse().unwrap_or(number)
    }

    fn nearest_step(&self, wanted: f64, grain: f64) -> f64 {
        let step = match (self.step > 0.0, grain > 0.0) {
            (true, true) if self.step.fract() != 0.0 => grain.max((self.step * 1e6).round() / 1e6),
            (true, _) => self.step,
            (false, _) => grain,
        };
        let nudge = if step > 0.0 { step } else { self.narrow_nudge() };
        let low = if self.open_low { self.low + nudge } else { self.low };
        let high = if self.open_high { self.high - nudge } else { self.high };
        let inside = wanted.max(low).min(high);
        if step <= 0.0 {
            return inside;
        }
        let on_grid = (inside / step).round() * step;
        if on_grid < low {
            (low / step).ceil() * step
        } else if on_grid > high {
            (high / step).floor() * step
        } else {
            on_grid
        }
    }

    /// How far from an open limit a fraction stays.
    fn narrow_nudge(&self) -> f64 {
        let width = self.high - self.low;
        if width.is_finite() { (width / 2.0).min(0.5) } else { 0.5 }
    }
}

fn wanted(name: &str) -> f64 {
    let words = words(name);
    if words.last().is_some_and(|word| word == "id") {
        return (1_000 + hash(name) % 9_000) as f64;
    }
    let known = words.iter().rev().find_map(|word| BY_WORD.iter().find(|(known, _)| known == word));
    known.map_or(42.0, |(_, number)| *number)
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}
