use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Result, write_atomic};

/// The table `metrics.csv`: one typed row an epoch, the file always whole.
///
/// The columns are the fields of the row. Numbers are written with six significant digits, which is what they
/// mean. A checkpoint keeps [`Metrics::to_csv`] beside the weights; a resumed run gets its rows back by
/// [`rows_from_csv`] and writes the same file as a run that never stopped.
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// # let path = dir.path().join("metrics.csv");
/// use minitensor::lab::{Metrics, rows_from_csv};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// struct Row { epoch: usize, train_loss: f64 }
///
/// let mut metrics = Metrics::new(&path, Vec::new())?;
/// metrics.push(Row { epoch: 1, train_loss: 2.302585093 })?;
/// let text = std::fs::read_to_string(&path).unwrap();
/// assert_eq!(text, "epoch,train_loss\n1,2.30259\n");
///
/// let rows: Vec<Row> = rows_from_csv(&text)?;
/// assert_eq!(Metrics::new(&path, rows)?.to_csv()?, text);
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
#[derive(Debug)]
pub struct Metrics<R> {
    path: PathBuf,
    rows: Vec<R>,
}

impl<R: Serialize> Metrics<R> {
    /// Starts the file with these rows: none in a new run, those of the checkpoint in a resumed one.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`].
    pub fn new(path: impl AsRef<Path>, rows: Vec<R>) -> Result<Metrics<R>> {
        let metrics = Metrics { path: path.as_ref().to_path_buf(), rows };
        metrics.write()?;
        Ok(metrics)
    }

    /// Adds a row and writes the file anew.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`]; the file with the earlier rows is whole.
    pub fn push(&mut self, row: R) -> Result<()> {
        self.rows.push(row);
        self.write()
    }

    /// The rows so far, for curves and for a checkpoint.
    pub fn rows(&self) -> &[R] {
        &self.rows
    }

    /// The table as text, as it stands in the file.
    ///
    /// # Errors
    /// [`Error::Content`] when a field of the row is not a number or a text (a list, say).
    pub fn to_csv(&self) -> Result<String> {
        let problem = |e: csv::Error| Error::Content { path: self.path.clone(), problem: e.to_string() };
        let mut exact = csv::Writer::from_writer(Vec::new());
        self.rows.iter().try_for_each(|row| exact.serialize(row)).map_err(problem)?;
        let exact = exact.into_inner().map_err(|e| Error::file("write", &self.path, e.into_error()))?;
        rounded(&exact).map_err(problem)
    }

    fn write(&self) -> Result<()> {
        let text = self.to_csv()?;
        write_atomic(&self.path, |file| file.write_all(text.as_bytes()))
    }
}

/// The rows of a table that [`Metrics::to_csv`] wrote.
///
/// # Errors
/// [`Error::Content`] naming the line that does not fit.
pub fn rows_from_csv<R: DeserializeOwned>(text: &str) -> Result<Vec<R>> {
    let problem = |e: csv::Error| Error::Content { path: "metrics.csv".into(), problem: e.to_string() };
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<std::result::Result<_, _>>()
        .map_err(problem)
}

/// The same table with every fractional number at six significant digits.
fn rounded(table: &[u8]) -> std::result::Result<String, csv::Error> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(table);
    let mut writer = csv::Writer::from_writer(Vec::new());
    for record in reader.records() {
        writer.write_record(record?.iter().map(six_digits))?;
    }
    let bytes = writer.into_inner().map_err(|e| csv::Error::from(e.into_error()))?;
    String::from_utf8(bytes).map_err(|e| csv::Error::from(io::Error::new(io::ErrorKind::InvalidData, e)))
}

fn six_digits(field: &str) -> String {
    match field.parse::<f64>() {
        Ok(x) if x.is_finite() && field.contains(['.', 'e', 'E']) => {
            let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
            if (1e-5..1e15).contains(&rounded.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
        }
        _ => field.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize, Debug, PartialEq, Clone)]
    struct Row {
        epoch: usize,
        note: String,
        train_loss: f64,
        test_accuracy: Option<f64>,
    }

    fn row(epoch: usize, train_loss: f64) -> Row {
        Row { epoch, note: "a, \"b\"".into(), train_loss, test_accuracy: (epoch > 1).then_some(0.986_072) }
    }

    #[test]
    fn a_resumed_table_is_the_same_table() {
        let dir = tempfile::tempdir().unwrap();
        let (whole, stopped) = (dir.path().join("whole.csv"), dir.path().join("stopped.csv"));
        let rows = [row(1, 2.302_591_234), row(2, 1.0 / 3.0), row(3, 1.234_567_89e-9)];

        let mut metrics = Metrics::new(&whole, Vec::new()).unwrap();
        rows.iter().for_each(|row| metrics.push(row.clone()).unwrap());

        let mut first = Metrics::new(&stopped, Vec::new()).unwrap();
        first.push(rows[0].clone()).unwrap();
        let saved = first.to_csv().unwrap();
        first.push(rows[1].clone()).unwrap(); // after the checkpoint: the resumed run makes this row again
        let mut second = Metrics::new(&stopped, rows_from_csv(&saved).unwrap()).unwrap();
        rows[1..].iter().for_each(|row| second.push(row.clone()).unwrap());

        let read = |path| std::fs::read_to_string(path).unwrap();
        assert_eq!(read(&whole), read(&stopped));
        insta::assert_snapshot!(read(&whole), @r#"
        epoch,note,train_loss,test_accuracy
        1,"a, ""b""",2.30259,
        2,"a, ""b""",0.333333,0.986072
        3,"a, ""b""",1.23457e-9,0.986072
        "#);
    }

    #[test]
    fn not_a_number_survives() {
        let dir = tempfile::tempdir().unwrap();
        let mut metrics = Metrics::new(dir.path().join("m.csv"), Vec::new()).unwrap();
        metrics.push(row(1, f64::NAN)).unwrap();
        let rows: Vec<Row> = rows_from_csv(&metrics.to_csv().unwrap()).unwrap();
        assert!(rows[0].train_loss.is_nan());
    }

    #[test]
    fn a_broken_table_names_its_line() {
        let error =
            rows_from_csv::<Row>("epoch,note,train_loss,test_accuracy\n1,x,oops,\n").expect_err("no number");
        assert!(error.to_string().contains("line: 2"), "{error}");
    }
}
