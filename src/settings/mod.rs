//! What an administrator sets about the portal: its name, words, colour and addresses.
//!
//! Every page needs these values, so they are kept in memory and read again when the database says that they changed.
//! While it is away, what was read last stays in force.

mod cache;
mod model;
mod pages;
mod store;

pub use cache::Settings;
pub use model::{LeakedKeys, Values};
pub use pages::routes;
pub use store::load_demo;
