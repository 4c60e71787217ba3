use std::fmt;
use std::time::Duration;

use super::{count, duration, wrapped};

/// The one line that every practical begins with: what, on which data and device, how large, for how long.
/// The details stand in the order in which they are given.
///
/// ```
/// use std::time::Duration;
/// use minitensor::lab::Plan;
///
/// let plan = Plan::new("Training ResNet-20")
///     .on("digits (1,437 to train on, 360 to test)")
///     .parameters(272_186)
///     .epochs(30)
///     .device("cpu", 2)
///     .takes(Duration::from_secs(45));
/// assert_eq!(
///     plan.to_string(),
///     "Training ResNet-20 on digits (1,437 to train on, 360 to test): 272,186 parameters, 30 epochs, \
///      cpu with 2 threads, about 45 s."
/// );
/// ```
#[derive(Debug, Clone)]
#[must_use = "print the plan: plan.print()"]
pub struct Plan {
    what: String,
    data: Option<String>,
    details: Vec<String>,
}

impl Plan {
    /// What will be done, with a capital: "Training ResNet-20".
    pub fn new(what: impl Into<String>) -> Plan {
        Plan { what: what.into(), data: None, details: Vec::new() }
    }

    /// On which data: "digits (1,437 to train on, 360 to test)".
    pub fn on(mut self, data: impl Into<String>) -> Plan {
        self.data = Some(data.into());
        self
    }

    /// On which device, with how many threads.
    pub fn device(self, device: impl fmt::Display, threads: usize) -> Plan {
        self.with(format!("{device} with {}", plural(threads, "thread")))
    }

    /// How many numbers are learned.
    pub fn parameters(self, n: usize) -> Plan {
        self.with(plural(n, "parameter"))
    }

    /// How many passes over the data.
    pub fn epochs(self, n: usize) -> Plan {
        self.with(plural(n, "epoch"))
    }

    /// How many steps, where epochs say nothing.
    pub fn steps(self, n: usize) -> Plan {
        self.with(plural(n, "step"))
    }

    /// About how long, as measured on two cores.
    pub fn takes(self, time: Duration) -> Plan {
        self.with(format!("about {}", duration(time)))
    }

    /// Prints it, on as many lines as the terminal needs.
    pub fn print(&self) {
        println!("{}", wrapped(&self.to_string()));
    }

    /// Anything else worth a few words: "going on after epoch 12".
    pub fn with(mut self, detail: impl Into<String>) -> Plan {
        self.details.push(detail.into());
        self
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(data) = &self.data {
            write!(f, " on {data}")?;
        }
        if !self.details.is_empty() {
            write!(f, ": {}", self.details.join(", "))?;
        }
        f.write_str(".")
    }
}

fn plural(n: usize, unit: &str) -> String {
    format!("{} {unit}{}", count(n), if n == 1 { "" } else { "s" })
}
