//! Documents that nobody here wrote. Where a collection is absent its test says so and passes: it belongs to no checkout.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Documents that are kept together.
#[derive(Clone, Copy)]
pub(super) enum Collection {
    /// The portal's demo.
    Own,
    /// Those beside the checkout.
    Shared,
    /// What readme.io tests its pages with, some of it broken on purpose.
    Readme,
    /// The largest there is.
    Github,
}

impl Collection {
    /// Does something with each document, by its name in the collection.
    pub fn each(self, mut run: impl FnMut(&str, &[u8])) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(match self {
            Self::Own => "content/apis",
            Self::Shared => "../shared/specs",
            Self::Readme => "end2end/node_modules/@readme/oas-examples",
            Self::Github => "end2end/node_modules/@octokit/openapi",
        });
        if !folder.is_dir() {
            eprintln!("skipped: {} is absent", folder.display());
            return;
        }
        let files: Vec<_> = files(&folder).into_iter().filter(|path| self.has(path)).collect();
        assert!(!files.is_empty(), "{} has no documents", folder.display());
        for path in files {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display().to_string();
            run(&name, &fs::read(&path).unwrap());
        }
    }

    fn has(self, path: &Path) -> bool {
        match self {
            Self::Own | Self::Shared => true,
            Self::Readme => {
                !path.components().any(|part| part.as_os_str() == "test") && !path.ends_with("package.json")
            }
            Self::Github => path.ends_with("api.github.com.json"),
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
            if path.is_dir() {
                folders.push(path);
            } else if matches!(ending, "json" | "yaml" | "yml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
