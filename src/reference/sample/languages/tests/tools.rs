//! The languages' own programs. One that is not installed is skipped visibly.

use std::{
    path::Path,
    process::{Command, Output},
};

use super::super::Language;

/// The command that runs a program of a language from a file; none for C#, which is tried by hand.
pub fn runner(language: Language) -> Option<(&'static [&'static str], &'static str)> {
    Some(match language {
        Language::Curl => (&["sh"], "call.sh"),
        Language::JavaScript => (&["node"], "call.mjs"),
        Language::Python => (&["python3"], "call.py"),
        Language::Go => (&["go", "run"], "call.go"),
        Language::Ruby => (&["ruby"], "call.rb"),
        Language::Php => (&["php"], "call.php"),
        Language::Java => (&["java"], "Call.java"),
        Language::CSharp | Language::Rust => return None,
    })
}

/// Runs a command in a folder, with a key in its environment.
pub fn run(command: &[&str], folder: &Path) -> Option<Output> {
    let (program, arguments) = command.split_first().unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("SANDBOX_KEY", "k-1")
        .env("no_proxy", "*")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output();
    match output {
        Ok(output) => Some(output),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            skip(program);
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Whether Python has what the samples are written with.
pub fn python_can_send(folder: &Path) -> bool {
    let can = run(&["python3", "-c", "import requests"], folder).is_some_and(|output| output.status.success());
    if !can {
        skip("requests for python3");
    }
    can
}

#[expect(clippy::print_stderr, reason = "what is not tested is said")]
fn skip(what: &str) {
    eprintln!("skipped: {what} is not installed");
}

/// What a program printed; it must have gone well.
pub fn printed(output: Output, what: &str) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what}: {said}\n{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

/// A folder that is removed with the value.
pub struct Folder(pub std::path::PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("vestibule-{name}-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
