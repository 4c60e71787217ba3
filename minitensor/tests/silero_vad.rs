//! The model of examples/silero_vad against PyTorch: small, with random weights, always; as Silero trained it, where its
//! weights are at hand. How the answers were made is in fixtures/silero.py.

#[path = "../examples/silero_vad/model.rs"]
mod model;
#[path = "../examples/silero_vad/signal.rs"]
mod signal;

use minitensor::checkpoint::Checkpoint;
use minitensor::nn::Module;
use model::SileroVad;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

fn fixture() -> Checkpoint {
    Checkpoint::load(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/silero.safetensors"))
        .expect("the fixture is committed")
}

/// The largest difference between probabilities and those that the fixture has.
fn difference(got: &[f32], name: &str) -> f32 {
    let want = fixture().tensors[name].to_vec::<f32>();
    assert_eq!(got.len(), want.len());
    got.iter().zip(&want).map(|(got, want)| (got - want).abs()).fold(0.0, f32::max)
}

#[test]
fn the_signal_is_the_one_that_pytorch_heard() {
    let heard: Vec<f32> = signal::signal().into_iter().step_by(97).collect();
    assert!(difference(&heard, "signal") < 1e-6);
}

#[test]
fn a_small_one_with_random_weights_says_what_pytorch_says() {
    let small = SileroVad::new(1, &mut ChaCha8Rng::seed_from_u64(0));
    small.load_state_dict(&fixture().part("small")).expect("the weights are of this model");
    let part: Vec<f32> = signal::signal()[24_000..24_000 + 60 * 32].iter().map(|x| 8.0 * x).collect();
    let difference = difference(&small.probabilities(&part), "small");
    assert!(difference < 1e-5, "{difference:e}");
}

#[test]
#[ignore = "needs weights that are not ours to copy: SILERO_VAD=path/to/silero_vad_16k.safetensors"]
fn the_one_that_silero_trained_says_what_it_says_in_pytorch() {
    let path = std::env::var("SILERO_VAD").expect("SILERO_VAD is the path of silero_vad_16k.safetensors");
    let model = SileroVad::new(16, &mut ChaCha8Rng::seed_from_u64(0));
    assert_eq!(model.num_parameters(), 309_633);
    model.load_state_dict(&Checkpoint::load(path).expect("a checkpoint").tensors).expect("of this model");
    let difference = difference(&model.probabilities(&signal::signal()), "reference");
    println!("the probabilities differ by at most {difference:e}");
    assert!(difference < 1e-4, "{difference:e}");
}

/// The message of a file that is not the model's.
fn refused(content: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a folder for a moment");
    let path = folder.path().join("weights.safetensors");
    std::fs::write(&path, content).expect("it can be written to");
    match Checkpoint::load(&path) {
        Err(error) => error.to_string(),
        Ok(checkpoint) => {
            let model = SileroVad::new(1, &mut ChaCha8Rng::seed_from_u64(0));
            model.load_state_dict(&checkpoint.tensors).expect_err("they are not its weights").to_string()
        }
    }
}

#[test]
fn a_file_without_its_weights_is_refused() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/silero.safetensors");
    let foreign = std::fs::read(path).expect("the fixture is committed");
    assert!(
        refused(&foreign).starts_with("the state is of another model: missing: "),
        "{}",
        refused(&foreign)
    );
    assert!(
        refused(&foreign[..5000]).contains("is not a whole safetensors file"),
        "{}",
        refused(&foreign[..5000])
    );
    assert!(refused(b"").contains("is not a whole safetensors file"), "{}", refused(b""));
}
