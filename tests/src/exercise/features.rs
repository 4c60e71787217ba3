//! Which Cargo features the checks of a chapter need.

/// The `required-features` of a chapter's target in `tests/Cargo.toml`, which is `manifest`.
///
/// Without them cargo builds no such target; most chapters need none.
pub fn features(manifest: &str, chapter: u32) -> Vec<String> {
    let name = format!("name = \"ch{chapter:02}\"");
    let mut lines =
        manifest.lines().map(str::trim).skip_while(|line| *line != name).take_while(|line| !line.is_empty());
    let listed = lines.find_map(|line| line.strip_prefix("required-features = ["));
    let listed = listed.and_then(|list| list.strip_suffix(']')).unwrap_or_default();
    listed
        .split(',')
        .map(|feature| feature.trim().trim_matches('"').to_owned())
        .filter(|f| !f.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::features;

    #[test]
    fn a_chapter_needs_what_its_target_says() {
        let manifest = "[[test]]\nname = \"ch07\"\ntest = false\n\n[[test]]\nname = \"ch08\"\n\
                        required-features = [\"opencl\", \"more\"]\n";
        assert_eq!(features(manifest, 8), ["opencl", "more"]);
        assert!(features(manifest, 7).is_empty() && features(manifest, 9).is_empty());
    }
}
