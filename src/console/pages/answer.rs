//! What came of a call: the answer, or why there is none.

use axum::http::StatusCode;
use data_encoding::BASE64;
use leptos::prelude::*;

use super::super::{
    answer::{Agreement, Shown, in_words},
    reading::{Doubt, Gravity},
    send::Answer,
};
use crate::{
    reference::Callable,
    ui::{
        Callout, Code, Condition, Fact, Facts, FactsLayout, Finding, Findings, Fold, Panel, Source, StateLabel, Tone,
    },
    web::Error,
};

/// What came of a posted form.
pub(super) enum Outcome {
    /// An answer.
    Answered(Answer),
    /// Nothing was sent, because of these doubts.
    Held(Vec<Doubt>),
    /// There is no answer, for a reason in words.
    Failed(String),
    /// The portal refuses to make the call.
    Refused(Error),
}

impl Outcome {
    /// The status of a page that shows it.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Answered(_) | Self::Failed(_) => StatusCode::OK,
            Self::Held(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(error) => error.code().status(),
        }
    }
}

pub(super) fn outcome_view(callable: &Callable, outcome: &Outcome) -> AnyView {
    match outcome {
        Outcome::Answered(answer) => answer_view(callable, answer),
        Outcome::Held(doubts) => held_view(doubts),
        Outcome::Failed(sentence) => note("There is no answer", sentence),
        Outcome::Refused(error) => note(error.code().title(), error.detail()),
    }
}

fn note(title: &'static str, sentence: &str) -> AnyView {
    let sentence = sentence.to_owned();
    view! { <Callout tone=Tone::Bad title=title><p data-summary>{sentence}</p></Callout> }.into_any()
}

/// The doubts, each with the way to its field.
fn held_view(doubts: &[Doubt]) -> AnyView {
    let is_blocked = doubts.iter().any(|doubt| doubt.gravity == Gravity::Blocks);
    let rows = doubts.iter().map(|doubt| {
        let href = format!("#{}", doubt.field);
        let (field, label, message) = (doubt.field.clone(), doubt.label.clone(), doubt.message.clone());
        let pointer = Some(doubt.pointer.clone()).filter(|pointer| !pointer.is_empty());
        let pointer = pointer.map(|pointer| view! { <code>{pointer}</code>" " });
        view! { <li data-field=field><a href=href>{label}</a>": "{pointer}{message}</li> }
    });
    let rows = rows.collect_view();
    let (tone, title, advice) = match is_blocked {
        true => (Tone::Bad, "The call cannot be sent", "Correct this first:"),
        false => (
            Tone::Warn,
            "Nothing was sent yet",
            "The document does not allow this call. Correct it, or send it as it is to see the error.",
        ),
    };
    let anyway = (!is_blocked).then(|| {
        view! {
            <div class="actions">
                <button class="button" type="submit" form="try-form" name="anyway" value="yes">"Send it anyway"</button>
            </div>
        }
    });
    view! {
        <Callout tone title>
            <p data-summary>{advice}</p>
            <ul>{rows}</ul>
            {anyway}
        </Callout>
    }
    .into_any()
}

fn answer_view(callable: &Callable, answer: &Answer) -> AnyView {
    let status = status_words(answer.status);
    let took = format!("in {} ms", answer.took.as_millis());
    let size = match answer.is_truncated {
        true => format!("more than {}", in_words(answer.body.len())),
        false => in_words(answer.body.len()),
    };
    let condition = match answer.status.as_u16() {
        200..400 => Condition::Ok,
        400..500 => Condition::Warn,
        _ => Condition::Bad,
    };
    let id = answer.request_id().map(|id| view! { <span class="mono">{id.to_owned()}</span> });
    let summary = format!("The answer is {status}, {took}.");
    let aside = view! { <StateLabel is=condition>{status}</StateLabel> };
    let footer = view! { <span>{took}" · "{size}</span>{id} };
    let body = view! {
        <p class="visually-hidden" data-summary>{summary}</p>
        {agreement_view(&answer.agreement(callable.operation()))}
        {error_link(callable, answer)}
        {headers_view(answer)}
    };
    view! {
        <Panel title="Answer" aside=aside.into_any() flush=body_view(answer) footer=footer.into_any() class="answer">
            <div class="flow tight">{body}</div>
        </Panel>
    }
    .into_any()
}

fn status_words(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}

fn agreement_view(agreement: &Agreement) -> AnyView {
    let said = |is: Condition, words: &'static str| view! { <p><StateLabel is>{words}</StateLabel></p> }.into_any();
    match agreement {
        Agreement::Fits => said(Condition::Ok, "Matches the document"),
        Agreement::StatusUnknown => said(Condition::Warn, "The document does not describe this status"),
        Agreement::TypeUnknown => said(Condition::Warn, "The document does not describe this content type"),
        Agreement::Unchecked => ().into_any(),
        Agreement::Differs(found) => {
            let findings = found.iter().map(|misfit| Finding {
                gravity: Condition::Warn,
                message: misfit.message.clone(),
                pointer: Some(if misfit.pointer.is_empty() { "/".to_owned() } else { misfit.pointer.clone() }),
                place: None,
            });
            let findings = findings.collect();
            view! {
                <p><StateLabel is=Condition::Warn>"Differs from the document"</StateLabel></p>
                <Findings findings/>
            }
            .into_any()
        }
    }
}

/// The page about the error, if there is one.
fn error_link(callable: &Callable, answer: &Answer) -> Option<impl IntoView + use<>> {
    let code = answer.error_code()?;
    let own = || {
        let known = crate::web::Code::ALL.iter().any(|known| known.as_str() == code);
        known.then(|| format!("/docs/vestibule/v1/errors#{code}"))
    };
    let href = callable.error_path(&code).or_else(own)?;
    Some(view! { <p><a href=href>"What "<code>{code}</code>" means and what to do"</a></p> })
}

fn headers_view(answer: &Answer) -> impl IntoView + use<> {
    let count = answer.headers.len();
    let rows = answer.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        view! { <Fact term=name.as_str()><code>{value}</code></Fact> }
    });
    let rows = rows.collect_view();
    let summary = if count == 1 { "1 header".to_owned() } else { format!("{count} headers") };
    view! { <Fold summary><Facts layout=FactsLayout::Rows>{rows}</Facts></Fold> }
}

fn body_view(answer: &Answer) -> AnyView {
    match answer.shown() {
        Shown::Nothing => view! { <p class="note">"The answer has no body."</p> }.into_any(),
        Shown::Binary => {
            let kind = Some(answer.essence()).filter(|kind| !kind.is_empty()).unwrap_or_else(|| "bytes".to_owned());
            let words = format!("{} of {kind}, which is no text.", in_words(answer.body.len()));
            view! { <p class="note">{words}" "{download(answer)}</p> }.into_any()
        }
        Shown::Text { text, language, is_cut, whole } => {
            let (title, shown) = match is_cut {
                true => ("Beginning of the body", format!("These are the first {}. ", in_words(text.len()))),
                false => ("Body", String::new()),
            };
            let rest = is_cut.then(|| {
                let all = whole.map(|text| whole_view(answer, text));
                view! { <div class="flow tight rest"><p class="note">{shown}{download(answer)}</p>{all}</div> }
            });
            view! {
                <Code title copy=copy_button()><Source text language/></Code>
                {rest}
            }
            .into_any()
        }
    }
}

/// All of a long body, without colours, which would weigh more than the text.
fn whole_view(answer: &Answer, text: String) -> impl IntoView + use<> {
    let summary = match answer.is_truncated {
        true => format!("Show all that came, {}", in_words(text.len())),
        false => format!("Show all of it, {}", in_words(text.len())),
    };
    view! { <Fold summary><Code title="Whole body" copy=copy_button()>{text}</Code></Fold> }
}

fn copy_button() -> AnyView {
    view! { <button class="button copy" type="button" data-size="small" data-copies hidden>"Copy"</button> }.into_any()
}

/// The bytes in the link itself: the portal keeps no answer.
fn download(answer: &Answer) -> impl IntoView + use<> {
    let href = format!("data:application/octet-stream;base64,{}", BASE64.encode(&answer.body));
    let essence = answer.essence();
    let ending = match essence.rsplit(['/', '+']).next().unwrap_or_default() {
        "json" => "json",
        "pdf" => "pdf",
        "png" => "png",
        "plain" => "txt",
        "csv" => "csv",
        "xml" => "xml",
        _ => "bin",
    };
    let words = match answer.is_truncated {
        true => format!("Download the first {}", in_words(answer.body.len())),
        false => format!("Download all {}", in_words(answer.body.len())),
    };
    view! { <a href=href download=format!("answer.{ending}")>{words}</a> }
}
