//! What an error's body says, where the document only gives its shape: texts that fit the status.

use serde_json::{Value, json};

use super::{super::model::Status, name::words};

/// The status of an error whose body is being made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal(u16);

impl Refusal {
    /// For an error's status; a success is none.
    pub fn of(status: Status) -> Option<Self> {
        match status {
            Status::Code(code @ 400..) => Some(Self(code)),
            Status::Range(class @ 4..) => Some(Self(u16::from(class) * 100)),
            _ => None,
        }
    }

    /// A text for a property that an error usually has.
    pub fn text(self, name: &str) -> Option<String> {
        let words = words(name);
        let text = match words.last()?.as_str() {
            "title" | "reason" => self.reason().to_owned(),
            "message" | "detail" | "details" | "description" => self.sentence().to_owned(),
            "code" | "error" | "slug" => self.reason().to_lowercase().replace(' ', "_"),
            "type" if words.len() == 1 => {
                format!("https://example.com/errors/{}", self.reason().to_lowercase().replace(' ', "-"))
            }
            "status" => self.0.to_string(),
            _ => return None,
        };
        Some(text)
    }

    /// A number for a property that an error usually has.
    pub fn number(self, name: &str) -> Option<Value> {
        let words = words(name);
        let is_status = words.iter().any(|word| word == "status") || words == ["code"];
        is_status.then(|| json!(self.0))
    }

    fn reason(self) -> &'static str {
        match self.0 {
            401 => "Unauthorized",
            402 => "Payment required",
            403 => "Forbidden",
            404 => "Not found",
            405 => "Method not allowed",
            406 => "Not acceptable",
            409 => "Conflict",
            410 => "Gone",
            412 => "Precondition failed",
            413 => "Content too large",
            415 => "Unsupported media type",
            422 => "Unprocessable content",
            429 => "Too many requests",
            503 => "Service unavailable",
            400..=499 => "Bad request",
            _ => "Internal server error",
        }
    }

    fn sentence(self) -> &'static str {
        match self.0 {
            401 => "The credentials are missing or not valid.",
            403 => "The credentials do not allow this call.",
            404 | 410 => "There is nothing at this address.",
            409 => "The request does not fit what is there now.",
            422 => "A value of the request is not allowed.",
            429 => "There were too many calls; wait and try again.",
            400..=499 => "The request cannot be understood.",
            _ => "The request failed for a reason on our side.",
        }
    }
}
