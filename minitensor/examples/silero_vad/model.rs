//! Silero VAD, 16 kHz: a spectrum by convolution, four convolutions, one LSTM cell (https://github.com/snakers4/silero-vad).

use minitensor::Tensor;
use minitensor::nn::{Conv1d, LstmCell, Module, Visitor};
use minitensor::ops::PadMode;
use rand::Rng;

/// Listens to a signal chunk by chunk and says how likely each one is speech.
///
/// All sizes are multiples of `scale`, 16 in the model that Silero trained: chunks of 512 samples (32 ms at 16 kHz).
pub(crate) struct SileroVad {
    scale: usize,
    stft_conv: Conv1d,
    conv1: Conv1d,
    conv2: Conv1d,
    conv3: Conv1d,
    conv4: Conv1d,
    lstm_cell: LstmCell,
    final_conv: Conv1d,
}

impl SileroVad {
    pub(crate) fn new(scale: usize, rng: &mut impl Rng) -> SileroVad {
        let n = 8 * scale;
        SileroVad {
            scale,
            // a cosine and a sine of each frequency 0..=n, for windows of 2n samples that start n apart
            stft_conv: Conv1d::with(1, 2 * (n + 1), 2 * n).stride(n).bias(false).build(rng),
            conv1: Conv1d::with(n + 1, n, 3).padding(1).build(rng),
            conv2: Conv1d::with(n, n / 2, 3).stride(2).padding(1).build(rng),
            conv3: Conv1d::with(n / 2, n / 2, 3).stride(2).padding(1).build(rng),
            conv4: Conv1d::with(n / 2, n, 3).padding(1).build(rng),
            lstm_cell: LstmCell::new(n, n, rng),
            final_conv: Conv1d::new(n, 1, 1, rng),
        }
    }

    /// How many samples make a chunk, S.
    pub(crate) fn chunk(&self) -> usize {
        32 * self.scale
    }

    /// How many samples before a chunk it is heard with.
    fn context(&self) -> usize {
        4 * self.scale
    }

    /// The probability of speech in each whole chunk of a signal.
    pub(crate) fn probabilities(&self, signal: &[f32]) -> Vec<f32> {
        let heard = [&vec![0.0; self.context()], signal].concat();
        let mut state = None;
        let starts = (0..signal.len() / self.chunk()).map(|i| i * self.chunk());
        starts
            .map(|start| {
                let samples = &heard[start..start + self.context() + self.chunk()];
                let (h, c) = self.listen(&Tensor::from_slice(samples, [1, samples.len()]), state.take());
                let speech = self.final_conv.forward(&h.relu().unsqueeze(-1)).sigmoid(); // (1, 1, 1)
                state = Some((h, c));
                speech.item() as f32
            })
            .collect()
    }

    /// The state (h, c) of the LSTM after a chunk, (B, 8·scale) each.
    fn listen(&self, x: &Tensor, state: Option<(Tensor, Tensor)>) -> (Tensor, Tensor) {
        let x = x.unsqueeze(1).pad(&[0, self.context() as isize], PadMode::Reflect); // (B, 1, 40·scale)
        let waves = self.stft_conv.forward(&x); // (B, 2·(n + 1), 4)
        let half = waves.size(1) / 2;
        let (cosines, sines) = (waves.narrow(1, 0, half), waves.narrow(1, half, half));
        let mut x = (cosines.square() + sines.square()).sqrt(); // how loud each frequency is
        for conv in [&self.conv1, &self.conv2, &self.conv3, &self.conv4] {
            x = conv.forward(&x).relu(); // 4 places in time, then 4, 2, 1, 1
        }
        self.lstm_cell.run(&x.squeeze(-1), state.as_ref().map(|(h, c)| (h, c)))
    }
}

impl Module for SileroVad {
    fn visit(&self, visitor: &mut Visitor<'_>) {
        visitor.module("stft_conv", &self.stft_conv);
        visitor.module("conv1", &self.conv1);
        visitor.module("conv2", &self.conv2);
        visitor.module("conv3", &self.conv3);
        visitor.module("conv4", &self.conv4);
        visitor.module("lstm_cell", &self.lstm_cell);
        visitor.module("final_conv", &self.final_conv);
    }
}
