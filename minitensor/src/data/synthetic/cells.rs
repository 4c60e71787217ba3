//! Cells under a microscope that touch each other: the task that U-Net was made for (Ronneberger et al. 2015,
//! <https://arxiv.org/abs/1505.04597>).

use std::f32::consts::TAU;

use rand::Rng;
use rand::rngs::ChaCha8Rng;

use super::canvas::{length, minus, pixels};
use super::{Kind, between, normal, source};
use crate::Tensor;
use crate::data::{Collate, Dataset};

/// Pictures of touching cells, `size` x `size`.
#[derive(Debug, Clone)]
pub struct Cells {
    count: usize,
    size: usize,
    seed: u64,
}

/// A picture of cells, or a batch of them, with all that can be learned from it.
#[derive(Debug, Clone)]
pub struct CellPicture {
    /// The picture, (1, S, S) in `F32`, 0 to 1.
    pub image: Tensor,
    /// 1 where there is a cell, (S, S) in `I64`. Between two cells that touch runs a line of 0.
    pub mask: Tensor,
    /// Which cell it is, from 1, or 0 for none, (S, S) in `I64`.
    pub instances: Tensor,
    /// How much each pixel should count in the loss, (S, S) in `F32`: [`border_weights`].
    pub weights: Tensor,
}

impl Cells {
    /// `count` pictures of `size` x `size` pixels, the cells about a tenth of that in radius.
    ///
    /// # Panics
    /// If `size` is below 16.
    #[track_caller]
    pub fn new(count: usize, size: usize, seed: u64) -> Cells {
        assert!(size >= 16, "Cells: the size must be 16 or more, not {size}");
        Cells { count, size, seed }
    }
}

impl Dataset for Cells {
    type Item = CellPicture;

    fn len(&self) -> usize {
        self.count
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> CellPicture {
        let mut rng = source(Kind::Cells, self.seed, index);
        let size = self.size;
        let cells = colony(size as f32, &mut rng);
        let (mut owners, mut depths) = (Vec::new(), Vec::new());
        for point in pixels(size, size) {
            let depth = |(cell, place): (&Cell, i64)| (cell.depth(point), place);
            let (depth, owner) =
                cells.iter().zip(1..).map(depth).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((-1.0, 0));
            owners.push(if depth > 0.0 { owner } else { 0 });
            depths.push(depth);
        }
        let instances = parted(&owners, size);
        let shade = |(&depth, &instance): (&f32, &i64)| {
            // A dark membrane around a lighter inside, on a ground in between.
            let inside = (depth + 0.5).clamp(0.0, 1.0);
            let membrane = (1.0 - (depth - 1.0).abs() / 1.5).clamp(0.0, 1.0);
            let line = if instance == 0 && depth > 0.0 { 0.5 } else { 0.0 };
            0.5 + 0.2 * inside - 0.45 * membrane.max(line) + 0.04 * normal(&mut rng)
        };
        let image = depths.iter().zip(&instances).map(shade).map(|value| value.clamp(0.0, 1.0)).collect();
        let instances = Tensor::from_vec(instances, [size, size]);
        let is_cell = instances.to_vec::<i64>().iter().map(|&cell| i64::from(cell > 0)).collect();
        CellPicture {
            image: Tensor::from_vec(image, [1, size, size]),
            mask: Tensor::from_vec(is_cell, [size, size]),
            weights: border_weights(&instances, 10.0, 5.0),
            instances,
        }
    }
}

/// Pictures become a batch, (B, ...) each.
impl Collate for CellPicture {
    type Batch = CellPicture;

    fn collate(items: Vec<CellPicture>) -> CellPicture {
        let stack =
            |part: fn(&CellPicture) -> &Tensor| Tensor::stack(&items.iter().map(part).collect::<Vec<_>>(), 0);
        CellPicture {
            image: stack(|item| &item.image),
            mask: stack(|item| &item.mask),
            instances: stack(|item| &item.instances),
            weights: stack(|item| &item.weights),
        }
    }
}

/// Eq. 2 of the paper: w(x) = w_c(x) + w0 exp(-(d1(x) + d2(x))² / (2 sigma²)), with d1 and d2 the distances to the nearest
/// and to the second nearest cell, so that the narrow ground between two cells counts most. The second term is for the
/// ground only; w_c gives cells and ground the same weight in sum, 1 on average. `instances` is (H, W) in `I64`, 0 for
/// ground; the weights are (H, W) in `F32`.
///
/// # Panics
/// If `instances` is not (H, W) in `I64`, or `sigma` is not above 0.
#[track_caller]
pub fn border_weights(instances: &Tensor, w0: f32, sigma: f32) -> Tensor {
    assert!(sigma > 0.0, "border_weights: sigma must be above 0, not {sigma}");
    let [height, width] = instances.dims();
    let owners = instances.to_vec::<i64>();
    let cells = owners.iter().copied().max().unwrap_or(0).max(0) as usize;
    let edges = edges(&owners, width);
    let covered = owners.iter().filter(|&&owner| owner > 0).count();
    let share = |count: usize| owners.len() as f32 / (2.0 * count.max(1) as f32);
    let weight = |(point, &owner): ([f32; 2], &i64)| {
        if owner > 0 {
            return share(covered);
        }
        let mut nearest = vec![f32::INFINITY; cells.max(2)];
        for &(cell, edge) in &edges {
            nearest[cell - 1] = nearest[cell - 1].min(length(minus(point, edge)));
        }
        nearest.sort_by(f32::total_cmp);
        let sum = nearest[0] + nearest[1];
        share(owners.len() - covered) + w0 * (-sum * sum / (2.0 * sigma * sigma)).exp()
    };
    Tensor::from_vec(pixels(height, width).zip(&owners).map(weight).collect(), [height, width])
}

/// A round body with a wavy edge.
struct Cell {
    centre: [f32; 2],
    radius: f32,
    waves: [[f32; 2]; 2],
}

impl Cell {
    /// How deep inside the edge a point is, in pixels, below 0 outside.
    fn depth(&self, point: [f32; 2]) -> f32 {
        let from_centre = minus(point, self.centre);
        let angle = from_centre[1].atan2(from_centre[0]);
        let wave = |(count, [height, phase]): (f32, [f32; 2])| height * (count * angle + phase).cos();
        let waves: f32 = [2.0, 3.0].into_iter().zip(self.waves).map(wave).sum();
        self.radius * (1.0 + waves) - length(from_centre)
    }
}

/// Cells of which each after the first touches one before it.
fn colony(size: f32, rng: &mut impl Rng) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for attempt in 0..60 {
        let radius = size * between(0.09, 0.15, rng);
        let centre = match cells.get(attempt % cells.len().max(1)) {
            None => [between(0.3, 0.7, rng) * size, between(0.3, 0.7, rng) * size],
            Some(other) => {
                let (sin, cos) = between(0.0, TAU, rng).sin_cos();
                let away = 0.95 * (other.radius + radius);
                [other.centre[0] + away * cos, other.centre[1] + away * sin]
            }
        };
        let waves = [2, 3].map(|_| [between(0.0, 0.1, rng), between(0.0, TAU, rng)]);
        let inside = centre.iter().all(|&x| x > 0.0 && x < size);
        let free = |other: &Cell| length(minus(centre, other.centre)) > 0.9 * (radius + other.radius);
        if inside && cells.iter().all(free) {
            cells.push(Cell { centre, radius, waves });
        }
    }
    cells
}

/// Makes ground of each pixel that has a cell of a lower number to a side or a corner.
fn parted(owners: &[i64], width: usize) -> Vec<i64> {
    let keep = |(pixel, &owner): (usize, &i64)| {
        let meets =
            neighbours(pixel, width, owners.len()).any(|next| owners[next] > 0 && owners[next] < owner);
        if meets { 0 } else { owner }
    };
    owners.iter().enumerate().map(keep).collect()
}

/// The pixels of each cell that have something else beside them: (cell, place).
fn edges(owners: &[i64], width: usize) -> Vec<(usize, [f32; 2])> {
    let place = |pixel: usize| [(pixel % width) as f32 + 0.5, (pixel / width) as f32 + 0.5];
    let is_edge = |&pixel: &usize| {
        owners[pixel] > 0 && neighbours(pixel, width, owners.len()).any(|next| owners[next] != owners[pixel])
    };
    (0..owners.len()).filter(is_edge).map(|pixel| (owners[pixel] as usize, place(pixel))).collect()
}

/// The up to eight pixels around one.
fn neighbours(pixel: usize, width: usize, count: usize) -> impl Iterator<Item = usize> {
    let (x, y, height) = (pixel % width, pixel / width, count / width);
    let around = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
    around(y, height)
        .flat_map(move |row| around(x, width).map(move |column| row * width + column))
        .filter(move |&next| next != pixel)
}
