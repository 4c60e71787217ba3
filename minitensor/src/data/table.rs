//! Tables in CSV: columns of numbers and of categories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use csv::{ErrorKind, ReaderBuilder, StringRecord};

use super::error::DataError;
use super::line_problem::LineProblem;
use super::read::read_file;
use crate::Tensor;

/// The most bytes of a table that are read.
const MAX_BYTES: u64 = 1 << 26;
/// How much of a wrong field an error shows.
const SHOWN_CHARACTERS: usize = 40;

/// A CSV file with a header: so many rows, each with a text in every column.
///
/// ```
/// use minitensor::data::{Missing, Table};
///
/// let text = "age,town\n20,Bern\n,Basel\n40,Bern\n";
/// let table = Table::parse(text.as_bytes(), "people.csv".as_ref())?;
/// let ages = table.numbers(&["age"], Missing::Mean)?; // (3, 1): 20, 30, 40
/// assert_eq!(ages.to_vec::<f32>(), [20.0, 30.0, 40.0]);
/// let (towns, names) = table.categories("town")?; // (3)
/// assert_eq!((towns.to_vec::<i64>(), names), (vec![1, 0, 1], vec!["Basel".into(), "Bern".into()]));
/// # Ok::<(), minitensor::data::DataError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    path: std::path::PathBuf,
    names: Vec<String>,
    rows: Vec<StringRecord>,
    lines: Vec<u64>,
}

/// What stands for a number that a row lacks: its field is empty.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Missing {
    /// The mean of those that the column has, or 0 where it has none.
    Mean,
    /// This number.
    Value(f32),
}

impl Table {
    /// Reads a file.
    ///
    /// # Errors
    /// [`DataError::File`] for what cannot be read or is too long; [`DataError::Line`] for a row with another number of
    /// fields than the header, a name that stands twice in the header, or bytes that are not UTF-8.
    pub fn open(path: &Path) -> Result<Table, DataError> {
        Table::parse(&read_file(path, MAX_BYTES)?, path)
    }

    /// Reads bytes; `name` is what an error calls them. Errors are those of [`Table::open`].
    pub fn parse(bytes: &[u8], name: &Path) -> Result<Table, DataError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes); // the mark that spreadsheets write
        let mut reader = ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
        let header = reader.headers().map_err(|e| line_error(&e, name))?;
        let names: Vec<String> = header.iter().map(str::to_owned).collect();
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|column| !seen.insert(*column)) {
            return Err(DataError::line(name, 1, LineProblem::ColumnTwice(shortened(twice))));
        }
        let (mut rows, mut lines) = (Vec::new(), Vec::new());
        for row in reader.records() {
            let row = row.map_err(|e| line_error(&e, name))?;
            lines.push(row.position().map_or(0, csv::Position::line));
            rows.push(row);
        }
        Ok(Table { path: name.to_owned(), names, rows, lines })
    }

    /// How many rows there are below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The names in the header.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The fields of a column, each with its line in the file.
    ///
    /// # Errors
    /// [`LineProblem::NoColumn`], which lists those that there are.
    pub fn texts(&self, column: &str) -> Result<impl Iterator<Item = (u64, &str)>, DataError> {
        let Some(place) = self.names.iter().position(|name| name == column) else {
            let known = self.names.iter().map(|name| shortened(name)).collect();
            let problem = LineProblem::NoColumn { name: column.to_owned(), known };
            return Err(DataError::line(&self.path, 1, problem));
        };
        Ok(self.lines.iter().copied().zip(self.rows.iter().map(move |row| &row[place])))
    }

    /// The columns as numbers, (rows, columns) in `F32`.
    ///
    /// # Errors
    /// [`LineProblem::NoColumn`]; [`LineProblem::NotANumber`] with the line and the column.
    pub fn numbers(&self, columns: &[&str], missing: Missing) -> Result<Tensor, DataError> {
        let mut values = vec![0.0f32; self.len() * columns.len()];
        for (place, column) in columns.iter().enumerate() {
            for (row, value) in self.column(column, missing)?.into_iter().enumerate() {
                values[row * columns.len() + place] = value;
            }
        }
        Ok(Tensor::from_vec(values, [self.len(), columns.len()]))
    }

    /// The column as categories: the place of each row's text among all texts of the column in alphabetic order, (rows)
    /// in `I64`, and those texts. An empty field is a category too.
    ///
    /// # Errors
    /// [`LineProblem::NoColumn`].
    pub fn categories(&self, column: &str) -> Result<(Tensor, Vec<String>), DataError> {
        let mut codes: BTreeMap<&str, i64> = self.texts(column)?.map(|(_, text)| (text, 0)).collect();
        codes.values_mut().zip(0..).for_each(|(code, place)| *code = place);
        let rows = self.texts(column)?.map(|(_, text)| codes[text]).collect();
        Ok((Tensor::from_vec(rows, [self.len()]), codes.into_keys().map(str::to_owned).collect()))
    }

    fn column(&self, column: &str, missing: Missing) -> Result<Vec<f32>, DataError> {
        let parse = |(line, text): (u64, &str)| match text {
            "" => Ok(None),
            _ => match text.parse::<f32>() {
                Ok(number) if number.is_finite() => Ok(Some(number)),
                _ => {
                    let (column, found) = (column.to_owned(), shortened(text));
                    Err(DataError::line(&self.path, line, LineProblem::NotANumber { column, found }))
                }
            },
        };
        let numbers = self.texts(column)?.map(parse).collect::<Result<Vec<Option<f32>>, _>>()?;
        let instead = match missing {
            Missing::Value(value) => value,
            Missing::Mean => {
                let sum: f64 = numbers.iter().flatten().map(|&number| f64::from(number)).sum();
                (sum / numbers.iter().flatten().count().max(1) as f64) as f32
            }
        };
        Ok(numbers.into_iter().map(|number| number.unwrap_or(instead)).collect())
    }
}

fn line_error(error: &csv::Error, path: &Path) -> DataError {
    let line = error.position().map_or(1, csv::Position::line);
    let problem = match error.kind() {
        ErrorKind::UnequalLengths { expected_len, len, .. } => {
            LineProblem::FieldCount { needed: *expected_len, found: *len }
        }
        ErrorKind::Utf8 { .. } => LineProblem::Unreadable("the line is not UTF-8".to_owned()),
        _ => LineProblem::Unreadable(error.to_string()),
    };
    DataError::line(path, line, problem)
}

/// The beginning of a field, so that no file fills the screen.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
