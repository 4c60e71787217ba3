//! Figures with soft edges, drawn into a grid of numbers.

/// A figure, in pixels; the centre of the first pixel is (0.5, 0.5).
#[derive(Clone, Debug)]
pub(in crate::data) enum Figure {
    Disc {
        centre: [f32; 2],
        radius: f32,
    },
    /// Corners in order around it.
    Polygon(Vec<[f32; 2]>),
    /// A thick line with round ends.
    Stick {
        from: [f32; 2],
        to: [f32; 2],
        radius: f32,
    },
}

impl Figure {
    /// A polygon of `corners` equal sides around `centre`, its corners `radius` away, turned by `angle`.
    pub(in crate::data) fn regular(corners: usize, centre: [f32; 2], radius: f32, angle: f32) -> Figure {
        let corner = |index: usize| {
            let (sin, cos) = (angle + std::f32::consts::TAU * index as f32 / corners as f32).sin_cos();
            [centre[0] + radius * cos, centre[1] + radius * sin]
        };
        Figure::Polygon((0..corners).map(corner).collect())
    }

    /// How far a point is from the edge, below 0 inside.
    pub(in crate::data) fn distance(&self, point: [f32; 2]) -> f32 {
        match self {
            Figure::Disc { centre, radius } => length(minus(point, *centre)) - radius,
            Figure::Stick { from, to, radius } => to_segment(point, *from, *to) - radius,
            Figure::Polygon(corners) => {
                let edges = || corners.iter().copied().zip(corners.iter().copied().cycle().skip(1));
                let nearest = edges().map(|(a, b)| to_segment(point, a, b)).fold(f32::INFINITY, f32::min);
                // A ray to the right crosses the edges of a polygon an odd number of times from inside.
                let crossed = |(a, b): &([f32; 2], [f32; 2])| {
                    (a[1] > point[1]) != (b[1] > point[1])
                        && point[0] < a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
                };
                if edges().filter(crossed).count() % 2 == 1 { -nearest } else { nearest }
            }
        }
    }
}

/// Planes of numbers from 0 to 1: (C, H, W).
#[derive(Clone, Debug)]
pub(in crate::data) struct Canvas {
    pub(in crate::data) shape: [usize; 3],
    pub(in crate::data) values: Vec<f32>,
}

impl Canvas {
    /// One colour everywhere.
    pub(in crate::data) fn new(height: usize, width: usize, colour: &[f32]) -> Canvas {
        let values = colour.iter().flat_map(|&value| vec![value; height * width]).collect();
        Canvas { shape: [colour.len(), height, width], values }
    }

    /// Paints a figure; a pixel on its edge takes as much of the colour as lies inside, about.
    pub(in crate::data) fn paint(&mut self, figure: &Figure, colour: &[f32]) {
        let [_, height, width] = self.shape;
        for (pixel, point) in pixels(height, width).enumerate() {
            let covered = (0.5 - figure.distance(point)).clamp(0.0, 1.0);
            for (plane, value) in self.values.chunks_exact_mut(height * width).zip(colour) {
                plane[pixel] += covered * (value - plane[pixel]);
            }
        }
    }

    /// Adds to each number what `noise` gives, and keeps it in 0 to 1.
    pub(in crate::data) fn shake(&mut self, mut noise: impl FnMut() -> f32) {
        self.values.iter_mut().for_each(|value| *value = (*value + noise()).clamp(0.0, 1.0));
    }
}

/// The centre of each pixel, row by row.
pub(in crate::data) fn pixels(height: usize, width: usize) -> impl Iterator<Item = [f32; 2]> {
    (0..height).flat_map(move |y| (0..width).map(move |x| [x as f32 + 0.5, y as f32 + 0.5]))
}

pub(in crate::data) fn minus(a: [f32; 2], b: [f32; 2]) -> [f32; 2] {
    [a[0] - b[0], a[1] - b[1]]
}

pub(in crate::data) fn length([x, y]: [f32; 2]) -> f32 {
    (x * x + y * y).sqrt()
}

/// The distance of a point from the line between two others.
fn to_segment(point: [f32; 2], from: [f32; 2], to: [f32; 2]) -> f32 {
    let (along, toward) = (minus(to, from), minus(point, from));
    let square = along[0] * along[0] + along[1] * along[1];
    let share = if square > 0.0 { (along[0] * toward[0] + along[1] * toward[1]) / square } else { 0.0 };
    let share = share.clamp(0.0, 1.0);
    length([toward[0] - share * along[0], toward[1] - share * along[1]])
}
