//! What the machine can do at most.

use minitensor::lab::{Table, ceiling};

use crate::measure::{fastest, giga, shown};

/// Of one core and of all that are used.
pub(crate) struct Ceilings {
    pub(crate) threads: usize,
    pub(crate) one: Ceiling,
    pub(crate) all: Ceiling,
}

/// How fast products can be, and copies.
#[derive(Clone, Copy)]
pub(crate) struct Ceiling {
    /// Billions of floating-point operations a second.
    pub(crate) gflops: f64,
    /// Billions of bytes a second, read or written.
    pub(crate) gigabytes: f64,
}

/// Enough pairs for each thread that starting it takes no time beside them, and more bytes than most caches hold.
const PAIRS: usize = 1 << 29;
const BYTES: usize = 1 << 27;

pub(crate) fn measure(threads: usize) -> Ceilings {
    let of = |threads: usize| Ceiling {
        gflops: giga(
            2.0 * (PAIRS * threads) as f64,
            fastest(|| ceiling::multiply_add(PAIRS * threads, threads)),
        ),
        gigabytes: giga(2.0 * BYTES as f64, fastest(ceiling::copy(BYTES, threads))),
    };
    Ceilings { threads, one: of(1), all: of(threads) }
}

impl Ceilings {
    /// Of so many threads.
    pub(crate) fn of(&self, threads: usize) -> Ceiling {
        if threads == 1 { self.one } else { self.all }
    }

    pub(crate) fn print(&self) {
        let cores = |n: usize| if n == 1 { "1 core".to_string() } else { format!("{n} cores") };
        let mut table = Table::new(["", "Gflop/s", "GB/s", "flops for each byte"]);
        for (threads, at_most) in
            [(1, self.one), (self.threads, self.all)].into_iter().take(self.threads.min(2))
        {
            let Ceiling { gflops, gigabytes } = at_most;
            table.row([cores(threads), shown(gflops), shown(gigabytes), shown(gflops / gigabytes)]);
        }
        print!("{table}");
    }
}
