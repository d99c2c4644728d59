//! Text that may be absent, so that a component takes `"…"`, a `String` or an `Option` of either in one property.

/// An optional text of a component.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Option<String>);

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self(Some(text.to_owned()))
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<Option<String>> for Words {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for Words {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(str::to_owned))
    }
}
