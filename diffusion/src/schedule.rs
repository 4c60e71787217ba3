//! How much of a picture is left after t steps of noise.

/// The variance-preserving forward process of Ho et al. (2020, section 2): x_t = √ᾱ_t · x_0 + √(1 − ᾱ_t) · ε, where
/// ᾱ_t = ∏ (1 − β_s) over the steps s ≤ t.
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
        let beta = |t: usize| first + (last - first) * t as f64 / (steps - 1).max(1) as f64;
        let mut kept = 1.0;
        let keep = |t| {
            kept *= 1.0 - beta(t);
            kept
        };
        NoiseSchedule { alpha_bar: (0..steps).map(keep).collect() }
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variance_is_preserved_and_the_signal_only_falls() {
        for steps in [1, 10, 50, 1000] {
            let schedule = NoiseSchedule::linear(steps);
            for t in 0..schedule.steps() {
                let variance = schedule.signal(t).powi(2) + schedule.noise(t).powi(2);
                assert!((variance - 1.0).abs() < 1e-12, "{steps} steps, t = {t}: {variance}");
                assert!(t == 0 || schedule.signal(t) < schedule.signal(t - 1));
            }
        }
    }

    #[test]
    fn a_thousand_steps_end_at_the_known_value() {
        // ᾱ_999 of the linear schedule is 4.04e-5
        let alpha_bar = NoiseSchedule::linear(1000).signal(999).powi(2);
        assert!((alpha_bar - 4.04e-5).abs() < 1e-7, "{alpha_bar}");
    }
}
