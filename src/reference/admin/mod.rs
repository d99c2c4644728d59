//! The staff's side of the reference: import a document, see what was read, what was doubtful and what changes, publish it, say whom it is for.

mod api;
mod draft;
mod index;
mod reading;
mod source;
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
        .get("/admin/apis/{api}", SUPPORT, api::show)
        .post("/admin/apis/{api}", EDITOR, api::describe)
        .post("/admin/apis/{api}/visibility", EDITOR, api::change_visibility)
        .get("/admin/apis/{api}/source", SUPPORT, source::show)
        .post("/admin/apis/{api}/source", EDITOR, source::save)
        .post("/admin/apis/{api}/source/checks", EDITOR, source::check)
        .post("/admin/apis/{api}/source/deletion", EDITOR, source::delete)
        .get("/admin/apis/{api}/versions/{version}", SUPPORT, version::show)
        .get("/admin/apis/{api}/versions/{version}/draft", SUPPORT, draft::show)
        .post("/admin/apis/{api}/versions/{version}/draft/version", EDITOR, draft::as_version)
        .post("/admin/apis/{api}/versions/{version}/draft/deletion", EDITOR, draft::discard)
        .post("/admin/apis/{api}/versions/{version}/publication", EDITOR, draft::publish)
        .post("/admin/apis/{api}/versions/{version}/state", EDITOR, version::change_state)
        .post("/admin/apis/{api}/versions/{version}/deletion", EDITOR, version::delete)
}

fn api_path(api: &str) -> String {
    format!("{PATH}/{api}")
}

/// Where a draft is looked at before it is published.
pub(super) fn draft_path(api: &str, version: &str) -> String {
    format!("{}/draft", version_path(api, version))
}

fn version_path(api: &str, version: &str) -> String {
    format!("{PATH}/{api}/versions/{version}")
}

fn source_path(api: &str) -> String {
    format!("{PATH}/{api}/source")
}

/// `31 March 2027`
pub(super) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), date.month(), date.year())
}
