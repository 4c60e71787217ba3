//! Sets that are made up, against the formulas they are made from.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::Tensor;
use crate::data::synthetic::{
    Cells, ManyTasks, Mixture, OUTCOMES, PictureAndTable, Shapes, StickFigures, Volumes, batter_pitcher,
    blobs, border_weights, checkerboard, communities, heatmaps, moons, peaks, reviews, rings, sine, spirals,
    swiss_roll, xor,
};
use crate::data::{Collate, DataLoader, Dataset};

fn get<D: Dataset>(set: &D, index: usize) -> D::Item {
    set.get(index, &mut ChaCha8Rng::seed_from_u64(0))
}

fn points(tensor: &Tensor) -> Vec<[f32; 2]> {
    tensor.to_vec::<f32>().chunks_exact(2).map(|xy| [xy[0], xy[1]]).collect()
}

#[test]
fn points_lie_on_their_curves() {
    let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-5, "{a} is not {b}");
    let (moon, labels) = moons(101, 0.0, 1);
    for (class, [x, y]) in labels.to_vec::<i64>().into_iter().zip(points(&moon)) {
        let [x, y] = if class == 0 { [x, y] } else { [1.0 - x, 0.5 - y] };
        near(x * x + y * y, 1.0);
        assert!(y > -1e-6);
    }
    let (ring, labels) = rings(90, 3, 0.0, 1);
    for (class, [x, y]) in labels.to_vec::<i64>().into_iter().zip(points(&ring)) {
        near(x.hypot(y), class as f32 + 1.0);
    }
    let (spiral, labels) = spirals(90, 3, 1.5, 0.0, 1);
    for (class, [x, y]) in labels.to_vec::<i64>().into_iter().zip(points(&spiral)) {
        let angle = std::f32::consts::TAU * (1.5 * x.hypot(y) + class as f32 / 3.0);
        near(x * angle.sin() - y * angle.cos(), 0.0);
    }
    let (corner, labels) = xor(50, 0.0, 1);
    for (class, [x, y]) in labels.to_vec::<i64>().into_iter().zip(points(&corner)) {
        near(x * y, if class == 0 { 1.0 } else { -1.0 });
    }
    for [x, y] in points(&swiss_roll(200, 0.0, 1)) {
        let t = 10.0 * x.hypot(y);
        near(x, t * t.cos() / 10.0);
        assert!((4.7..14.2).contains(&t));
    }
    let board = points(&checkerboard(800, 1));
    assert!(board.iter().all(|[x, y]| ((x + 2.0) as i32 + (y + 2.0) as i32) % 2 == 0));
    assert!(board.iter().flatten().all(|x| (-2.0..2.0).contains(x)));
}

/// Deviations of blobs and of the curve are those that were asked for.
#[test]
fn noise_is_as_large_as_asked() {
    let (points, _) = blobs(20_000, 1, 0.5, 3);
    let deviation = |values: &[f32]| {
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        (values.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt()
    };
    let x: Vec<f32> = points.to_vec::<f32>().into_iter().step_by(2).collect();
    assert!((deviation(&x) - 0.5).abs() < 0.01);

    let (x, y) = sine(10_000, 0.1, 3);
    let rest: Vec<f32> = x.to_vec::<f32>().iter().zip(y.to_vec::<f32>()).map(|(x, y)| y - x.sin()).collect();
    assert!((deviation(&rest) - 0.1).abs() < 0.003);
    let end = 3.0 * std::f32::consts::PI;
    assert_eq!((x.to_vec::<f32>()[0], x.to_vec::<f32>()[9999]), (-end, end));
}

#[test]
fn the_seed_decides() {
    assert_eq!(moons(9, 0.1, 4).0.to_vec::<f32>(), moons(9, 0.1, 4).0.to_vec::<f32>());
    assert_ne!(moons(9, 0.1, 4).0.to_vec::<f32>(), moons(9, 0.1, 5).0.to_vec::<f32>());
    assert_eq!(reviews(5, 1), reviews(5, 1));
}

#[test]
fn a_mixture_knows_itself() {
    let mixture = Mixture::new(&[(1.0, -2.0, 0.5), (3.0, 1.0, 0.8)]);
    // The trapezium rule over all that matters.
    let step = 1e-3;
    let grid = || (-12_000..12_000).map(|i| f64::from(i) * step);
    for mixture in [mixture.clone(), mixture.noised(0.3), mixture.noised(0.0)] {
        let area: f64 = grid().map(|x| mixture.density(x) * step).sum();
        assert!((area - 1.0).abs() < 1e-9, "{area}");
        for x in [-3.0, -2.0, -0.7, 0.0, 1.3, 4.0] {
            let h = 1e-5;
            let slope = (mixture.log_density(x + h) - mixture.log_density(x - h)) / (2.0 * h);
            assert!((mixture.score(x) - slope).abs() < 1e-6, "{} {slope}", mixture.score(x));
        }
    }
    assert!(mixture.score(-500.0).is_finite(), "where the density itself is 0 in f64");
    assert!((mixture.noised(0.0).density(0.0) - std::f64::consts::TAU.sqrt().recip()).abs() < 1e-12);

    // Mean w·μ = 0.25; share below -0.5 by the density.
    let drawn = mixture.sample(40_000, 1).to_vec::<f32>();
    let mean = drawn.iter().map(|&x| f64::from(x)).sum::<f64>() / 40_000.0;
    assert!((mean - 0.25).abs() < 0.03, "{mean}");
    let below = drawn.iter().filter(|&&x| x < -0.5).count() as f64 / 40_000.0;
    let expected: f64 = grid().filter(|&x| x < -0.5).map(|x| mixture.density(x) * step).sum();
    assert!((below - expected).abs() < 0.01, "{below} {expected}");
}

/// The brightness of a painted figure sums to its area, and its mask has about as many pixels.
#[test]
fn figures_have_the_area_of_the_formula() {
    use crate::data::synthetic::canvas::{Canvas, Figure, pixels};
    let triangle = Figure::regular(3, [32.0, 31.0], 20.0, 0.7);
    let square = Figure::regular(4, [30.3, 33.1], 20.0, 0.2);
    let stick = Figure::Stick { from: [10.0, 12.0], to: [40.0, 52.0], radius: 4.0 };
    let disc = Figure::Disc { centre: [31.2, 30.7], radius: 20.0 };
    let pi = std::f32::consts::PI;
    for (figure, area) in [
        (disc, pi * 400.0),
        (triangle, 0.75 * 3f32.sqrt() * 400.0),
        (square, 800.0),
        (stick, 2.0 * 4.0 * 50.0 + pi * 16.0),
    ] {
        let mut canvas = Canvas::new(64, 64, &[0.0]);
        canvas.paint(&figure, &[1.0]);
        let painted: f32 = canvas.values.iter().sum();
        assert!((painted - area).abs() < 0.01 * area, "{figure:?}: {painted}, {area}");
        let inside = pixels(64, 64).filter(|&point| figure.distance(point) < 0.0).count() as f32;
        assert!((inside - area).abs() < 0.02 * area, "{figure:?}: {inside}, {area}");
    }
}

#[test]
fn pictures_are_a_function_of_seed_and_index() {
    fn check<D: Dataset + 'static>(set: fn(u64) -> D, image: fn(&<D::Item as Collate>::Batch) -> Vec<f32>) {
        let all = |seed, workers| -> Vec<Vec<f32>> {
            DataLoader::new(set(seed), 2).workers(workers).epoch(0).map(|batch| image(&batch)).collect()
        };
        let alone = all(1, 0);
        assert!(alone.iter().flatten().all(|x| x.is_finite()));
        assert!(alone[0] != alone[1] && alone != all(2, 0));
        for workers in [1, 3] {
            assert_eq!(all(1, workers), alone);
        }
    }
    check(|seed| Shapes::new(6, 3, 24, seed), |(images, _)| images.to_vec());
    check(|seed| Cells::new(6, 32, seed), |batch| batch.image.to_vec());
    check(|seed| StickFigures::new(6, 32, seed), |(images, _)| images.to_vec());
    check(|seed| Volumes::new(6, 8, seed), |(volumes, _)| volumes.to_vec());
    check(|seed| ManyTasks::new(6, 16, seed), |(images, _, _)| images.to_vec());
    check(|seed| PictureAndTable::new(6, 16, 0.3, seed), |(images, _, _)| images.to_vec());
}

#[test]
fn cells_that_touch_are_parted_by_a_line() {
    for index in 0..8 {
        let cells = get(&Cells::new(8, 64, 3), index);
        let owners = cells.instances.to_vec::<i64>();
        assert!(owners.iter().max() >= Some(&4), "cells in the picture");
        for y in 0..63 {
            for x in 0..63 {
                let here = [0, 1, 64, 65].map(|step| owners[y * 64 + x + step]);
                let mut seen: Vec<i64> = here.into_iter().filter(|&owner| owner > 0).collect();
                seen.dedup();
                seen.sort_unstable();
                seen.dedup();
                assert!(seen.len() <= 1, "two cells meet at {x}, {y}");
            }
        }
        let mask = cells.mask.to_vec::<i64>();
        assert!(mask.iter().zip(&owners).all(|(&cell, &owner)| cell == i64::from(owner > 0)));
    }
}

/// Two cells of one pixel each, in columns 0 and 4 of one row: the ground between them has d1 + d2 = 4.
#[test]
fn border_weights_follow_equation_2() {
    let instances = Tensor::from_vec(vec![1i64, 0, 0, 0, 2], [1, 5]);
    let weights = border_weights(&instances, 10.0, 2.0).to_vec::<f32>();
    let (cell, ground) = (5.0 / 4.0, 5.0 / 6.0);
    let between = ground + 10.0 * (-16.0f32 / 8.0).exp();
    for (weight, expected) in weights.iter().zip([cell, between, between, between, cell]) {
        assert!((weight - expected).abs() < 1e-5, "{weights:?}");
    }
    let one = Tensor::from_vec(vec![1i64, 0], [1, 2]);
    assert_eq!(border_weights(&one, 10.0, 2.0).to_vec::<f32>(), [1.0, 1.0], "no second cell, no border");
}

#[test]
fn joints_are_in_the_picture_and_come_back_from_their_maps() {
    let set = StickFigures::new(100, 48, 1);
    for index in 0..100 {
        let (image, joints) = get(&set, index);
        let places = points(&joints);
        assert!(places.iter().flatten().all(|x| (0.0..48.0).contains(x)), "{index}: {places:?}");
        let image = image.to_vec::<f32>();
        for [x, y] in &places {
            assert!(image[*y as usize * 48 + *x as usize] > 0.4, "{index}: a joint is drawn");
        }
        for (place, peak) in places.iter().zip(points(&peaks(&heatmaps(&joints, [48, 48], 1.5)))) {
            assert!(place.iter().zip(peak).all(|(a, b)| (a - b).abs() <= 0.5 + 1e-4), "{place:?} {peak:?}");
        }
    }
}

#[test]
fn masks_volumes_and_targets_mean_what_they_say() {
    let (image, classes) = get(&Shapes::new(9, 3, 32, 1), 2);
    assert_eq!((image.dims(), classes.dims()), ([3, 32, 32], [32, 32]));
    let (volume, classes) = get(&Volumes::new(2, 16, 1), 0);
    for (value, class) in volume.to_vec::<f32>().into_iter().zip(classes.to_vec::<i64>()) {
        assert!(class > 0 || value < 0.8, "the ground is dark");
        assert!(class == 0 || value > 0.25, "bodies are bright");
    }
    let (image, _, centre) = get(&ManyTasks::new(9, 32, 1), 3);
    // The mean place of what is brighter than the ground is the centre.
    let image = image.to_vec::<f32>();
    let (mut sum, mut at) = (0.0, [0.0, 0.0]);
    for (pixel, value) in image.iter().enumerate().filter(|(_, value)| **value > 0.4) {
        sum += value;
        at = [at[0] + value * (pixel % 32) as f32, at[1] + value * (pixel / 32) as f32];
    }
    for (at, centre) in at.iter().zip(centre.to_vec::<f32>()) {
        assert!(((at / sum + 0.5) / 16.0 - 1.0 - centre).abs() < 0.05);
    }
}

#[test]
fn the_share_says_how_much_a_picture_matters() {
    for (share, of_table) in [(0.0, 1.0), (1.0, 0.0)] {
        let set = PictureAndTable::new(500, 8, share, 1);
        let (mut matches, mut square) = (0.0, 0.0);
        for index in 0..500 {
            let (_, row, target) = get(&set, index);
            let (row, target) = (row.to_vec::<f32>(), target.to_vec::<f32>()[0]);
            matches += target * (row[0] - row[1]) / 2f32.sqrt() / 500.0;
            square += target * target / 500.0;
        }
        assert!((square - 1.0).abs() < 0.2 && (matches - of_table).abs() < 0.2, "{matches} {square}");
    }
}

#[test]
fn rows_of_players() {
    let rows = batter_pitcher(128, 1);
    for (ids, end) in [(&rows.batters, 100), (&rows.pitchers, 100), (&rows.outcomes, OUTCOMES.len() as i64)] {
        assert!(ids.to_vec::<i64>().iter().all(|id| (0..end).contains(id)));
    }
    for when in points(&rows.situations) {
        assert!((1.0..=9.0).contains(&when[0]) && (0.0..=3.0).contains(&when[1]));
    }
}

#[test]
fn a_graph_of_communities() {
    let graph = communities(3, 40, [0.5, 0.1], 1.0, 1);
    let adjacency = graph.adjacency();
    assert_eq!(adjacency.to_vec::<f32>(), adjacency.transpose(0, 1).to_vec::<f32>());
    let joined = adjacency.to_vec::<f32>();
    let (mut inside, mut across) = (0.0, 0.0);
    for (place, edge) in joined.iter().enumerate() {
        let (a, b) = (place / 120, place % 120);
        assert!(a != b || *edge == 0.0, "no edge from a node to itself");
        *(if a / 40 == b / 40 { &mut inside } else { &mut across }) += edge;
    }
    // 3 x 40 x 39 ordered pairs inside, 120 x 80 across.
    assert!((inside / 4680.0 - 0.5).abs() < 0.05 && (across / 9600.0 - 0.1).abs() < 0.03);
    // The vector of square roots of degrees is an eigenvector of value 1.
    let roots: Vec<f32> = joined.chunks(120).map(|row| (1.0 + row.iter().sum::<f32>()).sqrt()).collect();
    let roots = Tensor::from_vec(roots, [120, 1]);
    let times = graph.normalized_adjacency().matmul(&roots).to_vec::<f32>();
    assert!(times.iter().zip(roots.to_vec::<f32>()).all(|(a, b)| (a - b).abs() < 1e-3));
}

#[test]
fn reviews_need_their_order() {
    let reviews = reviews(400, 1);
    let positive = reviews.iter().filter(|(_, label)| *label == 1).count();
    assert!((140..260).contains(&positive));
    for (text, label) in &reviews {
        let good = ["good", "great", "fine", "exciting", "excellent", "thrilling", "lovely"];
        let verdict = text.split("was ").nth(1).expect("a verdict");
        let first_is_good = good.iter().any(|word| {
            let bad = ["bad", "poor", "awful", "boring", "terrible", "dull", "slow"];
            let place = |word: &str| verdict.find(word).unwrap_or(usize::MAX);
            place(word) < bad.iter().map(|word| place(word)).min().unwrap_or(usize::MAX)
        });
        assert_eq!(first_is_good != verdict.starts_with("not "), *label == 1, "{text}");
    }
}
