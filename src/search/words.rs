//! Words of texts and names, split the same way in what is indexed and in what is asked: `shipmentId`, `shipment_id` and
//! "shipment id" have the words of each other.

use std::{collections::HashMap, fmt::Write, ops::Range};

/// A longer one is nobody's word: an encoded value, or a text without spaces.
const LONGEST_WORD: usize = 60;
/// Postgres knows no later position in a text.
const LAST_POSITION: usize = 16_383;

/// How much a word says about the entry that has it, as Postgres names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Its name.
    A,
    /// Its path, and what it takes: parameters, tags, a schema's own properties.
    B,
    /// What is inside of that: properties, values, codes.
    C,
    /// Prose about it.
    D,
}

/// The words of an entry, each once, with its best weight.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    known: HashMap<String, usize>,
    words: Vec<(String, usize, Weight)>,
    longest: usize,
}

impl Words {
    /// Takes at most `longest` words; what comes later is left out.
    pub fn at_most(longest: usize) -> Self {
        Self { longest, ..Self::default() }
    }

    /// Adds the words of a name or a path: its parts, and the parts written as one.
    pub fn name(&mut self, weight: Weight, text: &str) {
        for run in runs(text) {
            let run = &text[run];
            let parts = parts(run);
            if parts.len() > 1 {
                self.add(weight, lower(run));
            }
            for part in parts {
                self.add(weight, lower(&run[part]));
            }
        }
        let joined: String = text.chars().filter(|c| !matches!(c, '_' | '-')).collect();
        if joined.len() < text.len() && joined.chars().all(char::is_alphanumeric) {
            self.add(weight, lower(&joined));
        }
    }

    /// Adds the words of a text.
    pub fn prose(&mut self, weight: Weight, text: &str) {
        for run in runs(text) {
            let run = &text[run];
            self.add(weight, lower(run));
            let parts = parts(run);
            for part in parts.into_iter().filter(|part| part.len() < run.len()) {
                self.add(weight, lower(&run[part]));
            }
        }
    }

    /// The words as a `tsvector` is written. Words are letters and digits, so nothing in them has to be escaped.
    pub fn to_tsvector(&self) -> String {
        let mut vector = String::with_capacity(self.words.len() * 12);
        for (word, position, weight) in &self.words {
            let _ = write!(vector, "'{word}':{}{weight:?} ", (*position).min(LAST_POSITION));
        }
        vector
    }

    /// Each word once.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|(word, ..)| word.as_str())
    }

    fn add(&mut self, weight: Weight, word: String) {
        if word.chars().count() > LONGEST_WORD {
            return;
        }
        match self.known.get(&word) {
            Some(at) => {
                let known = &mut self.words[*at].2;
                *known = (*known).min(weight);
            }
            None if self.words.len() < self.longest => {
                self.known.insert(word.clone(), self.words.len());
                self.words.push((word, self.words.len() + 1, weight));
            }
            None => {}
        }
    }
}

/// A word in lower case; what some letters bring along when they become small is left out.
pub(super) fn lower(word: &str) -> String {
    word.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Where letters and digits stand together.
pub(super) fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                runs.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| from..text.len()));
    runs
}

/// Where the words of `createShipment` or `HTTPServer` stand.
pub(super) fn parts(run: &str) -> Vec<Range<usize>> {
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let mut parts = Vec::new();
    let mut from = 0;
    for at in 1..chars.len() {
        let (before, (here, c)) = (chars[at - 1].1, chars[at]);
        let begins_word = c.is_uppercase() && !before.is_uppercase();
        let ends_capitals = c.is_uppercase() && chars.get(at + 1).is_some_and(|(_, next)| next.is_lowercase());
        if begins_word || ends_capitals {
            parts.push(from..here);
            from = here;
        }
    }
    parts.push(from..run.len());
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of_name(text: &str) -> Vec<String> {
        let mut words = Words::at_most(100);
        words.name(Weight::A, text);
        words.iter().map(str::to_owned).collect()
    }

    #[test]
    fn names_are_split_and_kept_whole() {
        assert_eq!(of_name("shipmentId"), ["shipmentid", "shipment", "id"]);
        assert_eq!(of_name("shipment_id"), ["shipment", "id", "shipmentid"]);
        assert_eq!(of_name("Idempotency-Key"), ["idempotency", "key", "idempotencykey"]);
        assert_eq!(of_name("HTTPServer2"), ["httpserver2", "http", "server2"]);
        assert_eq!(of_name("/v1/shipments/{shipment_id}"), ["v1", "shipments", "shipment", "id"]);
    }

    #[test]
    fn a_word_keeps_its_best_weight() {
        let mut words = Words::at_most(100);
        words.prose(Weight::D, "Books a shipment.");
        words.name(Weight::A, "createShipment");
        assert_eq!(words.to_tsvector(), "'books':1D 'a':2D 'shipment':3A 'createshipment':4A 'create':5A ");
    }

    #[test]
    fn what_is_too_much_is_left_out() {
        let mut words = Words::at_most(2);
        words.prose(Weight::D, "one two three");
        words.prose(Weight::D, &"x".repeat(LONGEST_WORD + 1));
        assert_eq!(words.iter().collect::<Vec<_>>(), ["one", "two"]);
    }

    proptest! {
        #[test]
        fn words_are_letters_and_digits_whatever_the_text(text in "\\PC{0,80}") {
            let mut words = Words::at_most(1000);
            words.name(Weight::A, &text);
            words.prose(Weight::D, &text);
            for word in words.iter() {
                prop_assert!(!word.is_empty() && !word.contains(['\'', '\\', ' ', ':', '\0']), "{word:?}");
            }
        }
    }
}
