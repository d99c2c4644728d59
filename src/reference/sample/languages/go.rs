//! Go with net/http.

use std::collections::BTreeSet;

use super::{
    super::{Part, PartContent, Payload},
    call::{CERTIFICATE, Call, Written, disposition, type_of},
    text::{self, Quotes},
};

const QUOTES: Quotes = Quotes { mark: '"', is_special: text::nothing, numbered: text::in_digits };

const CHECK: &str = "\
func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}";

/// Parts, as `multipart.Writer` makes them but with any content type.
const ADD: &str = "	add := func(disposition, kind string, content []byte) {
		header := textproto.MIMEHeader{\"Content-Disposition\": {disposition}}
		if kind != \"\" {
			header.Set(\"Content-Type\", kind)
		}
		part, err := form.CreatePart(header)
		check(err)
		_, err = part.Write(content)
		check(err)
	}";

const READ: &str = "	file := func(name string) []byte {
		content, err := os.ReadFile(name)
		check(err)
		return content
	}";

/// A program under construction.
struct Program {
    imports: BTreeSet<&'static str>,
    lines: Vec<String>,
}

pub(super) fn program(call: &Call<'_>) -> String {
    let mut program = Program { imports: BTreeSet::from(["fmt", "io", "log", "net/http"]), lines: Vec::new() };
    if call.uses_key() {
        program.imports.insert("os");
        program.lines.push(format!("\tkey := os.Getenv({})", literal(call.variable)));
    }
    let body = program.body(call.payload());
    program.request(call, body);
    let client = program.client(call);
    program.response(&client);
    let imports: String = program.imports.iter().map(|import| format!("\t\"{import}\"\n")).collect();
    let lines = program.lines.join("\n");
    format!("package main\n\nimport (\n{imports})\n\nfunc main() {{\n{lines}\n}}\n\n{CHECK}")
}

impl Program {
    fn line(&mut self, line: impl Into<String>) {
        self.lines.push(line.into());
    }

    /// Says what is sent, and gives its name.
    fn body(&mut self, payload: &Payload) -> &'static str {
        match payload {
            Payload::Nothing => return "nil",
            Payload::Json(value) => {
                self.imports.insert("strings");
                // In JSON, what ends Go's raw text is only ever inside of a text.
                let json = text::json(value, "\t").replace('`', "\\u0060");
                self.line(format!("\tbody := strings.NewReader(`{json}`)"));
            }
            Payload::Text(text) => {
                self.imports.insert("strings");
                self.line(format!("\tbody := strings.NewReader({})", text::lines(text, literal, " +\n\t\t")));
            }
            Payload::Form(pairs) => {
                self.imports.extend(["net/url", "strings"]);
                self.line("\tform := url.Values{}");
                for (name, value) in pairs {
                    self.line(format!("\tform.Add({}, {})", literal(name), literal(value)));
                }
                self.line("\tbody := strings.NewReader(form.Encode())");
            }
            Payload::Multipart(parts) => self.form(parts),
            Payload::File(name) => {
                self.imports.insert("os");
                self.line(format!("\tbody, err := os.Open({})", literal(name)));
                self.line("\tcheck(err)");
                return "body";
            }
        }
        if matches!(payload, Payload::Multipart(_)) { "&body" } else { "body" }
    }

    fn form(&mut self, parts: &[Part]) {
        self.imports.extend(["bytes", "mime/multipart", "net/textproto"]);
        self.line("\tvar body bytes.Buffer");
        self.line("\tform := multipart.NewWriter(&body)");
        self.line(ADD);
        if parts.iter().any(|part| matches!(part.content, PartContent::File(_))) {
            self.imports.insert("os");
            self.line(READ);
        }
        for part in parts {
            let content = match &part.content {
                PartContent::File(name) => format!("file({})", literal(name)),
                PartContent::Text(text) => format!("[]byte({})", literal(text)),
            };
            let kind = literal(&type_of(part).unwrap_or_default());
            self.line(format!("\tadd({}, {kind}, {content})", literal(&disposition(part))));
        }
        self.line("\tcheck(form.Close())");
    }

    fn request(&mut self, call: &Call<'_>, body: &str) {
        let (method, address) = (literal(call.method()), written(&call.address));
        self.line(format!("\trequest, err := http.NewRequest({method}, {address}, {body})"));
        self.line("\tcheck(err)");
        if call.proof.is_basic {
            self.line("\trequest.SetBasicAuth(key, \"\")");
        }
        for (name, value) in &call.headers {
            self.line(format!("\trequest.Header.Set({}, {})", literal(name), written(value)));
        }
        let is_stated = call.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        match call.payload() {
            Payload::Form(_) if !is_stated => {
                self.line("\trequest.Header.Set(\"Content-Type\", \"application/x-www-form-urlencoded\")");
            }
            Payload::Multipart(_) => {
                self.line("\trequest.Header.Set(\"Content-Type\", form.FormDataContentType())");
            }
            _ => {}
        }
    }

    /// The client: the usual one, but for a certificate.
    fn client(&mut self, call: &Call<'_>) -> String {
        if !call.proof.is_certificate {
            return "http.DefaultClient".to_owned();
        }
        self.imports.insert("crypto/tls");
        let file = literal(CERTIFICATE);
        self.line(format!("\n\tcertificate, err := tls.LoadX509KeyPair({file}, {file})"));
        self.line("\tcheck(err)");
        self.line("\tsecure := &tls.Config{Certificates: []tls.Certificate{certificate}}");
        self.line("\tclient := &http.Client{Transport: &http.Transport{TLSClientConfig: secure}}");
        "client".to_owned()
    }

    fn response(&mut self, client: &str) {
        self.line(format!("\n\tresponse, err := {client}.Do(request)"));
        self.line("\tcheck(err)");
        self.line("\tdefer response.Body.Close()");
        self.line("\tanswer, err := io.ReadAll(response.Body)");
        self.line("\tcheck(err)");
        self.line("\tfmt.Println(response.Status)");
        self.line("\tfmt.Println(string(answer))");
    }
}

fn written(text: &Written) -> String {
    text.joined(literal, "key", "+")
}

pub(super) fn literal(text: &str) -> String {
    QUOTES.literal(text)
}
