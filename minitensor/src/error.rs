//! What can go wrong, said so that the reader learns what was given, what was needed and what to try.
//!
//! Misuse of an op (a wrong shape, a wrong dtype) is a mistake in the program: the rule that finds it returns an
//! [`Error`], and the op turns it into a panic that points at the caller's line. What comes from the outside world (a
//! file, a device, a command line) is returned as a `Result`.

use crate::dtype::DType;

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Shapes that do not fit the operation.
    #[error("{op}: {message}")]
    Shape {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// The shapes given, what was needed, and the likely fix.
        message: String,
    },
    /// A dtype that the operation does not take, or two that differ.
    #[error("{op}: {message}")]
    DType {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// The dtypes given, what was needed, and the likely fix.
        message: String,
    },
    /// Operands on two devices.
    #[error("{op}: {message}")]
    Operands {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// Which devices, and how to bring the operands together.
        message: String,
    },
    /// A number that the operation does not take.
    #[error("{op}: {message}")]
    Argument {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// What was given, and what it may be.
        message: String,
    },
    /// An index or a label outside its range.
    #[error("{op}: index {index} is out of range for {what} of size {size}")]
    Index {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// What is indexed, for example `dimension 1` or `10 classes`.
        what: String,
        /// The index that was asked for.
        index: i64,
        /// How many there are.
        size: usize,
    },
    /// A label that is not a class.
    #[error("{op}: the label of row {row} is {label}, but there are {classes} classes, numbered from 0")]
    Label {
        /// The operation, by the name it is called with.
        op: &'static str,
        /// The row it belongs to.
        row: usize,
        /// The label.
        label: i64,
        /// How many classes there are.
        classes: usize,
    },
    /// A device that is not there or that failed.
    #[error("device {device}: {message}")]
    Device {
        /// The device, for example `opencl:0`.
        device: String,
        /// What happened and what to do.
        message: String,
    },
}

/// A result whose error is a broken rule.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A broken rule about shapes.
    pub fn shape(op: &'static str, message: impl Into<String>) -> Error {
        Error::Shape { op, message: message.into() }
    }

    /// A broken rule about dtypes.
    pub fn dtype(op: &'static str, message: impl Into<String>) -> Error {
        Error::DType { op, message: message.into() }
    }

    /// A broken rule about a number.
    pub fn argument(op: &'static str, message: impl Into<String>) -> Error {
        Error::Argument { op, message: message.into() }
    }

    /// Two dtypes where one was needed.
    pub fn dtypes_differ(op: &'static str, a: DType, b: DType) -> Error {
        Error::dtype(op, format!("dtypes {a} and {b} differ; convert one with `to_dtype`"))
    }
}

/// Turns a broken rule into a panic at the caller's line.
pub(crate) trait OrPanic<T> {
    /// The value, or a panic whose message is the error's.
    #[track_caller]
    fn or_panic(self) -> T;
}

impl<T> OrPanic<T> for Result<T> {
    #[track_caller]
    fn or_panic(self) -> T {
        match self {
            Ok(value) => value,
            Err(error) => panic!("{error}"),
        }
    }
}
