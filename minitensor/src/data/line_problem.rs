//! What can be wrong in one line of a table.

use super::folder_problem::NAME_RULE;

/// What is wrong in a line of a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineProblem {
    /// The header lacks a column.
    #[error("there is no column `{name}`: the header names {}", known.join(", "))]
    NoColumn {
        /// The column that is needed.
        name: String,
        /// The columns that are there.
        known: Vec<String>,
    },
    /// The header names a column twice.
    #[error("the column `{0}` is named twice")]
    ColumnTwice(String),
    /// A row has more or fewer fields than the header.
    #[error("{found} fields, but the header has {needed}")]
    FieldCount {
        /// Fields in the header.
        needed: u64,
        /// Fields in the row.
        found: u64,
    },
    /// A field that should be a number is something else.
    #[error("column `{column}`: `{found}` is not a finite number")]
    NotANumber {
        /// The column.
        column: String,
        /// What stands there, cut short where it is long.
        found: String,
    },
    /// A row names a file that its folder does not hold.
    #[error("there is no file `{0}` in the folder")]
    NoFile(String),
    /// A row names a file that an earlier one names too.
    #[error("`{file}` already stands in line {first}")]
    FileTwice {
        /// The file.
        file: String,
        /// The earlier line.
        first: u64,
    },
    /// A row leads out of the folder: `../secret.png`, `/etc/passwd`, a link.
    #[error("`{0}` leads out of the folder")]
    Outside(String),
    /// A label that cannot be the name of a class.
    #[error("the label `{label}` cannot be: {}", NAME_RULE)]
    BadLabel {
        /// The label, cut short where it is long.
        label: String,
    },
    /// A label that is not one of the classes.
    #[error("`{found}` is not a class: choose one of {}", known.join(", "))]
    UnknownClass {
        /// The label.
        found: String,
        /// The classes.
        known: Vec<String>,
    },
    /// A line that is not UTF-8, or cannot be read.
    #[error("{0}")]
    Unreadable(String),
}
