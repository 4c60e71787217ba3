use super::{Arm, one};
use crate::fixture::Args;
use minitensor::ops::InterpolateMode;

pub(crate) const ARMS: &[Arm] = &[
    ("interpolate", |x, args| one(x[0].interpolate(&args.parsed::<Vec<usize>>("size"), mode(args)))),
    ("interpolate_by", |x, args| one(x[0].interpolate_by(&args.parsed::<Vec<f64>>("factor"), mode(args)))),
    ("pixel_shuffle", |x, args| one(x[0].pixel_shuffle(args.usize("factor")))),
    ("pixel_unshuffle", |x, args| one(x[0].pixel_unshuffle(args.usize("factor")))),
];

fn mode(args: &Args) -> InterpolateMode {
    match args.str("mode") {
        "nearest" => InterpolateMode::Nearest,
        "nearest-exact" => InterpolateMode::NearestExact,
        "linear" | "bilinear" | "trilinear" => {
            InterpolateMode::Linear { align_corners: args.bool("align_corners") }
        }
        other => panic!("no mode `{other}`"),
    }
}
