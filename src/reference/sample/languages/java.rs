//! Java with java.net.http, as `java Call.java` runs it.

use super::{
    super::{Part, PartContent, Payload, parameter::escaped},
    call::{Call, Written, disposition, type_of},
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered };

const CERTIFICATE: &str = "        var keys = KeyManagerFactory.getInstance(\"PKIX\");
        keys.init(KeyStore.getInstance(new File(\"client.p12\"), new char[0]), new char[0]);
        var tls = SSLContext.getInstance(\"TLS\");
        tls.init(keys.getKeyManagers(), null, null);
        var client = HttpClient.newBuilder().sslContext(tls).build();";

pub(super) fn program(call: &Call<'_>) -> String {
    let mut lines = Vec::new();
    if call.uses_key() {
        lines.push(format!("        var key = System.getenv(\"{}\");", call.variable));
    }
    if !call.parts().is_empty() {
        lines.push("        var boundary = UUID.randomUUID().toString();".to_owned());
    }
    lines.push(request(call));
    if call.proof.is_certificate {
        lines.push(CERTIFICATE.to_owned());
    }
    let client = if call.proof.is_certificate { "client" } else { "HttpClient.newHttpClient()" };
    lines.push(format!("        var response = {client}.send(request, BodyHandlers.ofString());"));
    lines.push("        System.out.println(response.statusCode() + \"\\n\" + response.body());".to_owned());
    let imports: String = imports(call).iter().map(|import| format!("import {import};\n")).collect();
    format!(
        "{imports}\npublic class Call {{\n    public static void main(String[] arguments) throws Exception {{\n{}\n    }}\n}}",
        lines.join("\n")
    )
}

fn imports(call: &Call<'_>) -> Vec<&'static str> {
    let mut imports = vec!["java.net.URI", "java.net.http.HttpClient", "java.net.http.HttpRequest"];
    if *call.payload() != Payload::Nothing || call.method() != "GET" {
        imports.push("java.net.http.HttpRequest.BodyPublishers");
    }
    imports.push("java.net.http.HttpResponse.BodyHandlers");
    if call.sends_file() {
        imports.push("java.nio.file.Path");
    }
    if call.proof.is_basic {
        imports.push("java.util.Base64");
    }
    if !call.parts().is_empty() {
        imports.push("java.util.UUID");
    }
    if call.proof.is_certificate {
        imports.extend(["java.io.File", "java.security.KeyStore", "javax.net.ssl.KeyManagerFactory"]);
        imports.push("javax.net.ssl.SSLContext");
    }
    imports
}

fn request(call: &Call<'_>) -> String {
    let mut steps = Vec::new();
    match (call.method(), publisher(call.payload())) {
        ("GET", None) => {}
        (method, Some(publisher)) => steps.push(format!("method({}, {publisher})", literal(method))),
        (method, None) => steps.push(format!("method({}, BodyPublishers.noBody())", literal(method))),
    }
    if call.proof.is_basic {
        let encoded = "Base64.getEncoder().encodeToString((key + \":\").getBytes())";
        steps.push(format!("header(\"Authorization\", \"Basic \" + {encoded})"));
    }
    for (name, value) in &call.headers {
        steps.push(format!("header({}, {})", literal(name), written(value)));
    }
    let is_stated = call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    match call.payload() {
        Payload::Form(_) if !is_stated => {
            steps.push("header(\"Content-Type\", \"application/x-www-form-urlencoded\")".to_owned());
        }
        Payload::Multipart(_) => {
            steps.push("header(\"Content-Type\", \"multipart/form-data; boundary=\" + boundary)".to_owned());
        }
        _ => {}
    }
    steps.push("build()".to_owned());
    let steps: String = steps.iter().map(|step| format!("\n            .{step}")).collect();
    format!("        var request = HttpRequest.newBuilder(URI.create({})){steps};", written(&call.address))
}

fn publisher(payload: &Payload) -> Option<String> {
    Some(match payload {
        Payload::Nothing => return None,
        Payload::Json(value) => {
            let json = text::json(value, "                ").replace('\\', "\\\\");
            format!("BodyPublishers.ofString(\"\"\"\n                {json}\n                \"\"\")")
        }
        Payload::Text(text) => {
            format!("BodyPublishers.ofString({})", text::lines(text, literal, "\n                + "))
        }
        Payload::Form(pairs) => {
            let pairs: Vec<_> =
                pairs.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
            format!("BodyPublishers.ofString({})", literal(&pairs.join("&")))
        }
        Payload::Multipart(parts) => {
            let parts: String = parts.iter().map(part).collect();
            let end = "BodyPublishers.ofString(\"--\" + boundary + \"--\\r\\n\")";
            format!("BodyPublishers.concat({parts}\n                {end})")
        }
        Payload::File(name) => format!("BodyPublishers.ofFile(Path.of({}))", literal(name)),
    })
}

fn part(part: &Part) -> String {
    let kind = type_of(part).map(|kind| format!("\r\nContent-Type: {kind}")).unwrap_or_default();
    let head = format!("\r\nContent-Disposition: {}{kind}\r\n\r\n", disposition(part));
    let begin = |rest: &str| format!("BodyPublishers.ofString(\"--\" + boundary + {}),", literal(rest));
    let margin = "\n                ";
    match &part.content {
        PartContent::Text(text) => format!("{margin}{}", begin(&format!("{head}{text}\r\n"))),
        PartContent::File(file) => format!(
            "{margin}{}{margin}BodyPublishers.ofFile(Path.of({})),\
             {margin}BodyPublishers.ofString(\"\\r\\n\"),",
            begin(&head),
            literal(file)
        ),
    }
}

fn written(text: &Written) -> String {
    text.joined(literal, "key", " + ")
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}

/// In octal where it can be: `\u000a` is a line break before the compiler sees a text.
fn numbered(character: char) -> String {
    match u32::from(character) {
        short @ ..=0xff => format!("\\{short:03o}"),
        _ => text::in_units(character),
    }
}
