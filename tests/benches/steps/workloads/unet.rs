//! The U-Net of the diffusion models, which is told the time.

use diffusion::model::{Architecture, UNet};
use minitensor::optim::{Adam, AdamOptions};

use super::{Setup, Step};

/// A batch of 64 grey images of 28x28.
pub(super) fn b64(setup: &mut Setup) -> Step {
    let architecture = Architecture { channels: 1, width: 32, levels: 2, time_width: 128 };
    let (x, time) = (setup.randn([64, 1, 28, 28]), setup.randn([64, architecture.time_width]));
    let model = UNet::new(architecture, &mut setup.rng);
    setup.place_model(&model);
    let adam = Adam::new(&model, 1e-3, AdamOptions::default());
    Step::training(model, adam, move |model| model.denoise_at(&x, &time).mse_loss(&x))
}
