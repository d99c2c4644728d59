//! The baseline of `bin/bench`: a bare axum handler that answers every request with the bytes of one file.
//!
//! usage: baseline FILE CONTENT_TYPE ADDRESS

#[cfg(feature = "ssr")]
#[tokio::main]
async fn main() -> std::io::Result<()> {
    use axum::{Router, body::Bytes, http::header};

    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(content_type), Some(address)) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err(std::io::Error::other("usage: baseline FILE CONTENT_TYPE ADDRESS"));
    };
    let bytes = Bytes::from(std::fs::read(file)?);
    let answer = move || {
        let (bytes, content_type) = (bytes.clone(), content_type.clone());
        async move { ([(header::CONTENT_TYPE, content_type)], bytes) }
    };
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, Router::new().fallback(answer)).await
}

#[cfg(not(feature = "ssr"))]
fn main() {}
