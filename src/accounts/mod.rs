//! People: signing up, signing in, sessions, passwords.
//!
//! Whether an address has an account is told to nobody but its owner: forms answer the same, and take the same
//! time, for known and unknown addresses; what differs is in the mail.

mod appointment;
mod model;
mod pages;
mod passwords;
mod session;
mod staff;
mod store;

pub use appointment::appoint;
pub use model::EmailAddress;
pub use pages::routes;
pub use passwords::{Password, Passwords};
pub use session::visitor;
pub use staff::{FirstSignIn, administrator, first_administrator, set_password_link};
pub use store::{act_for, exists, open, sweep};
