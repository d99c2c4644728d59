//! Where an API's document is published by others: looked at on a schedule, and taken in when it has changed.
//!
//! A document that cannot be fetched or read changes nothing; the last result stays in view, in words.

mod check;
mod fetch;
mod model;
mod store;

pub use check::{CHECK, perform, remember, schedule};
pub use fetch::{FetchError, Fetched, Origin, fetch};

pub(super) use check::{Started, check};
pub(super) use model::{Every, LONGEST_URL, LastOutcome, Policy, Settings};
pub(super) use store::{NamedApi, Row, named_api, remove, save, source};
