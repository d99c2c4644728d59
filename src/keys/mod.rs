//! Keys: what a partner's systems call the API with.
//!
//! A key is a stable id with a name and scopes; its secrets come and go, at most two live at a time. A secret is
//! shown once and stored nowhere: only its MAC, and four characters for people to recognize it by. Revoking a key is
//! seen by every instance within one second, although a key that is in use is verified without the database.

mod api;
mod caller;
mod change;
mod edit;
mod ending;
mod evidence;
mod first_call;
mod leaks;
mod letters;
mod listener;
mod model;
mod networks;
mod notices;
mod overlap;
mod pages;
mod ring;
mod store;
mod uses;
mod verified;

pub use api::{paths as api_paths, routes as api_routes};
pub use caller::{authenticate, count, count_app};
pub use edit::Edit;
pub use evidence::Advice;
pub use first_call::FirstCall;
pub use leaks::{REPORT as LEAK_REPORT, perform as act_on_leaks};
pub use listener::{follow_changes, record_uses};
pub use model::{Environment, Key, KeyState, Secret, UnknownEnvironment, UnknownScope, choose_scopes};
pub use networks::{AllowedNetworks, NotNetworks};
pub use notices::{NOTICE, perform as write_notices, schedule as schedule_notices};
pub use overlap::{NotAnOverlap, Overlap};
pub use pages::routes;
pub use ring::KeyRing;
pub use store::{
    Extension, Issued, Minted, NewKey, by_id, cancel_rotation, extend, issue, of_app, retire, revoke, rotate,
    switch_off, switch_on, update,
};
pub use verified::{Retirement, VerifiedKey};

/// Forgets what is counted of callers after the longest overlap.
pub async fn sweep(db: &sqlx::PgPool) -> sqlx::Result<u64> {
    store::sweep(db, time::OffsetDateTime::now_utc()).await
}
