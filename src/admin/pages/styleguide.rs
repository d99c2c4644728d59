//! Every component in every state.

use crate::ui;
use axum::response::Response;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{ui::Styleguide, web::Page};

pub(super) async fn show(page: Page) -> Response {
    let now = OffsetDateTime::now_utc();
    page.side(|| ui::staff_menu("/admin/styleguide")).render("Style guide", move || view! { <Styleguide now/> }).await
}
