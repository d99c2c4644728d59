//! The call that a partner makes first: one that a key can make and that needs nothing but the key.

use crate::{
    config::BaseUrl,
    reference::{
        Published,
        document::Document,
        model::{Operation, Place, Requirement},
        sample::{Auth, Request},
    },
};

/// The variable that stands for the key in a call.
const VARIABLE: &str = "$SANDBOX_KEY";

/// A call of the sandbox that can be made as it stands.
pub struct FirstCall(Request);

impl FirstCall {
    /// The first `GET` without a path parameter for which the scopes do, with as few parameters as there is.
    pub fn choose(published: &Published, portal: &BaseUrl, scopes: &[String]) -> Option<Self> {
        published.imported().find_map(|api| {
            let version = api.newest_stable();
            let operation = easiest(&version.document, scopes)?;
            let mut request = Request::to(&version.document, operation, &api.base_url(version, portal));
            // The sandbox takes its key here, wherever the API itself wants one.
            request.auth = vec![Auth::Bearer];
            Some(Self(request))
        })
    }

    /// The call for a shell, with the key in `$SANDBOX_KEY`.
    pub fn curl(&self) -> String {
        self.0.curl()
    }

    /// The call for a shell, with the key itself in it.
    pub fn curl_with(&self, secret: &str) -> String {
        self.0.curl().replace(VARIABLE, secret)
    }
}

fn easiest<'a>(document: &'a Document, scopes: &[String]) -> Option<&'a Operation> {
    let fits = |operation: &&Operation| {
        operation.method.as_str() == "GET"
            && !operation.deprecated
            && operation.parameters_in(Place::Path).next().is_none()
            && !operation.path.contains('{')
            && is_allowed(operation, scopes)
    };
    let required = |operation: &&Operation| operation.parameters.iter().filter(|parameter| parameter.required).count();
    document.operations().iter().filter(fits).min_by_key(required)
}

fn is_allowed(operation: &Operation, scopes: &[String]) -> bool {
    let reaches = |requirement: &Requirement| {
        let mut asked = requirement.schemes.iter().flat_map(|scheme| &scheme.scopes);
        asked.all(|scope| scopes.contains(scope))
    };
    operation.security.is_empty() || operation.security.iter().any(reaches)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{
        "openapi": "3.1.0",
        "info": { "title": "Parcels", "version": "1" },
        "components": { "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "api_key" } } },
        "security": [{ "key": ["shipments:read"] }],
        "paths": {
            "/shipments/{id}": { "get": { "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }] } },
            "/shipments": {
                "get": { "operationId": "listShipments", "parameters": [{ "name": "since", "in": "query", "required": true, "schema": { "type": "string" } }] },
                "post": {}
            },
            "/parcels": { "get": { "operationId": "listParcels" } },
            "/old": { "get": { "deprecated": true } },
            "/secrets": { "get": { "security": [{ "key": ["admin"] }] } },
            "/ping": { "get": { "operationId": "ping", "security": [] } }
        }
    }"#;

    fn operation(scopes: &[&str]) -> Option<String> {
        let document = Document::read(DOCUMENT.as_bytes()).unwrap();
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        easiest(&document, &scopes).map(|operation| operation.path.clone())
    }

    #[test]
    fn the_first_call_needs_nothing_but_the_key() {
        assert_eq!(operation(&["shipments:read"]).as_deref(), Some("/parcels"));
    }

    #[test]
    fn a_key_is_not_sent_where_its_scopes_do_not_reach() {
        assert_eq!(operation(&[]).as_deref(), Some("/ping"));
        assert_eq!(operation(&["admin"]).as_deref(), Some("/secrets"));
    }

    #[test]
    fn the_secret_stands_where_the_variable_stood() {
        let document = Document::read(DOCUMENT.as_bytes()).unwrap();
        let operation = easiest(&document, &["shipments:read".to_owned()]).unwrap();
        let mut request = Request::to(&document, operation, "https://example.com/sandbox/parcels/v1");
        request.auth = vec![Auth::Bearer];
        let call = FirstCall(request);
        assert!(call.curl().contains("-H \"Authorization: Bearer $SANDBOX_KEY\""));
        assert!(call.curl_with("vst_sandbox_abc").contains("-H \"Authorization: Bearer vst_sandbox_abc\""));
    }
}
