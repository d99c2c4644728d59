//! A request as a `curl` command that can be pasted into a POSIX shell.
//!
//! Whatever a document says ends up as one word of the shell: bare where every character is plain, in double quotes where
//! nothing in it is special there, in single quotes otherwise. The key is always a variable in double quotes.

use super::{Auth, Part, PartContent, Payload, Request, languages::text};

/// The command, an argument a line; the key is this variable of the shell.
pub(super) fn command(request: &Request, variable: &str) -> String {
    let value = format!("${variable}");
    let mut arguments = vec![address(request, &value)];
    arguments.extend(request.auth.iter().filter_map(|auth| key(auth, &value)));
    arguments.extend(request.headers.iter().filter_map(header));
    arguments.extend(cookies(request, &value));
    arguments.extend(payload(&request.payload));
    let method = match request.method.as_str() {
        "GET" if request.payload == Payload::Nothing => "curl ".to_owned(),
        "HEAD" => "curl --head ".to_owned(),
        method => format!("curl -X {} \\\n  ", word(method)),
    };
    format!("{method}{}", arguments.join(" \\\n  "))
}

/// A text as one word of a POSIX shell.
pub(super) fn word(text: &str) -> String {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:@%+,".contains(&byte);
    // `!` is history in an interactive bash, though not in a script.
    let special = |it: char| matches!(it, '"' | '$' | '`' | '\\' | '!') || it.is_control();
    if !text.is_empty() && text.bytes().all(bare) {
        text.to_owned()
    } else if text.contains(special) {
        single(text)
    } else {
        format!("\"{text}\"")
    }
}

/// A text in single quotes: nothing in it means anything to the shell. No shell word can hold a NUL.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', r"'\''"))
}

/// The address; a key in its query makes it a word in double quotes.
fn address(request: &Request, value: &str) -> String {
    let url = request.url().replace('!', "%21");
    let keys: Vec<_> = request
        .auth
        .iter()
        .filter_map(|auth| match auth {
            Auth::Query(name) => Some(format!("{}={value}", super::parameter::escaped(name))),
            _ => None,
        })
        .collect();
    if keys.is_empty() {
        return word(&url);
    }
    let mark = if url.contains('?') { "&" } else { "?" };
    format!("\"{}{mark}{}\"", in_double_quotes(&url), keys.join("&"))
}

fn key(auth: &Auth, value: &str) -> Option<String> {
    Some(match auth {
        Auth::Bearer => format!("-H \"Authorization: Bearer {value}\""),
        Auth::Basic => format!("-u \"{value}:\""),
        Auth::Scheme(scheme) => format!("-H \"Authorization: {} {value}\"", in_double_quotes(&token(scheme)?)),
        Auth::Header(name) => format!("-H \"{}: {value}\"", in_double_quotes(&token(name)?)),
        Auth::Certificate => "--cert client.pem".to_owned(),
        Auth::Query(_) | Auth::Cookie(_) => return None,
    })
}

fn header((name, value): &(String, String)) -> Option<String> {
    let name = token(name)?;
    let value = value.replace(['\r', '\n', '\0'], " ");
    // Without a value, curl would leave the header out; the semicolon sends it empty.
    let header = if value.trim().is_empty() { format!("{name};") } else { format!("{name}: {value}") };
    Some(format!("-H {}", quoted(&header)))
}

fn cookies(request: &Request, value: &str) -> Option<String> {
    let pairs: Vec<_> = request.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let keys: Vec<_> = request
        .auth
        .iter()
        .filter_map(|auth| match auth {
            Auth::Cookie(name) => Some(format!("{}={value}", super::parameter::escaped(name))),
            _ => None,
        })
        .collect();
    let plain = pairs.join("; ");
    match (plain.is_empty(), keys.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("-b {}", quoted(&plain))),
        (true, false) => Some(format!("-b \"{}\"", keys.join("; "))),
        (false, false) => Some(format!("-b \"{}; {}\"", in_double_quotes(&plain), keys.join("; "))),
    }
}

fn payload(payload: &Payload) -> Vec<String> {
    match payload {
        Payload::Nothing => Vec::new(),
        Payload::Json(value) => {
            vec![data(&text::json(value, "  "))]
        }
        Payload::Text(text) => vec![data(text)],
        Payload::Form(pairs) => {
            let escaped = |name: &str| super::parameter::escaped(name);
            pairs
                .iter()
                .map(|(name, value)| format!("--data-urlencode {}", quoted(&format!("{}={value}", escaped(name)))))
                .collect()
        }
        Payload::Multipart(parts) => parts.iter().map(part).collect(),
        Payload::File(name) => vec![format!("--data-binary {}", word(&format!("@{name}")))],
    }
}

/// With `-d`, a text that starts with `@` would name a file.
fn data(text: &str) -> String {
    let option = if text.starts_with('@') { "--data-raw" } else { "-d" };
    format!("{option} {}", single(text))
}

fn part(part: &Part) -> String {
    let name = part.name.replace(['=', '\r', '\n', '\0'], "_");
    let kind = part.content_type.as_deref().map(|kind| format!(";type={}", kind.replace([';', ','], " ")));
    match (&part.content, kind) {
        (PartContent::File(file), kind) => {
            // Outside of curl's own quotes a semicolon ends the name and a comma begins another file.
            let file = match file.contains([';', ',', '"']) {
                true => format!("\"{}\"", file.replace('\\', r"\\").replace('"', "\\\"")),
                false => file.clone(),
            };
            format!("-F {}", quoted(&format!("{name}=@{file}{}", kind.unwrap_or_default())))
        }
        // curl's own quotes keep a semicolon, a comma or a leading `@` in the value from meaning anything to it.
        (PartContent::Text(text), Some(kind)) => {
            let text = text.replace('\\', r"\\").replace('"', "\\\"");
            format!("-F {}", quoted(&format!("{name}=\"{text}\"{kind}")))
        }
        (PartContent::Text(text), None) => format!("--form-string {}", quoted(&format!("{name}={text}"))),
    }
}

/// A word that is quoted even where it need not be, as people write headers.
fn quoted(text: &str) -> String {
    let word = word(text);
    if word == text { format!("\"{text}\"") } else { word }
}

/// Text inside double quotes.
fn in_double_quotes(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars().filter(|it| *it != '\0') {
        if matches!(character, '"' | '$' | '`' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A header's name, if it is one.
fn token(name: &str) -> Option<String> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (!name.is_empty() && name.bytes().all(is_token)).then(|| name.to_owned())
}
