//! Reads one operation: parameters, body, responses, callbacks.

use std::collections::{HashMap, HashSet};

use super::{
    super::model::{
        Body, Callback, Method, Operation, Parameter, Place, Response, SecurityScheme, Server, Status, Style,
    },
    naming,
    overview::template_names,
    reader::{Reader, text},
    tree::{Kind, Node},
    warning::WarningCode,
};

/// Callbacks may refer to components that have callbacks; what a callback calls back is not shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nesting {
    Outer,
    Callback,
}

/// What an operation takes from the document around it.
pub(super) struct Surroundings<'a> {
    pub schemes: &'a [SecurityScheme],
    pub servers: &'a [Server],
}

/// The methods that a path item has as members of its own.
const METHODS: [&str; 9] = ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl<'s> Reader<'s> {
    /// The operations of one path, webhook or callback, without ids yet.
    pub fn path_item(&mut self, path: &str, node: Node<'s>, around: &Surroundings<'_>) -> Vec<Operation> {
        self.item(path, node, around, Nesting::Outer)
    }

    fn item(&mut self, path: &str, node: Node<'s>, around: &Surroundings<'_>, nesting: Nesting) -> Vec<Operation> {
        self.unresolved.clear();
        let Some(target) = self.follow(node) else {
            return Vec::new();
        };
        let members: Vec<_> = target.entries().collect();
        let further = self.parts(target, "additionalOperations");
        let mut found = Vec::new();
        for (name, member) in members {
            if METHODS.contains(&name) {
                found.extend(Method::parse(name).map(|method| (method, member)));
            } else if !is_path_member(name) {
                let message = format!("`{name}` is no HTTP method and nothing else that a path has.");
                self.warn(WarningCode::UnknownMethod, member, message);
            }
        }
        found.extend(further.into_iter().filter_map(|(name, member)| Some((Method::parse(name)?, member))));
        found.retain(|(_, member)| member.kind() == Kind::Object);
        let operations = found.into_iter();
        operations.map(|(method, node)| self.operation(path, method, node, target, around, nesting)).collect()
    }

    fn operation(
        &mut self,
        path: &str,
        method: Method,
        node: Node<'s>,
        item: Node<'s>,
        around: &Surroundings<'_>,
        nesting: Nesting,
    ) -> Operation {
        self.unresolved.clear();
        let parameters = self.parameters(item, node);
        let body = node.get("requestBody").and_then(|body| self.body(body));
        let responses = self.responses(node);
        let security = self.security(node, around.schemes);
        let servers = self.servers(node).or_else(|| self.servers(item));
        let unresolved = std::mem::take(&mut self.unresolved);
        let callbacks = match nesting {
            Nesting::Outer => self.callbacks(node, around),
            Nesting::Callback => Vec::new(),
        };
        let tags = node.get("tags").into_iter().flat_map(Node::items);
        Operation {
            id: naming::of_operation(node, &method, path),
            operation_id: text(node, "operationId"),
            path: path.to_owned(),
            summary: text(node, "summary").or_else(|| text(item, "summary")),
            description: text(node, "description").or_else(|| text(item, "description")),
            deprecated: node.flag("deprecated"),
            tags: tags.filter_map(|tag| Some(tag.written()?.to_owned())).collect(),
            security: security.or_else(|| self.security(self.root(), around.schemes)).unwrap_or_default(),
            servers: servers.unwrap_or_else(|| around.servers.to_vec()),
            external_docs: self.external_docs(node),
            source: self.source(node),
            method,
            parameters,
            body,
            responses,
            callbacks,
            unresolved,
        }
    }

    /// The path's parameters, each replaced by the operation's of the same place and name, then the operation's others.
    fn parameters(&mut self, item: Node<'s>, operation: Node<'s>) -> Vec<Parameter> {
        let mut merged = self.parameters_of(item);
        let named = merged.iter().enumerate();
        let places: HashMap<_, _> = named.map(|(index, it)| ((it.place, it.name.clone()), index)).collect();
        for parameter in self.parameters_of(operation) {
            match places.get(&(parameter.place, parameter.name.clone())) {
                Some(index) => merged[*index] = parameter,
                None => merged.push(parameter),
            }
        }
        merged
    }

    fn parameters_of(&mut self, node: Node<'s>) -> Vec<Parameter> {
        let listed = self.part(node, "parameters", Kind::List);
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut described = HashSet::new();
        for node in listed.into_iter().flat_map(Node::items) {
            let Some(parameter) = self.parameter(node) else {
                continue;
            };
            if !described.insert((parameter.place, parameter.name.clone())) {
                let message =
                    format!("The {} parameter `{}` is described twice.", parameter.place.as_str(), parameter.name);
                self.warn(WarningCode::DuplicateParameter, node, message);
                continue;
            }
            parameters.push(parameter);
        }
        parameters
    }

    fn parameter(&mut self, node: Node<'s>) -> Option<Parameter> {
        let node = self.follow(node)?;
        let Some(name) = text(node, "name") else {
            self.warn(WarningCode::MalformedPart, node, "A parameter has no name; it is left out.");
            return None;
        };
        let Some(place) = place(node.text_of("in")) else {
            let message = format!("The parameter `{name}` is at a place that OpenAPI does not have; it is left out.");
            self.warn(WarningCode::UnknownParameterPlace, node, message);
            return None;
        };
        let schema = self.schema(node, "schema");
        let content = self.content(node).into_iter().next();
        if schema.is_none() && content.is_none() {
            let message = format!("The parameter `{name}` has no schema.");
            self.warn(WarningCode::ParameterWithoutSchema, node, message);
        }
        let examples = self.examples(node);
        self.exemplify(schema.as_ref(), &examples, node);
        let style = style(node).unwrap_or(match place {
            Place::Query | Place::Cookie | Place::QueryString => Style::Form,
            Place::Path | Place::Header => Style::Simple,
        });
        Some(Parameter {
            name,
            place,
            description: text(node, "description"),
            required: place == Place::Path || node.flag("required"),
            deprecated: node.flag("deprecated"),
            style,
            explode: node.get("explode").and_then(Node::boolean).unwrap_or(style == Style::Form),
            allow_reserved: node.flag("allowReserved"),
            schema,
            content,
            examples,
            source: self.source(node),
        })
    }

    fn body(&mut self, node: Node<'s>) -> Option<Body> {
        let node = self.follow(node)?;
        Some(Body {
            description: text(node, "description"),
            required: node.flag("required"),
            content: self.content(node),
            source: self.source(node),
        })
    }

    fn responses(&mut self, node: Node<'s>) -> Vec<Response> {
        let mut responses = Vec::new();
        for (key, node) in self.parts(node, "responses") {
            match Status::parse(key) {
                Some(status) => responses.extend(self.response(status, node)),
                None => self.warn(WarningCode::UnknownStatus, node, format!("`{key}` is no status; it is left out.")),
            }
        }
        responses.sort_by_key(|response| response.status);
        responses.dedup_by_key(|response| response.status);
        responses
    }

    fn response(&mut self, status: Status, node: Node<'s>) -> Option<Response> {
        let node = self.follow(node)?;
        Some(Response {
            status,
            summary: text(node, "summary"),
            description: text(node, "description").unwrap_or_default(),
            headers: self.headers(node),
            content: self.content(node),
            links: self.links(node),
            source: self.source(node),
        })
    }

    fn callbacks(&mut self, node: Node<'s>, around: &Surroundings<'_>) -> Vec<Callback> {
        let mut callbacks = Vec::new();
        for (name, node) in self.parts(node, "callbacks") {
            let Some(node) = self.follow(node) else {
                continue;
            };
            for (expression, item) in node.entries().filter(|(expression, _)| !expression.starts_with("x-")) {
                callbacks.push(Callback {
                    name: name.to_owned(),
                    expression: expression.to_owned(),
                    operations: self.item(expression, item, around, Nesting::Callback),
                });
            }
        }
        callbacks
    }

    /// Whether the parameters of an operation are those of its path.
    pub fn compare_with_path(&mut self, operation: &Operation, node: Node<'s>) {
        let names: HashSet<&str> = template_names(&operation.path).collect();
        let declared: HashSet<&str> = operation.parameters_in(Place::Path).map(|it| it.name.as_str()).collect();
        for name in template_names(&operation.path).filter(|name| !declared.contains(name)) {
            let message = format!("The path has a parameter `{name}` that is not described.");
            self.warn(WarningCode::PathParameterUndeclared, node, message);
        }
        for parameter in operation.parameters_in(Place::Path).filter(|it| !names.contains(it.name.as_str())) {
            let message = format!("The path parameter `{}` is not in the path.", parameter.name);
            self.warn(WarningCode::PathParameterUnused, node, message);
        }
    }
}

/// The style that a parameter or an encoding states.
pub(super) fn style(node: Node<'_>) -> Option<Style> {
    Some(match node.text_of("style")? {
        "form" | "cookie" => Style::Form,
        "simple" => Style::Simple,
        "label" => Style::Label,
        "matrix" => Style::Matrix,
        "spaceDelimited" => Style::SpaceDelimited,
        "pipeDelimited" => Style::PipeDelimited,
        "deepObject" => Style::DeepObject,
        _ => return None,
    })
}

fn place(name: Option<&str>) -> Option<Place> {
    Some(match name? {
        "path" => Place::Path,
        "query" => Place::Query,
        "querystring" => Place::QueryString,
        "header" => Place::Header,
        "cookie" => Place::Cookie,
        _ => return None,
    })
}

fn is_path_member(name: &str) -> bool {
    const KNOWN: [&str; 6] = ["$ref", "summary", "description", "servers", "parameters", "additionalOperations"];
    KNOWN.contains(&name) || name.starts_with("x-")
}
