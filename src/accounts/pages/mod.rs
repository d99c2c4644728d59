//! The pages of accounts, in the order a person meets them.

mod account;
mod password;
mod sign_in;
mod sign_up;

use crate::web::{Access, Routes};

/// Signing up, signing in, passwords, and everybody's own account.
pub fn routes() -> Routes {
    Routes::new()
        .get("/signup", Access::Public, sign_up::new)
        .post("/signup", Access::Public, sign_up::create)
        .get("/verify-email", Access::Public, sign_up::verification)
        .post("/verify-email", Access::Public, sign_up::verify)
        .get("/login", Access::Public, sign_in::new)
        .post("/login", Access::Public, sign_in::create)
        .get("/logout", Access::Public, sign_in::confirm_end)
        .post("/logout", Access::Public, sign_in::end)
        .get("/forgot-password", Access::Public, password::forgotten)
        .post("/forgot-password", Access::Public, password::send_link)
        .get("/reset-password", Access::Public, password::new)
        .post("/reset-password", Access::Public, password::create)
        .get("/dashboard/account", Access::SignedIn, account::show)
        .post("/dashboard/account/name", Access::SignedIn, account::rename)
        .post("/dashboard/account/password", Access::SignedIn, account::change_password)
        .post("/dashboard/account/sessions/{session}/end", Access::SignedIn, account::end_session)
        .post("/dashboard/account/sessions/end", Access::SignedIn, account::end_other_sessions)
}
