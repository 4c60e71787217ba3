//! How much memory a workload takes, as the system counts it: what the process wrote, without the files of the program and
//! its libraries, which are in memory as far as they were read.

use std::fs;

/// What the process holds before a workload is built.
pub(crate) struct Memory {
    floor: Option<f64>,
}

impl Memory {
    /// Notes what is held now.
    pub(crate) fn before() -> Memory {
        Memory { floor: status("RssAnon:") }
    }

    /// The most that was ever held beyond that, in MiB. Only Linux says.
    pub(crate) fn peak(&self) -> Option<f64> {
        Some(status("VmHWM:")? - status("RssFile:")? - self.floor?)
    }
}

/// A line of /proc/self/status, in MiB.
fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kib: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib / 1024.0)
}
