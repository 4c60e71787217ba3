//! Tensors in files: the safetensors format, which PyTorch reads and writes too.
//!
//! ```no_run
//! # use minitensor::checkpoint::{self, Checkpoint};
//! # use minitensor::nn::{Linear, Module};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let model = Linear::new(2, 2, &mut rand::rngs::ChaCha8Rng::from_seed([0; 32]));
//! # use rand::SeedableRng;
//! Checkpoint::new(model.state_dict()).save("model.safetensors")?;
//! model.load_state_dict(&Checkpoint::load("model.safetensors")?.tensors)?;
//! # Ok(())
//! # }
//! ```
//!
//! In Python: `model.load_state_dict(safetensors.torch.load_file("model.safetensors"))`.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use safetensors::tensor::{Dtype, SafeTensors, TensorView, View, serialize};

use crate::dtype::{DType, Element};
use crate::nn::StateDict;
use crate::tensor::Tensor;
use crate::write_atomic::write_atomic;

/// Tensors by name, and notes beside them.
#[derive(Debug, Clone, Default)]
pub struct Checkpoint {
    /// The tensors.
    pub tensors: StateDict,
    /// Notes: what safetensors calls metadata.
    pub notes: BTreeMap<String, String>,
}

/// Why a checkpoint could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The file could not be opened, read or written.
    #[error("cannot {action} the checkpoint {}", path.display())]
    File {
        /// `read` or `write`.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The bytes are no checkpoint: cut off, damaged, or something else.
    #[error("{} is not a whole safetensors file: {problem}", path.display())]
    Content {
        /// Where.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
}

impl Checkpoint {
    /// Tensors without notes.
    pub fn new(tensors: StateDict) -> Checkpoint {
        Checkpoint { tensors, notes: BTreeMap::new() }
    }

    /// Adds tensors, each under `prefix` and a dot.
    #[must_use]
    pub fn with(mut self, prefix: &str, tensors: StateDict) -> Checkpoint {
        self.tensors.extend(tensors.into_iter().map(|(name, tensor)| (format!("{prefix}.{name}"), tensor)));
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, name: &str, text: impl Into<String>) -> Checkpoint {
        self.notes.insert(name.to_string(), text.into());
        self
    }

    /// The tensors whose names start with `prefix` and a dot, without these.
    pub fn part(&self, prefix: &str) -> StateDict {
        let under = |name: &String| Some(name.strip_prefix(prefix)?.strip_prefix('.')?.to_string());
        self.tensors.iter().filter_map(|(name, tensor)| Some((under(name)?, tensor.clone()))).collect()
    }

    /// Writes the file; one that was there before is replaced whole or not at all.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), CheckpointError> {
        let path = path.as_ref();
        let error = |source| CheckpointError::File { action: "write", path: path.into(), source };
        let bytes = self.to_bytes().map_err(|e| error(io::Error::new(io::ErrorKind::InvalidData, e)))?;
        write_atomic(path, |file| file.write_all(&bytes)).map_err(error)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// If the file cannot be read, or is no checkpoint.
    pub fn load(path: impl AsRef<Path>) -> Result<Checkpoint, CheckpointError> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|source| CheckpointError::File {
            action: "read",
            path: path.into(),
            source,
        })?;
        Checkpoint::from_bytes(&bytes)
            .map_err(|problem| CheckpointError::Content { path: path.into(), problem })
    }

    /// The bytes of the file.
    fn to_bytes(&self) -> Result<Vec<u8>, safetensors::SafeTensorError> {
        let tensors = self.tensors.iter().map(|(name, tensor)| (name.as_str(), Bytes::of(tensor)));
        let notes: HashMap<String, String> = self.notes.clone().into_iter().collect();
        serialize(tensors, (!notes.is_empty()).then_some(notes))
    }

    /// The checkpoint that these bytes hold, or what is wrong with them.
    fn from_bytes(bytes: &[u8]) -> Result<Checkpoint, String> {
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|e| e.to_string())?;
        let file = SafeTensors::deserialize(bytes).map_err(|e| e.to_string())?;
        let tensors = file
            .iter()
            .map(|(name, view)| {
                Ok((name.to_string(), decode(&view).map_err(|e| format!("tensor {name}: {e}"))?))
            })
            .collect::<Result<StateDict, String>>()?;
        let notes = header.metadata().clone().unwrap_or_default().into_iter().collect();
        Ok(Checkpoint { tensors, notes })
    }
}

fn decode(view: &TensorView<'_>) -> Result<Tensor, String> {
    fn elements<T: Element, const N: usize>(view: &TensorView<'_>, read: fn([u8; N]) -> T) -> Tensor {
        let (elements, _) = view.data().as_chunks::<N>();
        Tensor::from_vec(elements.iter().map(|&bytes| read(bytes)).collect(), view.shape())
    }
    match view.dtype() {
        Dtype::F32 => Ok(elements(view, f32::from_le_bytes)),
        Dtype::F64 => Ok(elements(view, f64::from_le_bytes)),
        Dtype::I64 => Ok(elements(view, i64::from_le_bytes)),
        Dtype::I32 => Ok(elements(view, |bytes| i64::from(i32::from_le_bytes(bytes)))),
        Dtype::U8 | Dtype::BOOL => Ok(elements(view, u8::from_le_bytes)),
        // bfloat16 is the upper half of an f32
        Dtype::BF16 => Ok(elements(view, |bytes| f32::from_bits(u32::from(u16::from_le_bytes(bytes)) << 16))),
        other => Err(format!("it holds {other:?}; f32, f64, bf16, i64, i32, u8 and bool can be read")),
    }
}

/// A tensor's elements as little-endian bytes.
struct Bytes {
    dtype: Dtype,
    shape: Vec<usize>,
    data: Vec<u8>,
}

impl Bytes {
    fn of(tensor: &Tensor) -> Bytes {
        let (dtype, data) = match tensor.dtype() {
            DType::F32 => {
                (Dtype::F32, tensor.to_vec::<f32>().into_iter().flat_map(f32::to_le_bytes).collect())
            }
            DType::F64 => {
                (Dtype::F64, tensor.to_vec::<f64>().into_iter().flat_map(f64::to_le_bytes).collect())
            }
            DType::I64 => {
                (Dtype::I64, tensor.to_vec::<i64>().into_iter().flat_map(i64::to_le_bytes).collect())
            }
            DType::U8 => (Dtype::U8, tensor.to_vec::<u8>()),
        };
        Bytes { dtype, shape: tensor.shape().to_vec(), data }
    }
}

impl View for Bytes {
    fn dtype(&self) -> Dtype {
        self.dtype
    }
    fn shape(&self) -> &[usize] {
        &self.shape
    }
    fn data(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.data)
    }
    fn data_len(&self) -> usize {
        self.data.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Checkpoint {
        let tensors = StateDict::from([
            ("a".to_string(), Tensor::from([[1.5f32, -2.0], [0.0, f32::INFINITY]])),
            ("b.c".to_string(), Tensor::from([3i64, -4])),
            ("b.d".to_string(), Tensor::zeros([0, 2])),
        ]);
        Checkpoint::new(tensors).note("step", "7")
    }

    #[test]
    fn what_is_saved_is_what_is_loaded() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.safetensors");
        sample().save(&path).unwrap();
        let back = Checkpoint::load(&path).unwrap();
        assert_eq!(back.notes["step"], "7");
        assert_eq!(back.tensors["a"].to_vec::<f32>(), [1.5, -2.0, 0.0, f32::INFINITY]);
        assert_eq!(back.part("b")["c"].to_vec::<i64>(), [3, -4]);
        assert_eq!(back.part("b")["d"].shape()[..], [0, 2]);
    }

    #[test]
    fn a_file_cut_anywhere_is_an_error_and_never_a_panic() {
        let bytes = sample().to_bytes().unwrap();
        for end in 0..bytes.len() {
            assert!(Checkpoint::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
    }

    #[test]
    fn any_byte_changed_is_read_or_refused_but_never_a_panic() {
        let bytes = sample().to_bytes().unwrap();
        for at in 0..bytes.len() {
            for value in [0, 1, b'9', b'"', 127, 255] {
                let mut changed = bytes.clone();
                changed[at] = value;
                let _ = Checkpoint::from_bytes(&changed);
            }
        }
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Checkpoint::load("no/such.safetensors").expect_err("it is not there");
        assert!(error.to_string().contains("no/such.safetensors"), "{error}");
    }
}
