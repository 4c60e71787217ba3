use std::fmt;
use std::io::{self, Write};

use super::progress;

/// A small table for the terminal, aligned by its content: numbers to the right, words to the left.
///
/// ```
/// use minitensor::lab::Table;
///
/// let mut table = Table::new(["optimiser", "loss"]);
/// table.row(["SGD", "0.0512"]);
/// table.row(["Adam, with decay", "0.1000"]);
/// let text = "\
/// optimiser           loss
/// SGD               0.0512
/// Adam, with decay  0.1000
/// ";
/// assert_eq!(table.to_string(), text);
/// ```
#[derive(Debug, Clone)]
pub struct Table {
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns.
    pub fn new<S: Into<String>>(headers: impl IntoIterator<Item = S>) -> Table {
        Table { headers: headers.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// A table of names and values without a header, for what came out at the end of a run.
    pub fn summary() -> Table {
        Table { headers: Vec::new(), rows: Vec::new() }
    }

    /// Adds a row. A short row leaves its last cells empty.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) -> &mut Table {
        self.rows.push(cells.into_iter().map(Into::into).collect());
        self
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let columns = self.rows.iter().map(Vec::len).chain([self.headers.len()]).max().unwrap_or(0);
        let cells = |c: usize| self.rows.iter().filter_map(move |row| row.get(c));
        let layout: Vec<Column> = (0..columns)
            .map(|c| Column {
                width: cells(c).chain(self.headers.get(c)).map(|cell| width(cell)).max().unwrap_or(0),
                right: cells(c).any(|cell| !cell.is_empty()) && cells(c).all(|cell| is_numeric(cell)),
            })
            .collect();
        let header = (!self.headers.is_empty()).then_some(&self.headers);
        header.into_iter().chain(&self.rows).try_for_each(|row| writeln!(f, "{}", line(&layout, row)))
    }
}

/// A table that is printed row by row while its rows come in: one line an epoch.
///
/// It goes to stdout, above the progress bar where there is one.
///
/// ```
/// use minitensor::lab::LiveTable;
///
/// let mut table = LiveTable::new(["epoch", "train loss", "test accuracy"]);
/// table.row(["1", "2.3026", "11.3 %"]); // prints the header first
/// ```
#[derive(Debug)]
pub struct LiveTable {
    headers: Vec<String>,
    columns: Vec<Column>,
    begun: bool,
}

/// Wide enough for any number that [`loss`](super::loss) or [`percent`](super::percent) writes.
const LIVE_WIDTH: usize = 7;

impl LiveTable {
    /// A table with these columns. Those that hold a number in their first row are aligned to the right.
    pub fn new<S: Into<String>>(headers: impl IntoIterator<Item = S>) -> LiveTable {
        let headers: Vec<String> = headers.into_iter().map(Into::into).collect();
        let columns = headers
            .iter()
            .enumerate()
            .map(|(c, h)| Column {
                width: if c == 0 { width(h) } else { width(h).max(LIVE_WIDTH) },
                right: true,
            })
            .collect();
        LiveTable { headers, columns, begun: false }
    }

    /// Prints a row, and before the first one the header.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        let mut text = String::new();
        if !std::mem::replace(&mut self.begun, true) {
            self.columns.iter_mut().zip(&cells).for_each(|(column, cell)| column.right = is_numeric(cell));
            text = line(&self.columns, &self.headers) + "\n";
        }
        text += &line(&self.columns, &cells);
        progress::above_the_bar(|| {
            // A closed pipe must not end a training: its checkpoint matters more.
            let _ = writeln!(io::stdout(), "{text}");
        });
    }
}

#[derive(Debug, Clone, Copy)]
struct Column {
    width: usize,
    right: bool,
}

fn line(columns: &[Column], cells: &[String]) -> String {
    let mut text = String::new();
    for (c, column) in columns.iter().enumerate() {
        let cell = cells.get(c).map_or("", String::as_str);
        let padding = " ".repeat(column.width.saturating_sub(width(cell)));
        let gap = if c == 0 { "" } else { "  " };
        text += &if column.right { format!("{gap}{padding}{cell}") } else { format!("{gap}{cell}{padding}") };
    }
    text.trim_end().to_string()
}

/// Columns on the terminal, near enough: letters of Latin, Greek and Cyrillic take one each.
fn width(text: &str) -> usize {
    text.chars().count()
}

fn is_numeric(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['+', '-', '−']);
    let is_list = digits.contains(": "); // 0: 44, 1: 3
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit()) || matches!(digits, "nan" | "inf");
    digits.is_empty() || is_number && !is_list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_align_to_the_right_and_words_to_the_left() {
        let mut table = Table::new(["digit", "right", "of"]);
        table.row(["zero", "36", "36"]).row(["one", "7", "1,000"]).row(["two"]);
        insta::assert_snapshot!(table, @r"
        digit  right     of
        zero      36     36
        one        7  1,000
        two
        ");
    }

    #[test]
    fn a_summary_has_no_header() {
        let mut table = Table::summary();
        table.row(["test accuracy", "98.6 %"]).row(["wrote", "runs/convnet-resnet"]);
        insta::assert_snapshot!(table, @r"
        test accuracy  98.6 %
        wrote          runs/convnet-resnet
        ");
    }

    #[test]
    fn a_list_of_numbers_is_not_a_number() {
        let mut table = Table::summary();
        table.row(["painted", "100"]).row(["taken for", "0: 44, 1: 56"]);
        insta::assert_snapshot!(table, @r"
        painted    100
        taken for  0: 44, 1: 56
        ");
    }

    #[test]
    fn an_empty_table_prints_its_header_only() {
        assert_eq!(Table::new(["a", "b"]).to_string(), "a  b\n");
        assert_eq!(Table::summary().to_string(), "");
    }
}
