//! Looks over a whole document for what is doubtful wherever it stands: references here, schemas and examples in
//! [`super::plausible`].

use super::{
    super::model::NamedSchema,
    reader::Reader,
    tree::{Kind, Node, Target},
    warning::WarningCode,
};

/// Members whose value is data, in which a `$ref` is no reference.
const DATA: [&str; 6] = ["example", "default", "enum", "const", "value", "dataValue"];

/// Members whose own members are named by the author: there, `example` is a name.
pub(super) const NAMED: [&str; 21] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "parameters",
    "responses",
    "headers",
    "examples",
    "requestBodies",
    "links",
    "callbacks",
    "securitySchemes",
    "pathItems",
    "mediaTypes",
    "paths",
    "webhooks",
    "content",
    "encoding",
    "x-webhooks",
];

/// Longer chains of nothing but references are a loop, or nobody's intention.
const LONGEST_CHAIN: usize = 64;

impl<'s> Reader<'s> {
    /// Adds the warnings that need the whole document.
    pub fn review(&mut self, named: &[NamedSchema]) {
        self.review_references();
        self.review_schemas(named);
    }

    fn review_references(&mut self) {
        let mut places = vec![self.root()];
        while let Some(place) = places.pop() {
            if let Some(reference) = place.text_of("$ref") {
                self.review_reference(place, reference);
            }
            let named = place.key().is_some_and(|key| NAMED.contains(&key));
            let members = place.entries().filter(|(key, node)| named || !is_data(key, *node));
            places.extend(members.map(|(_, node)| node).chain(place.items()).filter(|node| is_container(*node)));
        }
    }

    fn review_reference(&mut self, place: Node<'s>, reference: &'s str) {
        let mut next = reference;
        for _ in 0..LONGEST_CHAIN {
            match self.tree.resolve(next) {
                Target::Outside if next == reference => {
                    let message = format!("`{reference}` leads to another document, which is not read.");
                    return self.warn(WarningCode::ExternalReference, place, message);
                }
                Target::Nowhere if next == reference => {
                    let message = format!("`{reference}` leads nowhere.");
                    return self.warn(WarningCode::UnresolvedReference, place, message);
                }
                Target::Outside | Target::Nowhere => return,
                Target::Inside(target) => match target.text_of("$ref") {
                    Some(further) => next = further,
                    None => return,
                },
            }
        }
        self.warn(WarningCode::ReferenceLoop, place, format!("`{reference}` leads back to itself."));
    }
}

fn is_data(key: &str, node: Node<'_>) -> bool {
    let listed_examples = key == "examples" && node.kind() == Kind::List;
    DATA.contains(&key) || listed_examples || (key.starts_with("x-") && key != "x-webhooks")
}

fn is_container(node: Node<'_>) -> bool {
    matches!(node.kind(), Kind::Object | Kind::List)
}
