mod execution;
mod literals;
mod parsers;
mod receiver;
mod tools;

use std::path::Path;

use serde_json::{Value, json};

use super::{
    super::{Auth, Part, PartContent, Payload, Request},
    Language,
};
use crate::reference::{document::Document, model::Method};

/// Text that means something somewhere.
const HOSTILE: [&str; 24] = [
    "it's \"quoted\" `ticked`",
    "back\\slash \\n \\u0022 \\",
    "$HOME ${HOME} $(id) {$x} #{exit} #$0 #@a #",
    "%s %d {} {{}} {key} {0}",
    "\"\"\" ''' ``` \"# \"## r#\"",
    "line\nbreak\r\nand\ttab\n",
    "<?php ?> */ // -- # <!-- </script> @file",
    "grüße 日本語 🚚 👩‍👩‍👧 e\u{301}",
    "turn \u{202e}around\u{202c} \u{200b}\u{feff}\u{2028}\u{2029}\u{ad}",
    "\u{1}\u{7}\u{8}\u{b}\u{c}\u{1a}\u{1b}\u{7f}\u{85}\u{9f}",
    "\u{e0001}\u{10ffff}\u{fffe}",
    "__proto__",
    "",
    " ",
    "'",
    "\"",
    "\\",
    "\\\\'",
    "$",
    "JSON\nJSON;\n  JSON\nEOF",
    "a=b&c;d, e|f^g%20h+i",
    "0\u{0}1\u{0}",
    "\u{0}12",
    "-1e400",
];

fn document(version: &str) -> Document {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/apis/parcels").join(version);
    Document::read(&std::fs::read(file).unwrap()).unwrap()
}

fn post(payload: Payload, content_type: Option<&str>) -> Request {
    let headers = content_type.map(|kind| ("Content-Type".to_owned(), kind.to_owned()));
    Request {
        method: Method::parse("POST").unwrap(),
        base_url: "https://api.example.com/v1".to_owned(),
        path: "/things".to_owned(),
        query: Vec::new(),
        headers: headers.into_iter().collect(),
        cookies: Vec::new(),
        auth: vec![Auth::Bearer],
        payload,
    }
}
