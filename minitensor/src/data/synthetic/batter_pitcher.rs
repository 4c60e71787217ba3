//! Who bats against whom, and what comes of it: the data of batter-pitcher embeddings (Alcorn 2018, "(batter|pitcher)2vec").

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt};

use super::{Kind, below, normal, source};
use crate::Tensor;

/// How many batters there are, and how many pitchers.
pub const PLAYERS: usize = 100;

/// What can come of it.
pub const OUTCOMES: [&str; 20] = [
    "single",
    "double",
    "triple",
    "home run",
    "walk",
    "intentional walk",
    "hit by pitch",
    "strikeout",
    "ground out",
    "fly out",
    "line out",
    "pop out",
    "foul out",
    "double play",
    "triple play",
    "sacrifice fly",
    "sacrifice bunt",
    "fielder's choice",
    "error",
    "interference",
];

/// How many numbers describe a player, behind the scenes.
const TRAITS: usize = 4;

/// Rows of who met whom, when, and what came of it.
#[derive(Debug, Clone)]
pub struct BatterPitcher {
    /// The batter, 0 to 99, (N) in `I64`.
    pub batters: Tensor,
    /// The pitcher, 0 to 99, (N) in `I64`.
    pub pitchers: Tensor,
    /// The inning, 1 to 9, and the number of runners, 0 to 3, (N, 2) in `F32`.
    pub situations: Tensor,
    /// The outcome, a place in [`OUTCOMES`], (N) in `I64`.
    pub outcomes: Tensor,
}

/// So many rows. Each player has four hidden traits, each outcome asks for some, and the situation shifts them a little:
/// p(outcome) = softmax(outcome · (batter + pitcher + situation)).
pub fn batter_pitcher(rows: usize, seed: u64) -> BatterPitcher {
    let mut rng = source(Kind::BatterPitcher, seed, 0);
    let traits = |count: usize, rng: &mut ChaCha8Rng| -> Vec<[f32; TRAITS]> {
        (0..count).map(|_| [(); TRAITS].map(|()| normal(rng))).collect()
    };
    let (batters, pitchers) = (traits(PLAYERS, &mut rng), traits(PLAYERS, &mut rng));
    let (wanted, shifts) = (traits(OUTCOMES.len(), &mut rng), traits(2, &mut rng));
    let (mut who, mut against, mut when, mut what) = (vec![], vec![], vec![], vec![]);
    for _ in 0..rows {
        let (batter, pitcher) = (below(PLAYERS, &mut rng), below(PLAYERS, &mut rng));
        let (inning, runners) = (1 + below(9, &mut rng), below(4, &mut rng));
        let [late, full] = [(inning as f32 - 5.0) / 4.0, (runners as f32 - 1.5) / 1.5];
        let logit = |wanted: &[f32; TRAITS]| -> f32 {
            (0..TRAITS)
                .map(|i| {
                    wanted[i]
                        * (batters[batter][i]
                            + pitchers[pitcher][i]
                            + late * shifts[0][i]
                            + full * shifts[1][i])
                })
                .sum()
        };
        what.push(drawn(&wanted.iter().map(logit).collect::<Vec<_>>(), &mut rng) as i64);
        who.push(batter as i64);
        against.push(pitcher as i64);
        when.extend([inning as f32, runners as f32]);
    }
    BatterPitcher {
        batters: Tensor::from_vec(who, [rows]),
        pitchers: Tensor::from_vec(against, [rows]),
        situations: Tensor::from_vec(when, [rows, 2]),
        outcomes: Tensor::from_vec(what, [rows]),
    }
}

/// A place, drawn with the probabilities softmax(logits).
fn drawn(logits: &[f32], rng: &mut impl Rng) -> usize {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let weights: Vec<f32> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let mut left = rng.random::<f32>() * weights.iter().sum::<f32>();
    let past = |weight: &f32| {
        left -= weight;
        left < 0.0
    };
    weights.iter().position(past).unwrap_or(weights.len() - 1)
}
