use super::{Error, Result};

/// Sets how many threads the engine computes with (`None`: one a core), and returns how many that is.
///
/// Call it once, before the first tensor: rayon's global pool cannot change its size afterwards.
///
/// ```
/// let threads = minitensor::lab::set_threads(None)?;
/// assert!(threads >= 1);
/// # Ok::<(), minitensor::lab::Error>(())
/// ```
///
/// # Errors
/// [`Error::Usage`] when the pool already runs with another number of threads, or cannot be started.
pub fn set_threads(threads: Option<usize>) -> Result<usize> {
    match threads {
        None => Ok(current()),
        Some(n) => start(n),
    }
}

#[cfg(feature = "rayon")]
fn start(n: usize) -> Result<usize> {
    match rayon::ThreadPoolBuilder::new().num_threads(n).build_global() {
        Ok(()) => Ok(n),
        Err(_) if current() == n => Ok(n),
        Err(error) => Err(Error::Usage(format!("--threads {n}: {error}"))),
    }
}

#[cfg(feature = "rayon")]
fn current() -> usize {
    rayon::current_num_threads()
}

#[cfg(not(feature = "rayon"))]
fn start(n: usize) -> Result<usize> {
    match n {
        1 => Ok(1),
        _ => Err(Error::Usage(format!(
            "--threads {n}: this build computes with one thread (feature `rayon` is off)"
        ))),
    }
}

#[cfg(not(feature = "rayon"))]
fn current() -> usize {
    1
}
