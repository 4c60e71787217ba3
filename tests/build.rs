//! Writes the drafts, as a reader gets them, where `cargo test` can compile them.

#[path = "src/exercise/source.rs"]
#[allow(dead_code, unreachable_pub, reason = "the runner uses the rest")]
mod source;

use source::Source;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=solutions");
    println!("cargo::rerun-if-changed=src/exercise/source.rs");
    if let Err(error) = write_drafts() {
        println!("cargo::error={error}");
    }
}

fn write_drafts() -> Result<(), Box<dyn Error>> {
    let mut drafts = String::new();
    let mut paths = fs::read_dir("solutions")?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    paths.sort();
    for path in paths {
        let file = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if file.starts_with("ch") {
            let source = Source::parse(file, &fs::read_to_string(&path)?)?;
            drafts.push_str(&format!("pub(crate) mod {file} {{\n{}}}\n", source.draft()));
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("drafts.rs"), drafts)?;
    Ok(())
}
