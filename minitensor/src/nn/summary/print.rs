//! The table as text.

use std::fmt;

use crate::print::count;
use crate::shape::Shape;

use super::{Layer, Summary};

const HEADERS: [&str; 5] = ["layer", "type", "output", "parameters", "multiply-adds"];
/// With these, a line has at most 100 columns.
const WIDEST: [usize; 3] = [30, 20, 20];

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 5]> = self.layers.iter().map(cells).collect();
        let total = ["total", "", "", &count(self.parameters()), &grouped(self.multiply_adds())];
        let total = total.map(str::to_string);
        let mut widths = HEADERS.map(str::len);
        for row in rows.iter().chain([&total]) {
            widths.iter_mut().zip(row).for_each(|(width, cell)| *width = cell.chars().count().max(*width));
        }
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1));
        writeln!(f, "{}\n{rule}", line(&HEADERS.map(str::to_string), &widths))?;
        rows.iter().try_for_each(|row| writeln!(f, "{}", line(row, &widths)))?;
        writeln!(f, "{rule}\n{}", line(&total, &widths))?;
        match self.layers.iter().map(|layer| layer.frozen).sum() {
            0 => Ok(()),
            frozen => writeln!(f, "{} of the parameters are frozen", count(frozen)),
        }
    }
}

fn cells(layer: &Layer) -> [String; 5] {
    let number = |n: u64| if n == 0 { String::new() } else { grouped(n) };
    // the end of a path says more than its beginning, the beginning of a type more than its end
    let name: String = tail(&layer.name, WIDEST[0]);
    let output = layer.output.as_ref().map_or_else(|| "unused".to_string(), written);
    let parameters = number(layer.parameters as u64);
    [name, head(&layer.kind, WIDEST[1]), head(&output, WIDEST[2]), parameters, number(layer.multiply_adds)]
}

fn written(shape: &Shape) -> String {
    format!("{:?}", &shape[..])
}

fn grouped(n: u64) -> String {
    count(n as usize)
}

fn head(text: &str, width: usize) -> String {
    match text.chars().count() > width {
        true => text.chars().take(width - 1).chain(['…']).collect(),
        false => text.to_string(),
    }
}

fn tail(text: &str, width: usize) -> String {
    match text.chars().count().checked_sub(width) {
        Some(over @ 1..) => ['…'].into_iter().chain(text.chars().skip(over + 1)).collect(),
        _ => text.to_string(),
    }
}

/// Words to the left, numbers to the right.
fn line(cells: &[String; 5], widths: &[usize; 5]) -> String {
    let [a, b, c, d, e] = cells;
    let [w1, w2, w3, w4, w5] = widths;
    format!("{a:<w1$}  {b:<w2$}  {c:<w3$}  {d:>w4$}  {e:>w5$}").trim_end().to_string()
}
