//! Looking at a file's text before it is read: the largest documents are read once, not twice.

/// Whether a `$ref` could lead to another file. It may say yes where none does, never the other way.
pub(super) fn may_lead_elsewhere(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = find(rest, b"$ref") {
        rest = &rest[at + b"$ref".len()..];
        let value = rest.iter().position(|b| !matches!(b, b'"' | b'\'' | b':' | b' ' | b'\t' | b'\r' | b'\n'));
        let value = value.map_or(&[][..], |at| &rest[at..]);
        if !value.starts_with(b"#") && !value.starts_with(b"http") {
            return true;
        }
    }
    false
}

/// Whether a file says that it is an OpenAPI document.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    match is_json {
        true => text.contains("\"openapi\""),
        false => text.trim_start_matches('\u{feff}').lines().any(|line| {
            line.trim_start_matches(['"', '\''])
                .strip_prefix("openapi")
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':'))
        }),
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_within_the_file_and_to_the_web_are_not_followed() {
        for (text, elsewhere) in [
            ("$ref: '#/components/schemas/A'", false),
            ("{\"$ref\": \"#/components/schemas/A\"}", false),
            ("$ref: https://example.com/a.yaml", false),
            ("no reference at all", false),
            ("$ref: ./a.yaml", true),
            ("{\"$ref\":\"../a.json#/A\"}", true),
            ("$ref: '#/a'\nb: {$ref: a.yaml}", true),
            ("$ref: >-\n  #/a", true),
        ] {
            assert_eq!(may_lead_elsewhere(text.as_bytes()), elsewhere, "{text}");
        }
    }

    #[test]
    fn a_document_says_that_it_is_one() {
        for (text, is) in [
            ("openapi: 3.1.0\n", true),
            ("# comment\n\"openapi\": 3.1.0\n", true),
            ("{\n  \"openapi\": \"3.0.3\"}", true),
            ("type: object\nproperties:\n  openapi: {}\n", false),
            ("openapi_version: 3\n", false),
        ] {
            assert_eq!(is_document(text.as_bytes()), is, "{text}");
        }
    }
}
