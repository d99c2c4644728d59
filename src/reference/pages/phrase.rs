//! A few words in which some are values: "at least 3 characters", "pattern `^[a-z]+$`".

use leptos::prelude::*;

/// Words and values in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Phrase(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Words(String),
    Value(String),
}

impl Phrase {
    /// Nothing but words.
    pub fn words(words: impl Into<String>) -> Self {
        Self::default().and(words)
    }

    /// A value alone.
    pub fn value(value: impl Into<String>) -> Self {
        Self::default().and_value(value)
    }

    /// With words at its end.
    pub fn and(mut self, words: impl Into<String>) -> Self {
        self.0.push(Piece::Words(words.into()));
        self
    }

    /// With a value at its end.
    pub fn and_value(mut self, value: impl Into<String>) -> Self {
        self.0.push(Piece::Value(value.into()));
        self
    }

    /// With another phrase at its end.
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Several, with words between them.
    pub fn joined(phrases: Vec<Self>, between: &str) -> Self {
        let mut joined = Self::default();
        for (index, phrase) in phrases.into_iter().enumerate() {
            if index > 0 {
                joined = joined.and(between);
            }
            joined = joined.then(phrase);
        }
        joined
    }

    /// As plain text.
    #[cfg(test)]
    pub fn text(&self) -> String {
        let pieces = self.0.iter();
        pieces.map(|(Piece::Words(text) | Piece::Value(text))| text.as_str()).collect()
    }

    /// With its values in the face of code.
    pub fn view(self) -> AnyView {
        let pieces = self.0.into_iter().map(|piece| match piece {
            Piece::Words(words) => words.into_any(),
            Piece::Value(value) => view! { <code>{value}</code> }.into_any(),
        });
        pieces.collect_view().into_any()
    }
}
