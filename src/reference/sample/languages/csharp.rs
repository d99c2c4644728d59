//! C# with HttpClient: a program of top-level statements, as .NET 8 runs it.

use std::collections::BTreeSet;

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written},
    paragraphs,
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered: text::in_digits };

/// Methods that have a name in `HttpMethod`.
const METHODS: [(&str, &str); 7] = [
    ("GET", "Get"),
    ("POST", "Post"),
    ("PUT", "Put"),
    ("PATCH", "Patch"),
    ("DELETE", "Delete"),
    ("HEAD", "Head"),
    ("OPTIONS", "Options"),
];

const SEND: &str = "\
using var response = await client.SendAsync(request);
Console.WriteLine((int)response.StatusCode);
Console.WriteLine(await response.Content.ReadAsStringAsync());";

pub(super) fn program(call: &Call<'_>) -> String {
    let key = call.uses_key().then(|| format!("var key = Environment.GetEnvironmentVariable(\"{}\");", call.variable));
    let content = content(call);
    paragraphs([usings(call), key.unwrap_or_default(), client(call), request(call), content, SEND.to_owned()])
}

fn usings(call: &Call<'_>) -> String {
    let mut usings = BTreeSet::new();
    if content_type(call).is_some() || call.parts().iter().any(|part| part.content_type.is_some()) {
        usings.insert("System.Net.Http.Headers");
    }
    if call.proof.is_certificate {
        usings.insert("System.Security.Cryptography.X509Certificates");
    }
    if call.proof.is_basic {
        usings.insert("System.Text");
    }
    usings.iter().map(|using| format!("using {using};")).collect::<Vec<_>>().join("\n")
}

fn client(call: &Call<'_>) -> String {
    if !call.proof.is_certificate {
        return "using var client = new HttpClient();".to_owned();
    }
    format!(
        "var handler = new HttpClientHandler();\n\
         handler.ClientCertificates.Add(X509Certificate2.CreateFromPemFile({}));\n\
         using var client = new HttpClient(handler);",
        literal(CERTIFICATE)
    )
}

fn request(call: &Call<'_>) -> String {
    let method = match METHODS.iter().find(|(method, _)| *method == call.method()) {
        Some((_, name)) => format!("HttpMethod.{name}"),
        None => format!("new HttpMethod({})", literal(call.method())),
    };
    let mut lines = vec![format!("using var request = new HttpRequestMessage({method}, {});", written(&call.address))];
    if call.proof.is_basic {
        let encoded = "Convert.ToBase64String(Encoding.UTF8.GetBytes(key + \":\"))";
        lines.push(format!("request.Headers.Add(\"Authorization\", \"Basic \" + {encoded});"));
    }
    for (name, value) in call.headers.iter().filter(|(name, _)| !is_of_content(name)) {
        // Of what it knows, HttpClient takes only what it can read.
        let add = if is_known(name) { "TryAddWithoutValidation" } else { "Add" };
        lines.push(format!("request.Headers.{add}({}, {});", literal(name), written(value)));
    }
    lines.join("\n")
}

fn content(call: &Call<'_>) -> String {
    let content = match call.payload() {
        Payload::Nothing => return String::new(),
        Payload::Json(value) => {
            format!("new StringContent(\"\"\"\n    {}\n    \"\"\")", text::json(value, "    "))
        }
        Payload::Text(text) => format!("new StringContent({})", text::lines(text, literal, " +\n    ")),
        Payload::Form(pairs) => {
            let pairs = pairs.iter().map(|(name, value)| format!("    new({}, {}),\n", literal(name), literal(value)));
            format!("new FormUrlEncodedContent([\n{}])", pairs.collect::<String>())
        }
        Payload::Multipart(parts) => return form(parts),
        Payload::File(name) => format!("new StreamContent(File.OpenRead({}))", literal(name)),
    };
    let mut lines = vec![format!("request.Content = {content};")];
    if let Some(kind) = content_type(call) {
        lines.push(format!("request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse({kind});"));
    }
    for (name, value) in call.headers.iter().filter(|(name, _)| is_of_content(name) && !is_content_type(name)) {
        lines.push(format!("request.Content.Headers.TryAddWithoutValidation({}, {});", literal(name), written(value)));
    }
    lines.join("\n")
}

fn form(parts: &[Part]) -> String {
    let lines = parts.iter().map(|part| {
        let (content, file) = match &part.content {
            PartContent::File(file) => {
                (format!("new StreamContent(File.OpenRead({}))", literal(file)), format!(", {}", literal(file)))
            }
            PartContent::Text(text) => (format!("new StringContent({})", literal(text)), String::new()),
        };
        let kind = part
            .content_type
            .as_deref()
            .map(|kind| format!(" {{ Headers = {{ ContentType = MediaTypeHeaderValue.Parse({}) }} }}", literal(kind)));
        format!("form.Add({content}{}, {}{file});\n", kind.unwrap_or_default(), literal(&part.name))
    });
    format!("var form = new MultipartFormDataContent();\n{}request.Content = form;", lines.collect::<String>())
}

/// The content type, where it is not the payload's own to say.
fn content_type(call: &Call<'_>) -> Option<String> {
    let is_plain = matches!(call.payload(), Payload::Json(_) | Payload::Text(_) | Payload::File(_));
    let header = call.headers.iter().find(|(name, _)| is_content_type(name)).filter(|_| is_plain)?;
    Some(written(&header.1))
}

fn is_content_type(name: &str) -> bool {
    name.eq_ignore_ascii_case("content-type")
}

/// Headers that belong to what is sent.
fn is_of_content(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("content-") || matches!(name.as_str(), "allow" | "expires" | "last-modified")
}

/// Headers whose values HttpClient reads, by the beginning of their names.
fn is_known(name: &str) -> bool {
    const KNOWN: [&str; 20] = [
        "accept",
        "cache-control",
        "connection",
        "date",
        "expect",
        "from",
        "host",
        "if-",
        "max-forwards",
        "pragma",
        "proxy-",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "via",
        "warning",
    ];
    let name = name.to_ascii_lowercase();
    KNOWN.iter().any(|known| name.starts_with(known))
}

fn written(text: &Written) -> String {
    text.joined(literal, "key", " + ")
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}
