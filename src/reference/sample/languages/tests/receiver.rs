//! A server that answers nothing but "received", and says what it received.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver as Channel, channel},
    time::Duration,
};

pub struct Receiver {
    pub url: String,
    received: Channel<Received>,
}

#[derive(Debug)]
pub struct Received {
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: String,
}

impl Receiver {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, received) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(request) = read(stream.unwrap()) else { continue };
                if sender.send(request).is_err() {
                    return;
                }
            }
        });
        Self { url, received }
    }

    /// What came last.
    pub fn next(&self) -> Received {
        self.received.recv_timeout(Duration::from_secs(5)).expect("a call arrives")
    }
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }
}

fn read(mut stream: TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head).ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.lines();
    let line = lines.next()?.to_owned();
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect();
    let mut received = Received { line, headers, body: String::new() };
    let body = match received.header("content-length") {
        Some(length) => {
            let mut body = vec![0; length.parse().ok()?];
            reader.read_exact(&mut body).ok()?;
            body
        }
        None if received.header("transfer-encoding") == Some("chunked") => chunks(&mut reader)?,
        None => Vec::new(),
    };
    received.body = String::from_utf8_lossy(&body).into_owned();
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nreceived").ok()?;
    Some(received)
}

fn chunks(reader: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        reader.read_line(&mut size).ok()?;
        let mut chunk = vec![0; usize::from_str_radix(size.trim(), 16).ok()? + 2];
        reader.read_exact(&mut chunk).ok()?;
        if chunk.len() == 2 {
            return Some(body);
        }
        body.extend(&chunk[..chunk.len() - 2]);
    }
}
