//! What a network is made of, and the depths that it can have.

use serde::{Deserialize, Serialize};

/// The three families of He et al. 2016 ("Deep residual learning for image recognition"), which differ only in the
/// block that they repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Two 3x3 convolutions a block, and nothing around them.
    Plain,
    /// Two 3x3 convolutions a block, and a shortcut around them.
    Basic,
    /// A 1x1, a 3x3 and a 1x1 convolution a block, and a shortcut around them. The 1x1 ones narrow the features to a
    /// quarter before the costly 3x3, and widen them again after it.
    Bottleneck,
}

/// Stages of equal width and image size: 16, 32 and 64 filters (section 4.2).
pub const STAGES: usize = 3;

/// The deepest network of the paper; nothing deeper is built.
const DEEPEST: usize = 1202;

/// A depth that no network of this family has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {family} has {depth} layers: {rule}")]
pub struct DepthError {
    family: &'static str,
    depth: usize,
    /// Which depths there are.
    rule: String,
}

impl DepthError {
    fn not_of_form(family: Family, depth: usize, per_n: usize, nearest: &[usize]) -> DepthError {
        let nearest = match nearest {
            [one] => format!("nearest is {one}"),
            several => format!("nearest are {}", listed(several)),
        };
        DepthError {
            family: family.name(),
            depth,
            rule: format!("its depth is {per_n}n + 2, and the {nearest}"),
        }
    }

    /// For the networks that have no formula.
    pub(super) fn not_listed(family: Family, depth: usize, valid: impl Iterator<Item = usize>) -> DepthError {
        let rule = format!("for ImageNet there are {}", listed(&valid.collect::<Vec<_>>()));
        DepthError { family: family.name(), depth, rule }
    }
}

fn listed(depths: &[usize]) -> String {
    depths.iter().map(usize::to_string).collect::<Vec<_>>().join(" and ")
}

// ANCHOR: depth
impl Family {
    /// How many convolutions a block has.
    pub fn convs_per_block(self) -> usize {
        match self {
            Family::Plain | Family::Basic => 2,
            Family::Bottleneck => 3,
        }
    }

    /// How many times more features a block gives out than its 3x3 convolutions have filters.
    pub fn expansion(self) -> usize {
        match self {
            Family::Plain | Family::Basic => 1,
            Family::Bottleneck => 4,
        }
    }

    /// How many blocks each stage has, for a network of this many layers. Every convolution on the main path counts as a
    /// layer, and so does the linear one: 2 · 3n + 2 = 6n + 2, or with bottlenecks 3 · 3n + 2 = 9n + 2.
    ///
    /// # Errors
    /// If no whole number of blocks gives this depth: the error lists the nearest depths that exist.
    pub fn blocks_per_stage(self, depth: usize) -> Result<usize, DepthError> {
        let per_n = STAGES * self.convs_per_block();
        let valid =
            |depth: usize| (per_n + 2..=DEEPEST).contains(&depth) && (depth - 2).is_multiple_of(per_n);
        if valid(depth) {
            return Ok((depth - 2) / per_n);
        }
        let below = (1..=depth.min(DEEPEST)).rev().find(|&d| valid(d));
        let above = (depth..=DEEPEST).find(|&d| valid(d));
        let nearest: Vec<usize> = below.into_iter().chain(above).collect();
        Err(DepthError::not_of_form(self, depth, per_n, &nearest))
    }
}
// ANCHOR_END: depth

impl Family {
    /// What a network of this family is called: "ResNet".
    pub fn name(self) -> &'static str {
        match self {
            Family::Plain => "PlainNet",
            Family::Basic => "ResNet",
            Family::Bottleneck => "bottleneck ResNet",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_depths_of_the_paper_exist() {
        for (depth, n) in [(8, 1), (14, 2), (20, 3), (32, 5), (44, 7), (56, 9), (110, 18), (1202, 200)] {
            assert_eq!(Family::Plain.blocks_per_stage(depth), Ok(n));
            assert_eq!(Family::Basic.blocks_per_stage(depth), Ok(n));
        }
        for (depth, n) in [(11, 1), (20, 2), (29, 3), (164, 18)] {
            assert_eq!(Family::Bottleneck.blocks_per_stage(depth), Ok(n));
        }
    }

    #[test]
    fn another_depth_is_refused_with_its_neighbours() {
        let message =
            |family: Family, depth| family.blocks_per_stage(depth).expect_err("no such depth").to_string();
        assert_eq!(
            message(Family::Basic, 21),
            "no ResNet has 21 layers: its depth is 6n + 2, and the nearest are 20 and 26"
        );
        assert_eq!(
            message(Family::Bottleneck, 30),
            "no bottleneck ResNet has 30 layers: its depth is 9n + 2, and the nearest are 29 and 38"
        );
        assert!(message(Family::Plain, 2).ends_with("the nearest is 8"));
        assert!(message(Family::Plain, 0).ends_with("the nearest is 8"));
        assert!(message(Family::Plain, usize::MAX).ends_with("the nearest is 1202"));
    }
}
