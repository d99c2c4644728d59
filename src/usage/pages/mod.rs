//! The pages of calls and of usage.

mod call;
mod calls;
mod curl;
mod key;
mod usage;

pub use key::KeyUsage;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use time::{OffsetDateTime, UtcOffset};

use super::{
    model::{CallLine, Range, Step},
    store::Known,
};
use crate::{
    portal::Portal,
    reference::{Published, Viewer},
    ui::Choice,
    web::{Access, Code, Member, Role, Routes},
};

const CALLS: &str = "/dashboard/calls";
const USAGE: &str = "/dashboard/usage";
const USAGE_CSV: &str = "/dashboard/usage.csv";

/// The pages.
pub fn routes() -> Routes {
    let viewer = Access::Member(Role::Viewer);
    Routes::new()
        .get(CALLS, viewer, calls::index)
        .get("/dashboard/calls/{call}", viewer, call::show)
        .get(USAGE, viewer, usage::show)
        .get(USAGE_CSV, viewer, usage::download)
}

/// An address with a query of what is not empty.
fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let query: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value.trim(), NON_ALPHANUMERIC)))
        .collect();
    match query.is_empty() {
        true => path.to_owned(),
        false => format!("{path}?{}", query.join("&")),
    }
}

/// Apps and keys to choose from, each after a choice of all.
fn callers(known: &Known) -> [Vec<Choice>; 2] {
    let all_apps = std::iter::once(Choice::new("", "All apps"));
    let apps = known.apps.iter().map(|(id, name)| Choice::new(id.to_string(), name.clone()));
    let app_name = |app| known.apps.iter().find(|(id, _)| id == app).map_or("", |(_, name)| name.as_str());
    let all_keys = std::iter::once(Choice::new("", "All keys"));
    let keys =
        known.keys.iter().map(|(id, app, name)| Choice::new(id.to_string(), format!("{} · {name}", app_name(app))));
    [all_apps.chain(apps).collect(), all_keys.chain(keys).collect()]
}

/// What the member may see of the APIs, to link to.
fn published(portal: &Portal, member: &Member) -> std::sync::Arc<Published> {
    portal.catalogue.visible_to(Viewer::of(member.organization))
}

/// The page of a call's operation, where there still is one.
fn operation_page(published: &Published, api: &str, version: &str, operation: &str) -> Option<String> {
    let (_, found) = published.find(api, version)?;
    let is_known = found.document.operations().iter().any(|known| known.id == operation);
    is_known.then(|| format!("/docs/{api}/{version}/operations/{operation}"))
}

/// Where an error code is explained: among the portal's own, or the API's.
fn error_page(published: &Published, call: &CallLine) -> Option<String> {
    let code = call.code.as_deref()?;
    if Code::ALL.iter().any(|own| own.as_str() == code) {
        return Some(format!("/docs/vestibule/v1/errors#{code}"));
    }
    let (_, version) = published.find(&call.api, &call.version)?;
    let is_known = version.errors().iter().any(|entry| entry.code == code);
    is_known
        .then(|| format!("/docs/{}/{}/errors#{}", call.api, call.version, utf8_percent_encode(code, NON_ALPHANUMERIC)))
}

/// How long something took: `85 ms`.
fn took(call: &CallLine) -> String {
    crate::ui::Unit::Milliseconds.written(call.took_us as f64 / 1000.0)
}

/// The start of a part of a range, in UTC and as short as it is clear.
fn moment(range: Range, at: OffsetDateTime) -> String {
    let at = at.to_offset(UtcOffset::UTC);
    let month = at.month().to_string();
    match range.step() {
        Step::Month => format!("{} {}", &month[..3], at.year()),
        Step::Hours(24) => format!("{} {}", at.day(), &month[..3]),
        Step::Hours(_) => format!("{} {}, {:02}:00", at.day(), &month[..3], at.hour()),
    }
}
