//! Makes the call: inside the process where it goes to the sandbox, through the guarded client where it goes elsewhere.

use std::time::{Duration, Instant};

use axum::{
    body::{self, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
};
use secrecy::ExposeSecret;

use super::{reading::Draft, target::Target, wire};
use crate::{
    outbound,
    portal::Portal,
    reference::Callable,
    sandbox::{self, Call, Caller},
    web::{self, ClientRequest, Result},
};

/// Longer than most APIs take, shorter than people wait.
const DEADLINE: Duration = Duration::from_secs(20);

/// Of a larger body, the beginning is shown and offered.
const LARGEST: usize = 4 * 1024 * 1024;

/// What came back.
pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The body had more.
    pub is_truncated: bool,
    pub took: Duration,
}

/// Makes the call. The inner error is a sentence that says why there is no answer.
pub(super) async fn send(
    portal: &Portal,
    client: &ClientRequest,
    callable: &Callable,
    draft: &Draft,
    target: Target,
) -> Result<Result<Answer, String>> {
    match target {
        Target::App(app) => in_sandbox(portal, client, callable, draft, Caller::App(&app)).await.map(Ok),
        Target::Key(key) => {
            let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())) else {
                return Ok(Err("What was pasted is no key: it has characters that no key has.".to_owned()));
            };
            bearer.set_sensitive(true);
            let headers = HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]);
            in_sandbox(portal, client, callable, draft, Caller::Key(&headers)).await.map(Ok)
        }
        Target::Server { base_url, credentials } => {
            let request = draft.request(callable.document(), callable.operation(), &base_url);
            let request = match wire::of(&request, &credentials, &draft.files) {
                Ok(request) => request,
                Err(sentence) => return Ok(Err(sentence)),
            };
            Ok(elsewhere(portal, callable, &base_url, request).await)
        }
    }
}

async fn in_sandbox(
    portal: &Portal,
    client: &ClientRequest,
    callable: &Callable,
    draft: &Draft,
    caller: Caller<'_>,
) -> Result<Answer> {
    let started = Instant::now();
    let request = draft.request(callable.document(), callable.operation(), callable.sandbox());
    let (api, version) = (callable.api(), callable.version().name.as_str());
    let call = Call { api, version, method: request.method.as_str(), path: &request.path };
    let response = sandbox::answer(portal, client.address, caller, &call).await;
    // The answer names the call, as if it had come from outside.
    let client = ClientRequest { path: call.full_path(), ..client.clone() };
    let response = web::for_programs(response, &client, &portal.config.base_url);
    let took = started.elapsed();
    let (mut head, body) = response.into_parts();
    if let Ok(id) = HeaderValue::from_str(client.id.as_str()) {
        head.headers.insert("x-request-id", id);
    }
    let body = body::to_bytes(body, usize::MAX).await.map_err(|error| web::Error::broken(anyhow::anyhow!(error)))?;
    Ok(Answer { status: head.status, headers: head.headers, body, is_truncated: false, took })
}

async fn elsewhere(
    portal: &Portal,
    callable: &Callable,
    base_url: &str,
    request: outbound::Request,
) -> Result<Answer, String> {
    // A redirect is an answer of the API, which the reader wants to see.
    let bounds = outbound::Bounds { deadline: DEADLINE, response_bytes: LARGEST, redirects: 0 };
    let sent = portal.outbound.send(request, bounds).await;
    let (api, operation) = (callable.api(), callable.operation().id.as_str());
    let outcome = match &sent {
        Ok(response) => response.status.as_u16().to_string(),
        Err(error) => error.code().to_owned(),
    };
    tracing::info!(api, operation, server = base_url, outcome, "called another server for somebody");
    let response = sent.map_err(|error| error.in_public().to_owned())?;
    Ok(Answer {
        status: response.status,
        headers: response.headers,
        body: response.body.into(),
        is_truncated: response.truncated,
        took: response.timings.total,
    })
}
