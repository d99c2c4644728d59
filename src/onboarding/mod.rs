//! The road of a new partner: an app, a key, a first call, and what comes next.

mod menu;
mod model;
mod pages;

pub use menu::menu;
pub use pages::routes;
