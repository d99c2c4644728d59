//! Names in addresses: safe in a URL, unique in a document, the same at every import.

use super::{super::model::Method, reader::text, tree::Node};
use crate::name::Unique;

/// Long enough for any operationId that people write, short enough for a URL.
const LONGEST: usize = 160;

/// An operation's name: its operationId, else its method and path.
pub(super) fn of_operation(node: Node<'_>, method: &Method, path: &str) -> String {
    let stated = text(node, "operationId").map(|id| safe(&id)).filter(|id| !id.is_empty());
    stated.unwrap_or_else(|| of_path(method, path))
}

/// Method and path in kebab case: `GET /pets/{petId}` is `get-pets-pet-id`.
pub(super) fn of_path(method: &Method, path: &str) -> String {
    let mut name = method.as_str().to_ascii_lowercase();
    let mut previous = '-';
    for character in path.chars() {
        if character.is_ascii_alphanumeric() {
            let word_starts = character.is_ascii_uppercase() && previous.is_ascii_lowercase();
            if word_starts || !previous.is_ascii_alphanumeric() {
                name.push('-');
            }
            name.push(character.to_ascii_lowercase());
        }
        previous = character;
    }
    shortened(name)
}

/// A text with every run of characters that a URL would have to escape turned into one hyphen.
pub(super) fn safe(text: &str) -> String {
    let mut name = String::new();
    for character in text.chars() {
        let kept = character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '~' | '-');
        match kept {
            true => name.push(character),
            false if name.ends_with('-') => {}
            false => name.push('-'),
        }
    }
    let name = name.trim_matches(['-', '.']).to_owned();
    // An address that ends in `.md` is the Markdown of the page without it.
    shortened(name.strip_suffix(".md").map(|stem| format!("{stem}-md")).unwrap_or(name))
}

/// Gives out each name once.
#[derive(Default)]
pub(super) struct Names(Unique);

impl Names {
    /// The first of the candidates that is free, else the last with a number.
    pub fn claim(&mut self, candidates: &[String]) -> String {
        let stated = || candidates.iter().map(String::as_str).filter(|name| !name.is_empty());
        let free = stated().find(|name| self.0.is_free(name));
        self.0.claim(free.or(stated().next_back()).unwrap_or("unnamed"), '-')
    }
}

fn shortened(mut name: String) -> String {
    name.truncate(LONGEST); // the name is ASCII
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_named_in_kebab_case() {
        let get = Method::parse("get").unwrap();
        assert_eq!(of_path(&get, "/pets/{petId}/toys_v2"), "get-pets-pet-id-toys-v2");
        assert_eq!(of_path(&get, "/"), "get");
    }

    #[test]
    fn a_name_has_no_character_that_a_url_would_escape() {
        assert_eq!(safe("repos/get a-thing"), "repos-get-a-thing");
        assert_eq!(safe("../../etc"), "etc");
        assert_eq!(safe("名前"), "");
        assert_eq!(safe("page.md"), "page-md");
        assert_eq!(safe("<script>alert(1)</script>"), "script-alert-1-script");
    }

    #[test]
    fn a_taken_name_gives_way_to_the_next_candidate_and_then_to_a_number() {
        let mut names = Names::default();
        let candidates = ["list".to_owned(), "get-pets".to_owned()];
        let claimed: Vec<_> = (0..4).map(|_| names.claim(&candidates)).collect();
        assert_eq!(claimed, ["list", "get-pets", "get-pets-2", "get-pets-3"]);
        assert_eq!(names.claim(&[String::new()]), "unnamed");
    }
}
