use crate::lab::count;

/// Numbers at which an axis has a mark, and how they are written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ticks {
    /// In the coordinate that is drawn: the logarithm, on a logarithmic axis.
    pub(super) at: Vec<f64>,
    pub(super) labels: Vec<String>,
}

/// What kind of numbers an axis shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Scale {
    #[default]
    Linear,
    /// Whole numbers only: epochs.
    Whole,
    /// Fractions, written as percentages.
    Percent,
    /// The coordinate is the logarithm to base 10.
    Log,
}

impl Ticks {
    /// About `wanted` marks between the two ends.
    pub(super) fn new(low: f64, high: f64, wanted: usize, scale: Scale) -> Ticks {
        match scale {
            Scale::Log => Ticks::log(low, high, wanted),
            Scale::Percent => {
                let mut ticks = Ticks::linear(low * 100.0, high * 100.0, wanted, 0.0);
                ticks.at.iter_mut().for_each(|x| *x /= 100.0);
                ticks.labels.iter_mut().for_each(|label| label.push_str(" %"));
                ticks
            }
            Scale::Whole => Ticks::linear(low, high, wanted, 1.0),
            Scale::Linear => Ticks::linear(low, high, wanted, 0.0),
        }
    }

    fn linear(low: f64, high: f64, wanted: usize, finest: f64) -> Ticks {
        let step = nice_step((high - low) / wanted.max(1) as f64).max(finest);
        let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
        let count = (last - first).clamp(0.0, 100.0) as usize;
        let at: Vec<f64> = (0..=count).map(|i| (first + i as f64) * step).collect();
        let labels = at.iter().map(|&x| label(x, step)).collect();
        Ticks { at, labels }
    }

    /// Powers of ten, with 2 and 5 between them where there is room.
    fn log(low: f64, high: f64, wanted: usize) -> Ticks {
        let decades = (high.floor() - low.ceil()).max(0.0) as usize;
        let (mantissas, every): (&[f64], usize) = match decades {
            0 => (&[1.0, 1.5, 2.0, 3.0, 5.0, 7.0], 1),
            1 | 2 => (&[1.0, 2.0, 5.0], 1),
            n => (&[1.0], n.div_ceil(wanted.max(1)).max(1)),
        };
        let powers = (low.floor() as i32..=high.ceil() as i32).filter(|p| p.rem_euclid(every as i32) == 0);
        let values = powers.flat_map(|p| mantissas.iter().map(move |m| m * 10f64.powi(p)));
        let values: Vec<f64> = values.filter(|v| (low - 1e-9..=high + 1e-9).contains(&v.log10())).collect();
        if values.len() < 2 {
            return Ticks::between_powers(low, high, wanted);
        }
        Ticks {
            at: values.iter().map(|v| v.log10()).collect(),
            labels: values.iter().map(|&v| plain(v)).collect(),
        }
    }

    /// On a logarithmic axis so short that hardly a round number lies on it: marks as on a linear one.
    fn between_powers(low: f64, high: f64, wanted: usize) -> Ticks {
        let Ticks { at, labels } = Ticks::linear(10f64.powf(low), 10f64.powf(high), wanted, 0.0);
        Ticks { at: at.iter().map(|x| x.log10()).collect(), labels }
    }
}

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is not less.
fn nice_step(raw: f64) -> f64 {
    if !raw.is_finite() || raw <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0].into_iter().find(|f| f * power >= raw * 0.999).unwrap_or(10.0);
    factor * power
}

/// As many decimals as the step has.
fn label(x: f64, step: f64) -> String {
    let x = if x.abs() < step * 1e-6 { 0.0 } else { x };
    if x.abs() >= 1e6 || step < 1e-5 {
        return plain(x);
    }
    let decimals =
        (0..6).find(|&d| (step * 10f64.powi(d)).fract().min(1.0 - (step * 10f64.powi(d)).fract()) < 1e-6);
    let decimals = decimals.unwrap_or(6) as usize;
    if step >= 1.0 && decimals == 0 {
        return minus(&format!("{}{}", if x < 0.0 { "-" } else { "" }, count(x.abs().round() as usize)));
    }
    minus(&format!("{x:.decimals$}"))
}

/// The shortest way to write a number: 0.05, 200, 1e-6, 20k.
fn plain(x: f64) -> String {
    let size = x.abs();
    let text = match size {
        0.0 => "0".to_string(),
        s if !(9.9e-4..1e9).contains(&s) => {
            let text = format!("{x:.1e}");
            text.replace(".0e", "e")
        }
        s if s >= 1e6 => format!("{}M", rounded(x / 1e6)),
        s if s >= 1e4 => format!("{}k", rounded(x / 1e3)),
        _ => rounded(x),
    };
    minus(&text)
}

fn rounded(x: f64) -> String {
    format!("{x:.4}").trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A real minus sign is as wide as a plus.
fn minus(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(digits) => format!("−{digits}"),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(low: f64, high: f64, scale: Scale) -> String {
        Ticks::new(low, high, 5, scale).labels.join(" ")
    }

    #[test]
    fn marks_fall_on_round_numbers() {
        assert_eq!(labels(0.0, 2.3, Scale::Linear), "0.0 0.5 1.0 1.5 2.0");
        assert_eq!(labels(-1.2, 1.2, Scale::Linear), "−1.0 −0.5 0.0 0.5 1.0");
        assert_eq!(labels(0.0, 30.0, Scale::Whole), "0 10 20 30");
        assert_eq!(labels(1.0, 3.0, Scale::Whole), "1 2 3");
        assert_eq!(labels(0.85, 1.0, Scale::Percent), "85 % 90 % 95 % 100 %");
        assert_eq!(labels(0.0, 2e6, Scale::Linear), "0 500,000 1M 1.5M 2M");
        assert_eq!(labels(0.0, 3e-7, Scale::Linear), "0 1e-7 2e-7 3e-7");
    }

    #[test]
    fn logarithmic_marks_are_powers_of_ten() {
        assert_eq!(labels(-3.0, 1.0, Scale::Log), "0.001 0.01 0.1 1 10");
        assert_eq!(labels(-1.1, 0.4, Scale::Log), "0.1 0.2 0.5 1 2");
        assert_eq!(labels(0.1, 0.75, Scale::Log), "1.5 2 3 5");
        assert_eq!(labels(-12.0, 0.0, Scale::Log), "1e-12 1e-9 1e-6 0.001 1");
        assert_eq!(
            labels(0.33f64.log10(), 0.47f64.log10(), Scale::Log),
            "0.35 0.40 0.45",
            "no 1, 2 or 5 between"
        );
    }

    #[test]
    fn hopeless_ranges_end() {
        for (low, high) in [(0.0, 0.0), (1e300, 1e301), (-1e-300, 1e-300), (0.0, f64::MAX)] {
            for scale in [Scale::Linear, Scale::Whole, Scale::Percent] {
                assert!(Ticks::new(low, high, 5, scale).at.len() <= 101);
            }
        }
    }
}
