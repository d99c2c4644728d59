//! Names and states of APIs and versions, and which version is newer.

use std::{cmp::Ordering, fmt, str::FromStr};

/// The portal's own API, which nobody imports.
pub const OWN_SLUG: &str = "vestibule";

/// What stands in its place in the administration.
const FORM_SLUG: &str = "new";

/// Follows a version's name in the addresses of its draft, which only staff see; no name contains it.
pub const DRAFT: &str = "~draft";

const LONGEST_NAME: usize = 64;

/// The name of an API in addresses, such as `parcels`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ApiSlug(String);

/// The name of a version in addresses, such as `2026-09` or `v1.2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionName(String);

/// How far a version can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// The one to build on.
    Stable,
    /// It may still change.
    Beta,
    /// It works and will end.
    Deprecated,
    /// It no longer works.
    Retired,
}

/// Why a name cannot be one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Not the form of an API's name.
    #[error("must be 1 to 64 lowercase letters, digits and hyphens, such as parcels; no hyphen at either end")]
    Slug,
    /// The portal's own.
    #[error("is a name that the portal needs for itself; choose another")]
    Reserved,
    /// Not the form of a version's name.
    #[error(
        "must be 1 to 64 letters, digits, dots, hyphens and underscores, such as 2026-09, and begin and end with a letter or digit"
    )]
    Version,
}

impl ApiSlug {
    /// Reads a slug.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let fits = is_bounded(text, |b| b.is_ascii_lowercase() || b.is_ascii_digit(), b"-");
        match text {
            OWN_SLUG | FORM_SLUG => Err(InvalidName::Reserved),
            text if fits => Ok(Self(text.to_owned())),
            _ => Err(InvalidName::Slug),
        }
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl VersionName {
    /// Reads a version's name.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        let text = text.trim();
        let fits = is_bounded(text, |b| b.is_ascii_alphanumeric(), b"._-");
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidName::Version) }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_bounded(text: &str, is_outer: impl Fn(u8) -> bool, inner: &[u8]) -> bool {
    let bytes = text.as_bytes();
    (1..=LONGEST_NAME).contains(&bytes.len())
        && bytes.iter().all(|b| is_outer(*b) || inner.contains(b))
        && bytes.first().is_some_and(|b| is_outer(*b))
        && bytes.last().is_some_and(|b| is_outer(*b))
}

impl fmt::Display for ApiSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl State {
    /// Every state, in the order of a version's life but for beta, which comes before.
    pub const ALL: [Self; 4] = [Self::Beta, Self::Stable, Self::Deprecated, Self::Retired];

    /// The state as it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Beta => "beta",
            Self::Stable => "stable",
            Self::Deprecated => "deprecated",
            Self::Retired => "retired",
        }
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(text: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(UnknownState)
    }
}

/// A text that names no state.
#[derive(Debug, thiserror::Error)]
#[error("must be beta, stable, deprecated or retired")]
pub struct UnknownState;

/// Orders names of versions, newest first: numbers count as numbers, and `1.0-beta` comes before `1.0`.
pub fn newest_first(a: &str, b: &str) -> Ordering {
    age(b, a)
}

fn age(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.trim_start_matches(['v', 'V']), b.trim_start_matches(['v', 'V']));
    loop {
        match (a.is_empty(), b.is_empty()) {
            (true, true) => return Ordering::Equal,
            (true, false) => return if is_pre_release(b) { Ordering::Greater } else { Ordering::Less },
            (false, true) => return if is_pre_release(a) { Ordering::Less } else { Ordering::Greater },
            (false, false) => {}
        }
        let (first, second) = (part(a), part(b));
        let by_number = first.parse::<u64>().ok().zip(second.parse::<u64>().ok()).map(|(a, b)| a.cmp(&b));
        match by_number.unwrap_or_else(|| first.cmp(second)) {
            Ordering::Equal => (a, b) = (&a[first.len()..], &b[second.len()..]),
            unequal => return unequal,
        }
    }
}

/// The digits, or what is no digit, at the start.
fn part(text: &str) -> &str {
    let starts_with_digit = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| c.is_ascii_digit() != starts_with_digit).unwrap_or(text.len());
    &text[..end]
}

fn is_pre_release(rest: &str) -> bool {
    let word = rest.trim_start_matches(['-', '.', '_']);
    word.starts_with(|c: char| c.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_what_an_address_can_hold() {
        for good in ["a", "parcels", "parcels-v2", "7"] {
            assert_eq!(ApiSlug::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "A", "a b", "a/b", "ä", "..", &"a".repeat(65)] {
            assert_eq!(ApiSlug::parse(bad), Err(InvalidName::Slug), "{bad}");
        }
        for reserved in ["vestibule", "new"] {
            assert_eq!(ApiSlug::parse(reserved), Err(InvalidName::Reserved));
        }
    }

    #[test]
    fn a_version_name_is_what_an_address_can_hold() {
        for good in ["1", "2026-09", "v1.2_beta", "1.1.4"] {
            assert_eq!(VersionName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "1 beta", "1/2", "1.", "2026–09"] {
            assert_eq!(VersionName::parse(bad), Err(InvalidName::Version), "{bad}");
        }
    }

    #[test]
    fn the_newest_version_comes_first() {
        let mut names = ["1.0", "2026-09", "v9", "2026-10", "1.0-beta", "10", "1.0.1", "2026-09-15"];
        names.sort_by(|a, b| newest_first(a, b));
        assert_eq!(names, ["2026-10", "2026-09-15", "2026-09", "10", "v9", "1.0.1", "1.0", "1.0-beta"]);
    }
}
