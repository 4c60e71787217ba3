//! Neurons, losses and learning: against PyTorch's numbers, finite differences, and what theory says.

use micrograd::{
    Activation, Layer, Mlp, Neuron, Sgd, Value, binary_cross_entropy_with_logits, cross_entropy, hinge_loss,
    mse_loss,
};
use rand::{SeedableRng, rngs::ChaCha8Rng};

fn values(numbers: &[f64]) -> Vec<Value> {
    numbers.iter().copied().map(Value::new).collect()
}

#[track_caller]
fn close(got: f64, expected: f64) {
    assert!((got - expected).abs() < 1e-9, "got {got}, expected {expected}");
}

#[test]
fn a_neuron_is_a_bent_weighted_sum() {
    let neuron = |activation| Neuron { weights: values(&[1.0, -2.0]), bias: Value::new(0.5), activation };
    let x = values(&[3.0, 1.5]);
    let said = |activation| neuron(activation).forward(&x).data();
    close(said(Activation::Linear), 0.5);
    close(said(Activation::Relu), 0.5);
    close(said(Activation::Tanh), 0.462_117_157_260_009_8);
    close(said(Activation::Sigmoid), 0.622_459_331_201_854_6);
}

#[test]
fn parameters_are_counted() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let net: Mlp = Mlp::new(&[3, 4, 2], Activation::Tanh, &mut rng);
    assert_eq!(net.parameters().len(), 20 + 6);
    assert_eq!(net.to_string(), "3 → 4 tanh → 2 linear");
    assert_eq!(Mlp::<f64>::new(&[2, 16, 16, 1], Activation::Relu, &mut rng).parameters().len(), 337);
    let bound = 1.0 / 3.0_f64.sqrt();
    assert!(net.layers[0].parameters().iter().all(|w| w.data().abs() <= bound));
    let again: Mlp = Mlp::new(&[3, 4, 2], Activation::Tanh, &mut ChaCha8Rng::seed_from_u64(0));
    let data = |net: &Mlp| net.parameters().iter().map(Value::data).collect::<Vec<_>>();
    assert_eq!(data(&net), data(&again), "the same seed gives the same network");
}

#[test]
fn a_network_without_inputs_says_its_bias() {
    let layer: Layer = Layer::new(0, 2, Activation::Linear, &mut ChaCha8Rng::seed_from_u64(0));
    assert_eq!(layer.forward(&[])[1].data(), layer.neurons[1].bias.data());
}

#[test]
#[should_panic(expected = "as many inputs are needed as there are weights")]
fn a_wrong_number_of_inputs_is_an_error() {
    let net: Mlp = Mlp::new(&[3, 1], Activation::Relu, &mut ChaCha8Rng::seed_from_u64(0));
    net.forward(&values(&[1.0, 2.0]));
}

#[test]
fn losses_as_in_pytorch() {
    let y = values(&[1.0, -0.5]);
    let loss = mse_loss(&y, &[0.0, 1.0]);
    loss.backward();
    close(loss.data(), (1.0 + 2.25) / 2.0);
    close(y[0].grad(), 1.0);
    close(y[1].grad(), -1.5);

    let scores = values(&[0.3, 2.0, -0.4]);
    let loss = hinge_loss(&scores, &[1.0, 1.0, -1.0]);
    loss.backward();
    close(loss.data(), (0.7 + 0.0 + 0.6) / 3.0);
    close(scores[0].grad(), -1.0 / 3.0);
    close(scores[1].grad(), 0.0);
    close(scores[2].grad(), 1.0 / 3.0);

    // torch.nn.functional.cross_entropy(torch.tensor([[1., 2., 3.]]), torch.tensor([2]))
    let scores = vec![values(&[1.0, 2.0, 3.0])];
    let loss = cross_entropy(&scores, &[2]);
    loss.backward();
    close(loss.data(), 0.407_605_964_444_380_4);
    close(scores[0][0].grad(), 0.090_030_573_170_380_46);
    close(scores[0][1].grad(), 0.244_728_471_054_797_67);
    close(scores[0][2].grad(), -0.334_759_044_225_178_1);

    // torch.nn.functional.binary_cross_entropy_with_logits(torch.tensor([0.5, -1.0]), torch.tensor([1., 0.]))
    let scores = values(&[0.5, -1.0]);
    let loss = binary_cross_entropy_with_logits(&scores, &[1.0, 0.0]);
    loss.backward();
    close(loss.data(), (0.474_076_984_180_106_7 + 0.313_261_687_518_222_9) / 2.0);
    close(scores[0].grad(), (0.622_459_331_201_854_6 - 1.0) / 2.0);
    close(scores[1].grad(), 0.268_941_421_369_995_1 / 2.0);
}

#[test]
fn losses_survive_huge_scores() {
    close(cross_entropy(&[values(&[1e4, 0.0, -1e4])], &[1]).data(), 1e4);
    close(cross_entropy(&[values(&[0.0; 10])], &[3]).data(), 10.0_f64.ln());
    close(binary_cross_entropy_with_logits(&values(&[-1e4]), &[1.0]).data(), 1e4);
}

#[test]
#[should_panic(expected = "cross_entropy: class 3 of only 3 scores")]
fn a_class_out_of_range_is_an_error() {
    cross_entropy(&[values(&[1.0, 2.0, 3.0])], &[3]);
}

#[test]
#[should_panic(expected = "mse_loss: as many predictions are needed as there are targets")]
fn a_loss_needs_as_many_targets() {
    mse_loss(&values(&[1.0, 2.0]), &[1.0]);
}

#[test]
fn gradients_of_a_network_agree_with_finite_differences() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for activation in [Activation::Tanh, Activation::Sigmoid, Activation::Relu] {
        let net: Mlp = Mlp::new(&[2, 5, 4, 3], activation, &mut rng);
        let loss = || {
            let points = [[0.3, -0.8], [1.2, 0.4], [-0.5, 0.9]];
            let scores: Vec<_> = points.iter().map(|x| net.forward(&values(x))).collect();
            cross_entropy(&scores, &[0, 2, 1])
        };
        loss().backward();
        for w in net.parameters() {
            let (at, h) = (w.data(), 1e-6);
            let moved = |by| {
                w.set_data(at + by);
                loss().data()
            };
            let slope = (moved(h) - moved(-h)) / (2.0 * h);
            w.set_data(at);
            assert!((w.grad() - slope).abs() < 1e-7, "{activation:?}: got {}, expected {slope}", w.grad());
        }
    }
}

#[test]
fn descent_on_a_parabola_follows_its_formula() {
    // w ← w - lr 2 (w - 3), so the distance to 3 shrinks by 1 - 2 lr each step.
    let w = Value::new(1.0);
    let sgd = Sgd::new(vec![w.clone()], 0.1);
    for step in 1..=20 {
        sgd.zero_grad();
        (&w - 3.0).powi(2).backward();
        sgd.step();
        close(w.data(), 3.0 - 2.0 * 0.8_f64.powi(step));
    }
}
