//! The files of a folder, as references between them name them: within the folder only, each read once.

use std::{
    collections::HashMap,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use super::super::document::{MAX_BYTES, Unreadable, pointer, read_part, tree::Tree};

const MOST_FILES: usize = 1_000;
/// The document that was named.
pub(super) const ENTRY: usize = 0;

/// What was read so far.
pub(super) struct Files {
    folder: PathBuf,
    files: Vec<File>,
    known: HashMap<PathBuf, Result<usize, String>>,
    bytes: usize,
}

struct File {
    /// From the folder, with slashes.
    path: String,
    text: Vec<u8>,
    content: Content,
}

/// What a file holds.
#[derive(Clone)]
pub(super) enum Content {
    /// Values, from JSON or YAML.
    Values(Arc<Tree>),
    /// Prose.
    Prose(String),
}

/// Where a reference leads.
pub(super) enum Lead {
    /// Nowhere in these files: to the web, or within the document itself, which reads it later.
    Untouched,
    /// To a place in a file.
    To(usize, String),
    /// To nothing, and why.
    Missing(String),
}

impl Files {
    pub fn new(folder: PathBuf, entry: &Path, text: Vec<u8>) -> Result<Self, Unreadable> {
        let content = Content::Values(read_part(&text)?.into());
        let path = slashed(entry);
        let known = HashMap::from([(folder.join(entry), Ok(ENTRY))]);
        let bytes = text.len();
        Ok(Self { folder, files: vec![File { path, text, content }], known, bytes })
    }

    pub fn content(&self, file: usize) -> Content {
        self.files[file].content.clone()
    }

    pub fn path(&self, file: usize) -> &str {
        &self.files[file].path
    }

    /// How many files there are beside the document that was named.
    pub fn parts(&self) -> usize {
        self.files.len() - 1
    }

    /// Line and column of a byte, from 1.
    pub fn position(&self, file: usize, offset: usize) -> (u32, u32) {
        let text = &self.files[file].text;
        let before = &text[..offset.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count();
        (u32::try_from(line).unwrap_or(u32::MAX - 1) + 1, u32::try_from(column).unwrap_or(u32::MAX - 1) + 1)
    }

    /// Where a reference in a file leads.
    pub fn follow(&mut self, from: usize, reference: &str) -> Lead {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = match path {
            "" if from == ENTRY => return Lead::Untouched,
            "" => Ok(from),
            path if is_url(path) => return Lead::Untouched,
            path => self.open(from, path),
        };
        let fragment = pointer::from_fragment(fragment).into_owned();
        match file {
            Err(reason) => Lead::Missing(reason),
            Ok(ENTRY) => Lead::To(ENTRY, fragment),
            Ok(file) if self.has(file, &fragment) => Lead::To(file, fragment),
            Ok(file) => Lead::Missing(format!("{} has nothing there", self.files[file].path)),
        }
    }

    fn has(&self, file: usize, pointer: &str) -> bool {
        match &self.files[file].content {
            Content::Values(tree) => tree.at(pointer).is_some(),
            Content::Prose(_) => pointer.is_empty(),
        }
    }

    fn open(&mut self, from: usize, path: &str) -> Result<usize, String> {
        let decoded = pointer::from_fragment(path);
        let inner = inner_path(&self.files[from].path, &decoded)?;
        let Ok(found) = self.folder.join(&inner).canonicalize() else { return Err("the file is not there".into()) };
        if let Some(known) = self.known.get(&found) {
            return known.clone();
        }
        let opened = self.read(&found);
        self.known.insert(found, opened.clone());
        opened
    }

    fn read(&mut self, found: &Path) -> Result<usize, String> {
        let Ok(inner) = found.strip_prefix(&self.folder) else {
            return Err("the file is outside of the folder".into());
        };
        let size = std::fs::metadata(found).ok().filter(std::fs::Metadata::is_file).map(|data| data.len());
        let Some(size) = size else { return Err("it is no file".into()) };
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if self.files.len() >= MOST_FILES || size > MAX_BYTES - self.bytes.min(MAX_BYTES) {
            return Err("the files together are too many or too large".into());
        }
        let text = std::fs::read(found).map_err(|error| format!("the file cannot be read: {error}"))?;
        self.bytes = self.bytes.saturating_add(text.len());
        let is_prose = found.extension().is_some_and(|ending| ending == "md" || ending == "txt");
        let content = match is_prose {
            true => Content::Prose(String::from_utf8_lossy(&text).into_owned()),
            false => Content::Values(read_part(&text).map_err(|error| error.to_string())?.into()),
        };
        self.files.push(File { path: slashed(inner), text, content });
        Ok(self.files.len() - 1)
    }
}

/// The path of a reference from the folder, however it goes up and down on the way.
fn inner_path(from: &str, reference: &str) -> Result<PathBuf, String> {
    const OUTSIDE: &str = "only files of the folder are read";
    let mut steps: Vec<&std::ffi::OsStr> = Path::new(from).parent().map(|dir| dir.iter().collect()).unwrap_or_default();
    for component in Path::new(reference).components() {
        match component {
            Component::Normal(name) => steps.push(name),
            Component::CurDir => {}
            Component::ParentDir if steps.pop().is_some() => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Err(OUTSIDE.into()),
        }
    }
    Ok(steps.iter().collect())
}

/// Whether a reference names a scheme or a host. A single letter before the colon would be a drive, and is none here.
fn is_url(path: &str) -> bool {
    let is_scheme =
        |name: &str| name.len() > 1 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    path.starts_with("//") || path.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme))
}

fn slashed(path: &Path) -> String {
    path.iter().map(|step| step.to_string_lossy()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_in_its_folder() {
        for (from, reference, inner) in [
            ("openapi.yaml", "./schemas/pet.yaml", Some("schemas/pet.yaml")),
            ("paths/pets.yaml", "../schemas/pet.yaml", Some("schemas/pet.yaml")),
            ("paths/pets.yaml", "./a/../b/./c.json", Some("paths/b/c.json")),
            ("openapi.yaml", "../other/secret.yaml", None),
            ("paths/pets.yaml", "../../etc/passwd", None),
            ("openapi.yaml", "a/../../b.yaml", None),
            ("openapi.yaml", "/etc/passwd", None),
        ] {
            let path = inner_path(from, reference).ok();
            assert_eq!(path.as_deref(), inner.map(Path::new), "{reference} in {from}");
        }
    }

    #[test]
    fn what_is_on_the_web_is_not_a_file() {
        for (reference, is) in [
            ("https://example.com/a.yaml", true),
            ("file:///etc/passwd", true),
            ("//example.com/a.yaml", true),
            ("urn:example:a", true),
            ("./a:b.yaml", false),
            ("a.yaml", false),
        ] {
            assert_eq!(is_url(reference), is, "{reference}");
        }
    }
}
