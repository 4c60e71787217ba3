//! What an OpenCL device does beside computing right, which `parity` proves: that it reads and writes nothing in secret, does
//! the same from run to run, and says what goes wrong.

#[allow(dead_code, reason = "the bench runs them")]
#[path = "benches/steps/workloads/mod.rs"]
mod workloads;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use minitensor::device::opencl::{self, Diagnostics};
use minitensor::nn::{BatchNorm2d, Conv2d, Flatten, Linear, Module, Relu, Sequential};
use minitensor::optim::{Adam, AdamOptions, Optimizer};
use minitensor::{Device, Error, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use workloads::{Setup, WORKLOADS};

/// One test at a time, since what is counted is counted for the whole process.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> (MutexGuard<'static, ()>, Device) {
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    (alone, Device::opencl(0).unwrap_or_else(|error| panic!("these tests need an OpenCL device: {error}")))
}

fn counts() -> Diagnostics {
    opencl::diagnostics(0).expect("it was opened before")
}

/// The error that a failing op panics with.
fn error_of<R>(f: impl FnOnce() -> R) -> Error {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("it did not fail"),
        Err(payload) => {
            *payload.downcast::<Error>().expect("a device fails with an error that can be printed")
        }
    }
}

#[test]
fn a_training_step_copies_nothing_from_or_to_the_device() {
    let (_alone, device) = alone();
    for workload in WORKLOADS.iter().filter(|workload| workload.parameters > 0 && workload.name != "gpt_baby")
    {
        let mut step = workload.prepare(&mut Setup::on(device));
        step(); // the first one makes the optimiser's memory
        let before = counts();
        step();
        let after = counts();
        let copies = |counts: Diagnostics| [counts.downloads, counts.uploads];
        assert_eq!(copies(after), copies(before), "{} copied from or to the device", workload.name);
    }
}

#[test]
fn memory_does_not_grow_from_step_to_step() {
    let (_alone, device) = alone();
    let workload = WORKLOADS.iter().find(|workload| workload.name == "mlp_sine").expect("it is listed");
    let mut step = workload.prepare(&mut Setup::on(device));
    (0..3).for_each(|_| step());
    let before = counts().bytes;
    (0..20).for_each(|_| step());
    assert_eq!(counts().bytes, before);
}

#[test]
fn a_wrong_index_is_told_when_something_is_read() {
    let (_alone, device) = alone();
    let table = Tensor::zeros([5, 2]).to(device);
    let rows = table.index_select(0, &Tensor::from([1i64, 7]).to(device));
    let error = error_of(|| rows.to_vec::<f32>());
    assert!(matches!(error, Error::Index { op: "index_select", index: 7, size: 5, .. }), "{error}");
    assert_eq!(table.to_vec::<f32>(), [0.0; 10], "it is told once");
}

#[test]
fn a_wrong_label_is_told_too() {
    let (_alone, device) = alone();
    let loss = Tensor::zeros([2, 3]).to(device).cross_entropy(&Tensor::from([0i64, 3]).to(device));
    let error = error_of(|| loss.item());
    assert!(matches!(error, Error::Index { op: "cross_entropy", index: 3, size: 3, .. }), "{error}");
}

#[test]
fn operands_on_two_devices_are_refused_with_advice() {
    let (_alone, device) = alone();
    let panic =
        catch_unwind(|| Tensor::ones([2]).to(device).add(&Tensor::ones([2]))).expect_err("two devices");
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(
        message.starts_with("add: operands are on opencl:0 and cpu") && message.contains("`to`"),
        "{message}"
    );
}

#[test]
fn the_same_step_gives_the_same_bits() {
    let (_alone, device) = alone();
    let trained = || {
        device.scope(|| {
            let mut rng = ChaCha8Rng::seed_from_u64(1);
            let model = Sequential::new()
                .with(Conv2d::new(3, 8, 3, &mut rng))
                .with(BatchNorm2d::new(8))
                .with(Relu)
                .with(Flatten)
                .with(Linear::new(8 * 25, 5, &mut rng));
            let (images, labels) =
                (Tensor::randn([16, 3, 7, 7], &mut rng), Tensor::randint(0..5, [16], &mut rng));
            let mut adam = Adam::new(&model, 1e-2, AdamOptions::default());
            let losses = (0..4).map(|_| {
                adam.zero_grad();
                let loss = model.forward(&images).cross_entropy(&labels);
                loss.backward();
                adam.step();
                loss.item().to_bits()
            });
            losses.collect::<Vec<_>>()
        })
    };
    assert_eq!(trained(), trained());
}

#[test]
fn too_large_a_tensor_is_refused_with_its_size() {
    let (_alone, device) = alone();
    let most = opencl::list().expect("there is a device")[0].max_buffer;
    let error = error_of(|| Tensor::full_on([most / 4 + 1], 0.0, minitensor::DType::F32, device));
    let message = error.to_string();
    assert!(message.contains("opencl:0") && message.contains(&(most + 4).to_string()), "{message}");
}

#[test]
fn a_device_that_is_not_there_is_an_error() {
    let (_alone, _) = alone();
    let message = Device::opencl(99).expect_err("there are not so many").to_string();
    assert!(message.contains("opencl:99") && message.contains("there"), "{message}");
}

/// Loaders of OpenCL look for drivers where this variable says, which here is a folder without any.
#[test]
fn a_machine_without_a_driver_says_what_to_install() {
    let empty = tempfile::tempdir().expect("a folder can be made");
    let this = std::env::current_exe().expect("it runs");
    let child = Command::new(this)
        .args(["--exact", "child_opens_a_device", "--ignored", "--nocapture"])
        .env("OCL_ICD_VENDORS", empty.path())
        .output()
        .expect("it runs once more");
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(said.contains("no driver") && said.contains("apt install"), "{said}");
}

#[test]
#[ignore = "what `a_machine_without_a_driver_says_what_to_install` runs in a process of its own"]
fn child_opens_a_device() {
    println!("{}", Device::opencl(0).map_or_else(|error| error.to_string(), |device| device.to_string()));
}
