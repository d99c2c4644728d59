//! The ids of a page's parameters and properties, so that each can be linked to.
//!
//! An id says where its value stands: `query.limit`, `body.recipient.city`, `201.header.Location`. Sections and headings
//! have ids without a dot, so these never meet.

use std::cell::RefCell;

use crate::name::Unique;

/// Longer names are cut; what they then share is told apart by a number.
const LONGEST_NAME: usize = 60;

/// The ids given out on one page.
#[derive(Default)]
pub(super) struct Anchors(RefCell<Unique>);

impl Anchors {
    /// The id of what is called `name` below the place `path`; unique on the page.
    pub fn claim(&self, path: &str, name: &str) -> String {
        self.0.borrow_mut().claim(&below(path, name), '-')
    }
}

/// The place of what is called `name` below a place.
pub(super) fn below(path: &str, name: &str) -> String {
    format!("{path}.{}", step(name))
}

/// A name with what an address would have to escape turned into hyphens.
pub(super) fn step(name: &str) -> String {
    let mut step = String::new();
    for c in name.chars().take(LONGEST_NAME) {
        match c {
            c if c.is_alphanumeric() || c == '_' => step.push(c),
            _ if step.is_empty() || step.ends_with('-') => {}
            _ => step.push('-'),
        }
    }
    step.truncate(step.trim_end_matches('-').len());
    if step.is_empty() { "unnamed".to_owned() } else { step }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_says_where_its_value_stands() {
        let anchors = Anchors::default();
        assert_eq!(anchors.claim("body.recipient", "city"), "body.recipient.city");
        assert_eq!(anchors.claim("query", "filter[city]"), "query.filter-city");
        assert_eq!(anchors.claim("201.header", "X-Request-Id"), "201.header.X-Request-Id");
        assert_eq!(anchors.claim("body", "größe"), "body.größe");
    }

    #[test]
    fn names_that_collide_or_say_nothing_still_differ() {
        let anchors = Anchors::default();
        let names = ["a/b", "a b", "a\"><b", "🦀", "..", "", "\u{202e}", &"x".repeat(1_000), &"x".repeat(999)];
        let ids: HashSet<String> = names.iter().map(|name| anchors.claim("body", name)).collect();
        assert_eq!(ids.len(), names.len());
        for id in ids {
            assert!(id.len() < 80 && !id.contains(['"', '<', '>', ' ', '/', '\u{202e}']), "{id}");
        }
    }
}
