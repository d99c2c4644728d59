//! Reads what can be called and what calls back, and gives each its name in addresses.

use std::collections::{HashMap, HashSet};

use super::{
    super::model::{NamedSchema, Operation, Schema, Webhook},
    naming::{self, Names},
    operation::Surroundings,
    overview::template_names,
    reader::Reader,
    tree::{Kind, Node},
    warning::WarningCode,
};

impl<'s> Reader<'s> {
    /// The operations of all paths, in the document's order.
    pub fn operations(&mut self, around: &Surroundings<'_>) -> Vec<Operation> {
        let root = self.root();
        let mut names = Names::default();
        let mut ids: HashSet<String> = HashSet::new();
        let mut templates: HashMap<String, &str> = HashMap::new();
        let mut operations = Vec::new();
        for (path, item) in self.parts(root, "paths") {
            self.compare_paths(path, item, &mut templates);
            for mut operation in self.path_item(path, item, around) {
                let node = self.node_of(&operation);
                operation.id = names.claim(&[operation.id.clone(), naming::of_path(&operation.method, path)]);
                match &operation.operation_id {
                    None => {
                        let message =
                            format!("The operation has no operationId; its page is named `{}`.", operation.id);
                        self.warn(WarningCode::MissingOperationId, node, message);
                    }
                    Some(id) if !ids.insert(id.clone()) => {
                        let message = format!("Another operation has the operationId `{id}` too.");
                        self.warn(WarningCode::DuplicateOperationId, node, message);
                    }
                    Some(_) => {}
                }
                if operation.responses.is_empty() {
                    self.warn(WarningCode::ResponseMissing, node, "The operation has no response.");
                }
                self.compare_with_path(&operation, node);
                operations.push(operation);
            }
        }
        self.check_links(&operations, &ids);
        operations
    }

    /// The document's webhooks; `x-webhooks` are those of a 3.0 document.
    pub fn webhooks(&mut self, around: &Surroundings<'_>) -> Vec<Webhook> {
        let root = self.root();
        let mut names = Names::default();
        let mut webhooks = Vec::new();
        let mut named = self.parts(root, "webhooks");
        named.extend(self.parts(root, "x-webhooks"));
        for (name, item) in named {
            for operation in self.path_item(name, item, around) {
                let with_method = naming::of_path(&operation.method, name);
                let id = names.claim(&[naming::safe(name), with_method]);
                webhooks.push(Webhook { id, name: name.to_owned(), operation });
            }
        }
        webhooks
    }

    /// The schemas among the components.
    pub fn named_schemas(&mut self) -> Vec<NamedSchema> {
        let root = self.root();
        let Some(components) = self.part(root, "components", Kind::Object) else {
            return Vec::new();
        };
        let mut names = Names::default();
        let named = components.get("schemas").into_iter().flat_map(Node::entries);
        named
            .map(|(name, node)| NamedSchema {
                id: names.claim(&[naming::safe(name), "schema".to_owned()]),
                name: name.to_owned(),
                schema: Schema::at(self.source(node)),
            })
            .collect()
    }

    fn compare_paths(&mut self, path: &'s str, item: Node<'s>, templates: &mut HashMap<String, &'s str>) {
        if !path.starts_with('/') {
            self.warn(WarningCode::MalformedPath, item, format!("The path `{path}` does not start with a slash."));
        }
        let shape =
            template_names(path).fold(path.to_owned(), |shape, name| shape.replacen(&format!("{{{name}}}"), "{}", 1));
        if let Some(other) = templates.insert(shape, path) {
            let message = format!("The paths `{other}` and `{path}` differ only in the names of their parameters.");
            self.warn(WarningCode::DuplicatePath, item, message);
        }
    }

    fn check_links(&mut self, operations: &[Operation], ids: &HashSet<String>) {
        let responses = operations.iter().flat_map(|operation| &operation.responses);
        for link in responses.flat_map(|response| &response.links) {
            if let Some(id) = link.operation_id.as_ref().filter(|id| !ids.contains(*id)) {
                let message = format!("The link `{}` leads to the operation `{id}`, which is not there.", link.name);
                let node = self.tree.node(&link.source);
                self.warn(WarningCode::UnknownLinkTarget, node, message);
            }
        }
    }

    fn node_of(&self, operation: &Operation) -> Node<'s> {
        self.tree.node(&operation.source)
    }
}
