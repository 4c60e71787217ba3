//! Many numbers to two, so that they can be drawn.

/// Where points lie in the plane in which they are spread most: their first two principal components (Pearson, 1901).
///
/// ```
/// let line = [[0.0, 1.0, 1.0], [1.0, 2.0, 2.0], [4.0, 5.0, 5.0]].map(Vec::from);
/// let flat = gpt::report::project(&line);
/// let spread = (flat[2].0 - flat[0].0).abs();
/// assert!((spread - 48f64.sqrt()).abs() < 1e-6); // all of it is in one direction
/// assert!(flat.iter().all(|point| point.1.abs() < 1e-6));
/// ```
pub fn project(points: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let width = points.first().map_or(0, Vec::len);
    let mean: Vec<f64> =
        (0..width).map(|c| points.iter().map(|point| point[c]).sum::<f64>() / points.len() as f64).collect();
    let centred: Vec<Vec<f64>> =
        points.iter().map(|point| point.iter().zip(&mean).map(|(x, m)| x - m).collect()).collect();
    let first = direction(&centred);
    let across: Vec<f64> = centred.iter().map(|point| dot(point, &first)).collect();
    let rest: Vec<Vec<f64>> = centred
        .iter()
        .zip(&across)
        .map(|(point, along)| point.iter().zip(&first).map(|(x, d)| x - along * d).collect())
        .collect();
    let second = direction(&rest);
    across.into_iter().zip(rest.iter().map(|point| dot(point, &second))).collect()
}

/// The direction of the largest spread, by power iteration: d ← XᵀX d, scaled to length 1, until it stands still.
fn direction(points: &[Vec<f64>]) -> Vec<f64> {
    let longest = points.iter().max_by(|a, b| dot(a, a).total_cmp(&dot(b, b)));
    let mut direction = unit(longest.cloned().unwrap_or_default());
    for _ in 0..500 {
        let mut next = vec![0.0; direction.len()];
        for point in points {
            let along = dot(point, &direction);
            next.iter_mut().zip(point).for_each(|(n, x)| *n += along * x);
        }
        direction = unit(next);
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn unit(mut vector: Vec<f64>) -> Vec<f64> {
    let length = dot(&vector, &vector).sqrt().max(f64::MIN_POSITIVE);
    vector.iter_mut().for_each(|x| *x /= length);
    vector
}
