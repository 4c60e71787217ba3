//! Convolution and its gradients.

mod job;

use super::matmul::{add_parts, matmul};
use super::tile::{Pieces, Tiles};
use super::{OpenClStorage, Source};
use crate::device::{BinaryOp, Conv2dGeometry, ConvKernels, Kernels, ReduceOp};
use crate::shape::{Dims, Layout, Shape};
use job::{Job, Phase};

const CONV: Source =
    Source { name: "conv", text: concat!(include_str!("kernels/tile.cl"), include_str!("kernels/conv.cl")) };

/// The ways of `kernels/conv.cl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the definition, a result at a time.
    Direct,
    /// By the matrix of `im2col`, and a product of matrices.
    Columns,
    /// The same product, by tiles that look up what they need of that matrix.
    Tiles,
}

/// Rows of a result that do not fill a tile.
const FEW_ROWS: usize = 4;
/// A sum of so many products is worth cutting into parts.
const LONG: usize = 1024;
/// Phases of a gradient with a stride, each of which is a launch of its own.
const MOST_PHASES: usize = 4;
/// How many numbers the matrix of `im2col` may have.
const MOST_COLUMNS: usize = 1 << 26;

impl ConvKernels for OpenClStorage {
    fn conv2d(&self, geometry: &Conv2dGeometry, weight: &Self, bias: Option<&Self>) -> Self {
        forward_by(Way::of(self, geometry, &Job::forward(geometry)), geometry, self, weight, bias)
    }

    fn conv2d_grad_input(&self, geometry: &Conv2dGeometry, weight: &Self) -> Self {
        grad_input_by(Way::of(self, geometry, &Job::backward(geometry)), geometry, self, weight)
    }

    fn conv2d_grad_weight(&self, geometry: &Conv2dGeometry, input: &Self) -> Self {
        let way = if geometry.group_outputs() < FEW_ROWS { Way::Direct } else { Way::Tiles };
        grad_weight_by(way, geometry, self, input)
    }
}

impl Way {
    /// The way that suits a convolution, forward or back to the input.
    fn of(source: &OpenClStorage, geometry: &Conv2dGeometry, job: &Job) -> Way {
        let (info, [_, groups, _, rows]) = (&source.runtime.info, job.counts);
        let few_tiles = |phase: &Phase| {
            let size = [rows, job.places(phase)];
            let tiles = Tiles::choose(info, source.dtype, size, 0, groups);
            // a product of matrices could cut its sums into parts
            job.length(phase) >= LONG && 2 * tiles.groups(size) * groups < info.compute_units
        };
        let [images, channels, _, _] = geometry.input_shape();
        let places = geometry.output[0] * geometry.output[1];
        let fits = images * channels * geometry.kernel[0] * geometry.kernel[1] * places <= MOST_COLUMNS;
        let many_phases = job.phases.len() > MOST_PHASES;
        match () {
            _ if fits && (many_phases || job.phases.iter().any(few_tiles)) => Way::Columns,
            _ if rows < FEW_ROWS => Way::Direct,
            _ => Way::Tiles,
        }
    }
}

/// The convolution by a given way.
pub(super) fn forward_by(
    way: Way,
    geometry: &Conv2dGeometry,
    input: &OpenClStorage,
    weight: &OpenClStorage,
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    match way {
        Way::Direct => direct(&Job::forward(geometry), input, weight, bias),
        Way::Tiles => tiles(&Job::forward(geometry), input, weight, bias),
        Way::Columns => {
            let m = Matrices::of(geometry);
            let columns = im2col(geometry, input);
            let out = matmul((weight, &m.weight), (&columns, &m.columns), None);
            let Some(bias) = bias else { return out };
            let filters = [geometry.batch, geometry.out_channels, m.places];
            let for_each_filter =
                Layout { shape: Shape::from(filters), strides: Dims::from_slice(&[0, 1, 0]), offset: 0 };
            out.binary(BinaryOp::Add, &Layout::contiguous(filters), bias, &for_each_filter)
        }
    }
}

/// The gradient of the input by a given way.
pub(super) fn grad_input_by(
    way: Way,
    geometry: &Conv2dGeometry,
    grad: &OpenClStorage,
    weight: &OpenClStorage,
) -> OpenClStorage {
    match way {
        Way::Direct => direct(&Job::backward(geometry), grad, weight, None),
        Way::Tiles => tiles(&Job::backward(geometry), grad, weight, None),
        Way::Columns => {
            let m = Matrices::of(geometry);
            let columns = matmul((weight, &transposed(&m.weight)), (grad, &m.output), None);
            col2im(geometry, &columns)
        }
    }
}

/// The gradient of the weight by a given way.
pub(super) fn grad_weight_by(
    way: Way,
    geometry: &Conv2dGeometry,
    grad: &OpenClStorage,
    input: &OpenClStorage,
) -> OpenClStorage {
    let m = Matrices::of(geometry);
    if geometry.batch * m.places == 0 {
        return grad.zeros(m.weight_numel);
    }
    match way {
        Way::Direct => weight_direct(geometry, grad, input),
        Way::Tiles => weight_tiles(geometry, grad, input),
        Way::Columns => {
            let columns = im2col(geometry, input);
            let of_each_image = matmul((grad, &m.output), (&columns, &transposed(&m.columns)), None);
            let images = Layout::contiguous([geometry.batch, m.weight_numel]);
            of_each_image.reduce(ReduceOp::Sum, &images, &[0])
        }
    }
}

/// Each result by itself.
fn direct(
    job: &Job,
    source: &OpenClStorage,
    weight: &OpenClStorage,
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    let out = source.like(job.numel());
    job.phases.iter().for_each(|phase| direct_phase(job, phase, source, weight, bias, &out));
    out
}

fn direct_phase(
    job: &Job,
    phase: &Phase,
    source: &OpenClStorage,
    weight: &OpenClStorage,
    bias: Option<&OpenClStorage>,
    out: &OpenClStorage,
) {
    let n = job.places(phase) * job.counts[1] * job.counts[3];
    let launch = source.kernel(&CONV, "conv_direct").size(n).size(phase.first_weight());
    let launch = job.give_target(job.give(launch, phase), phase);
    launch.buffer(source).buffer(weight).maybe(bias).buffer(out).over(n);
}

/// Tiles of results.
fn tiles(
    job: &Job,
    source: &OpenClStorage,
    weight: &OpenClStorage,
    bias: Option<&OpenClStorage>,
) -> OpenClStorage {
    let (out, [_, groups, _, rows]) = (source.like(job.numel()), job.counts);
    for phase in &job.phases {
        let (size, length) = ([rows, job.places(phase)], job.length(phase));
        if length == 0 {
            direct_phase(job, phase, source, weight, bias, &out); // pixels that no tap reaches
            continue;
        }
        let tiles = Tiles::choose(&source.runtime.info, source.dtype, size, 0, groups);
        let four = job.in_order(phase) && length.is_multiple_of(4);
        let of_weight = Pieces { width: if four { 4 } else { 1 }, along_k: four };
        let of_source = Pieces { width: if job.is_pointwise(phase) { 4 } else { 1 }, along_k: false };
        let launch = tiles.compile(source.kernel(&CONV, "conv_tiles"), [of_weight, of_source]);
        let launch = launch.size(length).size(phase.first_weight());
        let launch = job.give_target(job.give(launch, phase), phase);
        let launch = launch.buffer(source).buffer(weight).maybe(bias).buffer(&out);
        launch.groups([tiles.groups(size) * groups, 1, 1], [tiles.items(), 1, 1]);
    }
    out
}

/// Each weight's gradient by itself.
fn weight_direct(geometry: &Conv2dGeometry, grad: &OpenClStorage, input: &OpenClStorage) -> OpenClStorage {
    let job = Job::forward(geometry);
    let (phase, out) = (&job.phases[0], grad.like(geometry.weight_shape().iter().product()));
    let group = grad.runtime.group(job.places(phase));
    let launch = job.give(grad.kernel(&CONV, "conv_weight_direct"), phase);
    let launch = launch.buffer(input).buffer(grad).buffer(&out);
    launch.local(group * grad.dtype.size_in_bytes()).groups([out.numel, 1, 1], [group, 1, 1]);
    out
}

/// Tiles of weights' gradients.
fn weight_tiles(geometry: &Conv2dGeometry, grad: &OpenClStorage, input: &OpenClStorage) -> OpenClStorage {
    let (info, job) = (&grad.runtime.info, Job::forward(geometry));
    let (phase, [_, groups, _, rows]) = (&job.phases[0], job.counts);
    let (size, k) = ([rows, job.length(phase)], job.places(phase));
    let tiles = Tiles::choose(info, grad.dtype, size, k, groups);
    let tiles_in_all = tiles.groups(size) * groups;
    let numel = groups * rows * job.length(phase);
    let parts = tiles.parts(info, tiles_in_all, numel, k);
    let four = (geometry.output[0] * geometry.output[1]).is_multiple_of(4);
    let of_grad = Pieces { width: if four { 4 } else { 1 }, along_k: true };
    let of_input = Pieces { width: if job.is_pointwise(phase) { 4 } else { 1 }, along_k: true };
    let out = grad.like(parts.count * numel);
    let launch = tiles.compile(grad.kernel(&CONV, "conv_weight_tiles"), [of_grad, of_input]);
    let launch = job.give(launch.size(parts.length), phase).buffer(input).buffer(grad).buffer(&out);
    launch.groups([tiles_in_all * parts.count, 1, 1], [tiles.items(), 1, 1]);
    match parts.count {
        1 => out,
        count => add_parts(&out, count, 1, None),
    }
}

/// (N, C, H, W) → (N, C · KH · KW, OH · OW): each place's window as a column.
fn im2col(geometry: &Conv2dGeometry, input: &OpenClStorage) -> OpenClStorage {
    let (job, m) = (all_channels(geometry), Matrices::of(geometry));
    let out = input.like(m.columns.numel());
    let launch = job.give(input.kernel(&CONV, "im2col").size(out.numel), &job.phases[0]);
    launch.buffer(input).buffer(&out).over(out.numel);
    out
}

/// The way back: each number added to the pixel that it is a copy of.
fn col2im(geometry: &Conv2dGeometry, columns: &OpenClStorage) -> OpenClStorage {
    let (job, out) = (all_channels(geometry), columns.like(geometry.input_shape().iter().product()));
    let launch = job.give(columns.kernel(&CONV, "col2im").size(out.numel), &job.phases[0]);
    launch.buffer(columns).buffer(&out).over(out.numel);
    out
}

/// A convolution's places and taps, for kernels that do not care about groups.
fn all_channels(geometry: &Conv2dGeometry) -> Job {
    let mut job = Job::forward(geometry);
    job.counts = [geometry.batch, 1, geometry.in_channels, geometry.out_channels];
    job
}

/// The matrices of a convolution, (images, groups, …).
struct Matrices {
    /// (filters, channels · taps), the same for all images
    weight: Layout,
    weight_numel: usize,
    /// (channels · taps, places)
    columns: Layout,
    /// (filters, places)
    output: Layout,
    places: usize,
}

impl Matrices {
    fn of(geometry: &Conv2dGeometry) -> Matrices {
        let (images, groups) = (geometry.batch, geometry.options.groups);
        let length = geometry.group_inputs() * geometry.kernel[0] * geometry.kernel[1];
        let (rows, places) = (geometry.group_outputs(), geometry.output[0] * geometry.output[1]);
        let mut weight = Layout::contiguous([images, groups, rows, length]);
        weight.strides[0] = 0;
        Matrices {
            weight,
            weight_numel: groups * rows * length,
            columns: Layout::contiguous([images, groups, length, places]),
            output: Layout::contiguous([images, groups, rows, places]),
            places,
        }
    }
}

fn transposed(layout: &Layout) -> Layout {
    layout.permute(&[0, 1, 3, 2])
}
