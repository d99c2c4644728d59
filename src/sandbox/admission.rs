//! Who may call what: the caller's credentials, and the scopes that an operation asks for.

use std::{net::IpAddr, sync::Arc};

use super::{Call, Caller};
use crate::{
    db::{AppId, OrganizationId},
    keys::{self, VerifiedKey},
    portal::Portal,
    reference::{
        Viewer,
        model::{Operation, Requirement},
    },
    web::{Code, Error, Result, rate_limit::Allowance},
};

/// A caller who was let in.
#[derive(Clone, Debug)]
pub(super) struct Admitted {
    /// The key, unless somebody tries the API from a page.
    pub key: Option<Arc<VerifiedKey>>,
    pub app: AppId,
    pub organization: OrganizationId,
}

impl Admitted {
    /// Knows the caller, or says why not.
    pub async fn of(portal: &Portal, address: IpAddr, caller: Caller<'_>, call: &Call) -> Result<Self> {
        match caller {
            Caller::App(app) => Ok(Self { key: None, app: app.id, organization: app.organization }),
            Caller::Key => {
                let key = keys::authenticate(portal, &call.headers, address).await?;
                Ok(Self { app: key.app, organization: key.organization, key: Some(key) })
            }
        }
    }

    /// Counts the call against the caller's limit.
    pub fn count(&self, portal: &Portal) -> Allowance {
        match &self.key {
            Some(key) => keys::count(portal, key),
            None => keys::count_app(portal, self.app),
        }
    }

    /// What the caller may see.
    pub fn viewer(&self) -> Viewer {
        Viewer::of(self.organization)
    }

    /// Whether the caller has the scopes of one of the ways in which the operation may be called.
    pub fn may_call(&self, operation: &Operation) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let missing = |requirement: &Requirement| -> Vec<String> {
            let asked = requirement.schemes.iter().flat_map(|scheme| &scheme.scopes);
            asked.filter(|scope| !key.scopes.contains(scope)).cloned().collect()
        };
        let least = operation.security.iter().map(missing).min_by_key(Vec::len).unwrap_or_default();
        match least.is_empty() {
            true => Ok(()),
            false => Err(Error::new(Code::InsufficientScope, format!("The key lacks {}.", least.join(", ")))),
        }
    }
}
