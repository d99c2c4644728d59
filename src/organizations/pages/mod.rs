//! The pages of an organization: its team, and joining it.

mod join;
mod team;

use crate::web::{Access, Role, Routes};

/// The team, invitations, and changing the organization one acts for.
pub fn routes() -> Routes {
    Routes::new()
        .get("/dashboard/team", Access::Member(Role::Viewer), team::index)
        .post("/dashboard/team/invitations", Access::Member(Role::Owner), team::invite)
        .post("/dashboard/team/invitations/{invitation}/withdrawal", Access::Member(Role::Owner), team::withdraw)
        .post("/dashboard/team/members/{member}/role", Access::Member(Role::Owner), team::change_role)
        .post("/dashboard/team/members/{member}/removal", Access::Member(Role::Owner), team::remove)
        .post("/dashboard/organization", Access::SignedIn, team::act_for)
        .get("/invite/{token}", Access::Public, join::show)
        .post("/invite/{token}", Access::Public, join::accept)
}
