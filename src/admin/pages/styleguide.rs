//! Every component in every state.

use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{admin::menu, ui::Styleguide, web::Page};

pub(super) async fn show(page: Page) -> Response {
    let now = OffsetDateTime::now_utc();
    page.side(|| menu("/admin/styleguide")).render("Style guide", move || view! { <Styleguide now/> }).await
}
