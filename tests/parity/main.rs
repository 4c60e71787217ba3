//! The engine against PyTorch, against finite differences, and against itself one index at a time.
//!
//! `cargo test -p tests --test parity`; how the fixtures are made and how to add a case is in README.md beside this file.

/// Tests, each on the CPU, and in a build that knows OpenCL on its first device too.
macro_rules! on_each_device {
    ($($name:ident => $run:expr),* $(,)?) => {
        $(
            #[test]
            fn $name() {
                $run
            }
        )*

        #[cfg(feature = "opencl")]
        mod on_opencl {
            #[allow(unused_imports, reason = "not every list of tests names what stands beside it")]
            use super::*;

            $(
                #[test]
                fn $name() {
                    crate::devices::opencl().scope(|| $run);
                }
            )*
        }
    };
}

mod arms;
mod bounds;
mod coverage;
mod devices;
mod fixture;
mod gradients;
mod oracle;
mod runner;
mod table;
mod training;
mod views;

/// One test a topic: its fixture, run with its arms.
macro_rules! topics {
    ($($topic:ident),* $(,)?) => {
        const TOPICS: &[&str] = &[$(stringify!($topic)),*];
        on_each_device! { $($topic => runner::run(stringify!($topic), arms::$topic::ARMS)),* }
    };
}

topics![
    creation,
    elementwise,
    activations,
    functions,
    reductions,
    measures,
    sorting,
    matmul,
    movement,
    rearranging,
    indexing,
    picking,
    linear,
    losses,
    attention,
    transformer,
    conv,
    conv3d,
    conv_layers,
    fold,
    conv_transpose,
    interpolate,
    pool,
    pooling,
    norm,
    row_norm,
    embedding,
    rnn,
    layers,
    optim,
    schedules,
    models_gpt,
    models_resnet,
    models_unet,
];

#[test]
fn every_fixture_has_a_test() {
    let mut tested = TOPICS.to_vec();
    tested.sort_unstable();
    assert_eq!(fixture::topics_on_disk(), tested, "fixtures (left) and topics in main.rs (right) differ");
}
