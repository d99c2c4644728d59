//! From a host's name to its addresses.

use std::{io, net::IpAddr};

use futures_util::future::BoxFuture;

/// Whoever knows the addresses of names. What it says is judged each time; it is trusted in nothing.
pub trait Resolve: Send + Sync {
    /// All addresses of a name, in the order in which they are tried.
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>>;
}

/// What the system's resolver says.
pub(super) struct System;

impl Resolve for System {
    fn resolve<'a>(&'a self, host: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        Box::pin(async move {
            let mut addresses = Vec::new();
            for found in tokio::net::lookup_host((host, 0)).await? {
                if !addresses.contains(&found.ip()) {
                    addresses.push(found.ip());
                }
            }
            Ok(addresses)
        })
    }
}
