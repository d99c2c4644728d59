//! References that this document does not answer.

use leptos::prelude::*;

use super::super::model::{Lead, Schema};
use crate::ui::{Badge, Glyph, Tone};

/// Longer chains of references are a loop.
const LONGEST_CHAIN: usize = 64;

/// That a reference leads nowhere, where it does.
pub(super) fn of(schema: &Schema) -> Option<impl IntoView + use<>> {
    let mut at = schema.clone();
    let mut steps = 0;
    let (reference, why) = loop {
        let reference = at.reference()?;
        match reference.lead {
            Lead::To(next) if steps < LONGEST_CHAIN => at = next,
            Lead::To(_) => break (reference.text, "leads back to itself"),
            Lead::Nowhere => break (reference.text, "leads nowhere in this document"),
            Lead::Outside => break (reference.text, "leads to another document"),
        }
        steps += 1;
    };
    let pointer = at.pointer();
    Some(view! {
        <p>
            <Badge tone=Tone::Warn icon=Glyph::Warn>"Unresolved"</Badge>
            " " <code>{reference}</code> " " {why} ", at " <code>{pointer}</code> "."
        </p>
    })
}
