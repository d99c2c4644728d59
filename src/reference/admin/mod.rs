//! The staff's side of the reference: import a document, see what was read and what was doubtful, publish it.

mod index;
mod upload;
mod version;

use axum::{extract::DefaultBodyLimit, http::Method, routing::post};
use time::Date;

use super::document::MAX_BYTES;
use crate::web::{Access, Routes, StaffRole};

const PATH: &str = "/admin/apis";
const SUPPORT: Access = Access::Staff(StaffRole::Support);
const EDITOR: Access = Access::Staff(StaffRole::Editor);

/// The file, and room for the fields beside it.
const LARGEST_UPLOAD: usize = MAX_BYTES + 1024 * 1024;

/// `/admin/apis` and below.
pub fn routes() -> Routes {
    let create = post(upload::create).layer(DefaultBodyLimit::max(LARGEST_UPLOAD));
    Routes::new()
        .get(PATH, SUPPORT, index::index)
        .get("/admin/apis/new", EDITOR, upload::new)
        .on(Method::POST, PATH, EDITOR, create)
        .get("/admin/apis/{api}/versions/{version}", SUPPORT, version::show)
        .post("/admin/apis/{api}/versions/{version}/publication", EDITOR, version::publish)
        .post("/admin/apis/{api}/versions/{version}/state", EDITOR, version::change_state)
        .post("/admin/apis/{api}/versions/{version}/deletion", EDITOR, version::delete)
}

fn version_path(api: &str, version: &str) -> String {
    format!("{PATH}/{api}/versions/{version}")
}

/// `31 March 2027`
pub(super) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), date.month(), date.year())
}
