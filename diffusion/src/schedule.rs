//! How much of a picture is left after t steps of noise.

use minitensor::Tensor;

// ANCHOR: schedule
/// The variance-preserving forward process of Ho et al. (2020, section 2): x_t = √ᾱ_t · x_0 + √(1 − ᾱ_t) · ε, where
/// ᾱ_t = ∏ (1 − β_s) over the steps s ≤ t. Steps are counted from 0: step 0 is the first to add noise.
///
/// ```
/// let schedule = diffusion::NoiseSchedule::linear(1000);
/// assert!(schedule.signal(0) > 0.999); // the first step hardly changes the picture
/// assert!(schedule.signal(999) < 0.01); // after the last, only noise is left
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseSchedule {
    alpha_bar: Vec<f64>,
}
// ANCHOR_END: schedule

impl NoiseSchedule {
    /// β rises evenly from 10⁻⁴ to 0.02, as for the paper's 1000 steps (Ho et al., 2020, section 4); with fewer steps
    /// each is larger in proportion, so that the end is noise as well.
    ///
    /// # Panics
    /// If there is no step.
    #[track_caller]
    pub fn linear(steps: usize) -> NoiseSchedule {
        assert!(steps > 0, "linear: a schedule needs at least one step");
        let scale = 1000.0 / steps as f64;
        let (first, last) = (1e-4 * scale, (0.02 * scale).min(0.999));
        NoiseSchedule::of((0..steps).map(|t| first + (last - first) * t as f64 / (steps - 1).max(1) as f64))
    }

    /// ᾱ falls like a squared cosine, so that the picture goes slowly at both ends (Nichol and Dhariwal, 2021, section 3.2).
    ///
    /// # Panics
    /// If there is no step.
    #[track_caller]
    pub fn cosine(steps: usize) -> NoiseSchedule {
        assert!(steps > 0, "cosine: a schedule needs at least one step");
        const OFFSET: f64 = 0.008;
        let f = |t: usize| {
            let angle = (t as f64 / steps as f64 + OFFSET) / (1.0 + OFFSET) * std::f64::consts::FRAC_PI_2;
            angle.cos().powi(2)
        };
        NoiseSchedule::of((0..steps).map(|t| (1.0 - f(t + 1) / f(t)).min(0.999)))
    }

    fn of(betas: impl Iterator<Item = f64>) -> NoiseSchedule {
        let mut kept = 1.0;
        let keep = |beta: f64| {
            kept *= 1.0 - beta;
            kept
        };
        NoiseSchedule { alpha_bar: betas.map(keep).collect() }
    }

    /// How many steps there are.
    pub fn steps(&self) -> usize {
        self.alpha_bar.len()
    }

    /// √ᾱ_t: the factor of the picture after step `t`.
    pub fn signal(&self, t: usize) -> f64 {
        self.alpha_bar[t].sqrt()
    }

    /// √(1 − ᾱ_t): the deviation of the noise after step `t`.
    pub fn noise(&self, t: usize) -> f64 {
        (1.0 - self.alpha_bar[t]).sqrt()
    }

    /// ᾱ after the step before `t`: 1 before the first.
    fn alpha_bar_before(&self, t: usize) -> f64 {
        t.checked_sub(1).map_or(1.0, |before| self.alpha_bar[before])
    }

    // ANCHOR: loss_weights
    /// How much the loss counts at these steps: min(5 / s, 1), where s = ᾱ_t / (1 − ᾱ_t) is the signal-to-noise ratio (Hang
    /// et al., 2023, section 3.4). Where a picture is nearly clean, guessing what little noise there is takes much of the
    /// training and adds little to what is painted.
    ///
    /// # Shapes
    /// B steps → (B, 1, 1, 1)
    pub fn loss_weights(&self, steps: &[usize]) -> Tensor {
        const MOST: f64 = 5.0;
        let weight = |&t: &usize| {
            let ratio = self.alpha_bar[t] / (1.0 - self.alpha_bar[t]);
            (MOST / ratio).min(1.0) as f32
        };
        Tensor::from_vec(steps.iter().map(weight).collect(), [steps.len(), 1, 1, 1])
    }
    // ANCHOR_END: loss_weights

    // ANCHOR: add_noise
    /// The pictures after each its own number of steps, with this noise.
    ///
    /// # Shapes
    /// pictures (B, C, H, W), noise (B, C, H, W), steps: B of them → (B, C, H, W)
    pub fn add_noise(&self, pictures: &Tensor, noise: &Tensor, steps: &[usize]) -> Tensor {
        let factor = |f: fn(&NoiseSchedule, usize) -> f64| {
            let factors = steps.iter().map(|&t| f(self, t) as f32).collect();
            Tensor::from_vec(factors, [steps.len(), 1, 1, 1]).to(pictures.device())
        };
        pictures * factor(NoiseSchedule::signal) + noise * factor(NoiseSchedule::noise)
    }
    // ANCHOR_END: add_noise

    // ANCHOR: step_back
    /// The pictures one step earlier, from the noise that a model sees in them (Ho et al., 2020, equations 6 and 7). What
    /// they would be without that noise is kept within −1 and 1, where all pictures are. `fresh` is new noise, which the
    /// last step back, to step 0, leaves out.
    ///
    /// # Shapes
    /// x, seen and fresh (B, C, H, W) → the same
    pub fn step_back(&self, x: &Tensor, seen: &Tensor, fresh: &Tensor, t: usize) -> Tensor {
        let (now, before) = (self.alpha_bar[t], self.alpha_bar_before(t));
        let beta = 1.0 - now / before;
        let clean = ((x - seen * self.noise(t)) * (1.0 / self.signal(t))).clamp(-1.0, 1.0);
        let mean = clean * (before.sqrt() * beta / (1.0 - now))
            + x * ((now / before).sqrt() * (1.0 - before) / (1.0 - now));
        match t {
            0 => mean,
            _ => mean + fresh * (beta * (1.0 - before) / (1.0 - now)).sqrt(),
        }
    }
    // ANCHOR_END: step_back
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::ChaCha8Rng;

    use super::*;

    #[test]
    fn a_nearly_clean_picture_counts_less() {
        // ratios of signal to noise: 50, 5 and 1/4
        let schedule = NoiseSchedule { alpha_bar: vec![50.0 / 51.0, 5.0 / 6.0, 0.2] };
        let weights = schedule.loss_weights(&[2, 0, 1]);
        assert_eq!(weights.dims(), [3, 1, 1, 1]);
        assert!(weights.flatten(0, -1).allclose(&Tensor::from([1.0f32, 0.1, 1.0]), 1e-5, 0.0), "{weights}");
    }

    #[test]
    fn variance_is_preserved_and_the_signal_only_falls() {
        for steps in [1, 10, 50, 1000] {
            for schedule in [NoiseSchedule::linear(steps), NoiseSchedule::cosine(steps)] {
                for t in 0..schedule.steps() {
                    let variance = schedule.signal(t).powi(2) + schedule.noise(t).powi(2);
                    assert!((variance - 1.0).abs() < 1e-12, "{steps} steps, t = {t}: {variance}");
                    assert!(t == 0 || schedule.signal(t) < schedule.signal(t - 1));
                }
            }
        }
    }

    #[test]
    fn a_thousand_steps_end_at_the_known_values() {
        // ᾱ_999 of the linear schedule is 4.04e-5, and ᾱ_499 of the cosine one 0.4938 = cos²(0.508 / 1.008 · π/2) / f(0)
        let alpha_bar = NoiseSchedule::linear(1000).signal(999).powi(2);
        assert!((alpha_bar - 4.04e-5).abs() < 1e-7, "{alpha_bar}");
        let alpha_bar = NoiseSchedule::cosine(1000).signal(499).powi(2);
        assert!((alpha_bar - 0.4938).abs() < 1e-4, "{alpha_bar}");
    }

    /// If the model sees just the noise that was added, every step back leads to the picture.
    #[test]
    fn whoever_sees_all_noise_finds_the_picture() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let picture = Tensor::rand([2, 1, 3, 3], &mut rng) * 2.0 - 1.0;
        let schedule = NoiseSchedule::cosine(50);
        let mut x = Tensor::randn([2, 1, 3, 3], &mut rng);
        for t in (0..50).rev() {
            let seen = (&x - &picture * schedule.signal(t)) * (1.0 / schedule.noise(t));
            x = schedule.step_back(&x, &seen, &Tensor::randn([2, 1, 3, 3], &mut rng), t);
        }
        assert!(x.allclose(&picture, 0.0, 1e-4));
    }

    #[test]
    fn each_picture_gets_the_noise_of_its_step() {
        let schedule = NoiseSchedule::linear(10);
        let (pictures, noise) = (Tensor::ones([2, 1, 1, 1]), Tensor::full([2, 1, 1, 1], 2.0));
        let x = schedule.add_noise(&pictures, &noise, &[0, 9]).to_vec::<f32>();
        for (x, t) in x.iter().zip([0, 9]) {
            assert!((f64::from(*x) - schedule.signal(t) - 2.0 * schedule.noise(t)).abs() < 1e-6);
        }
    }
}
