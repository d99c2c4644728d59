//! The sandbox: the API's own paths, called with a sandbox key, answered with made-up data.
//!
//! What a call meets on its way is real: the key, its scopes, its rate limit, and problem documents with stable codes.
//! Every call passes the same stages, whoever makes it and whatever answers it; see [`answer`].

mod admission;
mod call;
mod examples;
mod matching;
mod stages;

pub use call::{Call, Caller};
pub use stages::answer;

use axum::{
    extract::{OriginalUri, Request},
    response::Response,
};

use crate::{
    portal::Portal,
    web::{Access, ClientRequest, Path, Result, Routes},
};

/// Every method under `/sandbox/{api}/{version}/`.
pub fn routes() -> Routes {
    Routes::new().any("/sandbox/{api}/{version}/{*path}", Access::Key, call)
}

async fn call(
    portal: Portal,
    client: ClientRequest,
    Path((api, version, _)): Path<(String, String, String)>,
    OriginalUri(uri): OriginalUri,
    request: Request,
) -> Result<Response> {
    let call = Call::read(&api, &version, &uri, request).await?;
    Ok(answer(&portal, &client, Caller::Key, &call).await)
}
