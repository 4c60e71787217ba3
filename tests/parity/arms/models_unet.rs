use super::Arm;
use crate::training::{load, train};
use diffusion::model::{Architecture, UNet};
use minitensor::optim::{Adam, AdamOptions};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

pub(crate) const ARMS: &[Arm] = &[("unet", |x, args| {
    let architecture = Architecture {
        channels: args.usize("channels"),
        width: args.usize("width"),
        levels: args.usize("levels"),
        time_width: args.usize("time_width"),
    };
    let model = UNet::new(architecture, &mut ChaCha8Rng::seed_from_u64(0));
    let [pictures, noise, steps, state @ ..] = x else { panic!("a U-Net has pictures, noise and steps") };
    load(&model, state, args);
    let optimizer = Adam::new(&model, args.f64("lr"), AdamOptions::default());
    let seen = || model.denoise(pictures, steps);
    train(&model, optimizer, args, || seen().mse_loss(noise), seen)
})];
