//! Whether a value fits its schema, and all that is wrong with it, told from the model itself: nothing is compiled, so
//! asking costs what is looked at.
//!
//! A doubt is no fault: references that lead nowhere allow anything, and what would take more steps than it may is passed
//! over. Formats count for the values of calls only: documents give examples such as `uuid: abc` on purpose.

mod choice;
mod fault;
mod format;
mod keyword;
mod list;
mod object;
mod place;
mod rules;
mod scalar;
#[cfg(test)]
mod tests;
mod unevaluated;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use serde_json::Value;

use self::place::{Asked, At, followed};
pub use self::{
    fault::{Fault, Misfit},
    rules::{Rules, Unknown},
};
use super::{
    document::tree::Node,
    ecma::{Pattern, Patterns, Unusable},
    example::Direction,
    model::Schema,
};

/// Values and schemas nested deeper are not looked at; a thread's stack holds this many.
const DEEPEST: usize = 250;

/// Schemas that one value is held against.
const MOST_STEPS: usize = 100_000;

/// What makes one value be asked about again and again.
const SHARED: [&str; 4] = ["$ref", "allOf", "anyOf", "oneOf"];

/// Holds values against schemas of one document.
pub struct Fit {
    direction: Option<Direction>,
    unknown: Unknown,
    /// Whether values come with calls: then formats count, and expressions are kept with the document.
    is_of_call: bool,
    patterns: Patterns,
    steps: usize,
    steps_before: usize,
    found: Vec<Misfit>,
    /// How many more faults are wanted; without any, the first ends the look.
    room: usize,
    /// Whether faults are noted only to compare choices by them.
    is_measuring: bool,
    /// What was told already of a value: diamonds are walked once.
    known: HashMap<Place, Known>,
    /// Inside of values that are made for asking, which have no place of their own.
    transient: usize,
    /// Properties that do not travel, by the place of the object's schema.
    left_behind: HashMap<u32, HashSet<String>>,
}

/// A schema, the outermost one around it that speaks of the same value, the value's address, and whether it is negated.
type Place = (u32, u32, usize, bool);

#[derive(Clone, Copy)]
enum Known {
    Fits,
    /// It does not, and nobody asked why.
    Differs,
    /// It does not, and what is wrong was said.
    Told,
}

impl Fit {
    /// For values that travel in a direction; without one, what travels in one direction only is never missed.
    pub fn new(direction: Option<Direction>) -> Self {
        Self {
            direction,
            unknown: Unknown::Refused,
            is_of_call: false,
            patterns: Patterns::default(),
            steps: 0,
            steps_before: 0,
            found: Vec::new(),
            room: 0,
            is_measuring: false,
            known: HashMap::new(),
            transient: 0,
            left_behind: HashMap::new(),
        }
    }

    fn of_call(direction: Direction, unknown: Unknown) -> Self {
        Self { unknown, is_of_call: true, ..Self::new(Some(direction)) }
    }

    /// What is wrong with a value, up to a number of faults.
    pub fn misfits(&mut self, schema: &Schema, value: &Value, most: usize) -> Vec<Misfit> {
        self.whole(schema, value, most);
        std::mem::take(&mut self.found)
    }

    /// The first thing that is wrong with a value.
    pub fn misfit(&mut self, schema: &Schema, value: &Value) -> Option<Misfit> {
        self.misfits(schema, value, 1).pop()
    }

    /// Whether nothing is wrong.
    pub fn fits(&mut self, schema: &Schema, value: &Value) -> bool {
        self.whole(schema, value, 0)
    }

    /// Whether a value has the type and keeps the limits that the schema itself states; the enumeration is not asked.
    pub fn misfit_beside_enum(&mut self, schema: &Schema, value: &Value) -> Option<Misfit> {
        let node = schema.source().node();
        self.steps_before += 1;
        if value.is_null() && node.flag("nullable") {
            return None;
        }
        self.room = 1;
        self.every(node.entries(), |fit, stated| fit.limit(node, stated, value, &At::Root));
        self.found.pop()
    }

    /// How many schemas values have been held against so far.
    pub fn steps(&self) -> usize {
        self.steps_before + self.steps
    }

    /// The compiled expression; none where it is not one.
    pub fn pattern(&mut self, pattern: &str) -> Option<Arc<Pattern>> {
        self.patterns.read(pattern).ok()
    }

    /// Whether it is known to be no expression.
    pub fn is_unreadable(&mut self, pattern: &str) -> bool {
        matches!(self.patterns.read(pattern), Err(Unusable::Unreadable))
    }

    fn pattern_at(&self, schema: Node<'_>, pattern: &str) -> Option<Arc<Pattern>> {
        let patterns = if self.is_of_call { schema.tree().patterns() } else { &self.patterns };
        patterns.read(pattern).ok()
    }

    fn whole(&mut self, schema: &Schema, value: &Value, most: usize) -> bool {
        self.room = most;
        let fits = self.look(&Asked::first(schema), value, &At::Root);
        self.steps_before += self.steps.min(MOST_STEPS);
        self.steps = 0;
        self.known.clear();
        fits
    }

    /// Whether a value fits; what is wrong is noted as far as there is room.
    fn look(&mut self, asked: &Asked<'_>, value: &Value, at: &At<'_>) -> bool {
        self.steps += 1;
        let schema = asked.schema;
        if asked.depth > DEEPEST {
            self.steps = MOST_STEPS + 1;
        }
        if self.is_exhausted() || schema.boolean() == Some(true) {
            return true;
        }
        if schema.boolean() == Some(false) {
            return self.wrong(at, Fault::NotAllowed, || "This may not be here.".to_owned());
        }
        if value.is_null() && schema.flag("nullable") {
            return true;
        }
        if self.transient > 0 || !SHARED.iter().any(|key| schema.get(key).is_some()) {
            return self.look_further(asked, value, at);
        }
        let place = (schema.index(), asked.whole, std::ptr::from_ref(value).addr(), asked.is_negated);
        match self.known.get(&place) {
            Some(Known::Fits) => return true,
            Some(Known::Told) => return false,
            Some(Known::Differs) if self.room == 0 => return false,
            Some(Known::Differs) | None => {}
        }
        let is_told = self.room > 0;
        let fits = self.look_further(asked, value, at);
        if !self.is_exhausted() {
            let known = if fits { Known::Fits } else { [Known::Differs, Known::Told][usize::from(is_told)] };
            self.known.insert(place, known);
        }
        fits
    }

    fn look_further(&mut self, asked: &Asked<'_>, value: &Value, at: &At<'_>) -> bool {
        let schema = asked.schema;
        let mut fits = true;
        if let Some(reference) = schema.text_of("$ref").or_else(|| schema.text_of("$dynamicRef")) {
            fits = followed(schema, reference).is_none_or(|target| self.look(&asked.part(target), value, at));
            if asked.references_stand_alone() || (!fits && self.room == 0) {
                return fits;
            }
        }
        // What the schema says besides its references.
        self.every(schema.entries(), |fit, stated| fit.keyword(asked, stated, value, at)) && fits
    }

    /// Whether a value fits, without noting why not.
    fn ask(&mut self, asked: &Asked<'_>, value: &Value, at: &At<'_>) -> bool {
        let room = std::mem::take(&mut self.room);
        let fits = self.look(asked, value, at);
        self.room = room;
        fits
    }

    /// Looks at a value that was made for it, and is gone afterwards.
    fn look_apart(&mut self, asked: &Asked<'_>, value: &Value, at: &At<'_>) -> bool {
        self.transient += 1;
        let fits = self.look(asked, value, at);
        self.transient -= 1;
        fits
    }

    /// Whether all are right. After the first that is not, the rest is looked at only to say more.
    fn every<T>(&mut self, all: impl IntoIterator<Item = T>, mut is_right: impl FnMut(&mut Self, T) -> bool) -> bool {
        let mut are_right = true;
        for one in all {
            are_right &= is_right(self, one);
            if !are_right && self.room == 0 {
                break;
            }
        }
        are_right
    }

    /// Notes a fault if there is room. Always false: the value does not fit.
    fn wrong(&mut self, at: &At<'_>, fault: Fault, message: impl FnOnce() -> String) -> bool {
        if self.room > 0 {
            self.note(Misfit { pointer: at.pointer(), fault, message: message() });
        }
        false
    }

    fn note(&mut self, misfit: Misfit) {
        if !self.found.contains(&misfit) {
            self.found.push(misfit);
            self.room -= 1;
        }
    }

    fn is_exhausted(&self) -> bool {
        self.steps > MOST_STEPS
    }

    /// Whether what a schema does not know is a fault here.
    fn refuses_unknown(&self, asked: &Asked<'_>) -> bool {
        self.unknown == Unknown::Refused || asked.is_negated
    }
}
