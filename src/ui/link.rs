//! A place and its name, for trails, neighbours and lists of sections.

/// Where a link leads and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// A path, an address or a fragment.
    pub href: String,
    /// The words of the link.
    pub label: String,
}

impl Link {
    /// A link that says `label` and leads to `href`.
    pub fn new(href: impl Into<String>, label: impl Into<String>) -> Self {
        Self { href: href.into(), label: label.into() }
    }
}
