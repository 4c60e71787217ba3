//! Tables: columns, what is missing, and where a mistake stands.

use std::path::Path;

use crate::data::{DataError, LineProblem, Missing, Table};

fn parse(text: &str) -> Result<Table, DataError> {
    Table::parse(text.as_bytes(), Path::new("t.csv"))
}

#[test]
fn numbers_and_categories() {
    let table = parse("\u{feff}a, b ,town\n1,2.5, Bern\n-3e2,,\"Basel, CH\"\n,7,\n").unwrap();
    assert_eq!((table.len(), table.names()), (3, &["a", "b", "town"].map(str::to_owned)[..]));
    let numbers = table.numbers(&["b", "a"], Missing::Value(-1.0)).unwrap();
    assert_eq!(numbers.dims(), [3, 2]);
    assert_eq!(numbers.to_vec::<f32>(), [2.5, 1.0, -1.0, -300.0, 7.0, -1.0]);
    let means = table.numbers(&["b", "a"], Missing::Mean).unwrap();
    assert_eq!(means.to_vec::<f32>(), [2.5, 1.0, 4.75, -300.0, 7.0, -149.5]);
    let (codes, names) = table.categories("town").unwrap();
    assert_eq!(names, ["", "Basel, CH", "Bern"]);
    assert_eq!(codes.to_vec::<i64>(), [2, 1, 0]);
}

#[test]
fn a_mistake_is_named_by_line_and_column() {
    // The quoted field goes over two lines, so the last row begins in line 4.
    let table = parse("a,b\n1,\"x\ny\"\ninf,2\n").unwrap();
    let error = table.numbers(&["a"], Missing::Mean).unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 4: column `a`: `inf` is not a finite number");
    let error = table.numbers(&["c"], Missing::Mean).unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 1: there is no column `c`: the header names a, b");
    let error = parse("a,b\n1,2\n3\n").unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 3: 1 fields, but the header has 2");
    let error = parse("a,a\n").unwrap_err();
    assert!(
        matches!(error, DataError::Line { line: 1, problem: LineProblem::ColumnTwice(_), .. }),
        "{error}"
    );
    let error = Table::parse(b"a\nx\n\xff\n", Path::new("t.csv")).unwrap_err();
    assert_eq!(error.to_string(), "t.csv, line 3: the line is not UTF-8");
}

#[test]
fn nothing_at_all() {
    let table = parse("").unwrap();
    assert!(table.is_empty() && table.names().is_empty());
    let table = parse("a,b\n").unwrap();
    assert_eq!(table.numbers(&["a", "b"], Missing::Mean).unwrap().dims(), [0, 2]);
    assert_eq!(table.categories("b").unwrap().0.dims(), [0]);
}

#[test]
fn a_long_field_is_shown_cut() {
    let table = parse(&format!("a\n{}\n", "é".repeat(1000))).unwrap();
    let error = table.numbers(&["a"], Missing::Mean).unwrap_err().to_string();
    assert!(error.chars().count() < 100, "{error}");
}
