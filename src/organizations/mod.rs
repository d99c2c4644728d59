//! A partner's organization: who belongs to it, in which role, and who is invited.

mod api;
mod model;
mod pages;
mod store;

pub use api::{paths as api_paths, routes as api_routes};
pub use model::Organization;
pub use pages::routes;
pub use store::{Person, people};
