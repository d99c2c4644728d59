//! What a schema says beyond shapes and limits: which names go together, and what holds only when something else does.

use super::{
    super::document::tree::{Kind, Node},
    Schema,
};

impl Schema {
    /// `propertyNames`
    pub fn property_names(&self) -> Option<Schema> {
        self.child("propertyNames")
    }

    /// `contains`
    pub fn contains(&self) -> Option<Schema> {
        self.child("contains")
    }

    /// `minContains` and `maxContains`: how many items must fit [`Schema::contains`].
    pub fn contained(&self) -> (Option<u64>, Option<u64>) {
        let count = |key: &str| self.node().get(key).and_then(Node::number)?.as_u64();
        (count("minContains"), count("maxContains"))
    }

    /// `not`
    pub fn not(&self) -> Option<Schema> {
        self.child("not")
    }

    /// `if`, `then` and `else`.
    pub fn condition(&self) -> Option<(Schema, Option<Schema>, Option<Schema>)> {
        Some((self.child("if")?, self.child("then"), self.child("else")))
    }

    /// `dependentRequired`: a name, and the names that must be there with it. The old `dependencies` may say the same.
    pub fn dependent_required(&self) -> Vec<(String, Vec<String>)> {
        let stated = ["dependentRequired", "dependencies"].into_iter().filter_map(|key| self.node().get(key));
        let entries = stated.flat_map(Node::entries).filter(|(_, node)| node.kind() == Kind::List);
        entries
            .map(|(name, others)| (name.to_owned(), others.items().filter_map(Node::text).map(str::to_owned).collect()))
            .collect()
    }

    /// `dependentSchemas`: a name, and what else holds where it is there. The old `dependencies` may say the same.
    pub fn dependent_schemas(&self) -> Vec<(String, Schema)> {
        let stated = ["dependentSchemas", "dependencies"].into_iter().filter_map(|key| self.node().get(key));
        let entries = stated.flat_map(Node::entries).filter(|(_, node)| node.kind() == Kind::Object);
        entries.map(|(name, node)| (name.to_owned(), self.beside(node))).collect()
    }

    /// Whether items after those of `prefixItems` are refused.
    pub fn ends_with_prefix(&self) -> bool {
        let keys = ["items", "unevaluatedItems", "additionalItems"].into_iter();
        keys.filter_map(|key| self.node().get(key)).any(|node| node.boolean() == Some(false))
    }

    /// The shape of the items after those of `prefixItems`, where it is said.
    pub fn further_items(&self) -> Option<Schema> {
        let keys = ["items", "additionalItems", "unevaluatedItems"];
        keys.into_iter().find_map(|key| self.child(key)).filter(|schema| schema.as_boolean().is_none())
    }
}
