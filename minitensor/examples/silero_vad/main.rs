//! A pretrained voice activity model, Silero VAD, on this engine: when in a signal does somebody speak?
//!
//! The weights are in the Python package `silero-vad` (MIT licence; `pip download silero-vad==6.2.3 --no-deps`, a zip
//! file in which they are `silero_vad/data/silero_vad_16k.safetensors`).
//!
//! `cargo run -p minitensor --example silero_vad -- silero_vad_16k.safetensors`

mod model;
mod signal;

use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

use minitensor::checkpoint::Checkpoint;
use minitensor::nn::Module;
use minitensor::no_grad;
use model::SileroVad;
use rand::{SeedableRng, rngs::ChaCha8Rng};
use signal::{RATE, signal};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [weights] = &arguments[..] else {
        eprintln!(
            "one argument is needed: the path of silero_vad_16k.safetensors, from the package silero-vad"
        );
        return ExitCode::FAILURE;
    };
    match listen(weights) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", reasons(&*error));
            ExitCode::FAILURE
        }
    }
}

/// What went wrong, and why, and why that.
fn reasons(error: &dyn Error) -> String {
    let why = |source: &dyn Error| format!(": {}", reasons(source));
    error.to_string() + &error.source().map(why).unwrap_or_default()
}

fn listen(weights: &str) -> Result<(), Box<dyn Error>> {
    let model = SileroVad::new(16, &mut ChaCha8Rng::seed_from_u64(0));
    let state = Checkpoint::load(weights)?.tensors;
    model.load_state_dict(&state).map_err(|error| format!("{weights} is not Silero's: {error}"))?;
    println!("{} parameters; a sweep, a pause, five vowels, a pause, a sweep:\n", model.num_parameters());

    let signal = signal();
    let start = Instant::now();
    let probabilities = no_grad(|| model.probabilities(&signal));
    let took = start.elapsed();

    let seconds = |chunk: usize| (chunk * model.chunk()) as f64 / RATE as f64;
    for (line, chunks) in probabilities.chunks(CHUNKS_A_LINE).enumerate() {
        println!("{:4.1} s  {}", seconds(line * CHUNKS_A_LINE), bars(chunks));
    }
    println!("\nspeech, p > 0.5:");
    for (first, end) in above(&probabilities, 0.5) {
        println!("  {:.2} s to {:.2} s", seconds(first), seconds(end));
    }
    println!("\n{:.2} ms for each chunk of 32 ms", took.as_secs_f64() * 1000.0 / probabilities.len() as f64);
    Ok(())
}

/// Eight tenths of a second.
const CHUNKS_A_LINE: usize = 25;

/// A bar for each probability.
fn bars(probabilities: &[f32]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    probabilities.iter().map(|p| BARS[((p * 8.0) as usize).min(7)]).collect()
}

/// The stretches, first to end, in which numbers are above a threshold.
fn above(numbers: &[f32], threshold: f32) -> Vec<(usize, usize)> {
    let mut end = 0;
    let stretches = numbers.chunk_by(|a, b| (*a > threshold) == (*b > threshold)).map(|stretch| {
        end += stretch.len();
        (end - stretch.len(), end, stretch[0] > threshold)
    });
    stretches.filter(|(.., speech)| *speech).map(|(first, end, _)| (first, end)).collect()
}
