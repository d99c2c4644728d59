//! Asking the server for a piece of HTML while somebody types.

use std::time::Duration;

use leptos::prelude::*;

/// Shorter than a pause between words, longer than one between letters.
const PAUSE: Duration = Duration::from_millis(120);

/// The questions of one field: what is answered after another question was asked is dropped.
#[derive(Clone, Copy)]
pub(super) struct Questions(StoredValue<u32>);

impl Questions {
    pub fn new() -> Self {
        Self(StoredValue::new(0))
    }

    /// Forgets the question that was asked last.
    pub fn drop_last(self) -> u32 {
        let turn = self.0.get_value().wrapping_add(1);
        self.0.set_value(turn);
        turn
    }

    /// Asks `address` followed by `text`, unless more is typed at once; `None` where the server does not answer.
    pub fn ask(self, address: String, text: String, then: impl Fn(Option<String>) + 'static) {
        let turn = self.drop_last();
        let is_last = move || self.0.try_get_value() == Some(turn);
        set_timeout(
            move || {
                if is_last() {
                    leptos::task::spawn_local(async move {
                        let answer = text_at(&(address + &encoded(&text))).await;
                        if is_last() {
                            then(answer);
                        }
                    });
                }
            },
            PAUSE,
        );
    }
}

/// A text as part of an address.
fn encoded(text: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len() + 8);
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(DIGITS[usize::from(byte >> 4)]));
            encoded.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
    encoded
}

/// What the server has at an address; `None` where it does not answer.
#[cfg(feature = "hydrate")]
pub(super) async fn text_at(address: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;

    let response = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let response: web_sys::Response = response.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

#[cfg(not(feature = "hydrate"))]
pub(super) async fn text_at(_: &str) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn a_question_stays_one_value_of_an_address() {
        assert_eq!(encoded("a&b=é"), "a%26b%3D%C3%A9");
    }
}
