//! The form's page, its parts for the island, and the calls.

mod answer;
mod entry;
mod form;

use std::time::Duration;

use axum::{
    extract::{DefaultBodyLimit, FromRequestParts},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::Response,
    routing,
};
use leptos::prelude::*;
use serde::Deserialize;

use self::{
    answer::{Outcome, outcome_view},
    form::{Filling, console_view, sample_view},
};
use super::{
    form::Form,
    posted::Posted,
    reading::{Care, Doubt, Draft, Gravity},
    send,
    target::{Target, Targets},
};
use crate::{
    islands::Console,
    portal::Portal,
    reference::{Callable, Viewer},
    ui::{MethodBadge, PageTitle, Width},
    web::{
        Access, ClientRequest, Error, Page, Path, Query, Result, Routes, Visitor, fragment,
        throttle::{self, Limit},
    },
};

/// A body with its files; APIs that take more are not tried from a form.
const LARGEST_FORM: usize = 10 * 1024 * 1024;

/// Calls to other servers, per account: enough to try, too few to build on.
const ELSEWHERE: Limit = Limit { attempts: 30, window: Duration::from_secs(60) };

/// `/docs/{api}/{version}/operations/{operation}/calls` and below.
pub fn routes() -> Routes {
    Routes::new()
        .get("/docs/{api}/{version}/operations/{operation}/calls/new", Access::Public, new)
        .on(
            Method::POST,
            "/docs/{api}/{version}/operations/{operation}/calls",
            Access::Public,
            routing::post(create).layer(DefaultBodyLimit::max(LARGEST_FORM)),
        )
        .post("/docs/{api}/{version}/operations/{operation}/calls/sample", Access::Public, sample)
}

/// What the island asks for.
#[derive(Deserialize)]
struct Asked {
    /// Only the part that changes, not the whole page.
    fragment: Option<String>,
}

/// The operation of the path, and what the visitor can choose.
struct Desk {
    portal: Portal,
    visitor: Visitor,
    callable: Callable,
    targets: Targets,
}

impl FromRequestParts<Portal> for Desk {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self> {
        let Path((api, version, operation)) =
            Path::<(String, String, String)>::from_request_parts(parts, portal).await?;
        let Ok(viewer) = Viewer::from_request_parts(parts, portal).await;
        let Ok(visitor) = Visitor::from_request_parts(parts, portal).await;
        let callable = Callable::find(portal, viewer, (&api, &version, &operation))?;
        let targets = Targets::of(portal, &visitor, &callable).await?;
        Ok(Self { portal: portal.clone(), visitor, callable, targets })
    }
}

async fn new(desk: Desk, page: Page, Query(asked): Query<Asked>) -> Response {
    let filling = Filling { posted: None, doubts: Vec::new() };
    desk.show(page, asked, filling).await
}

/// Makes a call. What cannot be sent is shown again, and so is what the document does not allow, until it is sent anyway.
async fn create(
    desk: Desk,
    client: ClientRequest,
    page: Page,
    Query(asked): Query<Asked>,
    posted: Posted,
) -> Result<Response> {
    if let Some(choice) = posted.text("fill").map(str::to_owned) {
        let filling = Filling { posted: Some(with_example(posted, &desk.callable, &choice)), doubts: Vec::new() };
        return Ok(desk.show(page, asked, filling).await);
    }
    let operation = desk.callable.operation();
    let draft = Draft::read(operation, &Form::of(operation), &posted, Care::Compared);
    let outcome = desk.call(&client, &draft, &posted).await;
    if asked.fragment.is_none() {
        let filling = Filling { posted: Some(posted), doubts: draft.doubts };
        return Ok(whole(page, desk, filling, Some(outcome?)).await);
    }
    // What is held back is a good answer to the island; a refusal is not.
    let (status, outcome) = match outcome {
        Ok(outcome) => (StatusCode::OK, outcome),
        Err(error) => (error.code().status(), Outcome::Refused(error)),
    };
    Ok(fragment(status, || outcome_view(&desk.callable, &outcome)))
}

/// The `curl` line of the form as it is.
async fn sample(desk: Desk, posted: Posted) -> Response {
    fragment(StatusCode::OK, || sample_view(&desk.callable, &desk.targets, Some(&posted)))
}

impl Desk {
    async fn show(self, page: Page, asked: Asked, filling: Filling) -> Response {
        match asked.fragment {
            Some(_) => fragment(StatusCode::OK, || console_view(&self.callable, &self.targets, &filling, None)),
            None => whole(page, self, filling, None).await,
        }
    }

    async fn call(&self, client: &ClientRequest, draft: &Draft, posted: &Posted) -> Result<Outcome> {
        let target = match self.targets.chosen(&self.portal, posted).await? {
            Ok(target) => target,
            Err(message) => {
                let (field, label) = ("try-to".to_owned(), "Where the call goes".to_owned());
                let blocked = Doubt { field, label, pointer: String::new(), message, gravity: Gravity::Blocks };
                return Ok(Outcome::Held(vec![blocked]));
            }
        };
        let is_meant = posted.text("anyway").is_some() && draft.is_sendable();
        if !draft.doubts.is_empty() && !is_meant {
            return Ok(Outcome::Held(draft.doubts.clone()));
        }
        if let (Target::Server { .. }, Some(session)) = (&target, &self.visitor.session) {
            throttle::count(&self.portal.db, &format!("call:{}", session.account), ELSEWHERE).await?;
        }
        Ok(match send::send(&self.portal, client, &self.callable, draft, target).await? {
            Ok(answer) => Outcome::Answered(answer),
            Err(sentence) => Outcome::Failed(sentence),
        })
    }
}

/// The form with one of the document's examples as the body; `choice` names editor and example by number.
fn with_example(mut posted: Posted, callable: &Callable, choice: &str) -> Posted {
    let form = Form::of(callable.operation());
    let chosen = choice.split_once('.').and_then(|(editor, example)| {
        let editor = form.editors.get(editor.parse::<usize>().ok()?)?;
        Some((editor, editor.examples.get(example.parse::<usize>().ok()?)?))
    });
    if let Some((editor, (_, text))) = chosen {
        posted.set(editor.name(), text.clone());
        posted.set("body.type".to_owned(), editor.at.to_string());
    }
    posted
}

async fn whole(page: Page, desk: Desk, filling: Filling, outcome: Option<Outcome>) -> Response {
    let Desk { callable, targets, .. } = desk;
    let side = callable.clone();
    let title = callable.title("Try it");
    let status = outcome.as_ref().map_or(StatusCode::OK, Outcome::status);
    let page = page.status(status).width(Width::Full).side(move || side.menu());
    let view = move || {
        let operation = callable.operation();
        let (method, path) = (operation.method.to_string(), operation.path.clone());
        let title = format!("Try it: {}", operation.title());
        view! {
            <PageTitle title trail=callable.trail()>
                <div class="endpoint"><MethodBadge method/><code>{path}</code></div>
            </PageTitle>
            <Console>{console_view(&callable, &targets, &filling, outcome.as_ref())}</Console>
        }
    };
    let mut response = page.render(title, view).await;
    // The answer of an API is nobody else's business.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
