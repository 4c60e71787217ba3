//! Files that only look like checkpoints: each is refused by one message, without a panic and within bounds, or read as
//! exactly what it holds.

#![cfg(feature = "data")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use minitensor::checkpoint::{Checkpoint, CheckpointError};
use minitensor::nn::{Linear, Module};
use minitensor::{DType, Tensor};
use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

/// A file with this header and so many bytes of 1 after it.
fn file(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![1; data]].concat()
}

fn load(bytes: &[u8]) -> Result<Checkpoint, CheckpointError> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.safetensors");
    fs::write(&path, bytes).unwrap();
    Checkpoint::load(&path)
}

/// The header of one tensor.
fn one(dtype: &str, shape: &str, offsets: &str) -> String {
    format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
}

#[test]
fn a_header_that_promises_what_is_not_there_is_refused() {
    let good = one("F32", "[2]", "[0,8]");
    assert_eq!(load(&file(&good, 8)).unwrap().tensors["a"].shape()[..], [2]);
    let two =
        |second: &str| format!(r#"{},"b":{}"#, &good[..good.len() - 1], &one("F32", "[2]", second)[5..]);
    assert_eq!(load(&file(&two("[8,16]"), 16)).unwrap().tensors.len(), 2);
    let wrong = [
        (good.clone(), 4),                                       // less than promised
        (good.clone(), 12),                                      // more than promised
        (one("F32", "[4611686018427387904,4]", "[0,8]"), 8),     // a product that overflows to 0
        (one("F32", "[4611686018427387905,4]", "[0,16]"), 16),   // and to what is there
        (one("F32", "[1000000000000]", "[0,4000000000000]"), 8), // a huge one
        (one("F32", "[3]", "[0,8]"), 8),                         // another size than the shape's
        (one("F32", "[2]", "[8,0]"), 8),                         // the end before the beginning
        (one("F32", "[2]", "[4,12]"), 12),                       // a hole
        (one("F32", "[-2]", "[0,8]"), 8),                        // a negative size
        (one("F32", "[2.5]", "[0,8]"), 8),                       // half an element
        (one("F128", "[2]", "[0,8]"), 8),                        // no such dtype
        (one("F16", "[4]", "[0,8]"), 8),                         // one that is not read here
        (two("[0,8]"), 8),                                       // two tensors in one place
        (two("[4,12]"), 12),                                     // that overlap
        ("{".repeat(100_000), 0),                                // nested without end
        ("null".to_owned(), 0),
        ("[]".to_owned(), 0),
        (r#"{"__metadata__":{"a":1}}"#.to_owned(), 0), // a note that is no text
    ];
    for (header, data) in wrong {
        let error = load(&file(&header, data)).expect_err(&header[..header.len().min(200)]).to_string();
        assert!(error.contains("x.safetensors is not a whole safetensors file: "), "{error}");
        assert!(error.len() < 500, "one line, not the file: {error}");
    }
    for length in [0, 7, 1 << 40, u64::MAX] {
        assert!(load(&[&length.to_le_bytes()[..], b"{}"].concat()).is_err(), "a header of {length} bytes");
    }
}

#[test]
fn empty_tensors_of_absurd_shapes_hold_nothing() {
    let empty = load(&file(&one("F32", "[0,9223372036854775807]", "[0,0]"), 0));
    assert!(empty.is_err() || empty.unwrap().tensors["a"].to_vec::<f32>().is_empty());
}

/// What a file holds is not what the model needs: the model says so, and keeps its weights.
#[test]
fn a_model_takes_only_what_fits() {
    let model = Linear::new(2, 3, &mut ChaCha8Rng::seed_from_u64(0));
    let before = model.weight.to_vec::<f32>();
    let state = model.state_dict();
    let with = |name: &str, tensor: Tensor| {
        let mut state = state.clone();
        state.insert(name.to_owned(), tensor);
        load_error(&model, state)
    };
    assert!(with("weight", Tensor::zeros([3, 3])).contains("[3, 3]"));
    assert!(with("weight", Tensor::zeros([6])).contains("[6]"));
    assert!(with("stranger", Tensor::zeros([1])).contains("stranger"));
    let mut less = state.clone();
    less.remove("bias");
    assert!(load_error(&model, less).contains("missing: bias"));
    assert_eq!(model.weight.to_vec::<f32>(), before);

    // Numbers that are no numbers are still numbers of a file: a training step tells them, not the reader.
    let mut nan = state.clone();
    nan.insert("weight".to_owned(), Tensor::full([3, 2], f64::NAN));
    model.load_state_dict(&nan).unwrap();
    assert!(model.weight.to_vec::<f32>().iter().all(|x| x.is_nan()));
}

fn load_error(model: &Linear, state: minitensor::nn::StateDict) -> String {
    model.load_state_dict(&state).expect_err("it does not fit").to_string()
}

/// Pieces of a header, put together at random.
fn header() -> impl Strategy<Value = String> {
    let number = prop_oneof![0u64..20, Just(u64::MAX), Just(1 << 62), any::<u64>()].boxed();
    let dtype = prop_oneof![
        Just("F32"),
        Just("F64"),
        Just("I64"),
        Just("U8"),
        Just("BF16"),
        Just("BOOL"),
        Just("F8")
    ];
    let shape = prop::collection::vec(number.clone(), 0..4);
    let tensor = (dtype, shape, number.clone(), number);
    let entry = ("[ab]|__metadata__", tensor).prop_map(|(name, (dtype, shape, start, end))| {
        format!(r#""{name}":{{"dtype":"{dtype}","shape":{shape:?},"data_offsets":[{start},{end}]}}"#)
    });
    prop::collection::vec(entry, 0..3).prop_map(|entries| format!("{{{}}}", entries.join(",")))
}

proptest! {
    #[test]
    fn random_headers(header in header(), data in 0usize..40) {
        if let Ok(read) = load(&file(&header, data)) {
            for tensor in read.tensors.values() {
                prop_assert!(tensor.to_dtype(DType::F64).to_vec::<f64>().len() <= data);
            }
        }
    }

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(load(&bytes).is_err());
        let _ = load(&file(&String::from_utf8_lossy(&bytes), 8));
    }
}
