//! Apps: what a partner builds. Each has keys of its own, so that one system can be cut off without the others.

mod api;
mod change;
mod model;
mod pages;
mod store;

pub use api::{paths as api_paths, routes as api_routes};
pub use model::{App, Summary};
pub use pages::{AppTable, routes};
pub use store::{by_id, create, summaries};

use change::{made, renamed};
