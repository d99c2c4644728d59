//! The stages that every call passes: known caller, limit, operation, scopes, answer.

use std::{sync::Arc, time::Instant};

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use time::OffsetDateTime;

use super::{
    Call, Caller,
    admission::Admitted,
    examples,
    matching::{self, Match},
};
use crate::{
    portal::Portal,
    reference::{Api, State, Version},
    usage::Asked,
    web::{self, ClientRequest, Code, Ending, Error, Result, rate_limit::LimitVerdict},
};

/// What is found out about a call on its way, for the record.
#[derive(Default)]
struct Trail {
    caller: Option<Admitted>,
    operation: Option<String>,
    ending: Ending,
}

/// Answers a call, with problem documents where it is refused. What known callers call is noted.
pub async fn answer(portal: &Portal, client: &ClientRequest, caller: Caller<'_>, call: &Call) -> Response {
    let (at, since) = (OffsetDateTime::now_utc(), Instant::now());
    // The answer names the call as if it had come from outside, wherever it was made.
    let client = ClientRequest { path: call.full_path(), ..client.clone() };
    let mut trail = Trail::default();
    let response =
        admitted(portal, &client, caller, call, &mut trail).await.unwrap_or_else(IntoResponse::into_response);
    let response = web::for_programs(response, &client, &portal.config.base_url);
    let Some(caller) = trail.caller else { return response };
    let asked = Asked {
        at,
        since,
        request_id: client.id.as_str().to_owned(),
        address: client.address,
        organization: caller.organization,
        app: caller.app,
        key: caller.key.map(|key| key.id),
        api: call.api.clone(),
        version: call.version.clone(),
        operation: trail.operation,
        method: call.method.clone(),
        path: call.path.clone(),
        query: call.query.clone(),
        headers: call.headers.clone(),
        body: call.body.clone(),
    };
    portal.usage.observe(asked, response)
}

/// The call of a known caller: within the limit, or refused.
async fn admitted(
    portal: &Portal,
    client: &ClientRequest,
    caller: Caller<'_>,
    call: &Call,
    trail: &mut Trail,
) -> Result<Response> {
    let caller = trail.caller.insert(Admitted::of(portal, client.address, caller, call).await?).clone();
    let allowance = caller.count(portal);
    let published = portal.catalogue.visible_to(caller.viewer());
    let found = published.find(&call.api, &call.version);
    if let Some((_, version)) = &found {
        trail.ending = version.ending();
    }
    let mut response = match allowance.verdict {
        LimitVerdict::Within => {
            understood(&caller, call, found.as_ref(), trail).unwrap_or_else(IntoResponse::into_response)
        }
        LimitVerdict::Exceeded => allowance.refusal(),
    };
    let of_key = caller.key.map(|key| key.ending()).unwrap_or_default();
    trail.ending.or_earlier(of_key).announce(response.headers_mut());
    allowance.set_headers(response.headers_mut());
    Ok(response)
}

/// The call within its limit: of a known operation that the caller may call, or refused.
fn understood(
    caller: &Admitted,
    call: &Call,
    found: Option<&(Arc<Api>, Arc<Version>)>,
    trail: &mut Trail,
) -> Result<Response> {
    let Call { api, version, method, path, .. } = call;
    let unknown = || Error::new(Code::NotFound, format!("There is no API {api} in version {version} here."));
    let (api, version) = found.ok_or_else(unknown)?;
    if version.state == State::Retired {
        let detail = format!("Version {} of {} is retired and no longer answers.", version.name, api.name);
        return Err(Error::new(Code::VersionRetired, detail));
    }
    match matching::operation(version.document.operations(), method.as_str(), path) {
        Match::Operation(operation) => {
            trail.operation = Some(operation.id.clone());
            trail.ending = trail.ending.or_earlier(operation.ending());
            caller.may_call(operation)?;
            Ok(examples::example_of(operation))
        }
        Match::OtherMethods(methods) => Ok(other_methods(path, &methods)),
        Match::Nothing => Err(Error::new(Code::NotFound, format!("The API has no path {path}."))),
    }
}

fn other_methods(path: &str, methods: &[String]) -> Response {
    let methods = methods.join(", ");
    let mut response = Error::new(Code::MethodNotAllowed, format!("{path} takes {methods}.")).into_response();
    if let Ok(methods) = HeaderValue::from_str(&methods) {
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}
