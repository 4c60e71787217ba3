//! Batch norm and its gradients. Sums of channels are made in parts, so that the whole device is busy.

use super::launch::{GROUP, PER_ITEM};
use super::{OpenClStorage, Source, reduce, source};
use crate::device::{Affine, BatchNormKernels, BatchNormShape, ReduceOp};
use crate::shape::Layout;

const BATCH_NORM: Source = source!("batch_norm");

/// How many numbers of a part a work-item adds up.
const PART_PER_ITEM: usize = 16;
/// So many neighbouring work-items should read neighbouring numbers.
const NEIGHBOURS: usize = 32;

impl BatchNormKernels for OpenClStorage {
    fn batch_norm_moments(&self, shape: BatchNormShape) -> [Self; 2] {
        let BatchNormShape { images, channels, length } = shape;
        let numel = images * length;
        if numel == 0 {
            return [self.zeros(channels), self.zeros(channels)];
        }
        let ChannelSums { part, parts, columns, group } = ChannelSums::of(self, shape);
        let (moments, blocks) = (self.like(3 * parts * channels), channels.div_ceil(columns));
        let launch = self.kernel(&BATCH_NORM, "moments_of_parts").size(numel).size(channels).size(length);
        let launch = launch.size(part).size(parts).size(columns).buffer(self).buffer(&moments);
        launch.shared().groups([parts * blocks, 1, 1], [group, 1, 1]);

        let columns = columns_of(group, BatchNormShape { images: parts, channels, length: 1 });
        let (means, variances) = (self.like(channels), self.like(channels));
        let launch = self.kernel(&BATCH_NORM, "moments_of_channels").size(numel).size(channels);
        let launch = launch.size(part).size(parts).size(columns).buffer(&moments);
        let launch = launch.buffer(&means).buffer(&variances).shared();
        launch.groups([channels.div_ceil(columns), 1, 1], [group, 1, 1]);
        [means, variances]
    }

    fn batch_norm(&self, shape: BatchNormShape, affine: &Affine<&Self>) -> Self {
        let BatchNormShape { images, channels, length } = shape;
        let (rows, across, out) = (images * channels, length.div_ceil(PER_ITEM), self.like(self.numel));
        let launch = self.kernel(&BATCH_NORM, "batch_norm").size(rows).size(channels).size(length);
        let launch = launch.size(across).buffer(self).buffer(affine.mean).buffer(affine.inverse_deviation);
        launch.maybe(affine.weight).maybe(affine.bias).buffer(&out).over(rows * across);
        out
    }

    fn batch_norm_grad_affine(&self, shape: BatchNormShape, x: &Self, affine: &Affine<&Self>) -> [Self; 2] {
        let BatchNormShape { images, channels, length } = shape;
        let sums = ChannelSums::of(self, shape);
        sums.compute(self, channels, |to_weight, to_bias, groups| {
            let launch = self.kernel(&BATCH_NORM, "affine_grad_of_parts").size(images * length);
            let launch = launch.size(channels).size(length).size(sums.part).size(sums.columns);
            let launch = launch.buffer(self).buffer(x).buffer(affine.mean).buffer(affine.inverse_deviation);
            launch.buffer(to_weight).buffer(to_bias).shared().groups([groups, 1, 1], [sums.group, 1, 1]);
        })
    }

    fn batch_norm_grad_input(
        &self,
        shape: BatchNormShape,
        x: &Self,
        affine: &Affine<&Self>,
        sums: Option<[&Self; 2]>,
    ) -> Self {
        let BatchNormShape { images, channels, length } = shape;
        let (rows, across, out) = (images * channels, length.div_ceil(PER_ITEM), self.like(self.numel));
        let launch = self.kernel(&BATCH_NORM, "input_grad").size(rows).size(channels).size(length);
        let launch = launch.size(across).size(images * length).buffer(self).buffer(x);
        let launch = launch.buffer(affine.mean).buffer(affine.inverse_deviation).maybe(affine.weight);
        let launch = launch.maybe(sums.map(|sums| sums[0])).maybe(sums.map(|sums| sums[1]));
        launch.buffer(&out).over(rows * across);
        out
    }
}

/// How the sums of channels are shared among work-groups; see `kernels/batch_norm.cl`.
pub(super) struct ChannelSums {
    /// How many numbers of a channel are in a part.
    pub(super) part: usize,
    parts: usize,
    /// How many channels a group has, side by side.
    pub(super) columns: usize,
    /// How many work-items a group has.
    pub(super) group: usize,
}

impl ChannelSums {
    pub(super) fn of(x: &OpenClStorage, shape: BatchNormShape) -> ChannelSums {
        let group = x.runtime.group(GROUP);
        let columns = columns_of(group, shape);
        let part = group / columns * PART_PER_ITEM;
        ChannelSums { part, parts: (shape.images * shape.length).div_ceil(part), columns, group }
    }

    /// Two sums a channel: `start` starts a kernel of so many groups, which writes the sums of the parts, each
    /// (parts, channels).
    pub(super) fn compute(
        &self,
        like: &OpenClStorage,
        channels: usize,
        start: impl FnOnce(&OpenClStorage, &OpenClStorage, usize),
    ) -> [OpenClStorage; 2] {
        let of_parts = [like.like(self.parts * channels), like.like(self.parts * channels)];
        start(&of_parts[0], &of_parts[1], self.parts * channels.div_ceil(self.columns));
        if self.parts == 1 {
            return of_parts;
        }
        let layout = Layout::contiguous([self.parts, channels]);
        of_parts.map(|sums| reduce::reduce(&sums, ReduceOp::Sum, &layout, &[0]))
    }
}

/// How many channels a group sums side by side: several where a channel's numbers lie apart, or are few.
fn columns_of(group: usize, shape: BatchNormShape) -> usize {
    let numel = (shape.images * shape.length).max(1);
    let apart = NEIGHBOURS / shape.length.max(1);
    let spare = group / numel.next_power_of_two();
    apart.max(spare).max(1).next_power_of_two().min(shape.channels.next_power_of_two()).min(group)
}
