//! JSON pointers (RFC 6901), as plain text and as the fragment of a `$ref`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Appends one step to a pointer.
pub fn push(pointer: &mut String, token: &str) {
    pointer.push('/');
    for character in token.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// The steps of a pointer; none if it is not one (not empty and without a leading slash).
pub fn tokens(pointer: &str) -> Option<impl Iterator<Item = Cow<'_, str>>> {
    let steps = match pointer.strip_prefix('/') {
        Some(rest) => Some(rest),
        None if pointer.is_empty() => None,
        None => return None,
    };
    Some(steps.into_iter().flat_map(|steps| steps.split('/')).map(unescape))
}

/// The pointer in a URL's fragment: `/components/schemas/Caf%C3%A9` names `Café`.
pub fn from_fragment(fragment: &str) -> Cow<'_, str> {
    percent_decode_str(fragment).decode_utf8_lossy()
}

/// The last step of a pointer or `$ref`: the name of the component it points to.
pub fn last(pointer: &str) -> Cow<'_, str> {
    let step = pointer.rsplit(['/', '#']).next().unwrap_or(pointer);
    Cow::Owned(unescape(&from_fragment(step)).into_owned())
}

fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') { Cow::Owned(token.replace("~1", "/").replace("~0", "~")) } else { Cow::Borrowed(token) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_survives_slashes_and_tildes() {
        let mut pointer = String::new();
        push(&mut pointer, "paths");
        push(&mut pointer, "/a~b/{id}");
        assert_eq!(pointer, "/paths/~1a~0b~1{id}");
        let steps: Vec<_> = tokens(&pointer).unwrap().collect();
        assert_eq!(steps, ["paths", "/a~b/{id}"]);
    }

    #[test]
    fn the_empty_pointer_has_no_steps_and_a_bare_word_is_no_pointer() {
        assert_eq!(tokens("").unwrap().count(), 0);
        assert!(tokens("paths").is_none());
    }

    #[test]
    fn a_fragment_is_percent_decoded() {
        assert_eq!(from_fragment("/components/schemas/A%20b"), "/components/schemas/A b");
        assert_eq!(last("#/components/schemas/A%20b"), "A b");
        assert_eq!(last("#/paths/~1pets~1{id}"), "/pets/{id}");
    }
}
