//! Properties of whole pictures.

use super::*;

/// The page of a book must not grow by a picture.
const LARGEST: usize = 200_000;

fn gallery() -> Vec<(&'static str, String)> {
    let wave = |n: i32| (0..n).map(|i| (f64::from(i), (f64::from(i) / 9.0).sin()));
    let grid = Grid::new(-1.0..=1.0, -1.0..=1.0);
    let inside: Vec<f64> = grid.points().map(|(x, y)| 1.0 - x.hypot(y)).collect();
    let quadrants: Vec<usize> =
        grid.points().map(|(x, y)| usize::from(x > 0.0) + 2 * usize::from(y > 0.0)).collect();
    let pixels = |n: usize| (0..n).map(|i| (i * 7919 % 101) as f32 / 100.0).collect::<Vec<f32>>();
    let broken = [(0.0, f64::NAN), (1.0, 1e308), (f64::INFINITY, 2.0), (2.0, -1e308), (3.0, 0.0)];
    vec![
        ("nothing", Chart::new("").to_string()),
        ("one point", Chart::new("t").line("a", [(1.0, 2.0)]).to_string()),
        ("broken", Chart::new("t").line("a", broken).points("b", broken).to_string()),
        ("broken log", Chart::new("t").line("a", broken).log_y().to_string()),
        ("broken logs", Chart::new("t").line("a", broken).points("b", broken).log_x().log_y().to_string()),
        ("flat", Chart::new("t").line("a", [(0.0, 0.0), (0.0, 0.0)]).percent_y().to_string()),
        (
            "odd range",
            Chart::new("t").line("a", wave(9)).y_range(1.0..=1.0).x_range(f64::NAN..=2.0).to_string(),
        ),
        ("long", Chart::new("t").x("step").line("a", wave(100_000)).dashed("b", wave(90_000)).to_string()),
        ("many dots", Chart::new("t").points("a", wave(60_000)).points("b", wave(60_000)).to_string()),
        ("boundary", Chart::new("t").probability(&grid, inside).points("a", wave(300)).to_string()),
        ("classes", Chart::new("t").classes(&grid, quadrants).to_string()),
        ("heat map", Heatmap::new("t", 4, (0..16).map(f64::from)).values(1).to_string()),
        (
            "large heat map",
            Heatmap::new("t", 256, (0..65_536).map(|i| f64::from(i % 97))).signed().to_string(),
        ),
        ("empty heat map", Heatmap::new("t", 2, [f64::NAN, 0.0]).to_string()),
        ("confusion", Confusion::new("t", ["a", "b"], [0, 0, 3, 1_000_000]).to_string()),
        ("no tile", Gallery::new("t").to_string()),
        (
            "tiles",
            Gallery::new("t").tiles((0..40).map(|_| Tile::grey(28, &pixels(784)).caption("7"))).to_string(),
        ),
        ("colour", Gallery::new("").with(Tile::rgb(32, &pixels(3072)).marked(Mark::Right)).to_string()),
        (
            "filters",
            Gallery::new("t").with(Tile::signed(3, &[0.0; 9])).with(Tile::signed(1, &[f32::NAN])).to_string(),
        ),
        ("no figure", Figure::new(0).to_string()),
        ("figure", Figure::new(2).with(Chart::new("a")).with(Heatmap::new("b", 1, [1.0])).to_string()),
    ]
}

#[test]
fn every_picture_is_small_whole_and_without_broken_numbers() {
    for (name, picture) in gallery() {
        assert!(picture.len() < LARGEST, "{name}: {} bytes", picture.len());
        assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>\n"), "{name}");
        assert_eq!(picture.matches("<svg").count(), picture.matches("</svg>").count(), "{name}");
        assert_eq!(picture.matches("<text").count(), picture.matches("</text>").count(), "{name}");
        for broken in ["NaN", "inf\"", "\"-inf"] {
            assert!(!picture.contains(broken), "{name} contains {broken}");
        }
    }
}

#[test]
fn markup_in_a_name_is_text() {
    let hostile = r#"</svg><script>alert("x")</script> & \u{1b}[31m"#.replace("\\u{1b}", "\u{1b}");
    let chart = Chart::new(&hostile).x(&hostile).y(&hostile).line(&hostile, [(0.0, 1.0), (1.0, 2.0)]);
    let figure = Figure::new(3)
        .with(chart)
        .with(Confusion::new(&hostile, [hostile.clone()], [1]))
        .with(Gallery::new(&hostile).with(Tile::grey(1, &[0.5]).caption(&hostile)))
        .to_string();
    assert!(!figure.contains("<script"), "{figure}");
    assert!(!figure.contains('\u{1b}'));
    assert!(figure.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;"));
}

#[test]
fn a_diagonal_runs_from_corner_to_corner() {
    let chart = Chart::new("").x_range(0.0..=1.0).y_range(0.0..=1.0).line("", [(0.0, 0.0), (1.0, 1.0)]);
    assert_runs_from_corner_to_corner(&chart);
}

#[test]
fn a_power_is_a_diagonal_where_both_axes_are_logarithmic() {
    let square = (0..=6).map(|i| (10f64.powi(i), 100f64.powi(i)));
    let chart = Chart::new("").x_range(1.0..=1e6).y_range(1.0..=1e12).line("", square).log_x().log_y();
    assert_runs_from_corner_to_corner(&chart);
}

/// Each point of the only line is as far up as it is to the right, and the first and the last are in the corners.
#[track_caller]
fn assert_runs_from_corner_to_corner(chart: &Chart) {
    let chart = chart.to_string();
    // The series' own canvas: ten units a pixel, five pixels of bleed around the plot.
    let canvas = chart.rsplit("<svg ").next().unwrap();
    let size = canvas.split("viewBox=\"0 0 ").nth(1).unwrap().split('"').next().unwrap();
    let (w, h) = size.split_once(' ').unwrap();
    let (w, h): (f64, f64) = (w.parse().unwrap(), h.parse().unwrap());
    let line = canvas.split("points=\"").nth(1).unwrap().split('"').next().unwrap();
    let numbers: Vec<f64> =
        line.split([' ', ',']).filter(|n| !n.is_empty()).map(|n| n.parse().unwrap()).collect();
    for (i, point) in numbers.chunks(2).enumerate() {
        let along = i as f64 / (numbers.len() / 2 - 1) as f64;
        let wanted = [50.0 + along * (w - 100.0), h - 50.0 - along * (h - 100.0)];
        for (got, want) in point.iter().zip(wanted) {
            assert!((got - want).abs() <= 10.0, "the line runs along {numbers:?} on a canvas of {w} by {h}");
        }
    }
}

#[test]
fn a_right_guess_is_blue_and_a_wrong_one_red() {
    let picture = Confusion::new("", ["a", "b"], [9, 1, 0, 10]).to_string();
    let cell = |text: &str| {
        let before = picture.split(&format!(">{text}</text>")).next().unwrap();
        before.rsplit("<rect").next().unwrap().split("fill=\"").nth(1).unwrap()[..7].to_string()
    };
    let channel = |hex: &str, i: usize| u8::from_str_radix(&hex[1 + 2 * i..3 + 2 * i], 16).unwrap();
    let (right, wrong) = (cell("9"), cell("1"));
    assert!(channel(&right, 2) > channel(&right, 0), "{right}");
    assert!(channel(&wrong, 0) > channel(&wrong, 2), "{wrong}");
}

#[test]
fn a_picture_of_the_wrong_size_is_told() {
    let message =
        |f: fn()| *std::panic::catch_unwind(f).expect_err("must panic").downcast::<String>().unwrap();
    assert_eq!(message(|| drop(Tile::grey(3, &[0.0; 10]))), "10 pixels do not fill one plane of rows of 3");
    assert_eq!(message(|| drop(Tile::rgb(2, &[0.0; 8]))), "8 pixels do not fill three planes of rows of 2");
    assert_eq!(message(|| drop(Heatmap::new("", 3, [1.0]))), "a heat map of 3 columns cannot hold 1 values");
}
