//! Reads what a document says about the API as a whole: its name, servers and tags.

use std::collections::HashSet;

use super::{
    super::model::{Api, Contact, Extensions, License, Operation, Server, ServerVariable, Tag, TagGroup},
    reader::{Reader, text},
    tree::{Kind, Node},
    warning::WarningCode,
};

impl<'s> Reader<'s> {
    /// The overview; the operations tell which tags there are beside the declared ones.
    pub fn api(&mut self, operations: &[Operation]) -> Api {
        let root = self.root();
        let info = self.part(root, "info", Kind::Object);
        let title = info.and_then(|info| text(info, "title"));
        let version = info.and_then(|info| text(info, "version"));
        if title.is_none() {
            self.warn(WarningCode::MissingTitle, info.unwrap_or(root), "The API has no title.");
        }
        if version.is_none() {
            self.warn(WarningCode::MissingVersion, info.unwrap_or(root), "The API has no version.");
        }
        let of_info = |key: &str| info.and_then(|info| text(info, key));
        Api {
            openapi: text(root, "openapi").unwrap_or_default(),
            title: title.unwrap_or_else(|| "Untitled API".to_owned()),
            version: version.unwrap_or_default(),
            summary: of_info("summary"),
            description: of_info("description"),
            terms_of_service: of_info("termsOfService"),
            contact: info.and_then(|info| info.get("contact")).map(contact),
            license: info.and_then(|info| info.get("license")).map(license),
            servers: self.servers(root).unwrap_or_else(|| vec![unstated_server()]),
            tags: self.tags(operations),
            tag_groups: self.tag_groups(),
            external_docs: self.external_docs(root),
            extensions: Extensions::of(self.source(root)),
        }
    }

    /// The servers of the document, a path or an operation; none where it names none.
    pub fn servers(&mut self, node: Node<'s>) -> Option<Vec<Server>> {
        let listed = self.part(node, "servers", Kind::List)?;
        let servers: Vec<_> = listed.items().filter_map(|node| self.server(node)).collect();
        (!servers.is_empty()).then_some(servers)
    }

    pub fn server(&mut self, node: Node<'s>) -> Option<Server> {
        let url = node.text_of("url")?.trim().to_owned();
        let variables: Vec<_> = self.parts(node, "variables").into_iter().map(variable).collect();
        for name in template_names(&url) {
            if !variables.iter().any(|variable| variable.name == name) && self.seen.insert(node.index()) {
                let message = format!("The server's address has a variable `{name}` that is not described.");
                self.warn(WarningCode::ServerVariableUndeclared, node, message);
            }
        }
        Some(Server { url, name: text(node, "name"), description: text(node, "description"), variables })
    }

    fn tags(&mut self, operations: &[Operation]) -> Vec<Tag> {
        let root = self.root();
        let listed = self.part(root, "tags", Kind::List);
        let mut tags: Vec<Tag> = Vec::new();
        let mut names = HashSet::new();
        for node in listed.into_iter().flat_map(Node::items) {
            let Some(name) = text(node, "name").filter(|name| names.insert(name.clone())) else {
                continue;
            };
            tags.push(Tag {
                name,
                title: text(node, "summary").or_else(|| text(node, "x-displayName")),
                description: text(node, "description"),
                parent: text(node, "parent"),
                kind: text(node, "kind"),
                external_docs: self.external_docs(node),
            });
        }
        for name in operations.iter().flat_map(|operation| &operation.tags) {
            if names.insert(name.clone()) {
                let name = name.clone();
                tags.push(Tag { name, title: None, description: None, parent: None, kind: None, external_docs: None });
            }
        }
        tags
    }

    fn tag_groups(&mut self) -> Vec<TagGroup> {
        let root = self.root();
        let listed = self.part(root, "x-tagGroups", Kind::List).into_iter().flat_map(Node::items);
        let groups = listed.filter_map(|node| {
            let tags = node.get("tags").into_iter().flat_map(Node::items);
            Some(TagGroup {
                name: text(node, "name")?,
                tags: tags.filter_map(|tag| Some(tag.text()?.to_owned())).collect(),
            })
        });
        groups.collect()
    }
}

/// The names in braces of a path or of a server's address, in order.
pub(super) fn template_names(template: &str) -> impl Iterator<Item = &str> {
    let opened = template.split('{').skip(1);
    opened.filter_map(|rest| Some(rest.split_once('}')?.0)).filter(|name| !name.is_empty())
}

fn contact(node: Node<'_>) -> Contact {
    Contact { name: text(node, "name"), url: text(node, "url"), email: text(node, "email") }
}

fn license(node: Node<'_>) -> License {
    let name = text(node, "name").unwrap_or_default();
    License { name, identifier: text(node, "identifier"), url: text(node, "url") }
}

fn variable((name, node): (&str, Node<'_>)) -> ServerVariable {
    let choices = node.get("enum").into_iter().flat_map(Node::items);
    ServerVariable {
        name: name.to_owned(),
        default: text(node, "default").unwrap_or_default(),
        choices: choices.filter_map(|choice| Some(choice.written()?.to_owned())).collect(),
        description: text(node, "description"),
    }
}

fn unstated_server() -> Server {
    Server { url: "/".to_owned(), name: None, description: None, variables: Vec::new() }
}
