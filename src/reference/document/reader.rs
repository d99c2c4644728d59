//! What reading the parts of a document has in common: warnings, references, places, Markdown and lists.

use std::{collections::HashSet, sync::Arc};

use super::{
    super::model::{Example, ExternalDocs, Schema, Unresolved},
    tree::{Kind, Node, Source, Target, Tree},
    warning::{WarningCode, Warnings},
};

/// Longer chains of nothing but references are a loop, or nobody's intention.
const LONGEST_CHAIN: usize = 64;

/// Parts that operations share are read with each of them. A document of 64 MiB could ask for billions; GitHub's asks for
/// some tens of thousands.
const MOST_PARTS: usize = 1_000_000;

/// Reads one document's tree into the model.
pub(super) struct Reader<'s> {
    pub tree: &'s Arc<Tree>,
    pub warnings: Warnings<'s>,
    /// References of the operation that is read now.
    pub unresolved: Vec<Unresolved>,
    /// Roots of schemas outside of the components, for the review.
    pub schemas: Vec<Schema>,
    /// Examples and what they must fit, for the review.
    pub exemplified: Vec<Exemplified>,
    /// Parts that several operations share are warned about once.
    pub seen: HashSet<u32>,
    parts_read: usize,
}

/// What an example must fit, checked once the whole document is read.
pub(super) struct Exemplified {
    pub schema: Schema,
    pub examples: Vec<Example>,
}

impl<'s> Reader<'s> {
    pub fn new(tree: &'s Arc<Tree>, warnings: Warnings<'s>) -> Self {
        Self {
            tree,
            warnings,
            unresolved: Vec::new(),
            schemas: Vec::new(),
            exemplified: Vec::new(),
            seen: HashSet::new(),
            parts_read: 0,
        }
    }

    pub fn root(&self) -> Node<'s> {
        self.tree.root()
    }

    pub fn source(&self, node: Node<'s>) -> Source {
        Source::root(self.tree).beside(node)
    }

    pub fn warn(&mut self, code: WarningCode, node: Node<'s>, message: impl Into<String>) {
        self.warnings.add(code, node, message);
    }

    /// The member of an object if it is of the wanted kind; a warning if it is of another.
    pub fn part(&mut self, node: Node<'s>, key: &str, kind: Kind) -> Option<Node<'s>> {
        let part = node.get(key).filter(|part| part.kind() != Kind::Null)?;
        if part.kind() == kind {
            return Some(part);
        }
        let wanted = if kind == Kind::List { "a list" } else { "an object" };
        self.warn(WarningCode::MalformedPart, part, format!("`{key}` should be {wanted}; it is left out."));
        None
    }

    /// The named parts of a member: objects by name, without extensions.
    pub fn parts(&mut self, node: Node<'s>, key: &str) -> Vec<(&'s str, Node<'s>)> {
        let Some(group) = self.part(node, key, Kind::Object) else {
            return Vec::new();
        };
        let named = group.entries().filter(|(name, _)| !name.starts_with("x-"));
        named.collect()
    }

    /// The part itself, or what its reference leads to. Where that is nothing, it is noted for the operation.
    pub fn follow(&mut self, node: Node<'s>) -> Option<Node<'s>> {
        self.parts_read += 1;
        if self.parts_read > MOST_PARTS {
            let message = "The document has more parts than can be shown; from here on, they are left out.";
            self.warnings.add_once(WarningCode::TooManyParts, node, message);
            return None;
        }
        let mut place = node;
        for _ in 0..LONGEST_CHAIN {
            let Some(reference) = place.text_of("$ref") else {
                return self.object(place);
            };
            match self.tree.resolve(reference) {
                Target::Inside(next) => place = next,
                Target::Nowhere | Target::Outside => break,
            }
        }
        let reference = node.text_of("$ref").unwrap_or_default().to_owned();
        self.unresolved.push(Unresolved { pointer: node.pointer(), reference });
        None
    }

    pub fn schema(&mut self, node: Node<'s>, key: &str) -> Option<Schema> {
        let place = node.get(key)?;
        if !matches!(place.kind(), Kind::Object | Kind::Boolean) {
            self.warn(WarningCode::MalformedPart, place, format!("`{key}` should be a schema; it is left out."));
            return None;
        }
        let schema = Schema::at(self.source(place));
        if self.seen.insert(place.index()) {
            self.schemas.push(schema.clone());
        }
        Some(schema)
    }

    pub fn external_docs(&self, node: Node<'s>) -> Option<ExternalDocs> {
        let docs = node.get("externalDocs")?;
        let url = docs.text_of("url")?.to_owned();
        Some(ExternalDocs { url, description: text(docs, "description") })
    }

    fn object(&mut self, node: Node<'s>) -> Option<Node<'s>> {
        if node.kind() == Kind::Object {
            return Some(node);
        }
        self.warn(WarningCode::MalformedPart, node, "This should be an object; it is left out.");
        None
    }
}

/// A text of the document; absent where it is empty.
pub(super) fn text(node: Node<'_>, key: &str) -> Option<String> {
    let written = node.get(key)?.written()?;
    (!written.trim().is_empty()).then(|| written.to_owned())
}
