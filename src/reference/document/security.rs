//! Reads how callers authenticate, and the scopes that an API asks for.

use std::collections::HashMap;

use super::{
    super::model::{
        ApiKeyPlace, Flow, FlowKind, Operation, Requirement, SchemeUse, Scope, SecurityKind, SecurityScheme,
    },
    reader::{Reader, text},
    tree::{Kind, Node},
    warning::WarningCode,
};

impl<'s> Reader<'s> {
    /// The schemes among the components.
    pub fn security_schemes(&mut self) -> Vec<SecurityScheme> {
        let root = self.root();
        let Some(components) = self.part(root, "components", Kind::Object) else {
            return Vec::new();
        };
        let named = self.parts(components, "securitySchemes");
        named.into_iter().filter_map(|(name, node)| self.security_scheme(name, node)).collect()
    }

    /// What an operation asks for, or the document for all; none where it does not say.
    pub fn security(&mut self, node: Node<'s>, schemes: &[SecurityScheme]) -> Option<Vec<Requirement>> {
        let listed = self.part(node, "security", Kind::List)?;
        let requirements = listed.items().filter(|item| item.kind() == Kind::Object).map(|item| {
            let named = item.entries().filter(|(name, _)| !name.starts_with("x-"));
            Requirement { schemes: named.map(|(name, scopes)| self.scheme_use(name, scopes, schemes)).collect() }
        });
        Some(requirements.collect())
    }

    fn scheme_use(&mut self, name: &str, node: Node<'s>, schemes: &[SecurityScheme]) -> SchemeUse {
        // OpenAPI 3.2 also names a scheme by its reference.
        let name = name.strip_prefix("#/components/securitySchemes/").unwrap_or(name);
        let scopes: Vec<String> = node.items().filter_map(|scope| Some(scope.text()?.to_owned())).collect();
        match schemes.iter().find(|scheme| scheme.name == name) {
            None => {
                let message = format!("The security scheme `{name}` is not described.");
                self.warn(WarningCode::UnknownSecurityScheme, node, message);
            }
            Some(scheme) if !scheme.scopes.is_empty() => {
                let unknown = scopes.iter().find(|scope| !scheme.scopes.iter().any(|known| known.name == **scope));
                if let Some(scope) = unknown {
                    let message = format!("The security scheme `{name}` does not describe the scope `{scope}`.");
                    self.warn(WarningCode::UnknownScope, node, message);
                }
            }
            Some(_) => {}
        }
        SchemeUse { scheme: name.to_owned(), scopes }
    }

    fn security_scheme(&mut self, name: &str, node: Node<'s>) -> Option<SecurityScheme> {
        let node = self.follow(node)?;
        let kind = self.security_kind(node);
        let mut scopes = Scopes::default();
        if let SecurityKind::OAuth2 { flows } = &kind {
            flows.iter().flat_map(|flow| &flow.scopes).for_each(|scope| scopes.add(scope));
        }
        described_scopes(node, "x-scopes").iter().for_each(|scope| scopes.add(scope));
        Some(SecurityScheme {
            name: name.to_owned(),
            description: text(node, "description"),
            deprecated: node.flag("deprecated"),
            kind,
            scopes: scopes.listed,
            source: self.source(node),
        })
    }

    fn security_kind(&mut self, node: Node<'s>) -> SecurityKind {
        let kind = text(node, "type").unwrap_or_default();
        match kind.as_str() {
            "apiKey" => {
                let place = match node.text_of("in") {
                    Some("query") => ApiKeyPlace::Query,
                    Some("cookie") => ApiKeyPlace::Cookie,
                    Some("header") => ApiKeyPlace::Header,
                    _ => {
                        let message =
                            "The API key's place should be `header`, `query` or `cookie`; `header` is assumed.";
                        self.warn(WarningCode::MalformedSecurityScheme, node, message);
                        ApiKeyPlace::Header
                    }
                };
                SecurityKind::ApiKey { place, name: text(node, "name").unwrap_or_else(|| "X-API-Key".to_owned()) }
            }
            "http" => match text(node, "scheme").unwrap_or_default().to_ascii_lowercase().as_str() {
                "basic" => SecurityKind::Basic,
                "bearer" => SecurityKind::Bearer { format: text(node, "bearerFormat") },
                scheme => SecurityKind::Http { scheme: scheme.to_owned() },
            },
            "oauth2" => {
                SecurityKind::OAuth2 { flows: self.parts(node, "flows").into_iter().filter_map(flow).collect() }
            }
            "openIdConnect" => SecurityKind::OpenIdConnect { url: text(node, "openIdConnectUrl").unwrap_or_default() },
            "mutualTLS" => SecurityKind::MutualTls,
            _ => {
                let message = format!("OpenAPI has no security scheme of the type `{kind}`.");
                self.warn(WarningCode::MalformedSecurityScheme, node, message);
                SecurityKind::Unknown { kind }
            }
        }
    }
}

/// Every scope that the schemes describe or an operation asks for, each once, in this order.
pub(super) fn all_scopes(schemes: &[SecurityScheme], operations: &[Operation]) -> Vec<Scope> {
    let mut scopes = Scopes::default();
    schemes.iter().flat_map(|scheme| &scheme.scopes).for_each(|scope| scopes.add(scope));
    let requirements = operations.iter().flat_map(|operation| &operation.security);
    for name in requirements.flat_map(|requirement| &requirement.schemes).flat_map(|scheme| &scheme.scopes) {
        scopes.add(&Scope { name: name.clone(), description: String::new() });
    }
    scopes.listed
}

/// Scopes in the order in which they were met, each once, with the first description that it has.
#[derive(Default)]
struct Scopes {
    listed: Vec<Scope>,
    known: HashMap<String, usize>,
}

impl Scopes {
    fn add(&mut self, scope: &Scope) {
        match self.known.get(&scope.name) {
            Some(index) if self.listed[*index].description.is_empty() => {
                self.listed[*index].description.clone_from(&scope.description);
            }
            Some(_) => {}
            None => {
                self.known.insert(scope.name.clone(), self.listed.len());
                self.listed.push(scope.clone());
            }
        }
    }
}

fn flow((name, node): (&str, Node<'_>)) -> Option<Flow> {
    let kind = match name {
        "authorizationCode" => FlowKind::AuthorizationCode,
        "clientCredentials" => FlowKind::ClientCredentials,
        "implicit" => FlowKind::Implicit,
        "password" => FlowKind::Password,
        "deviceAuthorization" => FlowKind::DeviceAuthorization,
        _ => return None,
    };
    Some(Flow {
        kind,
        authorization_url: text(node, "authorizationUrl"),
        token_url: text(node, "tokenUrl"),
        refresh_url: text(node, "refreshUrl"),
        device_authorization_url: text(node, "deviceAuthorizationUrl"),
        scopes: described_scopes(node, "scopes"),
    })
}

fn described_scopes(node: Node<'_>, key: &str) -> Vec<Scope> {
    let entries = node.get(key).into_iter().flat_map(Node::entries);
    entries
        .map(|(name, description)| Scope {
            name: name.to_owned(),
            description: description.text().unwrap_or_default().to_owned(),
        })
        .collect()
}
