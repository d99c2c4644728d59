use std::fs;

use super::{
    super::Language,
    tools::{self, Folder},
    *,
};

/// Checks every file that it is given, in one process; where it can, types as well.
const CHECK_JAVA: &str = r#"
import com.sun.source.util.JavacTask;
import java.io.File;
import java.util.List;
import javax.tools.*;

class Check {
    public static void main(String[] files) throws Exception {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(null, null, null);
        var types = 60; // which takes longer
        for (var file : files) {
            var found = new DiagnosticCollector<JavaFileObject>();
            var units = manager.getJavaFileObjects(new File(file));
            var task = (JavacTask) compiler.getTask(null, manager, found, List.of("-proc:none"), null, units);
            task.parse();
            if (types-- > 0) task.analyze();
            for (var one : found.getDiagnostics()) {
                if (one.getKind() == Diagnostic.Kind.ERROR) { System.err.println(one); System.exit(1); }
            }
        }
    }
}
"#;

const CHECK_JAVASCRIPT: &str =
    "const { SourceTextModule } = require('node:vm'); const { readFileSync } = require('node:fs');
for (const file of process.argv.slice(2)) new SourceTextModule(readFileSync(file, 'utf8'), { identifier: file });";

const CHECK_PYTHON: &str =
    "import sys\nfor file in sys.argv[1:]: compile(open(file, encoding='utf-8').read(), file, 'exec')";

const CHECK_RUBY: &str = "ARGV.each { |file| RubyVM::InstructionSequence.compile_file(file) }";

const CHECK_PHP: &str =
    "<?php foreach (array_slice($argv, 1) as $file) { token_get_all(file_get_contents($file), TOKEN_PARSE); }";

/// The command that parses files of a language, and how they end.
fn parser(language: Language) -> Option<(Vec<&'static str>, &'static str)> {
    Some(match language {
        Language::Curl => (vec!["sh", "-c", "for file; do sh -n \"$file\" || exit 1; done", "sh"], "sh"),
        Language::JavaScript => (vec!["node", "--no-warnings", "--experimental-vm-modules", "check.cjs"], "mjs"),
        Language::Python => (vec!["python3", "check.py"], "py"),
        Language::Go => (vec!["gofmt", "-e", "-l"], "go"),
        Language::Ruby => (vec!["ruby", "check.rb"], "rb"),
        Language::Php => (vec!["php", "check.php"], "php"),
        Language::Java => (vec!["java", "Check.java"], "java"),
        Language::Rust => (vec!["rustfmt", "--edition", "2024", "--quiet"], "rs"),
        Language::CSharp => return None,
    })
}

#[test]
fn every_sample_is_a_program_of_its_language() {
    let requests = requests();
    for language in Language::ALL {
        let Some((command, ending)) = parser(language) else { continue };
        let folder = Folder::new(language.slug());
        let checks = [
            ("Check.java", CHECK_JAVA),
            ("check.cjs", CHECK_JAVASCRIPT),
            ("check.py", CHECK_PYTHON),
            ("check.rb", CHECK_RUBY),
            ("check.php", CHECK_PHP),
        ];
        for (name, text) in checks {
            folder.write(name, text);
        }
        let mut files = Vec::new();
        for (number, request) in requests.iter().enumerate() {
            let name = match language {
                Language::Java => format!("{number}/Call.java"),
                _ => format!("{number}.{ending}"),
            };
            fs::create_dir_all(folder.0.join(number.to_string())).unwrap();
            folder.write(&name, &format!("{}\n", request.program(language, "SANDBOX_KEY")));
            files.push(name);
        }
        let command: Vec<&str> = command.into_iter().chain(files.iter().map(String::as_str)).collect();
        let Some(output) = tools::run(&command, &folder.0) else { continue };
        let printed = tools::printed(output, language.name());
        if language == Language::Go {
            assert_eq!(printed, "", "these are not written as gofmt writes them");
        }
    }
}

/// Every operation of the demonstration, and every kind of body and key with every hostile text in each place.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for version in ["2026-09.yaml", "2026-03.yaml"] {
        let document = document(version);
        requests
            .extend(document.operations().iter().map(|it| Request::to(&document, it, "https://api.example.com/v1")));
    }
    assert!(requests.len() > 20);
    let all = HOSTILE.join("\n");
    for text in HOSTILE.iter().copied().chain([all.as_str()]) {
        for payload in payloads(text) {
            requests.push(hostile(text, payload));
        }
    }
    requests.push(post(Payload::Json(deep(300)), Some("application/json")));
    requests
}

fn payloads(text: &str) -> [Payload; 7] {
    let text_of = || text.to_owned();
    let part = |content, content_type| Part { name: text_of(), content, content_type };
    [
        Payload::Nothing,
        Payload::Json(
            json!({text: [text, {text: null}], "flags": [true, false], "numbers": [1, -2.5, 1e30, u64::MAX]}),
        ),
        Payload::Json(json!(text)),
        Payload::Text(text_of()),
        Payload::Form(vec![(text_of(), text_of()), (text_of(), String::new())]),
        Payload::Multipart(vec![
            part(PartContent::Text(text_of()), None),
            part(PartContent::Text(text_of()), Some(text_of())),
            part(PartContent::File(text_of()), None),
            part(PartContent::File(text_of()), Some(text_of())),
        ]),
        Payload::File(text_of()),
    ]
}

fn hostile(text: &str, payload: Payload) -> Request {
    let pair = || (text.to_owned(), text.to_owned());
    let auth = [Auth::Bearer, Auth::Basic, Auth::Certificate].into_iter();
    let named = [Auth::Scheme, Auth::Header, Auth::Query, Auth::Cookie].map(|place| place(text.to_owned()));
    Request {
        base_url: format!("https://api.example.com/{text}"),
        path: format!("/{text}"),
        query: vec![pair(), pair()],
        headers: vec![pair(), ("__proto__".to_owned(), text.to_owned()), ("Content-Type".to_owned(), text.to_owned())],
        cookies: vec![pair()],
        auth: auth.chain(named).collect(),
        ..post(payload, None)
    }
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(json!("end"), |inner, _| json!({"inner": [inner]}))
}
