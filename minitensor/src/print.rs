//! A tensor prints as PyTorch prints it, with its shape and dtype.

use std::fmt;

use crate::dtype::DType;
use crate::tensor::Tensor;

/// Tensors with more elements than this are summarised.
const THRESHOLD: usize = 1000;
/// How many slices of each end a summary shows.
const EDGE: usize = 3;
/// A line is broken at this width.
const LINE_WIDTH: usize = 80;

impl fmt::Display for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const PREFIX: &str = "tensor(";
        let summary = self.numel() > THRESHOLD;
        let shown = if summary { edges(self) } else { self.detach() };
        let format = NumberFormat::new(&shown.to_dtype(DType::F64).to_vec::<f64>(), self.dtype());
        write!(f, "{PREFIX}{}", grid(self, &format, PREFIX.len(), summary))?;
        write!(f, ", shape={:?}, dtype={}", self.shape(), self.dtype())?;
        match self.grad_fn() {
            Some(op) => write!(f, ", grad_fn={op})"),
            None if self.requires_grad() => write!(f, ", requires_grad=true)"),
            None => write!(f, ")"),
        }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Only the slices that a summary shows, since only these decide how numbers are written.
fn edges(tensor: &Tensor) -> Tensor {
    let mut shown = tensor.detach();
    for d in 0..shown.rank() {
        let size = shown.shape()[d];
        if size > 2 * EDGE {
            let (first, last) =
                (shown.narrow(d as isize, 0, EDGE), shown.narrow(d as isize, size - EDGE, EDGE));
            shown = Tensor::cat(&[&first, &last], d as isize);
        }
    }
    shown
}

/// The nested brackets of a tensor, continued lines indented by `indent`.
fn grid(tensor: &Tensor, format: &NumberFormat, indent: usize, summary: bool) -> String {
    match tensor.rank() {
        _ if tensor.numel() == 0 => "[]".into(),
        0 => format.write(tensor.item()).trim_start().to_string(),
        1 => row(tensor, format, indent, summary),
        rank => {
            let size = tensor.shape()[0];
            let slice = |i: usize| grid(&tensor.detach().select(0, i), format, indent + 1, summary);
            let parts: Vec<String> = match summary && size > 2 * EDGE {
                true => {
                    (0..EDGE).map(slice).chain(["...".into()]).chain((size - EDGE..size).map(slice)).collect()
                }
                false => (0..size).map(slice).collect(),
            };
            let separator = format!(",{}{}", "\n".repeat(rank - 1), " ".repeat(indent + 1));
            format!("[{}]", parts.join(&separator))
        }
    }
}

fn row(tensor: &Tensor, format: &NumberFormat, indent: usize, summary: bool) -> String {
    let numbers = tensor.to_dtype(DType::F64).to_vec::<f64>();
    let write = |numbers: &[f64]| numbers.iter().map(|&x| format.write(x)).collect::<Vec<_>>();
    let parts = match summary && numbers.len() > 2 * EDGE {
        true => {
            let mut parts = write(&numbers[..EDGE]);
            parts.push(" ...".into());
            parts.extend(write(&numbers[numbers.len() - EDGE..]));
            parts
        }
        false => write(&numbers),
    };
    let per_line = ((LINE_WIDTH.saturating_sub(indent)) / (format.width + 2)).max(1);
    let lines: Vec<String> = parts.chunks(per_line).map(|line| line.join(", ")).collect();
    format!("[{}]", lines.join(&format!(",\n{}", " ".repeat(indent + 1))))
}

/// One way to write all numbers of a tensor: PyTorch's rules.
struct NumberFormat {
    style: Style,
    width: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Style {
    /// An integer dtype: `7`.
    Integer,
    /// Floats that are all whole: `7.`.
    Whole,
    /// Four digits: `7.1250`.
    Fixed,
    /// Very large, very small, or far apart: `7.1250e+09`.
    Scientific,
}

impl NumberFormat {
    fn new(numbers: &[f64], dtype: DType) -> NumberFormat {
        let finite = || numbers.iter().map(|x| x.abs()).filter(|x| x.is_finite());
        let nonzero = || finite().filter(|&x| x != 0.0);
        let largest = nonzero().fold(0.0, f64::max);
        let smallest = nonzero().fold(f64::INFINITY, f64::min);
        let far_apart = largest / smallest > 1000.0;
        let style = if !dtype.is_float() {
            Style::Integer
        } else if finite().all(|x| x == x.ceil()) {
            if far_apart || largest > 1e8 { Style::Scientific } else { Style::Whole }
        } else if far_apart || largest > 1e8 || smallest < 1e-4 {
            Style::Scientific
        } else {
            Style::Fixed
        };
        let mut format = NumberFormat { style, width: 0 };
        // zeros, NaN and infinities take the room that the others need
        let deciding = numbers.iter().filter(|x| x.is_finite() && **x != 0.0);
        format.width = deciding.map(|&x| format.text(x).len()).max().unwrap_or(1);
        format
    }

    fn write(&self, x: f64) -> String {
        format!("{:>width$}", self.text(x), width = self.width)
    }

    fn text(&self, x: f64) -> String {
        match self.style {
            _ if x.is_nan() => "nan".into(),
            _ if x.is_infinite() => if x > 0.0 { "inf" } else { "-inf" }.into(),
            Style::Integer => format!("{x:.0}"),
            Style::Whole => format!("{x:.0}."),
            Style::Fixed => format!("{x:.4}"),
            Style::Scientific => {
                let text = format!("{x:.4e}");
                let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
                let exponent: i32 = exponent.parse().unwrap_or(0);
                format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
            }
        }
    }
}

/// A count with separators: `272,186`.
pub(crate) fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
