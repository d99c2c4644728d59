//! Documents in several files: what relative `$ref`s lead to, in the same folder, is put into the one document that is read.
//!
//! Only files of the folder are read, and only as many bytes as one document may have. A document in one file stays as it
//! is, byte for byte. What cannot be found stays a reference, and is told with its file and place.

mod files;
mod place;
mod scan;
#[cfg(test)]
mod tests;
mod writer;

use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use self::{files::Files, writer::Writer};
use super::reading::Doubt;

/// A document, made of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// The name of the file that was named; with further ones, how many.
    pub file_name: String,
    /// The document: the file's own bytes, or JSON where several files were joined.
    pub bytes: Vec<u8>,
    /// References that lead to nothing.
    pub doubts: Vec<Doubt>,
}

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A file or folder cannot be read.
    #[error("{}: {error}", .path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A folder in which no file, or more than one, is an OpenAPI document.
    #[error("{}: {} Name the file.", .folder.display(), EntryFault(.found))]
    NoEntry {
        /// The folder.
        folder: PathBuf,
        /// The files that could be meant.
        found: Vec<String>,
    },
    /// The document is not in the folder that it is said to be in.
    #[error("{} is not in {}.", .file.display(), .folder.display())]
    Outside {
        /// The document.
        file: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// Joined, the files are larger than one document may be.
    #[error("Joined, the files are larger than 64 MiB.")]
    TooLarge,
}

struct EntryFault<'a>(&'a [String]);

impl fmt::Display for EntryFault<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("no file in it is an OpenAPI document."),
            found => write!(f, "several files in it are OpenAPI documents ({}).", found.join(", ")),
        }
    }
}

/// Reads a document from a file, or from a folder that has one; `folder` is where its other files may be, by default the
/// folder that it is in.
pub async fn read(place: &Path, folder: Option<&Path>) -> Result<Bundle, BundleError> {
    let (place, folder) = (place.to_owned(), folder.map(Path::to_owned));
    let failed = |error: io::Error| BundleError::Io { path: PathBuf::new(), error };
    let joined = tokio::task::spawn_blocking(move || on_a_deep_stack(move || join(&place, folder.as_deref())));
    joined.await.map_err(|error| failed(io::Error::other(error)))?.map_err(failed)?
}

/// Values may be nested a thousand levels deep in each file.
fn on_a_deep_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> io::Result<T> {
    const STACK: usize = 64 * 1024 * 1024;
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work)?;
    thread.join().map_err(|_| io::Error::other("the files could not be joined"))
}

fn join(place: &Path, folder: Option<&Path>) -> Result<Bundle, BundleError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| BundleError::Io { path, error }
    };
    let entry = match std::fs::metadata(place).map_err(io(place))?.is_dir() {
        true => entry_of(place)?,
        false => place.to_owned(),
    };
    let own = if entry == place { entry.parent() } else { Some(place) };
    let folder = folder.or(own).filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = entry.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = std::fs::read(&entry).map_err(io(&entry))?;
    let alone = |bytes| Bundle { file_name: name.clone(), bytes, doubts: Vec::new() };
    if !scan::may_lead_elsewhere(&bytes) {
        return Ok(alone(bytes));
    }
    let folder = folder.canonicalize().map_err(io(folder))?;
    let file = entry.canonicalize().map_err(io(&entry))?;
    let Ok(inner) = file.strip_prefix(&folder) else { return Err(BundleError::Outside { file: entry, folder }) };
    // What cannot be read is refused where documents are read, with the place of the fault.
    let Ok(files) = Files::new(folder.clone(), inner, bytes.clone()) else { return Ok(alone(bytes)) };
    let written = Writer::new(files).write()?;
    let file_name = match written.parts {
        0 => name,
        1 => format!("{name} and 1 more file"),
        parts => format!("{name} and {parts} more files"),
    };
    Ok(Bundle { file_name, bytes: written.text.map_or(bytes, String::into_bytes), doubts: written.doubts })
}

/// The document of a folder: `openapi.yaml`, `.yml` or `.json`, or the only file that is one.
fn entry_of(folder: &Path) -> Result<PathBuf, BundleError> {
    let io = |error| BundleError::Io { path: folder.to_owned(), error };
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let is_named = path.extension().is_some_and(|ending| ["yaml", "yml", "json"].iter().any(|it| ending == *it));
        if is_named && path.is_file() && scan::is_document(&std::fs::read(&path).map_err(io)?) {
            found.push(path);
        }
    }
    found.sort();
    let usual = found.iter().find(|path| path.file_stem().is_some_and(|stem| stem == "openapi"));
    match (usual, found.as_slice()) {
        (Some(usual), _) => Ok(usual.clone()),
        (None, [only]) => Ok(only.clone()),
        _ => {
            let names = found.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
            Err(BundleError::NoEntry { folder: folder.to_owned(), found: names.collect() })
        }
    }
}
