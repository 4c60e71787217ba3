use super::{Error, Result};

/// Sets how many threads the engine computes with (`None`: one a core), and returns how many that is.
///
/// Call it once, before the first tensor, on the thread that trains: rayon's global pool cannot change its size afterwards,
/// and this thread becomes one of it. So it takes part in the work of each op, and need not hand it over and sleep.
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
        None => Ok(start(0).unwrap_or_else(|_| current())),
        Some(n) => start(n),
    }
}

/// 0 threads are one a core.
#[cfg(feature = "rayon")]
fn start(n: usize) -> Result<usize> {
    match rayon::ThreadPoolBuilder::new().num_threads(n).use_current_thread().build_global() {
        Ok(()) => Ok(current()),
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
        0 | 1 => Ok(1),
        _ => Err(Error::Usage(format!(
            "--threads {n}: this build computes with one thread (feature `rayon` is off)"
        ))),
    }
}

#[cfg(not(feature = "rayon"))]
fn current() -> usize {
    1
}
