//! The audit trail: who did what to what, from where, with before and after.
//!
//! An entry is written in the transaction of the change that it tells of: there is no change without its entry.
//! Entries are never altered: the database refuses it, and the chain of hashes would show it.

mod api;
mod entries;
mod model;
mod pages;
mod store;

pub use api::{paths as api_paths, routes as api_routes};
pub use entries::{EntryTable, Reader};
pub use model::{Actor, Entry, Subject};
pub use pages::routes;
pub use store::{Broken, Filter, Recorded, list, of_subject, record, verify};
