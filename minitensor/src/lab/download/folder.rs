use std::env;
use std::path::PathBuf;

use crate::lab::{Error, Result};

/// A variable that says where downloads are kept.
const VARIABLE: &str = "SCALAR_TO_TENSOR_CACHE";
const NAME: &str = "scalar-to-tensor";

/// Where downloads are kept when no `--data-dir` is given: `$SCALAR_TO_TENSOR_CACHE`, or a folder of our own where
/// the system keeps such things (`~/.cache` or `$XDG_CACHE_HOME`, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on
/// Windows).
///
/// ```
/// let folder = minitensor::lab::cache_folder()?;
/// println!("data sets are kept in {}", folder.display());
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
///
/// # Errors
/// [`Error::Usage`] where the environment says nothing of a home.
pub fn cache_folder() -> Result<PathBuf> {
    choose(&|name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)).ok_or_else(|| {
        Error::Usage(format!(
            "there is no home folder to keep downloads in: set {VARIABLE}, or give --data-dir"
        ))
    })
}

/// `variable` looks up the environment.
fn choose(variable: &dyn Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    if let Some(folder) = variable(VARIABLE) {
        return Some(folder);
    }
    let home = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        variable("HOME").map(|home| home.join("Library").join("Caches"))
    } else {
        // The XDG specification: a relative path is to be ignored.
        let xdg = variable("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        xdg.or_else(|| variable("HOME").map(|home| home.join(".cache")))
    };
    home.map(|folder| folder.join(NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(pairs: &[(&str, &str)]) -> Option<PathBuf> {
        choose(&|name| pairs.iter().find(|pair| pair.0 == name).map(|pair| PathBuf::from(pair.1)))
    }

    #[test]
    fn our_own_variable_wins() {
        assert_eq!(chosen(&[(VARIABLE, "/data"), ("HOME", "/home/ada")]), Some("/data".into()));
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    #[cfg(all(unix, not(target_os = "macos")))]
    fn the_cache_of_the_system() {
        let home = ("HOME", "/home/ada");
        assert_eq!(chosen(&[home]), Some("/home/ada/.cache/scalar-to-tensor".into()));
        assert_eq!(chosen(&[home, ("XDG_CACHE_HOME", "/tmp/c")]), Some("/tmp/c/scalar-to-tensor".into()));
        assert_eq!(
            chosen(&[home, ("XDG_CACHE_HOME", "c")]),
            Some("/home/ada/.cache/scalar-to-tensor".into())
        );
    }
}
