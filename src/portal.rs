//! What every handler and job can reach: one value, made at start and cheap to clone.

use std::{ops::Deref, sync::Arc};

use axum::extract::{FromRef, FromRequestParts};
use leptos::config::LeptosOptions;
use sqlx::PgPool;

use crate::{
    accounts::Passwords,
    config::Config,
    guides::Guides,
    keys::KeyRing,
    outbound,
    reference::Catalogue,
    settings::Settings,
    usage::Usage,
    vault::Vault,
    web::{Assets, RememberedPages},
};

/// The running portal.
#[derive(Clone)]
pub struct Portal(Arc<Parts>);

/// What the portal is made of.
pub struct Parts {
    /// What the operator set.
    pub config: Config,
    /// The database.
    pub db: PgPool,
    /// Sealing and fingerprints.
    pub vault: Vault,
    /// Password hashing, bounded.
    pub passwords: Passwords,
    /// Verified sandbox keys, remembered.
    pub key_ring: KeyRing,
    /// What was called.
    pub usage: Usage,
    /// Calls to other servers.
    pub outbound: outbound::Client,
    /// The published APIs, read.
    pub catalogue: Catalogue,
    /// The guides, rendered.
    pub guides: Guides,
    /// Name, colour and words of this portal.
    pub settings: Settings,
    /// Pages that were rendered before.
    pub pages: RememberedPages,
    /// Names of the files that pages load.
    pub assets: Assets,
}

impl Portal {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for Portal {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl FromRequestParts<Portal> for Portal {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut axum::http::request::Parts, portal: &Portal) -> Result<Self, Self::Rejection> {
        Ok(portal.clone())
    }
}

impl FromRef<Portal> for LeptosOptions {
    fn from_ref(_: &Portal) -> Self {
        LeptosOptions::builder().output_name("vestibule").build()
    }
}
