//! Entries as people read them.

use leptos::prelude::*;
use serde_json::Value;
use time::OffsetDateTime;

use super::Recorded;
use crate::ui::{Cell, Change, Column, Diff, Fact, Facts, Fold, Table, Time};

/// Who reads, and so which pages entries lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The company's staff.
    Staff,
    /// An owner of the organization whose entries these are.
    Owner,
}

/// Entries, each with its details folded.
#[component]
pub fn EntryTable(
    /// The entries, in the order in which they are shown.
    entries: Vec<Recorded>,
    /// When the page is made.
    now: OffsetDateTime,
    /// Who reads them.
    reader: Reader,
) -> impl IntoView {
    let columns = ["When", "Who", "What", "To what"].map(Column::text).into();
    let rows = entries.into_iter().map(move |entry| view! { <EntryRow entry now reader/> });
    view! { <Table label="Entries of the audit trail" columns>{rows.collect_view()}</Table> }
}

#[component]
fn EntryRow(entry: Recorded, now: OffsetDateTime, reader: Reader) -> impl IntoView {
    let address = entry.address.clone().map(|address| view! { <small>"from "{address}</small> });
    let actor = entry.actor_label.clone();
    // On a phone an action breaks after its dot or not at all.
    let dot = entry.action.find('.').map_or(0, |at| at + 1);
    let (kind_of_thing, participle) = (entry.action[..dot].to_owned(), entry.action[dot..].to_owned());
    let (subject, kind) = (entry.subject_label.clone(), entry.subject_kind.replace('_', " "));
    view! {
        <tr>
            <Cell label="When"><Time at=entry.at now/></Cell>
            <Cell label="Who">{actor}{address}</Cell>
            <Cell label="What"><span class="mono">{kind_of_thing}<wbr/>{participle}</span></Cell>
            <Cell label="To what">{subject}<small>{kind}</small><Details entry reader/></Cell>
        </tr>
    }
}

#[component]
fn Details(entry: Recorded, reader: Reader) -> impl IntoView {
    let changes = changes(entry.before.as_ref(), entry.after.as_ref());
    let summary = match changes.len() {
        0 => "Details".to_owned(),
        1 => "Details and 1 change".to_owned(),
        count => format!("Details and {count} changes"),
    };
    let organization = entry.organization.filter(|_| reader == Reader::Staff).map(|id| {
        let name = entry.organization_name.unwrap_or_else(|| id.to_string());
        view! {
            <Fact term="Organization">
                <a href=format!("/admin/partners/{id}")>{name}</a>" · "
                <a href=format!("/admin/audit?organization={id}")>"only its entries"</a>
            </Fact>
        }
    });
    view! {
        <Fold summary>
            <div class="flow tight">
                <Facts>
                    <Fact term="Entry">{entry.seq}</Fact>
                    <Fact term="Subject"><code>{entry.subject_id}</code></Fact>
                    {entry.actor_id.map(|id| view! { <Fact term="Actor"><code>{id}</code></Fact> })}
                    {organization}
                    {entry.request_id.map(|id| view! { <Fact term="Request"><code>{id}</code></Fact> })}
                </Facts>
                {(!changes.is_empty()).then(|| view! { <Diff changes/> })}
            </div>
        </Fold>
    }
}

/// The fields that differ, in the order of the state before, then those that are new.
fn changes(before: Option<&Value>, after: Option<&Value>) -> Vec<Change> {
    let (before, after) = (fields(before), fields(after));
    let old = before.iter().map(|(field, value)| (*field, Some(*value), value_of(&after, field)));
    let new = after.iter().filter(|(field, _)| value_of(&before, field).is_none());
    old.chain(new.map(|(field, value)| (*field, None, Some(*value))))
        .filter(|(_, before, after)| before != after)
        .map(|(field, before, after)| Change {
            field: field.replace('_', " "),
            before: before.and_then(written),
            after: after.and_then(written),
        })
        .filter(|change| change.before.is_some() || change.after.is_some())
        .collect()
}

/// A state that is no object has one field, which has no name of its own.
fn fields(state: Option<&Value>) -> Vec<(&str, &Value)> {
    match state {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Object(fields)) => fields.iter().map(|(name, value)| (name.as_str(), value)).collect(),
        Some(value) => vec![("value", value)],
    }
}

fn value_of<'a>(fields: &[(&str, &'a Value)], name: &str) -> Option<&'a Value> {
    fields.iter().find(|(field, _)| *field == name).map(|(_, value)| *value)
}

fn written(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(written).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
        Change { field: field.into(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
    }

    #[test]
    fn only_fields_that_differ_are_changes() {
        let before = json!({ "name": "Till", "scopes": ["a"], "gone": 1 });
        let after = json!({ "name": "Till", "scopes": ["a", "b"], "is_new": true });
        assert_eq!(
            changes(Some(&before), Some(&after)),
            [
                change("scopes", Some("a"), Some("a, b")),
                change("gone", Some("1"), None),
                change("is new", None, Some("true")),
            ]
        );
    }

    #[test]
    fn what_is_made_or_removed_changes_from_or_to_nothing() {
        let state = json!({ "name": "Till", "expires_at": null });
        assert_eq!(changes(None, Some(&state)), [change("name", None, Some("Till"))]);
        assert_eq!(changes(Some(&state), None), [change("name", Some("Till"), None)]);
        assert_eq!(changes(None, None), []);
        assert_eq!(changes(None, Some(&json!("on"))), [change("value", None, Some("on"))]);
    }
}
