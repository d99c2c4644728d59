//! How requests carry the key. Postman sends one kind of authentication; what comes beside it goes into the request.

use serde_json::{Value, json};

use super::super::super::{
    model::{Flow, FlowKind, Operation, Requirement, SecurityKind},
    pages::Place,
    sample::{Auth, Request},
};

/// How an operation is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Access {
    /// What Postman does by itself.
    kind: Kind,
    /// Headers with the key beside that.
    pub headers: Vec<(String, String)>,
    /// Query parameters with the key beside that.
    pub query: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    #[default]
    Nothing,
    Bearer,
    Basic,
    Header(String, String),
    Query(String),
    OAuth2(Vec<(&'static str, String)>),
}

/// The variable that holds the key.
pub(super) fn key_variable(place: &Place) -> &'static str {
    if place.is_own() { "managementToken" } else { "sandboxKey" }
}

fn key(place: &Place) -> String {
    format!("{{{{{}}}}}", key_variable(place))
}

/// The scopes of the way to authenticate that is shown.
pub(super) fn scopes(operation: &Operation) -> Vec<String> {
    let asked = asked(operation).into_iter().flat_map(|requirement| &requirement.schemes);
    asked.flat_map(|scheme| scheme.scopes.clone()).collect()
}

fn asked(operation: &Operation) -> Option<&Requirement> {
    operation.security.iter().find(|requirement| !requirement.is_anonymous())
}

impl Access {
    pub fn of(place: &Place, operation: &Operation) -> Self {
        let request = Request::to(place.document(), operation, "");
        let request = if place.is_own() { request } else { request.with_key() };
        let flow = flow(place, operation);
        let key = key(place);
        let mut access = Self::default();
        for auth in request.auth {
            let kind = match (auth, &flow) {
                (Auth::Bearer, Some(flow)) => Kind::OAuth2(settings(flow, operation)),
                (Auth::Bearer, None) => Kind::Bearer,
                (Auth::Basic, _) => Kind::Basic,
                (Auth::Scheme(scheme), _) => Kind::Header("Authorization".to_owned(), format!("{scheme} {key}")),
                (Auth::Header(name), _) => Kind::Header(name, key.clone()),
                (Auth::Query(name), _) => Kind::Query(name),
                (Auth::Cookie(name), _) => {
                    access.headers.push(("Cookie".to_owned(), format!("{name}={key}")));
                    continue;
                }
                (Auth::Certificate, _) => continue,
            };
            match (&access.kind, kind) {
                (Kind::Nothing, kind) => access.kind = kind,
                (_, Kind::Header(name, value)) => access.headers.push((name, value)),
                (_, Kind::Query(name)) => access.query.push((name, key.clone())),
                // Two of these would write the same header.
                (_, _) => {}
            }
        }
        access
    }

    /// Whether a header carries the key already.
    pub fn sends(&self, header: &str) -> bool {
        let own = matches!(&self.kind, Kind::Header(name, _) if name.eq_ignore_ascii_case(header));
        own || self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header))
    }

    pub fn to_json(&self, place: &Place) -> Value {
        let key = key(place);
        let attribute = |name: &str, value: &str| json!({"key": name, "value": value, "type": "string"});
        match &self.kind {
            Kind::Nothing => json!({"type": "noauth"}),
            Kind::Bearer => json!({"type": "bearer", "bearer": [attribute("token", &key)]}),
            Kind::Basic => {
                json!({"type": "basic", "basic": [attribute("username", &key), attribute("password", "")]})
            }
            Kind::Header(name, value) => json!({"type": "apikey", "apikey": [
                attribute("key", name), attribute("value", value), attribute("in", "header"),
            ]}),
            Kind::Query(name) => json!({"type": "apikey", "apikey": [
                attribute("key", name), attribute("value", &key), attribute("in", "query"),
            ]}),
            Kind::OAuth2(settings) => {
                let mut attributes = vec![attribute("accessToken", &key), attribute("addTokenTo", "header")];
                attributes.extend(settings.iter().map(|(name, value)| attribute(name, value)));
                json!({"type": "oauth2", "oauth2": attributes})
            }
        }
    }
}

/// The flow to show: the one with a user's consent first.
fn flow<'p>(place: &'p Place, operation: &Operation) -> Option<&'p Flow> {
    let schemes = asked(operation)?.schemes.iter();
    let flows = schemes.filter_map(|used| match &place.document().security_scheme(&used.scheme)?.kind {
        SecurityKind::OAuth2 { flows } => flows.iter().min_by_key(|flow| order(flow.kind)),
        _ => None,
    });
    flows.min_by_key(|flow| order(flow.kind))
}

fn order(kind: FlowKind) -> u8 {
    match kind {
        FlowKind::AuthorizationCode => 0,
        FlowKind::ClientCredentials => 1,
        FlowKind::Password => 2,
        FlowKind::Implicit => 3,
        FlowKind::DeviceAuthorization => 4,
    }
}

/// What Postman needs to ask for a token of the real server.
fn settings(flow: &Flow, operation: &Operation) -> Vec<(&'static str, String)> {
    let grant = match flow.kind {
        FlowKind::AuthorizationCode | FlowKind::DeviceAuthorization => "authorization_code",
        FlowKind::ClientCredentials => "client_credentials",
        FlowKind::Password => "password_credentials",
        FlowKind::Implicit => "implicit",
    };
    let mut settings = vec![("grant_type", grant.to_owned())];
    settings.extend(flow.authorization_url.clone().map(|url| ("authUrl", url)));
    settings.extend(flow.token_url.clone().map(|url| ("accessTokenUrl", url)));
    let scopes = scopes(operation);
    settings.extend((!scopes.is_empty()).then(|| ("scope", scopes.join(" "))));
    settings
}
