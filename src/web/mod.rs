//! HTTP, and nothing about the product: access, pages, errors, forms, headers.
//!
//! Features build on this module; only `router` knows them, and nothing but `main` and tests knows `router`.

mod access;
mod assets;
mod body;
mod cookies;
mod csrf;
mod download;
mod ending;
mod error;
mod form;
mod headers;
pub mod health;
pub mod idempotency;
mod page;
mod pagination;
mod problem;
pub mod rate_limit;
mod request;
pub mod router;
mod routes;
pub mod shown_once;
pub mod throttle;

pub use access::{Access, Caller, Member, Owner, Role, Scoped, SignedIn, Staff, StaffRole, Visitor};
pub use assets::Assets;
pub use body::{Json, Path, Query};
pub use cookies::{Flash, clear_cookie, read_cookie, set_cookie};
pub use download::{markdown, validated, wants_markdown};
pub use ending::Ending;
pub use error::{Error, FieldError, OnConstraint, Problem, Result, for_programs};
pub use form::{FieldErrors, Form};
pub use page::{Page, RememberedPages, fragment, local_path, rendered, see_other};
pub use pagination::{PageQuery, Paged};
pub use problem::Code;
pub use request::{ClientRequest, RequestId};
pub use routes::{Route, Routes};
