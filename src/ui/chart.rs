//! Charts over time, drawn here: bars that stand on each other, and lines. What a chart shows is said in a sentence and
//! stands in a table behind it; series differ by pattern or stroke as well as by colour.
//!
//! The drawing stretches with the page, so its words are beside it and not in it.
use leptos::prelude::*;

mod drawing;

use super::{
    fold::Fold,
    table::{Align, Cell, Column, Shape, Table},
};

/// What a chart shows.
#[derive(Clone, Debug, Default)]
pub struct ChartData {
    /// Names the chart on its page, and its parts.
    pub id: String,
    /// What it shows.
    pub title: String,
    /// The sentence that says what there is to see.
    pub description: String,
    /// What its labels are, as the head of their column.
    pub head: String,
    /// What stands below, from the left: moments, mostly.
    pub labels: Vec<String>,
    /// What is drawn, from the bottom.
    pub series: Vec<Series>,
    /// What is measured.
    pub unit: Unit,
}

/// Values of one kind.
#[derive(Clone, Debug)]
pub struct Series {
    /// What they are.
    pub label: String,
    /// How they look.
    pub look: Look,
    /// One for each label; `None` where nothing was measured, which is not zero.
    pub values: Vec<Option<f64>>,
}

/// How a series looks: a colour with a meaning, and a pattern or stroke of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The accent, plain.
    Accent,
    /// Good, plain.
    Ok,
    /// Neutral, dotted.
    Plan,
    /// To look at, hatched.
    Warn,
    /// Held back, in horizontal lines.
    None,
    /// Bad, cross-hatched.
    Bad,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Whole things.
    #[default]
    Count,
    /// Time.
    Milliseconds,
}

impl Look {
    const ALL: [Self; 6] = [Self::Accent, Self::Ok, Self::Plan, Self::Warn, Self::None, Self::Bad];

    const fn name(self) -> &'static str {
        match self {
            Self::Accent => "accent",
            Self::Ok => "ok",
            Self::Plan => "plan",
            Self::Warn => "warn",
            Self::None => "none",
            Self::Bad => "bad",
        }
    }
}

impl Unit {
    /// A value with its unit: `1,204`, `8.5 ms`, `1.20 s`.
    pub fn written(self, value: f64) -> String {
        match self {
            Self::Count => grouped(value.round() as u64),
            Self::Milliseconds if value >= 1000.0 => format!("{:.2} s", value / 1000.0),
            Self::Milliseconds if value >= 10.0 || value == 0.0 => format!("{value:.0} ms"),
            Self::Milliseconds => format!("{value:.1} ms"),
        }
    }

    /// The end of an axis on which `largest` fits: a number that people like, whose half they can read too.
    fn end(self, largest: f64) -> f64 {
        let least = if self == Self::Count { 2.0 } else { 1.0 };
        let largest = largest.max(least);
        let power = 10f64.powf(largest.log10().floor());
        let ends = [1.0, 2.0, 4.0, 6.0, 8.0, 10.0].map(|step| step * power);
        ends.into_iter()
            .find(|end| *end >= largest && (self != Self::Count || end % 2.0 == 0.0))
            .unwrap_or(10.0 * power)
    }
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bars, one for each label, on which the series stand on each other.
#[component]
pub fn BarChart(
    /// What it shows.
    data: ChartData,
) -> impl IntoView {
    let columns = data.labels.len();
    let sum = |at: usize| data.series.iter().filter_map(|series| series.values.get(at).copied().flatten()).sum::<f64>();
    let end = data.unit.end((0..columns).map(sum).fold(0.0, f64::max));
    let drawing = drawing::bars(&data, end);
    view! { <Chart data end drawing kind="bars"/> }
}

/// Lines, one for each series, which break where nothing was measured.
#[component]
pub fn LineChart(
    /// What it shows.
    data: ChartData,
) -> impl IntoView {
    let values = data.series.iter().flat_map(|series| series.values.iter().flatten());
    let end = data.unit.end(values.copied().fold(0.0, f64::max));
    let drawing = drawing::lines(&data, end);
    view! { <Chart data end drawing kind="lines"/> }
}

#[component]
fn Chart(data: ChartData, end: f64, drawing: String, kind: &'static str) -> impl IntoView {
    let keys = data.series.iter().map(|series| {
        let sample = drawing::sample(&data.id, series.look);
        view! { <li><svg viewBox="0 0 24 12" aria-hidden="true" inner_html=sample></svg>{series.label.clone()}</li> }
    });
    let keys = keys.collect_view();
    let scale = [end, end / 2.0, 0.0].map(|value| view! { <span>{data.unit.written(value)}</span> });
    let last = data.labels.len().saturating_sub(1);
    let ends = [0, last / 2, last].map(|at| view! { <span>{data.labels.get(at).cloned()}</span> });
    let (id, title) = (data.id.clone(), data.title.clone());
    let names = format!("{0}-title {0}-desc", data.id);
    view! {
        <figure class="chart" id=id data-kind=kind>
            <figcaption><span>{title}</span><ul>{keys}</ul></figcaption>
            <div class="plot">
                <div class="scale" aria-hidden="true">{scale.collect_view()}</div>
                <svg
                    viewBox=drawing::VIEW_BOX
                    preserveAspectRatio="none"
                    role="img"
                    aria-labelledby=names
                    inner_html=drawing
                ></svg>
                <div class="ends" aria-hidden="true">{ends.collect_view()}</div>
            </div>
            <Behind data/>
        </figure>
    }
}

/// The numbers of a chart.
#[component]
fn Behind(data: ChartData) -> impl IntoView {
    let ChartData { title, head, labels, series, unit, .. } = data;
    let columns = std::iter::once(Column::text(head.clone()))
        .chain(series.iter().map(|series| Column::number(series.label.clone())))
        .collect();
    let rows = labels.into_iter().enumerate().map(|(at, label)| {
        let cells = series.iter().map(|series| {
            let value =
                series.values.get(at).copied().flatten().map_or_else(|| "–".to_owned(), |value| unit.written(value));
            view! { <Cell label=series.label.clone() align=Align::Number>{value}</Cell> }
        });
        view! { <tr><Cell label=head.clone()>{label}</Cell>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <Fold summary=format!("{title} as a table")>
            <Table label=title.clone() columns shape=Shape::Scroll>{rows}</Table>
        </Fold>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_where_everything_fits_and_its_half_can_be_read() {
        let counts = [0.0, 1.0, 2.0, 3.0, 5.0, 9.0, 11.0, 41.0, 99.0, 101.0].map(|largest| Unit::Count.end(largest));
        assert_eq!(counts, [2.0, 2.0, 2.0, 4.0, 6.0, 10.0, 20.0, 60.0, 100.0, 200.0]);
        assert_eq!(Unit::Milliseconds.end(0.3), 1.0);
        assert_eq!(Unit::Milliseconds.end(81.0), 100.0);
    }

    #[test]
    fn values_are_written_with_their_unit() {
        assert_eq!(
            [0.0, 999.0, 1000.0, 1_234_567.0].map(|n| Unit::Count.written(n)),
            ["0", "999", "1,000", "1,234,567"]
        );
        let times = [0.0, 0.12, 8.52, 85.4, 1204.0].map(|n| Unit::Milliseconds.written(n));
        assert_eq!(times, ["0 ms", "0.1 ms", "8.5 ms", "85 ms", "1.20 s"]);
    }
}
