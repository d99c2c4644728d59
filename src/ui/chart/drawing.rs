//! The shapes of charts, as SVG. Colours are the style sheet's: it knows light, dark and print.

use std::fmt::Write;

use super::{super::syntax::escaped, ChartData, Look};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 200.0;
pub(super) const VIEW_BOX: &str = "0 0 720 200";
/// Between two bars, as a part of their width.
const GAP: f64 = 0.2;

/// Bars on each other.
pub(super) fn bars(data: &ChartData, end: f64) -> String {
    let mut svg = start(data);
    let step = WIDTH / data.labels.len().max(1) as f64;
    for (at, label) in data.labels.iter().enumerate() {
        let values = data.series.iter().filter_map(|series| {
            let value = series.values.get(at).copied().flatten().filter(|value| *value > 0.0)?;
            Some((series, value))
        });
        let mut floor = HEIGHT;
        let (mut stack, mut words) = (String::new(), Vec::new());
        for (series, value) in values {
            let height = value / end * HEIGHT;
            floor -= height;
            let (x, width) = (step * (at as f64 + GAP / 2.0), step * (1.0 - GAP));
            let fill = format!("{}-{}", data.id, series.look.name());
            let _ = write!(
                stack,
                r#"<rect x="{x:.2}" y="{floor:.2}" width="{width:.2}" height="{height:.2}" fill="url(#{fill})"/>"#,
                fill = escaped(&fill),
            );
            words.push(format!("{}: {}", series.label, data.unit.written(value)));
        }
        if !stack.is_empty() {
            let title = escaped(&format!("{label} · {}", words.join(", ")));
            let _ = write!(svg, "<g><title>{title}</title>{stack}</g>");
        }
    }
    svg
}

/// A line for each series. A value that stands alone is a short stroke.
pub(super) fn lines(data: &ChartData, end: f64) -> String {
    let mut svg = start(data);
    let step = WIDTH / data.labels.len().max(1) as f64;
    for series in &data.series {
        let mut path = String::new();
        let mut is_drawn = false;
        for (at, value) in series.values.iter().enumerate() {
            let Some(value) = value else {
                is_drawn = false;
                continue;
            };
            let (x, y) = (step * (at as f64 + 0.5), HEIGHT - value / end * HEIGHT);
            let is_alone = !is_drawn && series.values.get(at + 1).copied().flatten().is_none();
            let _ = match (is_drawn, is_alone) {
                (true, _) => write!(path, "L{x:.2} {y:.2}"),
                (false, false) => write!(path, "M{x:.2} {y:.2}"),
                (false, true) => write!(path, "M{:.2} {y:.2}H{:.2}", x - step / 4.0, x + step / 4.0),
            };
            is_drawn = true;
        }
        let _ = write!(svg, r#"<path data-look="{}" d="{path}"/>"#, series.look.name());
    }
    svg
}

/// What stands beside the name of a series.
pub(super) fn sample(id: &str, look: Look) -> String {
    let fill = escaped(&format!("{id}-{}", look.name()));
    format!(r#"<rect width="24" height="12" fill="url(#{fill})"/><path data-look="{}" d="M0 6H24"/>"#, look.name())
}

/// Words for who does not see, patterns, and lines at the end, the half and the start of the scale.
fn start(data: &ChartData) -> String {
    let id = escaped(&data.id);
    let mut svg = format!(
        r#"<title id="{id}-title">{}</title><desc id="{id}-desc">{}</desc><defs>"#,
        escaped(&data.title),
        escaped(&data.description),
    );
    for look in Look::ALL.into_iter().filter(|look| data.series.iter().any(|series| series.look == *look)) {
        let name = look.name();
        let _ = write!(
            svg,
            r#"<pattern id="{id}-{name}" data-look="{name}" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6"/>{}</pattern>"#,
            marks(look),
        );
    }
    svg.push_str("</defs>");
    for y in [0.5, HEIGHT / 2.0, HEIGHT - 0.5] {
        let _ = write!(svg, r#"<path class="rule" d="M0 {y}H{WIDTH}"/>"#);
    }
    svg
}

/// What is drawn on the colour of a look, in a square of 6.
const fn marks(look: Look) -> &'static str {
    match look {
        Look::Accent | Look::Ok => "",
        Look::Plan => r#"<circle cx="3" cy="3" r="1.2"/>"#,
        Look::Warn => r#"<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5"/>"#,
        Look::None => r#"<path d="M0 3H6"/>"#,
        Look::Bad => r#"<path d="M0 0L6 6M6 0L0 6"/>"#,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Series, Unit},
        *,
    };

    fn data(values: [Option<f64>; 4]) -> ChartData {
        ChartData {
            id: "calls".into(),
            title: "Calls <by> class".into(),
            description: "12 & more".into(),
            head: "Hour".into(),
            labels: ["a", "b\"", "c", "d"].map(str::to_owned).into(),
            series: vec![
                Series { label: "2xx".into(), look: Look::Ok, values: values.into() },
                Series { label: "5xx".into(), look: Look::Bad, values: vec![Some(1.0)] },
            ],
            unit: Unit::Count,
        }
    }

    #[test]
    fn bars_stand_on_each_other_and_nothing_is_drawn_of_nothing() {
        let svg = bars(&data([Some(3.0), Some(0.0), None, Some(4.0)]), 4.0);
        assert_eq!(svg.matches("<g>").count(), 2);
        assert!(svg.contains(r#"y="50.00" width="144.00" height="150.00" fill="url(#calls-ok)""#), "{svg}");
        assert!(svg.contains(r#"y="0.00" width="144.00" height="50.00" fill="url(#calls-bad)""#), "{svg}");
        assert!(svg.contains("a · 2xx: 3, 5xx: 1"));
    }

    #[test]
    fn lines_break_where_nothing_was_measured() {
        let svg = lines(&data([Some(2.0), Some(4.0), None, Some(0.0)]), 4.0);
        assert!(svg.contains(r#"d="M90.00 100.00L270.00 0.00M585.00 200.00H675.00""#), "{svg}");
    }

    #[test]
    fn words_from_elsewhere_are_only_words() {
        let svg = bars(&data([Some(1.0), Some(1.0), None, None]), 4.0);
        assert!(svg.contains("Calls &lt;by&gt; class") && svg.contains("12 &amp; more") && !svg.contains("b\" ·"));
        assert!(
            svg.contains(r#"<pattern id="calls-bad""#) && !svg.contains("calls-warn"),
            "only what is used is defined"
        );
    }
}
