//! Trying an operation: a form, the call that it makes, and the answer.
//!
//! The form, the `curl` line and what is sent are one request model. A key that somebody pastes is used for one call and
//! kept nowhere; a call as one of the partner's apps needs none, and goes no further than the sandbox. Calls to another
//! server of the document are made by the portal, for people who are signed in, under the rules for calls to the outside.

mod answer;
mod field;
mod form;
mod pages;
mod posted;
mod reading;
mod send;
mod target;
mod wire;

pub use pages::routes;
