//! Reading a response's body up to a bound, on the wire and after it is unpacked.

use std::io::{self, Write};

use flate2::write::GzDecoder;
use http_body_util::BodyExt;
use hyper::{
    body::Incoming,
    header::{CONTENT_ENCODING, HeaderMap},
};

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Received {
    pub bytes: Vec<u8>,
    /// There was more than the bound.
    pub truncated: bool,
}

/// Reads until the end or the bound, whichever comes first.
pub(super) async fn receive(mut body: Incoming, headers: &HeaderMap, most: usize) -> Result<Received, Failure> {
    let mut sink = Sink::of(headers, most);
    let mut on_the_wire = 0usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        on_the_wire += data.len();
        // Empty packed blocks have no end and no content: the wire is bounded too.
        if sink.put(&data)? == Room::None || on_the_wire > most.saturating_add(SLACK) {
            return Ok(Received { bytes: sink.taken(), truncated: true });
        }
    }
    sink.finish()
}

/// What packing may add to content that cannot be packed.
const SLACK: usize = 64 * 1024;

/// Why a body cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Wire(#[from] hyper::Error),
    #[error("it is said to be gzip and is not: {0}")]
    Packed(#[from] io::Error),
}

#[derive(PartialEq, Eq)]
enum Room {
    Some,
    None,
}

enum Sink {
    Plain(Bounded),
    Gzip { decoder: Box<GzDecoder<Bounded>>, is_empty: bool },
}

impl Sink {
    fn of(headers: &HeaderMap, most: usize) -> Self {
        let bounded = Bounded { bytes: Vec::new(), most, is_over: false };
        match is_gzip(headers) {
            true => Self::Gzip { decoder: Box::new(GzDecoder::new(bounded)), is_empty: true },
            false => Self::Plain(bounded),
        }
    }

    fn put(&mut self, data: &[u8]) -> Result<Room, io::Error> {
        let written = match self {
            Self::Plain(bounded) => bounded.write_all(data),
            Self::Gzip { decoder, is_empty } => {
                *is_empty &= data.is_empty();
                decoder.write_all(data)
            }
        };
        match written {
            Ok(()) => Ok(Room::Some),
            Err(_) if self.bounded().is_over => Ok(Room::None),
            Err(error) => Err(error),
        }
    }

    fn bounded(&self) -> &Bounded {
        match self {
            Self::Plain(bounded) => bounded,
            Self::Gzip { decoder, .. } => decoder.get_ref(),
        }
    }

    fn taken(mut self) -> Vec<u8> {
        match &mut self {
            Self::Plain(bounded) => std::mem::take(&mut bounded.bytes),
            Self::Gzip { decoder, .. } => std::mem::take(&mut decoder.get_mut().bytes),
        }
    }

    fn finish(self) -> Result<Received, Failure> {
        match self {
            Self::Gzip { mut decoder, is_empty: false } => match decoder.try_finish() {
                Err(_) if decoder.get_ref().is_over => {
                    Ok(Received { bytes: std::mem::take(&mut decoder.get_mut().bytes), truncated: true })
                }
                Err(error) => Err(error.into()),
                Ok(()) => Ok(Received { bytes: std::mem::take(&mut decoder.get_mut().bytes), truncated: false }),
            },
            other => Ok(Received { bytes: other.taken(), truncated: false }),
        }
    }
}

fn is_gzip(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(CONTENT_ENCODING).iter();
    match (encodings.next(), encodings.next()) {
        (Some(only), None) => {
            let only = only.as_bytes().trim_ascii();
            only.eq_ignore_ascii_case(b"gzip") || only.eq_ignore_ascii_case(b"x-gzip")
        }
        _ => false,
    }
}

/// Takes bytes until it is full, and says when it was offered more.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
    is_over: bool,
}

impl Write for Bounded {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let room = self.most - self.bytes.len();
        let taken = data.len().min(room);
        self.bytes.extend_from_slice(&data[..taken]);
        if taken == 0 && !data.is_empty() {
            self.is_over = true;
            return Err(io::Error::other("it is larger than allowed"));
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
