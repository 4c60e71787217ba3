use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Error, Metrics, Options, Result, Table, write_atomic};

/// The folder that a practical writes: `runs/CRATE-NAME/`, or what `--out` says.
///
/// Every file in it is written by [`write_atomic`], so that a full disk or a killed program never costs an
/// earlier file.
///
/// ```
/// # let dir = tempfile::tempdir().unwrap();
/// use minitensor::lab::{Options, Run};
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Config { epochs: usize, lr: f64 }
///
/// let options = Options { out: Some(dir.path().join("fit")), ..Options::default() };
/// let run = Run::open("micrograd", "fit", &options)?;
/// run.config(&Config { epochs: 100, lr: 0.05 })?;
/// run.write("notes.txt", "it converged\n")?;
/// assert!(run.path("config.json").exists());
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Run {
    folder: PathBuf,
    resumed: bool,
    command: String,
}

const CONFIG: &str = "config.json";
const STATE: &str = "state.safetensors";

impl Run {
    /// Creates the folder, or opens it under `--resume`. `name` is empty for a crate with one practical.
    ///
    /// # Errors
    /// [`Error::NothingToResume`] under `--resume` without an earlier run; [`Error::File`] when the folder cannot
    /// be created.
    pub fn open(crate_name: &str, name: &str, options: &Options) -> Result<Run> {
        let usual = || Path::new("runs").join([crate_name, name].join("-").trim_end_matches('-'));
        let folder = options.out.clone().unwrap_or_else(usual);
        let out = options.out.iter().map(|folder| format!(" --out {}", folder.display())).collect::<String>();
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        let command = format!("cargo run -p {crate_name} --{name} --resume{out}");
        let run = Run { folder, resumed: options.resume, command };
        if run.resumed && !run.path(CONFIG).exists() {
            return Err(Error::NothingToResume { path: run.path(CONFIG) });
        }
        fs::create_dir_all(&run.folder).map_err(|e| Error::file("create the folder", &run.folder, e))?;
        Ok(run)
    }

    /// Was `--resume` given?
    pub fn resumed(&self) -> bool {
        self.resumed
    }

    /// The command that goes on with this run: `cargo run -p convnet -- resnet --resume`.
    pub fn how_to_resume(&self) -> &str {
        &self.command
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a file of this run lies.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.join(file)
    }

    /// What the end of a practical says of the files it wrote, each with what is in it.
    pub fn wrote(&self, files: &[(&str, &str)]) -> String {
        let mut table = Table::summary();
        for (name, what) in files {
            table.row([&format!("  {name}"), *what]);
        }
        format!("Wrote to {}:\n{table}", self.folder.display())
    }

    /// Writes a text: a picture, a sample, a table.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`]; the earlier file is whole.
    pub fn write(&self, file: &str, text: impl fmt::Display) -> Result<()> {
        write_atomic(self.path(file), |out| write!(out, "{text}"))
    }

    /// Writes bytes: anything that is not a text.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`]; the earlier file is whole.
    pub fn write_bytes(&self, file: &str, bytes: &[u8]) -> Result<()> {
        write_atomic(self.path(file), |out| out.write_all(bytes))
    }

    /// Writes `config.json`: all that is needed to do the same run again.
    ///
    /// A run that starts afresh takes away the `state.safetensors` of an earlier one, which belongs to another
    /// configuration: `--resume` must never mix the two.
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`].
    pub fn config<C: Serialize>(&self, config: &C) -> Result<()> {
        let state = self.path(STATE);
        if !self.resumed && state.exists() {
            fs::remove_file(&state).map_err(|e| Error::file("remove the earlier", &state, e))?;
        }
        write_atomic(self.path(CONFIG), |out| {
            serde_json::to_writer_pretty(&mut *out, config)?;
            out.write_all(b"\n")
        })
    }

    /// Reads `config.json` back.
    ///
    /// # Errors
    /// [`Error::File`] when it cannot be read, [`Error::Content`] when it does not fit.
    pub fn saved_config<C: DeserializeOwned>(&self) -> Result<C> {
        let path = self.path(CONFIG);
        let text = fs::read_to_string(&path).map_err(|e| Error::file("read", &path, e))?;
        serde_json::from_str(&text).map_err(|e| Error::Content { path, problem: e.to_string() })
    }

    /// Under `--resume`, takes from `config.json` what the command line leaves open: a run goes on with the
    /// options that it was started with. Without `--resume`, returns the options as they are.
    ///
    /// Works for [`Options`] and for a practical's own: an option is open where it is `None`, and it is looked up
    /// under its own name.
    ///
    /// # Errors
    /// [`Error::Usage`] when the command line contradicts the earlier run, except in what may change on the way:
    /// `epochs`, `device`, `threads`, `data_dir`; [`Error::Content`] when `config.json` holds what no command line could say.
    pub fn inherit<A: clap::Args + Serialize>(&self, given: A) -> Result<A> {
        if !self.resumed {
            return Ok(given);
        }
        let content = |problem: String| Error::Content { path: self.path(CONFIG), problem };
        let saved: Value = self.saved_config()?;
        let mut merged = serde_json::to_value(&given).map_err(|e| content(e.to_string()))?;
        for (name, value) in merged.as_object_mut().into_iter().flatten() {
            let Some(earlier) = saved.get(name).filter(|earlier| !earlier.is_null()) else { continue };
            if value.is_null() {
                *value = earlier.clone();
            } else if !MAY_CHANGE.contains(&name.as_str()) && !same(value, earlier) {
                let flag = name.replace('_', "-");
                return Err(Error::Usage(format!(
                    "--resume goes on with the run in {}, which has --{flag} {earlier}, not {value}; leave out \
                     --{flag}, or leave out --resume to start afresh",
                    self.folder.display(),
                )));
            }
        }
        let said =
            merged.as_object().into_iter().flatten().filter_map(|(name, value)| as_argument(name, value));
        parse(said).map_err(content)
    }

    /// The table `metrics.csv`, with the rows that an earlier part of the run has made (none in a new run).
    ///
    /// # Errors
    /// [`Error::DiskFull`] or [`Error::File`].
    pub fn metrics<R: Serialize>(&self, rows: Vec<R>) -> Result<Metrics<R>> {
        Metrics::new(self.path("metrics.csv"), rows)
    }
}

/// What a resumed run may do differently without being another run.
const MAY_CHANGE: [&str; 7] = ["epochs", "device", "threads", "data_dir", "detect_anomaly", "out", "resume"];

/// How a command line says this option: nothing where it is open.
fn as_argument(name: &str, value: &Value) -> Option<String> {
    let flag = format!("--{}", name.replace('_', "-"));
    match value {
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(flag),
        Value::String(text) => Some(format!("{flag}={text}")),
        other => Some(format!("{flag}={other}")),
    }
}

/// The options that these arguments spell, checked as those of a command line are; or the first line of the complaint.
fn parse<A: clap::Args>(arguments: impl Iterator<Item = String>) -> std::result::Result<A, String> {
    let command = A::augment_args(clap::Command::new("config.json").no_binary_name(true));
    let matches = command.try_get_matches_from(arguments);
    matches.and_then(|matches| A::from_arg_matches(&matches)).map_err(|error| {
        let text = error.to_string();
        text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
    })
}

/// Equal, but for the last digit that a number may lose on its way through JSON.
fn same(a: &Value, b: &Value) -> bool {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-12 * a.abs().max(b.abs()),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize, Debug, PartialEq)]
    struct Config {
        epochs: usize,
        lr: f64,
        seed: u64,
        depth: usize,
    }

    fn options(dir: &tempfile::TempDir, resume: bool) -> Options {
        Options { out: Some(dir.path().join("run")), resume, ..Options::default() }
    }

    fn started(dir: &tempfile::TempDir) -> Config {
        let config = Config { epochs: 30, lr: 0.1, seed: 3, depth: 20 };
        Run::open("convnet", "resnet", &options(dir, false)).unwrap().config(&config).unwrap();
        config
    }

    #[test]
    fn the_usual_folder_has_the_crate_and_the_practical_in_its_name() {
        let dir = tempfile::tempdir().unwrap();
        let missing = Options { out: Some(dir.path().join("none")), resume: true, ..Options::default() };
        let error = Run::open("convnet", "resnet", &missing).expect_err("there is no run");
        assert!(error.to_string().starts_with("nothing to resume: "), "{error}");
        assert!(!dir.path().join("none").exists(), "a refused --resume creates nothing");
    }

    #[test]
    fn resume_takes_what_the_command_line_leaves_open() {
        let dir = tempfile::tempdir().unwrap();
        let config = started(&dir);
        let run = Run::open("convnet", "resnet", &options(&dir, true)).unwrap();
        assert_eq!(run.saved_config::<Config>().unwrap(), config);

        let given = Options { epochs: Some(40), lr: Some(0.1), ..options(&dir, true) };
        let merged = run.inherit(given).unwrap();
        assert_eq!((merged.epochs, merged.lr, merged.seed), (Some(40), Some(0.1), Some(3)));
    }

    #[test]
    fn resume_refuses_to_be_another_run() {
        let dir = tempfile::tempdir().unwrap();
        started(&dir);
        let run = Run::open("convnet", "resnet", &options(&dir, true)).unwrap();
        let error = run.inherit(Options { seed: Some(4), ..options(&dir, true) }).expect_err("another seed");
        assert!(error.to_string().contains("which has --seed 3, not 4"), "{error}");
    }

    #[test]
    fn a_fresh_run_takes_away_the_old_state_and_keeps_the_old_model() {
        let dir = tempfile::tempdir().unwrap();
        started(&dir);
        let run = Run::open("convnet", "resnet", &options(&dir, false)).unwrap();
        run.write_bytes(STATE, b"s").unwrap();
        run.write_bytes("model.safetensors", b"m").unwrap();
        Run::open("convnet", "resnet", &options(&dir, true)).unwrap().config(&1).unwrap();
        assert!(run.path(STATE).exists());
        started(&dir);
        assert!(!run.path(STATE).exists());
        assert!(run.path("model.safetensors").exists());
    }

    #[test]
    fn a_broken_config_is_named() {
        let dir = tempfile::tempdir().unwrap();
        started(&dir);
        let run = Run::open("convnet", "resnet", &options(&dir, true)).unwrap();
        run.write(CONFIG, "{\"epochs\": ").unwrap();
        let error = run.inherit(options(&dir, true)).expect_err("half a file");
        assert!(error.to_string().contains("config.json does not hold what it should"), "{error}");
    }
}
