//! Follows the body of an answer until its last byte has gone out, and keeps its beginning.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Error,
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, Method, StatusCode, response},
};
use hyper::body::{Frame, SizeHint};

use super::{Asked, Ending, Exchange, Shared, exchange::LONGEST_BODY};

/// The body of an answer on its way out. The call is noted when it ends, or with its end when it is given up.
pub(super) struct Observed {
    body: Body,
    /// `None` once the call is noted.
    call: Option<Box<Call>>,
}

struct Call {
    shared: Shared,
    asked: Asked,
    asked_size: u64,
    status: StatusCode,
    headers: HeaderMap,
    /// How long the body is, where that is known at its start.
    length: Option<u64>,
    start: Beginning,
    sent: u64,
}

impl Observed {
    pub(super) fn new(shared: Shared, asked: Asked, head: &response::Parts, body: Body) -> Self {
        let length = body.size_hint().exact();
        let call = Call {
            shared,
            asked_size: asked.body.len() as u64,
            asked: asked.shortened(),
            status: head.status,
            headers: head.headers.clone(),
            length,
            start: Beginning::default(),
            sent: 0,
        };
        Self { body, call: Some(Box::new(call)) }
    }

    fn note(&mut self, ending: Ending) {
        if let Some(call) = self.call.take() {
            call.note(ending);
        }
    }
}

impl Call {
    /// Whoever wants nothing more has got all there is, though nobody asked for the end.
    fn is_complete(&self) -> bool {
        self.asked.method == Method::HEAD
            || self.status == StatusCode::NO_CONTENT
            || self.status == StatusCode::NOT_MODIFIED
            || self.length.is_some_and(|length| self.sent >= length)
    }

    fn note(self, ending: Ending) {
        let took = self.asked.since.elapsed();
        self.shared.note(Exchange {
            took,
            asked: self.asked,
            status: self.status,
            headers: self.headers,
            body: self.start.into_bytes(),
            size: self.sent,
            asked_size: self.asked_size,
            ending,
        });
    }
}

impl HttpBody for Observed {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Pending => {}
            Poll::Ready(None) => self.note(Ending::Complete),
            Poll::Ready(Some(Err(_))) => self.note(Ending::Broken),
            Poll::Ready(Some(Ok(frame))) => {
                if let Some((call, data)) = self.call.as_mut().zip(frame.data_ref()) {
                    call.sent += data.len() as u64;
                    call.start.add(data);
                }
                if self.body.is_end_stream() {
                    self.note(Ending::Complete);
                }
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        let is_complete = self.body.is_end_stream() || self.call.as_ref().is_some_and(|call| call.is_complete());
        self.note(if is_complete { Ending::Complete } else { Ending::HungUp });
    }
}

/// The beginning of a body. What comes in one piece is not copied.
#[derive(Default)]
struct Beginning {
    first: Bytes,
    rest: Vec<u8>,
}

impl Beginning {
    fn add(&mut self, data: &Bytes) {
        let room = LONGEST_BODY.saturating_sub(self.first.len() + self.rest.len());
        if self.first.is_empty() && data.len() <= room {
            self.first = data.clone();
        } else {
            self.rest.extend_from_slice(&data[..data.len().min(room)]);
        }
    }

    fn into_bytes(self) -> Bytes {
        match self.rest.is_empty() {
            true => self.first,
            false => [self.first.as_ref(), &self.rest].concat().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, io, time::Duration};

    use axum::response::{IntoResponse, Response};
    use futures_util::{StreamExt, stream};
    use http_body_util::BodyExt;

    use super::{
        super::{
            Usage, lock,
            logged::{Logged, tests::asked},
        },
        *,
    };
    use crate::db::OrganizationId;

    /// What was noted so far.
    fn noted(usage: &Usage) -> Vec<Logged> {
        lock(&usage.0.0.ring).take().into_iter().map(super::super::Waiting::redacted).collect()
    }

    fn observed(usage: &Usage, response: impl IntoResponse) -> Response {
        usage.observe(asked(OrganizationId::new()), response.into_response())
    }

    #[tokio::test]
    async fn a_call_is_noted_when_its_last_byte_has_gone_out() {
        let usage = Usage::default();
        let chunks = stream::iter(["one ", "two"]).then(async |chunk| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok::<_, Infallible>(chunk)
        });
        let response = observed(&usage, Body::from_stream(chunks));
        let mut body = response.into_body();
        body.frame().await.unwrap().unwrap();
        assert!(noted(&usage).is_empty(), "it is still going out");
        body.frame().await.unwrap().unwrap();
        assert!(body.frame().await.is_none());
        let calls = noted(&usage);
        assert_eq!((calls.len(), calls[0].ending, calls[0].response.size), (1, Ending::Complete, 7));
        assert_eq!(calls[0].response.body.as_deref(), Some("one two"));
        assert!(calls[0].took_us >= 10_000, "{}", calls[0].took_us);
        drop(body);
        assert!(noted(&usage).is_empty(), "a call is noted once");
    }

    #[tokio::test]
    async fn a_caller_who_hangs_up_is_noted_so() {
        let usage = Usage::default();
        let endless = stream::iter(std::iter::repeat_n(Ok::<_, Infallible>("tick "), 1_000_000));
        let mut body = observed(&usage, Body::from_stream(endless)).into_body();
        body.frame().await.unwrap().unwrap();
        drop(body);
        assert_eq!(noted(&usage)[0].ending, Ending::HungUp);
        drop(observed(&usage, "never read"));
        assert_eq!(noted(&usage)[0].ending, Ending::HungUp);
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_noted_so() {
        let usage = Usage::default();
        let broken = stream::iter([Ok("half"), Err(io::Error::other("gone"))]);
        let read = observed(&usage, Body::from_stream(broken)).into_body().collect().await;
        assert!(read.is_err());
        assert_eq!(noted(&usage)[0].ending, Ending::Broken);
    }

    #[tokio::test]
    async fn answers_that_have_nothing_to_read_are_complete() {
        let usage = Usage::default();
        drop(observed(&usage, StatusCode::NO_CONTENT));
        drop(usage.observe(Asked { method: Method::HEAD, ..asked(OrganizationId::new()) }, "long".into_response()));
        let mut whole = observed(&usage, "whole").into_body();
        whole.frame().await.unwrap().unwrap();
        drop(whole);
        let calls = noted(&usage);
        assert!(calls.len() == 3 && calls.iter().all(|call| call.ending == Ending::Complete), "{calls:?}");
    }

    #[tokio::test]
    async fn only_the_beginning_of_a_body_is_held() {
        let usage = Usage::default();
        let mut asked = asked(OrganizationId::new());
        asked.body = vec![b'x'; 5 << 20].into();
        let chunks = stream::iter(std::iter::repeat_n(Ok::<_, Infallible>(Bytes::from(vec![b'y'; 10_000])), 100));
        let response = usage.observe(asked, Body::from_stream(chunks).into_response());
        assert_eq!(
            response.into_body().collect().await.unwrap().to_bytes().len(),
            1_000_000,
            "the caller gets all of it"
        );
        let waiting = lock(&usage.0.0.ring).take();
        let super::super::Waiting::Fresh(call) = &waiting[0] else { panic!("nothing was redacted yet") };
        assert_eq!((call.asked.body.len(), call.asked_size), (LONGEST_BODY, 5 << 20));
        assert_eq!((call.body.len(), call.size), (LONGEST_BODY, 1_000_000));
    }
}
