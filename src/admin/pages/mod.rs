//! The staff pages that belong to no other feature.

mod limit;
mod overview;
mod partner;
mod partners;
mod staff;
mod styleguide;

use crate::web::{Access, Routes, StaffRole};

const SUPPORT: Access = Access::Staff(StaffRole::Support);
const ADMIN: Access = Access::Staff(StaffRole::Admin);

/// The routes of the administration.
pub fn routes() -> Routes {
    Routes::new()
        .get("/admin", SUPPORT, overview::show)
        .get("/admin/partners", SUPPORT, partners::index)
        .get("/admin/partners/{organization}", SUPPORT, partners::show)
        .post("/admin/partners/{organization}/suspension", ADMIN, partners::suspend)
        .post("/admin/partners/{organization}/reinstatement", ADMIN, partners::reinstate)
        .post("/admin/partners/{organization}/limit", ADMIN, partners::limit)
        .get("/admin/staff", ADMIN, staff::index)
        .post("/admin/staff", ADMIN, staff::create)
        .post("/admin/staff/{account}/dismissal", ADMIN, staff::dismiss)
        .get("/admin/styleguide", SUPPORT, styleguide::show)
}
