//! Attention by tiles, so that the weights of all pairs are never in memory at once.

use super::{Grid, Launch, OpenClStorage, Source, source};
use crate::device::{Attention, AttentionKernels};
use crate::dtype::DType;
use crate::shape::Layout;

const ATTENTION: Source = source!("attention");

/// `ACROSS` of `kernels/attention.cl`: work-items in a line.
const ACROSS: usize = 16;
/// `LINES`, where a group may have so many work-items.
const LINES: usize = 8;
/// From so many rows on, a work-item has eight rows of a tile rather than four.
const MANY_ROWS: usize = 4 * LINES + 1;
/// `WIDTH`: so many columns are added up by one group, the first that is enough, or else the last.
const WIDTHS: [usize; 3] = [32, 64, 128];
/// Up to so many columns, one launch computes the gradients of keys and values.
const WIDEST_TOGETHER: usize = 64;

impl AttentionKernels for OpenClStorage {
    fn attention(&self, attention: &Attention<'_, Self>) -> (Self, Self) {
        let call = Call::new(self, attention);
        let [t, _, _, width] = call.sizes;
        let (output, log_sums) = (self.like(call.count * t * width), self.like(call.count * t));
        let launch = call.launch("attention", t, width).buffer(&output).buffer(&log_sums);
        call.start(launch, t, width);
        (output, log_sums)
    }

    fn attention_grad(
        &self,
        attention: &Attention<'_, Self>,
        output: &Self,
        log_sums: &Self,
        grad: &Self,
    ) -> [Self; 3] {
        let call = Call::new(self, attention);
        let [t, s, e, width] = call.sizes;
        let along = self.like(call.count * t);
        let launch = call.kernel("row_products", t, width).size(along.numel).size(width);
        launch.buffer(output).buffer(grad).buffer(&along).over(along.numel);

        let [dq, dk, dv] = [t * e, s * e, s * width].map(|numel| self.like(call.count * numel));
        let known = [grad, log_sums, &along];
        let launch = call.gradient(t, e, known, [Some(&dq), None]).define("ROWS_ARE_QUERIES", 1);
        call.start(launch, t, e);
        if call.part(e) == call.part(width) && e.max(width) <= WIDEST_TOGETHER {
            call.start(call.gradient(s, e, known, [Some(&dk), Some(&dv)]), s, e.max(width));
        } else {
            call.start(call.gradient(s, e, known, [Some(&dk), None]), s, e);
            call.start(call.gradient(s, width, known, [None, Some(&dv)]), s, width);
        }
        [dq, dk, dv]
    }
}

/// What all kernels of a call are given.
struct Call<'a> {
    q: &'a OpenClStorage,
    attention: &'a Attention<'a, OpenClStorage>,
    /// T, S, E and Ev.
    sizes: [usize; 4],
    /// How many heads there are.
    count: usize,
    heads: Grid,
    mask_heads: Grid,
}

impl<'a> Call<'a> {
    fn new(q: &'a OpenClStorage, attention: &'a Attention<'a, OpenClStorage>) -> Call<'a> {
        let (keys, values) = (attention.keys.1, attention.values.1);
        let [queries, keys_lead, values_lead] = [attention.queries, keys, values].map(lead);
        let mask = attention.mask.map_or_else(|| queries.clone(), |(_, layout)| lead(layout));
        let ([t, e], [s, width]) = (rows_and_columns(attention.queries), rows_and_columns(values));
        Call {
            q,
            attention,
            sizes: [t, s, e, width],
            count: queries.numel(),
            heads: Grid::new([&queries, &keys_lead, &values_lead]),
            mask_heads: Grid::new([&mask]),
        }
    }

    /// A kernel for tiles of a matrix with so many rows, which adds up so many columns.
    fn kernel(&self, name: &'static str, rows: usize, columns: usize) -> Launch<'_> {
        let launch = self.q.kernel(&ATTENTION, name).define("LINES", self.lines());
        let launch = launch.define("FOURS", self.fours(rows)).define("WIDTH", self.part(columns));
        let layouts = [self.attention.queries, self.attention.keys.1, self.attention.values.1];
        match layouts.into_iter().all(in_fours) {
            true => launch.define("VECTORS", 1),
            false => launch,
        }
    }

    /// The same with `HEAD_PARAMETERS`.
    fn launch(&self, name: &'static str, rows: usize, columns: usize) -> Launch<'_> {
        let Attention { queries, keys, values, mask, causal, scale } = self.attention;
        let ([q_down, q_along], [k_down, k_along]) = (steps(queries), steps(keys.1));
        let [v_down, v_along] = steps(values.1);
        let [mask_down, mask_along] = mask.map_or([0; 2], |(_, layout)| steps(layout));
        let (seen, added) = match mask {
            Some((mask, _)) if mask.dtype == DType::U8 => (Some(*mask), None),
            mask => (None, mask.map(|(mask, _)| mask)),
        };
        let launch = self.kernel(name, rows, columns).sizes(self.sizes);
        let launch = launch.grid(&self.heads).grid(&self.mask_heads);
        let launch = launch.sizes([q_down, q_along, k_down, k_along]);
        let launch = launch.sizes([v_down, v_along, mask_down, mask_along]);
        let launch = launch.int(i32::from(*causal)).real(*scale);
        launch.buffer(self.q).buffer(keys.0).buffer(values.0).maybe(seen).maybe(added)
    }

    /// The kernel of the gradients of rows (queries or keys) and of values.
    fn gradient(
        &self,
        rows: usize,
        columns: usize,
        known: [&OpenClStorage; 3],
        [of_rows, of_values]: [Option<&OpenClStorage>; 2],
    ) -> Launch<'_> {
        let launch = self.launch("gradient", rows, columns);
        let launch = known.into_iter().fold(launch, Launch::buffer).maybe(of_rows).maybe(of_values);
        let launch = if of_rows.is_some() { launch.define("OF_ROWS", 1) } else { launch };
        if of_values.is_some() { launch.define("OF_VALUES", 1) } else { launch }
    }

    /// Starts a kernel over all tiles of all heads, and over the parts of the columns that are added up.
    fn start(&self, launch: Launch<'_>, rows: usize, columns: usize) {
        let tiles = rows.div_ceil(4 * self.fours(rows) * self.lines());
        let parts = columns.div_ceil(self.part(columns)).max(1);
        launch.groups([self.count * tiles, parts, 1], [self.lines() * ACROSS, 1, 1]);
    }

    fn lines(&self) -> usize {
        (self.q.runtime.group(LINES * ACROSS) / ACROSS).max(1)
    }

    fn fours(&self, rows: usize) -> usize {
        if rows >= MANY_ROWS && self.q.dtype == DType::F32 { 2 } else { 1 }
    }

    fn part(&self, columns: usize) -> usize {
        WIDTHS.into_iter().find(|&width| columns <= width).unwrap_or(WIDTHS[WIDTHS.len() - 1])
    }
}

/// The leading dimensions, one position for each head.
fn lead(layout: &Layout) -> Layout {
    let heads = layout.shape.len() - 2;
    Layout {
        shape: layout.shape[..heads].into(),
        strides: layout.strides[..heads].into(),
        offset: layout.offset,
    }
}

fn rows_and_columns(layout: &Layout) -> [usize; 2] {
    let rank = layout.shape.len();
    [layout.shape[rank - 2], layout.shape[rank - 1]]
}

/// How far the next row and the next column are.
fn steps(layout: &Layout) -> [usize; 2] {
    let rank = layout.shape.len();
    [layout.strides[rank - 2], layout.strides[rank - 1]]
}

/// Whether each four columns lie together, where a device can load them as one.
fn in_fours(layout: &Layout) -> bool {
    let rank = layout.shape.len();
    let whole = |n: &usize| n.is_multiple_of(4);
    layout.strides[rank - 1] == 1
        && [layout.shape[rank - 1], layout.offset].iter().all(whole)
        && layout.strides[..rank - 1].iter().all(whole)
}
