//! From noise to pictures.

use minitensor::{Tensor, no_grad};
use rand::Rng;

use crate::model::UNet;
use crate::schedule::NoiseSchedule;

// ANCHOR: sample
/// Pictures out of nothing but noise: the model is asked for the noise in them, a little of it is taken away, and so on
/// (Ho et al., 2020, algorithm 2). `watch` sees what there is before each step, `t` steps from the end.
///
/// # Shapes
/// shape [B, C, H, W] → (B, C, H, W), from −1 to 1
pub fn sample(
    model: &UNet,
    schedule: &NoiseSchedule,
    shape: [usize; 4],
    rng: &mut impl Rng,
    mut watch: impl FnMut(usize, &Tensor),
) -> Tensor {
    let device = model.device();
    let mut noise = || Tensor::randn(shape, rng).to(device);
    no_grad(|| {
        let mut x = noise();
        for t in (0..schedule.steps()).rev() {
            watch(t + 1, &x);
            let steps = vec![t as i64; shape[0]];
            let seen = model.denoise(&x, &Tensor::from_vec(steps, [shape[0]]).to(device));
            x = schedule.step_back(&x, &seen, &noise(), t);
        }
        watch(0, &x);
        x
    })
}
// ANCHOR_END: sample
