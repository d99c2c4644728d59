//! Makes the call: inside the process where it goes to the sandbox, through the guarded client where it goes elsewhere.

use std::time::{Duration, Instant};

use axum::{
    body::{self, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
};
use secrecy::ExposeSecret;

use super::{reading::Draft, target::Target, wire};
use crate::{
    apps::App,
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

/// As whom the sandbox is called.
enum InSandbox<'a> {
    As(&'a App),
    With(HeaderValue),
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
        Target::App(app) => in_sandbox(portal, client, callable, draft, InSandbox::As(&app)).await,
        Target::Key(key) => {
            let Ok(mut bearer) = HeaderValue::from_str(&format!("Bearer {}", key.expose_secret())) else {
                return Ok(Err("What was pasted is no key: it has characters that no key has.".to_owned()));
            };
            bearer.set_sensitive(true);
            in_sandbox(portal, client, callable, draft, InSandbox::With(bearer)).await
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
    target: InSandbox<'_>,
) -> Result<Result<Answer, String>> {
    let started = Instant::now();
    let request = draft.request(callable.document(), callable.operation(), callable.sandbox());
    let request = match wire::of(&request, &[], &draft.files) {
        Ok(request) => request,
        Err(sentence) => return Ok(Err(sentence)),
    };
    let uri: Uri = match request.url.parse() {
        Ok(uri) => uri,
        Err(_) => return Ok(Err("The address that comes of these values cannot be called.".to_owned())),
    };
    let mut headers = request.headers;
    let caller = match &target {
        InSandbox::As(app) => Caller::App(app),
        InSandbox::With(bearer) => {
            headers.insert(header::AUTHORIZATION, bearer.clone());
            Caller::Key
        }
    };
    let call = Call::new(callable.api(), &callable.version().name, request.method, &uri, headers, request.body);
    let response = sandbox::answer(portal, client, caller, &call).await;
    let took = started.elapsed();
    let (mut head, body) = response.into_parts();
    if let Ok(id) = HeaderValue::from_str(client.id.as_str()) {
        head.headers.insert("x-request-id", id);
    }
    let body = body::to_bytes(body, LARGEST).await.map_err(|error| web::Error::broken(anyhow::anyhow!(error)))?;
    Ok(Ok(Answer { status: head.status, headers: head.headers, body, is_truncated: false, took }))
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
