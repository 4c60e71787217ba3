//! The workloads that are timed here and in PyTorch are the same ones. `cargo bench -p tests --bench steps` times ours.

#[allow(dead_code, reason = "the bench runs them")]
#[path = "benches/steps/workloads/mod.rs"]
mod workloads;

use minitensor::Device;
use workloads::{Setup, WORKLOADS};

/// The source of PyTorch's side, and of what puts both side by side on a processor and on a graphics card.
const STEPS: &str = include_str!("peers/steps.py");
const COMPARISONS: [&str; 2] = [include_str!("peers/compare.py"), include_str!("peers/compare_gpu.py")];

/// The numbers are those of the models in PyTorch, which counts them when it times them.
#[test]
fn each_model_learns_as_many_numbers_as_its_twin() {
    for workload in WORKLOADS {
        drop(workload.prepare(&mut Setup::on(Device::Cpu))); // panics where they differ
        let digits = minitensor::lab::count(workload.parameters).replace(',', "_");
        let line = format!("    \"{}\": ({digits}, ", workload.name);
        assert!(STEPS.contains(&line), "tests/peers/steps.py has no line{line}");
    }
}

#[test]
fn each_workload_has_a_target_and_each_target_a_workload() {
    let targets: Vec<&str> = COMPARISONS.iter().flat_map(|source| targets(source)).collect();
    for workload in WORKLOADS {
        assert!(targets.contains(&workload.name), "no comparison has a target for {}", workload.name);
    }
    for target in targets {
        assert!(WORKLOADS.iter().any(|workload| workload.name == target), "{target} is no workload");
    }
}

/// The names in a comparison's `TARGETS`.
fn targets(source: &str) -> impl Iterator<Item = &str> {
    let (_, lines) = source.split_once("TARGETS = {\n").expect("a comparison has targets");
    let lines = lines.lines().take_while(|line| *line != "}");
    lines.map(|line| line.split('"').nth(1).unwrap_or_else(|| panic!("no name in {line}")))
}
