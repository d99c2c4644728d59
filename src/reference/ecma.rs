//! Regular expressions of ECMA-262, as `pattern` has them, within bounds: documents come from anywhere.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use jsonschema::{PatternOptions, Validator};
use serde_json::{Value, json};

/// Longer expressions and deeper groups are attacks on whoever reads them.
const LONGEST: usize = 4_000;
const DEEPEST: usize = 40;

/// Steps back that a match may take.
const MOST_STEPS: usize = 50_000;

/// Bytes that a compiled expression may take.
const MOST_BYTES: usize = 1 << 20;

/// Expressions that are kept; a document with more has them made by a machine.
const MOST_KEPT: usize = 2_000;

/// A regular expression that was read.
pub struct Pattern(Validator);

impl Pattern {
    /// Reads it; none where it is no expression, or too large to be one.
    pub fn read(pattern: &str) -> Option<Self> {
        if pattern.len() > LONGEST || depth(pattern) > DEEPEST {
            return None;
        }
        let options = PatternOptions::fancy_regex().backtrack_limit(MOST_STEPS).size_limit(MOST_BYTES);
        let schema = json!({ "pattern": pattern });
        jsonschema::draft202012::options().with_pattern_options(options).build(&schema).ok().map(Self)
    }

    /// Whether a part of the text matches.
    pub fn matches(&self, text: &Value) -> bool {
        self.0.is_valid(text)
    }
}

/// Expressions that were read, each once.
#[derive(Default)]
pub struct Patterns(RwLock<HashMap<String, Option<Arc<Pattern>>>>);

/// Why there is no expression to match with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// It is none.
    Unreadable,
    /// There are too many others already.
    TooMany,
}

impl Patterns {
    /// Reads an expression, or gives the one that was read before.
    pub fn read(&self, pattern: &str) -> Result<Arc<Pattern>, Unusable> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
            return known.clone().ok_or(Unusable::Unreadable);
        }
        if self.0.read().unwrap_or_else(PoisonError::into_inner).len() >= MOST_KEPT {
            return Err(Unusable::TooMany);
        }
        let read = Pattern::read(pattern).map(Arc::new);
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        kept.insert(pattern.to_owned(), read.clone());
        read.ok_or(Unusable::Unreadable)
    }
}

/// Whether it is an expression.
pub fn is_readable(pattern: &str) -> bool {
    Pattern::read(pattern).is_some()
}

/// How deep groups are in each other, at most.
fn depth(pattern: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    for byte in pattern.bytes() {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_of_ecma_are_understood() {
        let matches = |pattern: &str, text: &str| Pattern::read(pattern).unwrap().matches(&json!(text));
        assert!(matches("^[A-Z]{2}$", "GB") && !matches("^[A-Z]{2}$", "gb"));
        assert!(matches(r"^(?!test)\w+$", "live") && !matches(r"^(?!test)\w+$", "tester"));
        assert!(matches(r"^[\w\-\.]+\/v\d$", "a-b.c/v1"));
        assert!(matches("b", "abc"));
    }

    #[test]
    fn what_is_no_expression_or_a_bomb_is_refused() {
        for pattern in
            ["(", "[", "a{2,1}", "*", &"(".repeat(5_000), &"a".repeat(5_000), "((((a{100}){100}){100}){100})"]
        {
            assert!(!is_readable(pattern), "{}", &pattern[..pattern.len().min(40)]);
        }
    }

    #[test]
    fn a_match_ends() {
        let pattern = Pattern::read(r"^(?=(a+)+$)(a|aa)+\1b$").unwrap();
        assert!(!pattern.matches(&json!("a".repeat(60))));
    }
}
