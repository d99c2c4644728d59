//! The portal's own HTTP API, shown like any other: the portal documents itself.

use std::sync::Arc;

use axum::body::Bytes;

use super::{
    catalogue::{Api, Origin, Version},
    document::Document,
    version::OWN_SLUG,
    viewer::Audience,
};
use crate::config::BaseUrl;

const VERSION: &str = "v1";

/// The portal's API, from the document that is generated from the code.
pub(super) fn api(base_url: &BaseUrl) -> Option<Api> {
    let bytes = Bytes::from(serde_json::to_vec_pretty(&crate::api::document(base_url)).ok()?);
    let document = match Document::read(&bytes) {
        Ok(document) => document,
        Err(error) => {
            tracing::error!(%error, "the portal's own document cannot be read");
            return None;
        }
    };
    let described = document.api();
    Some(Api {
        slug: OWN_SLUG.to_owned(),
        name: described.title.clone(),
        summary: described.summary.clone().unwrap_or_else(|| "Apps, keys and audit trail, for automation.".to_owned()),
        versions: vec![Arc::new(Version::own(VERSION.to_owned(), document, bytes))],
        origin: Origin::Own,
        audience: Audience::Everyone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_can_read_its_own_document() {
        let api = api(&BaseUrl::parse("https://dev.example.com").unwrap()).expect("the document is readable");
        assert!(!api.newest_stable().document.operations().is_empty());
    }
}
