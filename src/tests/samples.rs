//! The samples of the reference, as partners copy them from its pages: run as they are, against the sandbox.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Output,
};

use axum::http::StatusCode;
use sqlx::PgPool;
use tokio::{net::TcpListener, process::Command};
use vestibule::{
    reference::{
        Viewer, load_demo,
        model::{Operation, Status},
    },
    web::Role,
};

use crate::portal::{TestPortal, Visitor};

const VERSIONS: [&str; 2] = ["2026-09", "2026-03"];

/// Programs, and the file and command that run each. They are tried where they are installed.
const PROGRAMS: [(&str, &str, &[&str]); 6] = [
    ("javascript", "call.mjs", &["node", "call.mjs"]),
    ("python", "call.py", &["python3", "call.py"]),
    ("go", "call.go", &["go", "run", "call.go"]),
    ("ruby", "call.rb", &["ruby", "call.rb"]),
    ("php", "call.php", &["php", "call.php"]),
    ("java", "Call.java", &["java", "Call.java"]),
];

/// A body, parts with a file, and neither.
const SAMPLED: [&str; 3] = ["createShipment", "uploadCustomsDocument", "listShipments"];

#[sqlx::test]
async fn the_curl_line_of_every_operation_works_in_a_shell(db: PgPool) {
    let sandbox = Sandbox::open(db).await;
    let mut tried = 0;
    for version in VERSIONS {
        for operation in sandbox.operations(version) {
            let command = sandbox.sample(version, &operation, "curl").await;
            // curl's settings, and not the command, ask for the status.
            sandbox.folder.write(".curlrc", "silent\nwrite-out = \"\\n%{http_code}\"\n");
            let Some(output) = sandbox.run(&["sh", "-c", &command]).await else { return };
            let said = String::from_utf8_lossy(&output.stderr);
            if said.contains("curl: not found") || said.contains("curl: command not found") {
                return skip("curl");
            }
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(printed.lines().last(), Some(success(&operation).as_str()), "{command}\n{printed}\n{said}");
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} operations were called");
}

#[sqlx::test]
async fn the_programs_work_as_they_are(db: PgPool) {
    let sandbox = Sandbox::open(db).await;
    let operations = sandbox.operations(VERSIONS[0]);
    for (language, file, command) in PROGRAMS {
        let has_requests = ["python3", "-c", "import requests"];
        if language == "python" && !sandbox.run(&has_requests).await.is_some_and(|output| output.status.success()) {
            skip("requests for python3");
            continue;
        }
        for operation in operations.iter().filter(|operation| SAMPLED.contains(&operation.id.as_str())) {
            let program = sandbox.sample(VERSIONS[0], operation, language).await;
            sandbox.folder.write(file, &program);
            let Some(output) = sandbox.run(command).await else { break };
            let printed = String::from_utf8_lossy(&output.stdout);
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(printed.starts_with(&success(operation)), "{language}: {program}\n{printed}\n{said}");
        }
    }
}

const REGIONS: &str = r#"
openapi: 3.1.0
info: {title: Books API, version: "1"}
servers:
  - url: https://{region}.books.example/{basePath}
    description: Production
    variables:
      region: {default: eu, enum: [eu, us]}
      basePath: {default: v2, description: The API's generation.}
  - url: https://test.books.example
  - url: /relative
paths:
  /books:
    get: {operationId: listBooks, responses: {"200": {description: A list.}}}
"#;

#[sqlx::test]
async fn a_reader_chooses_the_server_that_samples_call(db: PgPool) {
    let portal = TestPortal::new(db).await;
    let content = Folder::new();
    std::fs::create_dir_all(content.0.join("apis/books")).unwrap();
    let description = "slug = \"books\"\nname = \"Books API\"\n[[version]]\nname = \"1\"\nfile = \"books.yaml\"\n";
    content.write("apis/books/api.toml", description);
    content.write("apis/books/books.yaml", REGIONS);
    load_demo(&portal.portal.db, &content.0).await.unwrap();
    portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();

    let mut visitor = portal.visitor();
    let page = "/docs/books/1/operations/listBooks";
    let body = visitor.get(page).await.body;
    assert!(sample_in(&body, "curl").unwrap().contains("http://127.0.0.1:3000/sandbox/books/1/books"));
    assert!(body.contains("Production · https://{region}.books.example"), "{body}");
    assert!(!body.contains("/relative"), "an address that is none is not offered");

    for (query, url) in [
        ("server=1", "https://eu.books.example/v2/books"),
        ("server=1&server.region=us&server.basePath=v3", "https://us.books.example/v3/books"),
        ("server=1&server.region=evil.example&server.basePath=..%2F%22", "https://eu.books.example/v2/books"),
        ("server=2", "https://test.books.example/books"),
    ] {
        let answer = visitor.get(&format!("{page}?{query}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        for language in ["curl", "javascript", "python", "go", "ruby", "php", "java", "csharp", "rust"] {
            let sample = sample_in(&answer.body, language).unwrap();
            assert!(sample.contains(url), "{query} in {language}: {sample}");
            assert!(!sample.contains("SANDBOX_KEY"), "the sandbox's key is for the sandbox");
        }
    }
    for query in ["server=0", "server=3", "server=99", "server=x&y", "server="] {
        let body = visitor.get(&format!("{page}?{query}")).await.body;
        assert!(sample_in(&body, "curl").unwrap().contains("/sandbox/books/1/books"), "{query}");
    }
}

/// A portal that listens, and a key of its sandbox.
struct Sandbox {
    portal: TestPortal,
    key: String,
    folder: Folder,
}

impl Sandbox {
    async fn open(db: PgPool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let settings = [("VESTIBULE_BASE_URL", url.as_str()), ("VESTIBULE_KEY_RATE_LIMIT", "1000")];
        let portal = TestPortal::with(db, &settings).await;
        load_demo(&portal.portal.db, &portal.portal.config.content_dir).await.unwrap();
        portal.portal.catalogue.refresh(&portal.portal.db).await.unwrap();
        let service = portal.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let key = key(&portal).await;
        let folder = Folder::new();
        folder.write("file.pdf", "%PDF-1.7");
        folder.write("file.bin", "bytes");
        Self { portal, key, folder }
    }

    fn operations(&self, version: &str) -> Vec<Operation> {
        let published = self.portal.portal.catalogue.visible_to(Viewer::Anyone);
        published.find("parcels", version).unwrap().1.document.operations().to_vec()
    }

    /// The text that a partner copies from the operation's page.
    async fn sample(&self, version: &str, operation: &Operation, language: &str) -> String {
        let page = format!("/docs/parcels/{version}/operations/{}", operation.id);
        let body = self.portal.visitor().get(&page).await.body;
        sample_in(&body, language).unwrap_or_else(|| panic!("{page} has no sample for {language}"))
    }

    async fn run(&self, command: &[&str]) -> Option<Output> {
        let (program, arguments) = command.split_first().unwrap();
        let output = Command::new(program)
            .args(arguments)
            .current_dir(&self.folder.0)
            .env("SANDBOX_KEY", &self.key)
            .env("CURL_HOME", &self.folder.0)
            .env("no_proxy", "127.0.0.1")
            .output()
            .await;
        match output {
            Ok(output) => Some(output),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                skip(program);
                None
            }
            Err(error) => panic!("{program}: {error}"),
        }
    }
}

/// The secret of a key with every scope.
async fn key(portal: &TestPortal) -> String {
    let organization = portal.organization("Quillmere Books").await;
    let mut member = portal.member(organization, Role::Developer).await;
    let app = member.post("/dashboard/apps", &[("name", "Web shop")]).await.location().to_owned();
    let scopes = portal.portal.catalogue.visible_to(Viewer::Anyone).scopes();
    let scopes = scopes.iter().map(|scope| ("scopes", scope.name.as_str()));
    let form: Vec<_> = std::iter::once(("name", "Samples")).chain(scopes).collect();
    let issued = member.post(&format!("{app}/keys"), &form).await;
    secret_in(&mut member, issued.location()).await
}

async fn secret_in(member: &mut Visitor<'_>, page: &str) -> String {
    let body = member.get(page).await.body;
    let rests = body.match_indices("vst_sandbox_").map(|(at, _)| &body[at..]);
    let mut words =
        rests.map(|rest| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>());
    words.find(|word| word.len() == "vst_sandbox_".len() + 36).unwrap()
}

/// The status of an operation's documented success.
fn success(operation: &Operation) -> String {
    match operation.success().map(|response| response.status) {
        Some(Status::Code(code)) => code.to_string(),
        other => panic!("{} succeeds with {other:?}", operation.id),
    }
}

/// The text of a sample on a page.
fn sample_in(page: &str, language: &str) -> Option<String> {
    let (_, rest) = page.split_once(&format!("data-choice=\"{language}\""))?;
    let (_, rest) = rest.split_once("<pre")?;
    let (code, _) = rest.split_once('>')?.1.split_once("</pre>")?;
    let text: String = code.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect();
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    Some(pairs.iter().fold(text, |text, (entity, c)| text.replace(entity, c)))
}

#[expect(clippy::print_stderr, reason = "what is not tested is said")]
fn skip(what: &str) {
    eprintln!("skipped: {what} is not installed");
}

/// A folder that is removed with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-samples-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: impl AsRef<Path>, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
