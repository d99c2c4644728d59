//! Registering a route and saying who may use it are one act.

use axum::{Router, handler::Handler, http::Method, routing};

use super::Access;
use crate::portal::Portal;

/// One route: what the access test walks.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method; `GET` answers `HEAD` too.
    pub method: Method,
    /// The path with its parameters, e.g. `/dashboard/apps/{app}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

/// The routes of a feature, or of the whole portal.
#[derive(Default)]
pub struct Routes {
    router: Router<Portal>,
    table: Vec<Route>,
}

impl Routes {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers `GET`.
    pub fn get<H: Handler<T, Portal>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.on(Method::GET, path, access, routing::get(handler))
    }

    /// Answers `POST`.
    pub fn post<H: Handler<T, Portal>, T: 'static>(self, path: &'static str, access: Access, handler: H) -> Self {
        self.on(Method::POST, path, access, routing::post(handler))
    }

    /// Answers every method that an API may use.
    pub fn any<H: Handler<T, Portal>, T: 'static>(mut self, path: &'static str, access: Access, handler: H) -> Self {
        self.router = self.router.route(path, routing::any(handler));
        let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
        self.table.extend(methods.map(|method| Route { method, path, access }));
        self
    }

    /// Answers one method with a handler that brings layers of its own.
    pub fn on(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        handler: routing::MethodRouter<Portal>,
    ) -> Self {
        self.router = self.router.route(path, handler);
        self.table.push(Route { method, path, access });
        self
    }

    /// Adds the routes of another feature.
    pub fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.table.extend(other.table);
        self
    }

    /// The router, and the table of who may use what.
    pub fn into_parts(self) -> (Router<Portal>, Vec<Route>) {
        (self.router, self.table)
    }
}
