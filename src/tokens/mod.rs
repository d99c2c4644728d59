//! Management tokens: what programs call `/api/v1` with.
//!
//! A token belongs to the company's staff or to one partner organization, and can do what its scopes say. It is shown
//! once; kept are only its MAC, and four characters for people to recognize it by.

mod bearer;
mod model;
mod pages;
mod store;

pub use bearer::caller;
pub use model::{Holder, NewToken, Scope, Token, UnknownScope, choose_scopes};
pub use pages::routes;
pub use store::{Issued, issue};
