//! The values of calls, held against the document: by the console before and after a call, by the sandbox at each.

use serde_json::Value;

use super::{Fit, Misfit};
use crate::reference::{example::Direction, model::Schema};

/// Nobody corrects more at once.
const MOST: usize = 20;

/// How the values of calls are read. Nothing is compiled but regular expressions, which stay with the document.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    direction: Direction,
    unknown: Unknown,
}

/// What is done about properties and items that a schema does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unknown {
    /// They are faults where the schema closes itself: `additionalProperties: false` and its relatives.
    #[default]
    Refused,
    /// They are passed over, as lenient servers do. Inside of `not` and `if` they count nevertheless.
    Ignored,
}

impl Rules {
    /// For what travels in a direction.
    pub fn of(direction: Direction) -> Self {
        Self { direction, unknown: Unknown::Refused }
    }

    /// With another treatment of what a schema does not know.
    pub fn unknown(self, unknown: Unknown) -> Self {
        Self { unknown, ..self }
    }

    /// What is wrong with a value: the first twenty faults.
    pub fn misfits(self, schema: &Schema, value: &Value) -> Vec<Misfit> {
        Fit::of_call(self.direction, self.unknown).misfits(schema, value, MOST)
    }

    /// Whether nothing is wrong; cheaper than asking what.
    pub fn fits(self, schema: &Schema, value: &Value) -> bool {
        Fit::of_call(self.direction, self.unknown).fits(schema, value)
    }
}
