//! The workloads that are timed here and in PyTorch are the same ones. `cargo bench -p tests --bench steps` times ours.

#[allow(dead_code, reason = "the bench runs them")]
#[path = "benches/steps/workloads/mod.rs"]
mod workloads;

use minitensor::Device;
use workloads::{Setup, WORKLOADS};

/// The source of PyTorch's side, and of what puts both side by side.
const PEERS: [&str; 2] = [include_str!("peers/steps.py"), include_str!("peers/compare.py")];

/// The numbers are those of the models in PyTorch, which counts them when it times them.
#[test]
fn each_model_learns_as_many_numbers_as_its_twin() {
    for workload in WORKLOADS {
        drop(workload.prepare(&mut Setup::on(Device::Cpu))); // panics where they differ
        let digits = minitensor::lab::count(workload.parameters).replace(',', "_");
        let line = format!("    \"{}\": ({digits}, ", workload.name);
        assert!(PEERS[0].contains(&line), "tests/peers/steps.py has no line{line}");
    }
}

#[test]
fn each_workload_has_a_target() {
    for workload in WORKLOADS {
        let line = format!("    \"{}\": (", workload.name);
        assert!(PEERS[1].contains(&line), "tests/peers/compare.py has no target{line}");
    }
    let (_, targets) = PEERS[1].split_once("TARGETS = {\n").unwrap();
    let count = targets.lines().take_while(|line| *line != "}").count();
    assert_eq!(count, WORKLOADS.len(), "a target without a workload");
}
