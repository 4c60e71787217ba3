use std::collections::BTreeMap;

use minitensor::device::Conv2dOptions;
use minitensor::nn::{
    AdaptiveAvgPool2d, AvgPool2d, BatchNorm, Conv1d, Conv2d, ConvBuilder, Flatten, Gelu, Identity, LeakyRelu,
    Linear, MaxPool2d, Module, Relu, Sequential, Sigmoid, Silu, StateDict, Tanh, Visitor,
};
use minitensor::ops::Pool2dOptions;
use minitensor::{DType, Tensor};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use super::Arm;

pub(crate) const ARMS: &[Arm] = &[("net", |x, args| {
    let [x, target, state @ ..] = x else { panic!("a net has an input, a target and a state") };
    let keys = args.strings("keys");
    let state: StateDict = keys.iter().cloned().zip(state.iter().cloned()).collect();
    // What the state holds before training moves the running statistics.
    let before: StateDict = state.iter().map(|(key, tensor)| (key.clone(), tensor.detach())).collect();

    let net = build(args.str("net"), Maker::new(Some(&state)));
    assert!(
        net.state_dict().keys().eq(state.keys()),
        "the state dict has other keys: {:?}",
        net.state_dict().keys()
    );
    net.set_training(args.bool("training"));
    let logits = net.forward(x);
    let loss = logits.cross_entropy(target);
    if x.dtype() == DType::F32 {
        loaded_net_agrees(args.str("net"), args.bool("training"), &before, x, &logits);
    }

    let parameters: BTreeMap<String, Tensor> = net.named_parameters().into_iter().collect();
    let buffers = keys.iter().filter(|key| !parameters.contains_key(*key)).map(|key| state[key].detach());
    [loss, logits.detach()].into_iter().chain(buffers).collect()
})];

/// The same net with weights of its own, into which the state is loaded, must give the same answer to the last bit.
fn loaded_net_agrees(name: &str, training: bool, state: &StateDict, x: &Tensor, logits: &Tensor) {
    let net = build(name, Maker::new(None));
    net.load_state_dict(state).expect("the state is of this net");
    net.set_training(training);
    assert_eq!(net.forward(x).to_vec::<f32>(), logits.to_vec::<f32>(), "a loaded net answers otherwise");
}

/// The nets of topics/layers.py.
fn build(name: &str, mut make: Maker<'_>) -> Sequential {
    let net = Sequential::new();
    let m = &mut make;
    match name {
        "linear" => net.with(m.linear("0", 5, 3, true)),
        "linear_no_bias" => net.with(m.linear("0", 5, 3, false)),
        "mlp" => net
            .with(m.linear("0", 5, 7, true))
            .with(Tanh)
            .with(m.linear("2", 7, 6, true))
            .with(Relu)
            .with(m.linear("4", 6, 3, true)),
        "mlp_bn" => net
            .with(m.linear("0", 5, 6, false))
            .with(m.batch_norm("1", 6))
            .with(Gelu)
            .with(m.linear("3", 6, 3, true)),
        "nested" => net
            .with(Sequential::new().with(m.linear("0.0", 5, 4, true)).with(LeakyRelu { slope: 0.1 }))
            .with(Sequential::new().with(m.linear("1.0", 4, 3, true))),
        "signal" => net
            .with(m.conv1d("0", Conv1d::with(2, 4, 3).padding(2).dilation(2)))
            .with(m.batch_norm("1", 4))
            .with(Relu)
            .with(Flatten)
            .with(m.linear("4", 4 * 6, 3, true)),
        "lenet" => net
            .with(m.conv2d("0", 2, 4, 3, options(1, 1, 1), true))
            .with(Relu)
            .with(MaxPool2d(Pool2dOptions::square(2)))
            .with(m.conv2d("3", 4, 3, 3, options(2, 1, 1), false))
            .with(Silu)
            .with(AvgPool2d(Pool2dOptions::square(2)))
            .with(Flatten)
            .with(m.linear("7", 3, 3, true)),
        "convbn" => net
            .with(m.conv2d("0", 2, 4, 3, options(1, 1, 1), false))
            .with(m.batch_norm("1", 4))
            .with(Relu)
            .with(m.conv2d("3", 4, 4, 3, options(1, 1, 2), true))
            .with(m.batch_norm("4", 4))
            .with(Sigmoid)
            .with(AdaptiveAvgPool2d([1, 1]))
            .with(Flatten)
            .with(m.linear("8", 4, 3, true)),
        "residual" => net
            .with(m.conv2d("0", 2, 3, 3, options(1, 1, 1), false))
            .with(m.batch_norm("1", 3))
            .with(Relu)
            .with(m.residual("3", 3, 3, 1))
            .with(m.residual("4", 3, 4, 2))
            .with(AdaptiveAvgPool2d([1, 1]))
            .with(Flatten)
            .with(m.linear("7", 4, 3, true)),
        other => panic!("no net is called {other}"),
    }
}

fn options(stride: usize, padding: usize, groups: usize) -> Conv2dOptions {
    Conv2dOptions { stride: [stride; 2], padding: [padding; 2], groups, ..Conv2dOptions::default() }
}

/// Makes layers: with the tensors of a state, or with weights of their own.
struct Maker<'a> {
    state: Option<&'a StateDict>,
    rng: ChaCha8Rng,
}

impl<'a> Maker<'a> {
    fn new(state: Option<&'a StateDict>) -> Maker<'a> {
        Maker { state, rng: ChaCha8Rng::seed_from_u64(0) }
    }

    /// Puts the state's tensor in a layer's place, so that gradients arrive at the case's own inputs.
    fn put(&self, slot: &mut Tensor, path: &str, name: &str) {
        if let Some(state) = self.state {
            let tensor = &state[&format!("{path}.{name}")];
            assert_eq!(slot.shape(), tensor.shape(), "{path}.{name} has another shape in PyTorch");
            *slot = tensor.clone();
        }
    }

    fn put_both(&self, weight: &mut Tensor, bias: &mut Option<Tensor>, path: &str) {
        self.put(weight, path, "weight");
        if let Some(bias) = bias {
            self.put(bias, path, "bias");
        }
    }

    fn linear(&mut self, path: &str, inputs: usize, outputs: usize, bias: bool) -> Linear {
        let mut layer = match bias {
            true => Linear::new(inputs, outputs, &mut self.rng),
            false => Linear::without_bias(inputs, outputs, &mut self.rng),
        };
        self.put_both(&mut layer.weight, &mut layer.bias, path);
        layer
    }

    fn conv1d(&mut self, path: &str, with: ConvBuilder<1>) -> Conv1d {
        let mut layer = with.build(&mut self.rng);
        self.put_both(&mut layer.weight, &mut layer.bias, path);
        layer
    }

    fn conv2d(
        &mut self,
        path: &str,
        inputs: usize,
        outputs: usize,
        kernel: usize,
        options: Conv2dOptions,
        bias: bool,
    ) -> Conv2d {
        let with = Conv2d::with(inputs, outputs, kernel).bias(bias).groups(options.groups);
        let mut layer = with.stride(options.stride[0]).padding(options.padding[0]).build(&mut self.rng);
        self.put_both(&mut layer.weight, &mut layer.bias, path);
        layer
    }

    fn batch_norm(&mut self, path: &str, channels: usize) -> BatchNorm {
        let mut layer = BatchNorm::new(channels);
        for (slot, name) in [(&mut layer.weight, "weight"), (&mut layer.bias, "bias")] {
            self.put(slot.as_mut().expect("it is affine"), path, name);
        }
        let running = layer.running.as_mut().expect("it tracks them");
        self.put(&mut running.mean, path, "running_mean");
        self.put(&mut running.var, path, "running_var");
        self.put(&mut running.num_batches_tracked, path, "num_batches_tracked");
        layer
    }

    fn residual(&mut self, path: &str, inputs: usize, outputs: usize, stride: usize) -> Residual {
        let part = |name: &str| format!("{path}.{name}");
        let shortcut: Box<dyn Module> = if stride == 1 && inputs == outputs {
            Box::new(Identity)
        } else {
            let projection =
                self.conv2d(&part("downsample.0"), inputs, outputs, 1, options(stride, 0, 1), false);
            Box::new(Sequential::new().with(projection).with(self.batch_norm(&part("downsample.1"), outputs)))
        };
        Residual {
            conv1: self.conv2d(&part("conv1"), inputs, outputs, 3, options(stride, 1, 1), false),
            bn1: self.batch_norm(&part("bn1"), outputs),
            conv2: self.conv2d(&part("conv2"), outputs, outputs, 3, options(1, 1, 1), false),
            bn2: self.batch_norm(&part("bn2"), outputs),
            downsample: shortcut,
        }
    }
}

/// x + f(x), with a projection where the shape changes.
struct Residual {
    conv1: Conv2d,
    bn1: BatchNorm,
    conv2: Conv2d,
    bn2: BatchNorm,
    downsample: Box<dyn Module>,
}

impl Module for Residual {
    fn forward(&self, x: &Tensor) -> Tensor {
        let y = self.bn1.forward(&self.conv1.forward(x)).relu();
        let y = self.bn2.forward(&self.conv2.forward(&y));
        (y + self.downsample.forward(x)).relu()
    }

    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("conv1", &self.conv1);
        visitor.module("bn1", &self.bn1);
        visitor.module("conv2", &self.conv2);
        visitor.module("bn2", &self.bn2);
        visitor.module("downsample", &self.downsample);
    }
}
