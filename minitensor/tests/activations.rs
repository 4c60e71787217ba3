//! Activation layers answer as the functions that they name, with PyTorch's defaults.

use minitensor::Tensor;
use minitensor::nn::*;

#[test]
fn each_layer_is_its_function() {
    let x = Tensor::linspace(-4.0, 8.0, 24).reshape([2, 3, 4]);
    let pairs: [(&dyn Module, Tensor); 21] = [
        (&Relu, x.relu()),
        (&Sigmoid, x.sigmoid()),
        (&Tanh, x.tanh()),
        (&Gelu, x.gelu()),
        (&GeluTanh, x.gelu_tanh()),
        (&Silu, x.silu()),
        (&Mish, x.mish()),
        (&Softplus, x.softplus()),
        (&Selu, x.selu()),
        (&Relu6, x.clamp(0.0, 6.0)),
        (&Hardsigmoid, x.hardsigmoid()),
        (&Hardswish, x.hardswish()),
        (&LogSigmoid, x.logsigmoid()),
        (&Softsign, x.softsign()),
        (&Identity, x.clone()),
        (&LeakyRelu::default(), x.leaky_relu(0.01)),
        (&Elu::default(), x.elu(1.0)),
        (&Celu { alpha: 0.5 }, x.celu(0.5)),
        (&Hardtanh::default(), x.clamp(-1.0, 1.0)),
        (&Softmax { dim: 1 }, x.softmax(1)),
        (&LogSoftmax::default(), x.log_softmax(-1)),
    ];
    for (number, (layer, expected)) in pairs.iter().enumerate() {
        assert_eq!(layer.forward(&x).to_vec::<f32>(), expected.to_vec::<f32>(), "layer {number}");
        assert!(layer.state_dict().is_empty());
    }
}

#[test]
fn prelu_learns_its_slopes() {
    let x = Tensor::from([[-2.0f32, 4.0, -8.0], [-1.0, -1.0, 3.0]]);
    let one = PRelu::new();
    let y = one.forward(&x);
    assert_eq!(y.to_vec::<f32>(), [-0.5, 4.0, -2.0, -0.25, -0.25, 3.0]);
    y.sum().backward();
    assert_eq!(one.weight.grad().expect("it is learned").to_vec::<f32>(), [-12.0]); // the sum of all below 0
    let each = PRelu::of_channels(3);
    each.forward(&x).sum().backward();
    assert_eq!(each.weight.grad().expect("they are learned").to_vec::<f32>(), [-3.0, -1.0, -8.0]);
    assert_eq!(each.state_dict().keys().collect::<Vec<_>>(), ["weight"]);
}
