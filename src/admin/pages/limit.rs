//! How many calls a minute each key of a partner may make.

use leptos::prelude::*;
use serde::Deserialize;

use crate::{
    db::OrganizationId,
    ui::{Button, Input, Need, Section, TextField},
};

/// More is no limit any more.
const HIGHEST: i32 = 1_000_000;

/// The form as it was typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LimitForm {
    rate_limit: String,
    #[serde(skip)]
    error: Option<String>,
}

impl LimitForm {
    /// The number that was typed, or the form with what is wrong with it.
    pub(super) fn read(self) -> Result<Option<i32>, Self> {
        read(&self.rate_limit).map_err(|()| {
            let error = Some(format!("Write a number of calls from 1 to {HIGHEST}, or nothing."));
            Self { error, ..self }
        })
    }
}

fn read(text: &str) -> Result<Option<i32>, ()> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().ok().filter(|limit| (1..=HIGHEST).contains(limit)).map(Some).ok_or(()),
    }
}

#[component]
pub(super) fn KeyLimit(id: OrganizationId, own: Option<i32>, most: u32, form: LimitForm) -> impl IntoView {
    let value = match form.error {
        Some(_) => form.rate_limit,
        None => own.map(|own| own.to_string()).unwrap_or_default(),
    };
    view! {
        <Section title="Rate limit of its keys">
            <form class="form" method="post" action=format!("/admin/partners/{id}/limit")>
                <TextField
                    name="rate_limit"
                    label="Calls a minute, each key"
                    kind=Input::Number
                    value
                    error=form.error
                    need=Need::Optional
                    autocomplete="off"
                    hint=format!("Partners may set less for a key, never more. Empty: {most}, as for everybody.")
                />
                <div class="actions"><Button>"Set rate limit"</Button></div>
            </form>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_of_calls_or_nothing() {
        assert_eq!((read(" 600 "), read(" ")), (Ok(Some(600)), Ok(None)));
        for odd in ["0", "-1", "1.5", "many", "1000001"] {
            assert_eq!(read(odd), Err(()), "{odd}");
        }
    }
}
