//! Normalisation of rows by their own statistics, and its gradients.

use super::batch_norm::ChannelSums;
use super::{Launch, OpenClStorage, Source, source};
use crate::device::{BatchNormShape, RowNorm, RowNormKernels};

const ROW_NORM: Source = source!("row_norm");

impl RowNormKernels for OpenClStorage {
    fn row_norm(&self, norm: &RowNorm, weight: Option<&Self>, bias: Option<&Self>) -> (Self, Self) {
        let (rows, across) = (norm.rows(), self.runtime.across(norm.width()));
        let (out, scales) = (self.like(self.numel), self.like(3 * rows));
        let launch = sizes(self.kernel(&ROW_NORM, "row_norm").size(rows), norm).size(across);
        let launch = launch.int(i32::from(norm.centred)).real(norm.eps);
        let launch = launch.buffer(self).maybe(weight).maybe(bias).buffer(&out).buffer(&scales);
        launch.shared().over_rows(rows, across);
        (out, scales)
    }

    fn row_norm_grad_input(&self, norm: &RowNorm, x: &Self, scales: &Self, weight: Option<&Self>) -> Self {
        let (rows, across) = (norm.rows(), self.runtime.across(norm.width()));
        let out = self.like(self.numel);
        let launch = sizes(self.kernel(&ROW_NORM, "input_grad").size(rows), norm).size(across);
        let launch = launch.int(i32::from(norm.centred)).buffer(self).buffer(x).buffer(scales);
        launch.maybe(weight).buffer(&out).shared().over_rows(rows, across);
        out
    }

    fn row_norm_grad_affine(&self, norm: &RowNorm, x: &Self, scales: &Self) -> [Self; 2] {
        let channels = norm.groups * norm.channels;
        let shape = BatchNormShape { images: norm.images, channels, length: norm.length };
        let sums = ChannelSums::of(self, shape);
        sums.compute(self, channels, |to_weight, to_bias, groups| {
            let launch = self.kernel(&ROW_NORM, "affine_grad_of_parts").size(norm.images * norm.length);
            let launch = sizes(launch, norm).size(sums.part).size(sums.columns);
            let launch = launch.buffer(self).buffer(x).buffer(scales).buffer(to_weight).buffer(to_bias);
            launch.shared().groups([groups, 1, 1], [sums.group, 1, 1]);
        })
    }
}

/// G, C and L.
fn sizes<'a>(launch: Launch<'a>, norm: &RowNorm) -> Launch<'a> {
    launch.size(norm.groups).size(norm.channels).size(norm.length)
}
