//! Reads a fixture: what PyTorch was given, and what it answered.

use std::collections::BTreeMap;
use std::path::PathBuf;

use minitensor::{DType, Tensor};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The layout of a fixture, which case.py writes and this file reads.
const FORMAT: u32 = 1;

/// The metadata of a fixture.
#[derive(Deserialize)]
pub(crate) struct Description {
    format: u32,
    /// The version of PyTorch that answered.
    pub(crate) torch: String,
    /// Each case by name.
    pub(crate) cases: BTreeMap<String, Case>,
}

/// One call of one op.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) op: String,
    pub(crate) args: Args,
    pub(crate) inputs: Vec<Input>,
    pub(crate) outputs: usize,
    /// Which of the outputs have a gradient.
    pub(crate) differentiable: Vec<usize>,
    /// Whether the outputs were summed: their upstream gradient is all ones. Otherwise the fixture holds it.
    pub(crate) ones: bool,
    pub(crate) dtypes: Vec<String>,
}

/// A base tensor seen through a view.
#[derive(Deserialize)]
pub(crate) struct Input {
    /// Steps `[name, arguments]` from the base to what the op sees.
    pub(crate) view: Vec<(String, Vec<isize>)>,
    /// Whether the fixture holds its gradient.
    pub(crate) grad: bool,
}

/// The arguments of a call, by PyTorch's names.
#[derive(Deserialize)]
pub(crate) struct Args(Map<String, Value>);

impl From<Value> for Args {
    fn from(value: Value) -> Args {
        match value {
            Value::Object(map) => Args(map),
            other => panic!("arguments are an object, not {other}"),
        }
    }
}

impl Args {
    /// The argument, or a panic that names what is missing: a fixture and its arm disagree.
    fn get(&self, name: &str) -> &Value {
        self.0.get(name).unwrap_or_else(|| panic!("the case has no argument `{name}`"))
    }

    /// Whether the argument was given, and is not `None`.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// A number; JSON has no infinity, so that one is a string.
    pub(crate) fn f64(&self, name: &str) -> f64 {
        let value = self.get(name);
        let number = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        number.unwrap_or_else(|| panic!("argument `{name}` is not a number: {value}"))
    }

    /// A number, or what the op does when it is not given.
    pub(crate) fn f64_or(&self, name: &str, default: f64) -> f64 {
        if self.has(name) { self.f64(name) } else { default }
    }

    pub(crate) fn isize(&self, name: &str) -> isize {
        self.parsed(name)
    }

    pub(crate) fn usize(&self, name: &str) -> usize {
        self.parsed(name)
    }

    pub(crate) fn bool(&self, name: &str) -> bool {
        self.has(name) && self.parsed(name)
    }

    pub(crate) fn str(&self, name: &str) -> &str {
        self.get(name).as_str().unwrap_or_else(|| panic!("argument `{name}` is not a string"))
    }

    /// Whether the argument is this very word.
    pub(crate) fn is(&self, name: &str, word: &str) -> bool {
        self.get(name).as_str() == Some(word)
    }

    pub(crate) fn strings(&self, name: &str) -> Vec<String> {
        self.parsed(name)
    }

    /// A list; a single number is a list of one.
    pub(crate) fn dims(&self, name: &str) -> Vec<isize> {
        if self.get(name).is_array() { self.parsed(name) } else { vec![self.isize(name)] }
    }

    /// A height and a width; a single number is both.
    pub(crate) fn pair(&self, name: &str) -> [usize; 2] {
        if self.get(name).is_array() { self.parsed(name) } else { [self.usize(name); 2] }
    }

    /// A size for each dimension; a single number is all of them.
    pub(crate) fn axes<const N: usize>(&self, name: &str) -> [usize; N] {
        if !self.get(name).is_array() {
            return [self.usize(name); N];
        }
        let sizes: Vec<usize> = self.parsed(name);
        sizes.try_into().unwrap_or_else(|sizes| panic!("argument `{name}` = {sizes:?}: {N} sizes are needed"))
    }

    /// Two numbers.
    pub(crate) fn pair_f64(&self, name: &str) -> [f64; 2] {
        self.parsed(name)
    }

    /// The argument as any type that it can be read as.
    pub(crate) fn parsed<T: for<'a> Deserialize<'a>>(&self, name: &str) -> T {
        let value = self.get(name);
        T::deserialize(value).unwrap_or_else(|e| panic!("argument `{name}` = {value}: {e}"))
    }
}

/// The bytes of a fixture, kept for as long as its tensors are read.
pub(crate) struct Fixture {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Fixture {
    /// The fixture of a topic.
    pub(crate) fn open(topic: &str) -> Fixture {
        let path = folder().join(format!("{topic}.safetensors"));
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; see README.md", path.display()));
        Fixture { path, bytes }
    }

    /// Its cases.
    pub(crate) fn description(&self) -> Description {
        let (_, metadata) = SafeTensors::read_metadata(&self.bytes).expect("a fixture is a safetensors file");
        let json =
            metadata.metadata().as_ref().and_then(|m| m.get("parity")).expect("its metadata hold `parity`");
        let description: Description =
            serde_json::from_str(json).unwrap_or_else(|e| panic!("{}: {e}", self.path.display()));
        assert_eq!(description.format, FORMAT, "{}: regenerate it (see README.md)", self.path.display());
        description
    }

    /// Its tensors.
    pub(crate) fn tensors(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.bytes).expect("a fixture is a safetensors file")
    }
}

/// A tensor of the fixture as one of ours: F64 rounded to F32 if that is the `dtype`, everything else as it is.
pub(crate) fn load(view: &TensorView<'_>, dtype: DType) -> Tensor {
    let shape = view.shape().to_vec();
    match view.dtype() {
        Dtype::F64 if dtype == DType::F32 => {
            Tensor::from_vec(elements(view, |b| f64::from_le_bytes(b) as f32), shape)
        }
        Dtype::F64 => Tensor::from_vec(elements(view, f64::from_le_bytes), shape),
        Dtype::F32 => Tensor::from_vec(elements(view, f32::from_le_bytes), shape),
        Dtype::I64 => Tensor::from_vec(elements(view, i64::from_le_bytes), shape),
        Dtype::U8 => Tensor::from_vec(view.data().to_vec(), shape),
        other => panic!("a fixture holds no {other:?}"),
    }
}

fn elements<const N: usize, T>(view: &TensorView<'_>, read: impl Fn([u8; N]) -> T) -> Vec<T> {
    view.data().as_chunks().0.iter().map(|&bytes| read(bytes)).collect()
}

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"))
}

/// The topics that have a fixture, sorted.
pub(crate) fn topics_on_disk() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).expect("the folder of fixtures").flatten();
    let names = entries.filter_map(|e| e.file_name().into_string().ok());
    let mut topics: Vec<_> =
        names.filter_map(|n| n.strip_suffix(".safetensors").map(str::to_owned)).collect();
    topics.sort();
    topics
}
