//! The diagrams of chapter 7: how matrices lie in memory, and what is kept near.

use super::canvas::{Anchor, Canvas, Colour};

/// A matrix whose rows are two lines of the cache, walked down a column and along a row.
pub(super) fn walks() -> Canvas {
    let mut c = Canvas::new(700.0, 250.0);
    let (cell, line, rows) = (18.0, 8, 6);
    for (left, words, below, along) in [
        (20.0, "p innermost: down a column of b", "6 numbers, from 6 lines", false),
        (372.0, "j innermost: along a row of b", "16 numbers, from 2 lines", true),
    ] {
        c.text((left + 8.0 * cell, 22.0), words, Colour::Ink, Anchor::Middle);
        for row in 0..rows {
            for column in 0..2 * line {
                let (x, y) = (left + cell * column as f64, 40.0 + 26.0 * row as f64);
                let read = if along { row == 2 } else { column == 5 };
                let fetched = read || !along && column < line;
                let (colour, strength) = match (read, fetched, along) {
                    (true, _, true) => (Colour::Green, 0.65),
                    (true, _, false) => (Colour::Orange, 0.75),
                    (false, true, _) => (Colour::Orange, 0.2),
                    _ => (Colour::Soft, 0.12),
                };
                c.fill(x + 1.0, y + 1.0, cell - 2.0, cell - 2.0, colour, strength);
            }
            for part in 0..2 {
                let (x, y) = (left + cell * (line * part) as f64, 40.0 + 26.0 * row as f64);
                let (right, lower) = (x + cell * line as f64, y + cell);
                c.path(&[(x, y), (right, y), (right, lower), (x, lower), (x, y)], Colour::Soft, 0.8);
            }
        }
        let (x, y) = (left + 5.5 * cell, 40.0 + 9.0);
        match along {
            false => c.arrow((x, y), (x, y + 26.0 * 5.0 + 22.0), Colour::Orange),
            true => c.arrow((left + 4.0, y + 52.0), (left + 16.0 * cell + 14.0, y + 52.0), Colour::Green),
        }
        c.text((left + 8.0 * cell, 226.0), below, Colour::Soft, Anchor::Middle);
    }
    c
}

/// A column of a meets a row of b: a block of sums.
pub(super) fn block() -> Canvas {
    let mut c = Canvas::new(700.0, 260.0);
    let (cell, rows, columns) = (22.0, 6, 16);
    let (left, top) = (210.0, 78.0);
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (left + cell * column as f64, top + cell * row as f64);
            c.fill(x + 1.0, y + 1.0, cell - 2.0, cell - 2.0, Colour::Blue, 0.3);
        }
    }
    for row in 0..rows {
        c.fill(left - 42.0, top + cell * row as f64 + 1.0, cell - 2.0, cell - 2.0, Colour::Orange, 0.6);
    }
    for column in 0..columns {
        c.fill(left + cell * column as f64 + 1.0, top - 42.0, cell - 2.0, cell - 2.0, Colour::Green, 0.6);
    }
    for vector in 0..2 {
        let x = left + cell * 8.0 * vector as f64;
        c.rect(x - 1.0, top - 45.0, cell * 8.0 + 1.0, cell + 4.0, Colour::Green);
        for column in 0..8 {
            c.fill(x + cell * column as f64 + 1.0, top - 42.0, cell - 2.0, cell - 2.0, Colour::Green, 0.6);
        }
    }
    c.text((left - 56.0, top + 62.0), "6 numbers of a,", Colour::Soft, Anchor::End);
    c.text((left - 56.0, top + 80.0), "from one column", Colour::Soft, Anchor::End);
    c.text((left + 176.0, 22.0), "16 numbers of b, from one row: 2 vectors", Colour::Soft, Anchor::Middle);
    let below = top + cell * rows as f64 + 26.0;
    let words = "96 sums in 12 registers: 22 numbers come in, 96 products are added";
    c.text((left + 176.0, below), words, Colour::Soft, Anchor::Middle);
    c
}

/// A matrix in memory as it is, and packed in strips.
pub(super) fn packing() -> Canvas {
    let mut c = Canvas::new(700.0, 292.0);
    let (cell, rows, columns, width) = (34.0, 4, 9, 3);
    let strip_of = |place: usize| [Colour::Orange, Colour::Green, Colour::Blue][place % columns / width];
    let number = |c: &mut Canvas, x: f64, y: f64, size: f64, place: usize| {
        c.fill(x + 1.0, y + 1.0, size - 2.0, cell - 2.0, strip_of(place), 0.28);
        let words = place.to_string();
        c.sized_text((x + size / 2.0, y + cell / 2.0 + 5.0), &words, Colour::Ink, Anchor::Middle, 12.0);
    };
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (197.0 + cell * column as f64, 30.0 + cell * row as f64);
            number(&mut c, x, y, cell, row * columns + column);
        }
    }
    c.text((350.0, 20.0), "b, with its places in memory", Colour::Soft, Anchor::Middle);
    let small = 18.6;
    for (at, place) in (0..columns / width)
        .flat_map(|strip| {
            (0..rows).flat_map(move |row| (0..width).map(move |i| row * columns + strip * width + i))
        })
        .enumerate()
    {
        number(&mut c, 15.0 + small * at as f64, 216.0, small, place);
    }
    c.text((350.0, 206.0), "packed", Colour::Soft, Anchor::Middle);
    c.arrow((19.0, 264.0), (681.0, 264.0), Colour::Soft);
    c.text((350.0, 286.0), "the order in which blocks read", Colour::Soft, Anchor::Middle);
    c
}

/// What lies where: each level of memory is larger, further, and holds a larger part.
pub(super) fn levels() -> Canvas {
    let mut c = Canvas::new(700.0, 292.0);
    let levels = [
        ("registers", "half a kilobyte to two", "a block of sums", Colour::Blue),
        ("first cache", "32 to 64 kB", "a strip of b", Colour::Green),
        ("second cache", "256 kB to 2 MB", "a tile of a", Colour::Orange),
        ("third cache, memory", "megabytes, gigabytes", "a, b and c", Colour::Soft),
    ];
    for (i, (level, size, what, colour)) in levels.into_iter().enumerate() {
        let width = 220.0 + 120.0 * i as f64;
        let (x, y) = (350.0 - width / 2.0, 14.0 + 70.0 * i as f64);
        c.rect(x, y, width, 46.0, colour);
        c.text((350.0, y + 20.0), what, Colour::Ink, Anchor::Middle);
        c.sized_text((350.0, y + 37.0), &format!("{level}: {size}"), Colour::Soft, Anchor::Middle, 12.0);
        if i < 3 {
            c.arrow((350.0, y + 70.0), (350.0, y + 48.0), Colour::Soft);
        }
    }
    c
}
