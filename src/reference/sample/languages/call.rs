//! A request with the key in its places: what a program says about it, whatever the language.

use super::super::{Auth, Part, PartContent, Payload, Request, parameter::escaped};

/// The file with a client certificate and its key.
pub(super) const CERTIFICATE: &str = "client.pem";

/// A request as programs make it.
pub(super) struct Call<'r> {
    pub request: &'r Request,
    /// The variable of the environment that holds the key.
    pub variable: &'r str,
    pub address: Written,
    /// With the key and the cookies, without what basic authentication adds; no name twice.
    pub headers: Vec<(String, Written)>,
    pub proof: Proof,
}

/// How a caller proves who they are, beside a key in the address or a header.
pub(super) struct Proof {
    /// The key is the user name of basic authentication.
    pub is_basic: bool,
    pub is_certificate: bool,
}

/// A text with the key in it.
#[derive(Clone, Default)]
pub(super) struct Written(Vec<Piece>);

#[derive(Clone)]
enum Piece {
    Text(String),
    Key,
}

impl<'r> Call<'r> {
    pub fn new(request: &'r Request, variable: &'r str) -> Self {
        let is_basic = request.auth.contains(&Auth::Basic);
        let is_certificate = request.auth.contains(&Auth::Certificate);
        Self {
            request,
            variable,
            address: address(request),
            headers: headers(request),
            proof: Proof { is_basic, is_certificate },
        }
    }

    pub fn method(&self) -> &str {
        self.request.method.as_str()
    }

    pub fn payload(&self) -> &Payload {
        &self.request.payload
    }

    pub fn uses_key(&self) -> bool {
        let written = self.headers.iter().map(|(_, value)| value).chain([&self.address]);
        self.proof.is_basic || written.into_iter().any(|text| text.plain().is_none())
    }

    pub fn parts(&self) -> &[Part] {
        match &self.request.payload {
            Payload::Multipart(parts) => parts,
            _ => &[],
        }
    }

    /// Whether a file is sent, alone or as a part.
    pub fn sends_file(&self) -> bool {
        let is_file = |part: &Part| matches!(part.content, PartContent::File(_));
        matches!(self.request.payload, Payload::File(_)) || self.parts().iter().any(is_file)
    }
}

impl Written {
    /// The text, if there is no key in it.
    pub fn plain(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Literals and the name of the key, put together.
    pub fn joined(&self, literal: fn(&str) -> String, key: &str, plus: &str) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => literal(text),
            Piece::Key => key.to_owned(),
        });
        if self.0.is_empty() { literal("") } else { pieces.collect::<Vec<_>>().join(plus) }
    }

    /// The inside of a literal in which a hole is filled with the key.
    pub fn template(&self, inside: impl Fn(&str) -> String, hole: &str) -> String {
        let pieces = self.0.iter().map(|piece| match piece {
            Piece::Text(text) => inside(text),
            Piece::Key => hole.to_owned(),
        });
        pieces.collect()
    }

    /// The same behind another text.
    pub fn behind(&self, text: &str) -> Self {
        let mut written = Self::of(text);
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => written.push(text),
                Piece::Key => written.push_key(),
            }
        }
        written
    }

    fn push(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ if text.is_empty() => {}
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    fn push_key(&mut self) {
        self.0.push(Piece::Key);
    }

    fn of(text: &str) -> Self {
        let mut written = Self::default();
        written.push(text);
        written
    }

    fn before_key(text: &str) -> Self {
        let mut written = Self::of(text);
        written.push_key();
        written
    }
}

fn address(request: &Request) -> Written {
    let url = request.url();
    let mut mark = if url.contains('?') { "&" } else { "?" };
    let mut address = Written::of(&url);
    for auth in &request.auth {
        if let Auth::Query(name) = auth {
            address.push(&format!("{mark}{}=", escaped(name)));
            address.push_key();
            mark = "&";
        }
    }
    address
}

fn headers(request: &Request) -> Vec<(String, Written)> {
    let keys = request.auth.iter().filter_map(|auth| match auth {
        Auth::Bearer => Some(("Authorization".to_owned(), Written::before_key("Bearer "))),
        Auth::Scheme(scheme) if is_token(scheme) => {
            Some(("Authorization".to_owned(), Written::before_key(&format!("{scheme} "))))
        }
        Auth::Header(name) => Some((name.clone(), Written::before_key(""))),
        _ => None,
    });
    let is_multipart = matches!(request.payload, Payload::Multipart(_)); // its boundary is not known before it is sent
    let stated =
        request.headers.iter().filter(|(name, _)| !(is_multipart && name.eq_ignore_ascii_case("content-type")));
    let stated = stated.map(|(name, value)| (name.clone(), Written::of(&value.replace(['\r', '\n', '\0'], " "))));
    let mut headers: Vec<(String, Written)> = Vec::new();
    for (name, value) in keys.chain(stated).chain(cookies(request)) {
        let is_known = headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name));
        if is_token(&name) && !is_known {
            headers.push((name, value));
        }
    }
    headers
}

fn cookies(request: &Request) -> Option<(String, Written)> {
    let mut value = Written::default();
    let mut mark = "";
    for (name, content) in &request.cookies {
        value.push(&format!("{mark}{name}={content}"));
        mark = "; ";
    }
    for auth in &request.auth {
        if let Auth::Cookie(name) = auth {
            value.push(&format!("{mark}{}=", escaped(name)));
            value.push_key();
            mark = "; ";
        }
    }
    (!mark.is_empty()).then(|| ("Cookie".to_owned(), value))
}

/// Whether a text can be a header's name or an authentication scheme.
fn is_token(name: &str) -> bool {
    let belongs = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(belongs)
}

/// The head of a part, for languages that know no forms.
pub(super) fn disposition(part: &Part) -> String {
    let quoted = |text: &str| text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let name = quoted(&part.name);
    match &part.content {
        PartContent::File(file) => format!("form-data; name=\"{name}\"; filename=\"{}\"", quoted(file)),
        PartContent::Text(_) => format!("form-data; name=\"{name}\""),
    }
}

/// A part's content type, which a file always has.
pub(super) fn type_of(part: &Part) -> Option<String> {
    let stated = part.content_type.as_ref().map(|stated| stated.replace(['\r', '\n', '\0'], " "));
    let is_file = matches!(part.content, PartContent::File(_));
    stated.or_else(|| is_file.then(|| "application/octet-stream".to_owned()))
}
