//! Running totals and sorting, row by row.

use super::launch::GROUP;
use super::{Grid, OpenClStorage, Source, source};
use crate::device::{OrderKernels, ScanOp};
use crate::dtype::DType;
use crate::shape::Layout;

const ORDER: Source = source!("order");

/// `EACH` of `kernels/order.cl`: how many neighbouring numbers a work-item adds up.
const EACH: usize = 8;
/// `SLOTS` of `kernels/order.cl`: how many numbers a group sorts in local memory.
const SLOTS: usize = 1024;
/// Bytes of a total, whatever it is kept in.
const TOTAL: usize = 8;

impl OrderKernels for OpenClStorage {
    fn scan(&self, op: ScanOp, layout: &Layout, reverse: bool) -> Self {
        let (rows, width) = rows(layout);
        let out = self.like(rows * width);
        if out.numel == 0 {
            return out;
        }
        let (group, lanes) = (self.runtime.group(GROUP), self.runtime.group(width.div_ceil(EACH)));
        let (chunks, grid) = (width.div_ceil(lanes * EACH), Grid::new([layout]));
        let scan = |starts: Option<&Self>, totals: Option<&Self>, out: Option<&Self>| {
            let launch = self.kernel(&ORDER, "scan").define("PRODUCT", i32::from(op == ScanOp::Prod));
            let launch = launch.size(rows).size(width).size(lanes).int(i32::from(reverse)).grid(&grid);
            let launch = launch.buffer(self).maybe(starts).maybe(totals).maybe(out);
            let launch = launch.local(group * (EACH + 1) * TOTAL).local(group * TOTAL);
            launch.groups([(rows * chunks).div_ceil(group / lanes), 1, 1], [group, 1, 1]);
        };
        let starts = (chunks > 1).then(|| {
            let totals = self.totals(rows * chunks);
            scan(None, Some(&totals), None);
            let group = self.runtime.group(chunks);
            let launch = self.kernel(&ORDER, "chain").define("PRODUCT", i32::from(op == ScanOp::Prod));
            let launch = launch.size(chunks).buffer(&totals).local(group * TOTAL);
            launch.groups([rows, 1, 1], [group, 1, 1]);
            totals
        });
        scan(starts.as_ref(), None, Some(&out));
        out
    }

    fn argsort(&self, layout: &Layout, descending: bool) -> Self {
        let ((rows, width), n) = (rows(layout), layout.numel());
        let mut order = self.result(n, DType::I64);
        if n == 0 {
            return order;
        }
        let tile = width.next_power_of_two().min(SLOTS);
        let (tiles, grid) = (width.div_ceil(tile), Grid::new([layout]));
        // a key has as many bytes as an element
        let mut keys = (tiles > 1).then(|| self.like(n));
        let launch = self.kernel(&ORDER, "sort_tiles").size(rows).size(width).size(tile);
        let launch = launch.int(i32::from(descending)).grid(&grid).buffer(self);
        let launch = launch.maybe(keys.as_ref()).buffer(&order);
        let groups = (rows * tiles).div_ceil(SLOTS / tile);
        launch.groups([groups, 1, 1], [self.runtime.group(GROUP), 1, 1]);

        let mut run = tile;
        while let (true, Some(known)) = (run < width, &keys) {
            let (merged_keys, merged) = (self.like(n), self.result(n, DType::I64));
            let launch = self.kernel(&ORDER, "merge").size(n).size(width).size(run);
            launch.buffer(known).buffer(&order).buffer(&merged_keys).buffer(&merged).over(n);
            (keys, order, run) = (Some(merged_keys), merged, 2 * run);
        }
        order
    }
}

impl OpenClStorage {
    /// Room for `n` totals of a scan of these numbers; see `A` in `kernels/order.cl`.
    fn totals(&self, n: usize) -> OpenClStorage {
        match self.dtype {
            DType::I64 => self.result(n, DType::I64),
            _ if self.runtime.info.has_f64 => self.result(n, DType::F64),
            _ => self.result(2 * n, DType::F32),
        }
    }
}

/// How many rows there are, and how many numbers each has.
fn rows(layout: &Layout) -> (usize, usize) {
    let (lead, width) = layout.shape.split_at(layout.shape.len().saturating_sub(1));
    (lead.iter().product(), width.iter().product())
}
