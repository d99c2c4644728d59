//! The road of a new partner: an app, a key, a first call, and what comes next.

mod model;
mod pages;

pub use pages::routes;
