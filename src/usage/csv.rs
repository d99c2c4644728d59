//! Tables as CSV (RFC 4180), for spreadsheets: what begins like a formula there is made a text.

/// A line.
pub(super) fn row(cells: &[&str]) -> String {
    let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    match text.contains(['"', ',', '\r', '\n']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(row(&["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(row(&["a,b", "say \"x\"", "two\nlines"]), "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for hostile in ["=cmd|'/c calc'!A0", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"] {
            let written = row(&[hostile]);
            assert!(written.trim_start_matches('"').starts_with('\''), "{written}");
        }
        assert_eq!(row(&["=1,2"]), "\"'=1,2\"\r\n");
    }
}
