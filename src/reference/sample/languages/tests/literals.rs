use std::fmt::Write;

use data_encoding::HEXLOWER;
use proptest::prelude::*;

use super::{
    super::{Language, go, java, javascript, php, python, ruby, rust},
    HOSTILE, tools,
};

const COMPILED: &str = "rustc --edition 2024 -o print print.rs && ./print";

/// A program that prints what literals stand for, in hexadecimal, and how it is run.
fn printing(language: Language, texts: &[String]) -> (String, &'static str, &'static [&'static str]) {
    let lines = |line: &dyn Fn(&str) -> String| -> String {
        texts.iter().fold(String::new(), |mut all, text| {
            writeln!(all, "{}", line(text)).unwrap();
            all
        })
    };
    match language {
        Language::JavaScript => {
            let line = |text: &str| format!("console.log(Buffer.from({}).toString('hex'))", javascript::literal(text));
            (lines(&line), "print.mjs", &["node", "print.mjs"])
        }
        Language::Python => {
            let line = |text: &str| format!("print({}.encode().hex())", python::literal(text));
            (lines(&line), "print.py", &["python3", "print.py"])
        }
        Language::Ruby => {
            let line = |text: &str| format!("puts {}.unpack1('H*')", ruby::literal(text));
            (lines(&line), "print.rb", &["ruby", "print.rb"])
        }
        Language::Php => {
            let line = |text: &str| format!("echo bin2hex({}), \"\\n\";", php::literal(text));
            (format!("<?php\n{}", lines(&line)), "print.php", &["php", "print.php"])
        }
        Language::Go => {
            let line = |text: &str| format!("\tprintln(hex.EncodeToString([]byte({})))", go::literal(text));
            let body = lines(&line).replace("\tprintln", "\tfmt.Println");
            let head = "package main\n\nimport (\n\t\"encoding/hex\"\n\t\"fmt\"\n)\n\nfunc main() {\n";
            (format!("{head}{body}}}\n"), "print.go", &["go", "run", "print.go"])
        }
        Language::Java => {
            let line = |text: &str| format!("print({});", java::literal(text));
            let head = "class Print { static void print(String text) { System.out.println(java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))); }\npublic static void main(String[] arguments) {\n";
            (format!("{head}{}}}}}", lines(&line)), "Print.java", &["java", "Print.java"])
        }
        _ => {
            let line = |text: &str| format!("print({});", rust::literal(text));
            let head = "fn print(text: &str) { for byte in text.bytes() { print!(\"{byte:02x}\"); } println!(); }\nfn main() {\n";
            (format!("{head}{}}}", lines(&line)), "print.rs", &["sh", "-c", COMPILED])
        }
    }
}

const PRINTING: [Language; 7] = [
    Language::JavaScript,
    Language::Python,
    Language::Ruby,
    Language::Php,
    Language::Go,
    Language::Java,
    Language::Rust,
];

fn assert_kept(texts: &[String]) {
    let expected: Vec<_> = texts.iter().map(|text| HEXLOWER.encode(text.as_bytes())).collect();
    for language in PRINTING {
        let folder = tools::Folder::new("literals");
        let (program, file, command) = printing(language, texts);
        folder.write(file, &program);
        if let Some(output) = tools::run(command, &folder.0) {
            let printed = tools::printed(output, language.name());
            let found: Vec<_> = printed.lines().collect();
            assert_eq!(found.len(), expected.len(), "{}: {program}", language.name());
            for (at, text) in texts.iter().enumerate() {
                assert_eq!(found[at], expected[at], "{text:?} in {}", language.name());
            }
        }
    }
}

#[test]
fn hostile_text_stays_inside_its_literal() {
    assert_kept(&HOSTILE.map(str::to_owned));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_one_literal_of_each_language(texts in proptest::collection::vec(any_text(), 120)) {
        assert_kept(&texts);
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(?s).{0,16}",
        "[\\x00-\\x7f]{0,16}",
        "[\"'`\\\\$#@{}%\n\r\t]{0,8}",
        "[\\u{80}-\\u{a0}\\u{200b}-\\u{206f}\\u{feff}]{0,4}",
    ]
}
