//! The files that pages load: found once at start, served with names that change with their content.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// Where the built files are and what the current ones are called.
#[derive(Clone, Debug)]
pub struct Assets {
    /// The folder that is served at the root of the portal.
    pub site: PathBuf,
    /// Path of the style sheet, e.g. `/pkg/vestibule.3f2a….css`.
    pub style: String,
    /// Path of the script that starts the islands.
    pub script: String,
    /// Path of the islands' WebAssembly.
    pub wasm: String,
}

impl Assets {
    /// Finds the built files: in `site` where it is set, else beside the program, else where a build puts them.
    pub fn find(site: Option<&Path>) -> anyhow::Result<Self> {
        let candidates = match site {
            Some(site) => vec![site.to_owned()],
            None => places(),
        };
        let site = candidates.iter().find(|place| place.join("pkg").is_dir()).with_context(|| {
            format!("the built site is in none of {candidates:?}: build it with `cargo leptos build`")
        })?;
        let name = |extension| newest(&site.join("pkg"), extension);
        Ok(Self { style: name("css")?, script: name("js")?, wasm: name("wasm")?, site: site.clone() })
    }

    /// Assets for tests that render pages without a built site.
    pub fn unbuilt() -> Self {
        let name = |extension: &str| format!("/pkg/vestibule.{extension}");
        Self { site: PathBuf::from("target/site"), style: name("css"), script: name("js"), wasm: name("wasm") }
    }
}

fn places() -> Vec<PathBuf> {
    let beside = std::env::current_exe().ok().and_then(|program| program.parent().map(Path::to_owned));
    let mut places: Vec<PathBuf> =
        beside.into_iter().flat_map(|directory| [directory.join("site"), directory.join("../site")]).collect();
    places.push(PathBuf::from("target/site"));
    places
}

/// A build with hashed names leaves older files behind: the newest is the current one.
fn newest(folder: &Path, extension: &str) -> anyhow::Result<String> {
    std::fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .filter_map(Result::ok)
        .filter(|entry| {
            let name = entry.file_name();
            let path = Path::new(&name);
            path.extension().is_some_and(|own| own == extension) && name.to_string_lossy().starts_with("vestibule")
        })
        .max_by_key(|entry| entry.metadata().and_then(|data| data.modified()).ok())
        .map(|entry| format!("/pkg/{}", entry.file_name().to_string_lossy()))
        .with_context(|| format!("{} has no .{extension} file", folder.display()))
}
