//! Keys: what a partner's systems call the API with.
//!
//! A key is a stable id with a name and scopes; its secrets come and go, at most two live at a time. A secret is
//! shown once and stored nowhere: only its MAC, and four characters for people to recognize it by. Revoking a key is
//! seen by every instance within one second, although a key that is in use is verified without the database.

mod api;
mod caller;
mod change;
mod first_call;
mod listener;
mod model;
mod pages;
mod ring;
mod store;
mod uses;
mod verified;

pub use api::{paths as api_paths, routes as api_routes};
pub use caller::{authenticate, count, count_app};
pub use first_call::FirstCall;
pub use listener::{follow_changes, record_uses};
pub use model::{
    Advice, Environment, Key, KeyState, NotAnOverlap, Overlap, Secret, UnknownEnvironment, UnknownScope, choose_scopes,
};
pub use pages::routes;
pub use ring::KeyRing;
pub use store::{Issued, Minted, NewKey, by_id, issue, of_app, retire, revoke, rotate};
pub use verified::{Retirement, VerifiedKey};
