//! Which operation a call means.

use crate::reference::model::Operation;

/// What a method and a path mean to an API.
pub(super) enum Match<'a> {
    /// This operation.
    Operation(&'a Operation),
    /// The path exists with these other methods only.
    OtherMethods(Vec<String>),
    /// The API has no such path.
    Nothing,
}

/// Finds the operation of a call. Of several templates that fit, the one with the most literal text wins, as OpenAPI
/// asks: `/parcels/mine` before `/parcels/{id}`.
pub(super) fn operation<'a>(operations: &'a [Operation], method: &str, path: &str) -> Match<'a> {
    let fitting: Vec<(&Operation, usize)> = operations
        .iter()
        .filter_map(|operation| literal_fit(&operation.path, path).map(|literal| (operation, literal)))
        .collect();
    let Some(most) = fitting.iter().map(|(_, literal)| *literal).max() else { return Match::Nothing };
    let closest = || fitting.iter().filter(|(_, literal)| *literal == most).map(|(operation, _)| *operation);
    let wanted =
        |candidate: &str| closest().find(|operation| operation.method.as_str().eq_ignore_ascii_case(candidate));
    let found = wanted(method).or_else(|| if method.eq_ignore_ascii_case("HEAD") { wanted("GET") } else { None });
    match found {
        Some(operation) => Match::Operation(operation),
        None => {
            Match::OtherMethods(closest().map(|operation| operation.method.as_str().to_ascii_uppercase()).collect())
        }
    }
}

/// How many literal characters of the template the path matches; `None` where it does not fit.
fn literal_fit(template: &str, path: &str) -> Option<usize> {
    // A query or fragment in a path template is a habit of some documents; it says nothing about the path.
    let template = template.split(['?', '#']).next().unwrap_or(template);
    let wanted = template.trim_end_matches('/').split('/');
    let mut given = path.trim_end_matches('/').split('/');
    let mut literal = 0;
    for segment in wanted {
        literal += segment_fit(segment, given.next()?)?;
    }
    given.next().is_none().then_some(literal)
}

/// Fits one segment, which may mix text and parameters: `{owner}.{format}`, `search:run`.
fn segment_fit(template: &str, given: &str) -> Option<usize> {
    let Some((before, rest)) = template.split_once('{') else {
        return (template == given).then_some(template.len() + 1);
    };
    let given = given.strip_prefix(before)?;
    let (_, after) = rest.split_once('}')?;
    if after.is_empty() {
        return (!given.is_empty()).then_some(before.len());
    }
    // The parameter takes as little as leaves a fit for what follows it.
    given.char_indices().skip(1).find_map(|(at, _)| segment_fit(after, &given[at..])).map(|fit| before.len() + fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_fit_paths() {
        for (template, path) in [
            ("/shipments", "/shipments"),
            ("/shipments", "/shipments/"),
            ("/shipments/{id}", "/shipments/shp_1"),
            ("/repos/{owner}/{repo}/zip", "/repos/a/b/zip"),
            ("/files/{name}.{format}", "/files/report.pdf"),
            ("/rows/{id}:undelete", "/rows/12:undelete"),
            ("/", "/"),
        ] {
            assert!(literal_fit(template, path).is_some(), "{template} {path}");
        }
    }

    #[test]
    fn other_paths_do_not_fit() {
        for (template, path) in [
            ("/shipments", "/shipments/1"),
            ("/shipments/{id}", "/shipments"),
            ("/shipments/{id}", "/shipments//"),
            ("/files/{name}.{format}", "/files/report"),
            ("/rows/{id}:undelete", "/rows/:undelete"),
            ("/a/{b", "/a/x"),
        ] {
            assert!(literal_fit(template, path).is_none(), "{template} {path}");
        }
    }

    #[test]
    fn literal_text_wins_over_a_parameter() {
        assert!(literal_fit("/parcels/mine", "/parcels/mine") > literal_fit("/parcels/{id}", "/parcels/mine"));
        assert!(literal_fit("/a/{x}/c", "/a/b/c") > literal_fit("/a/{x}/{y}", "/a/b/c"));
    }
}
