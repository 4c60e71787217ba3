//! Batches of a data set, in a shuffled order, made ahead of time by worker threads.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};
use std::{io, panic};

use super::dataset::{Collate, Dataset};
use super::random::{Purpose, generator};
use super::sampler::{Sampler, Sequential, Shuffled};

/// How many finished batches each worker keeps ready.
const PREFETCH: usize = 2;

// ANCHOR: loader
/// Cuts a data set into batches.
///
/// What comes out depends on the data set, the batch size, the seed, and the number of the epoch, and never on the
/// number of workers. So an epoch can be resumed in its middle: [`epoch_from`](DataLoader::epoch_from).
///
/// ```
/// use minitensor::data::{self, DataLoader, Dataset};
///
/// let set = data::load("digits", None, 0)?;
/// let normalize = set.normalize.clone();
/// let train = set.train.map(move |(image, label), _| (normalize.apply(&image), label));
/// let loader = DataLoader::new(train, 64).shuffle(42).drop_last(true).workers(2);
/// for epoch in 0..2 {
///     for (images, labels) in loader.epoch(epoch) {
///         assert_eq!(images.dims(), [64, 1, 8, 8]); // F32, normalised
///         assert_eq!(labels.dims(), [64]); // I64
///     }
/// }
/// # Ok::<(), minitensor::data::DataError>(())
/// ```
#[derive(Clone, Debug)]
pub struct DataLoader<D> {
    dataset: Arc<D>,
    batch_size: usize,
    sampler: Arc<dyn Sampler>,
    seed: u64,
    drop_last: bool,
    workers: usize,
}
// ANCHOR_END: loader

impl<D: Dataset + 'static> DataLoader<D> {
    /// Batches of `batch_size` examples in the order of the data set, the last one smaller where it does not divide,
    /// made when they are asked for.
    ///
    /// # Panics
    /// If `batch_size` is 0.
    #[track_caller]
    pub fn new(dataset: D, batch_size: usize) -> DataLoader<D> {
        assert!(batch_size > 0, "DataLoader: a batch needs at least one example, batch_size is 0");
        let sampler = Arc::new(Sequential(dataset.len()));
        DataLoader { dataset: Arc::new(dataset), batch_size, sampler, seed: 0, drop_last: false, workers: 0 }
    }

    /// Visits the examples in a random order, another one each epoch. `seed` also drives augmentation.
    pub fn shuffle(self, seed: u64) -> Self {
        let sampler = Shuffled(self.dataset.len());
        self.seed(seed).sampler(sampler)
    }

    /// Visits the examples that `sampler` names. What it draws is decided by [`seed`](DataLoader::seed) and the epoch.
    pub fn sampler(self, sampler: impl Sampler + 'static) -> Self {
        DataLoader { sampler: Arc::new(sampler), ..self }
    }

    /// Drives augmentation and the sampler by `seed`, without shuffling.
    pub fn seed(self, seed: u64) -> Self {
        DataLoader { seed, ..self }
    }

    /// Leaves out the last batch where it is smaller than the others.
    pub fn drop_last(self, drop_last: bool) -> Self {
        DataLoader { drop_last, ..self }
    }

    /// Makes batches on so many threads, ahead of their use. With 0, or where threads cannot be had (as in a browser),
    /// a batch is made when it is asked for.
    pub fn workers(self, workers: usize) -> Self {
        DataLoader { workers, ..self }
    }

    /// How many batches an epoch has.
    pub fn len(&self) -> usize {
        let examples = self.sampler.len();
        if self.drop_last { examples / self.batch_size } else { examples.div_ceil(self.batch_size) }
    }

    /// Whether an epoch has no batch.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The data set.
    pub fn dataset(&self) -> &D {
        &self.dataset
    }

    // ANCHOR: order
    /// The order in which `epoch` visits the examples: a pure function of sampler, seed and epoch.
    ///
    /// # Panics
    /// If the sampler names an example that the data set does not have, or not as many as it says.
    #[track_caller]
    pub fn order(&self, epoch: u64) -> Vec<usize> {
        let order = self.sampler.order(&mut generator(Purpose::Order, self.seed, epoch, 0));
        let (count, named) = (self.dataset.len(), self.sampler.len());
        assert_eq!(order.len(), named, "DataLoader: the sampler promised {named} examples");
        if let Some(index) = order.iter().find(|&&index| index >= count) {
            panic!("DataLoader: the sampler names example {index}, the set has {count}");
        }
        order
    }
    // ANCHOR_END: order

    /// The batches of one epoch.
    pub fn epoch(&self, epoch: u64) -> Batches<D> {
        self.epoch_from(epoch, 0)
    }

    /// The batches of one epoch without the first `first_batch`: the same ones that [`epoch`](DataLoader::epoch) gives
    /// there. To go on where a run was stopped.
    pub fn epoch_from(&self, epoch: u64, first_batch: usize) -> Batches<D> {
        let order = self.order(epoch);
        let plan = Arc::new(Plan {
            dataset: self.dataset.clone(),
            visits: numbered_visits(&order, self.dataset.len()),
            order,
            batch_size: self.batch_size,
            batches: self.len(),
            seed: self.seed,
            epoch,
        });
        let count = self.workers.min(plan.batches.saturating_sub(first_batch));
        let start = |index| Worker::start(plan.clone(), first_batch + index, count);
        // One thread that cannot be had ends those that could, and the batches are made by the caller.
        let workers = (0..count).map(start).collect::<io::Result<Vec<_>>>().unwrap_or_default();
        Batches { plan, first: first_batch, next: first_batch, workers }
    }
}

/// The batches of one epoch, in order: see [`DataLoader::epoch`]. Dropping it ends its workers.
pub struct Batches<D: Dataset> {
    plan: Arc<Plan<D>>,
    first: usize,
    next: usize,
    workers: Vec<Worker<Batch<D>>>,
}

type Batch<D> = <<D as Dataset>::Item as Collate>::Batch;

impl<D: Dataset> Iterator for Batches<D> {
    type Item = Batch<D>;

    /// The next batch.
    ///
    /// # Panics
    /// With the panic of the data set, where that panicked in a worker.
    fn next(&mut self) -> Option<Batch<D>> {
        if self.next >= self.plan.batches {
            return None;
        }
        let batch = self.next;
        self.next += 1;
        if self.workers.is_empty() {
            return Some(self.plan.batch(batch));
        }
        // Worker w makes the batches w, w + count, w + 2 count, ...: asking them in turn restores the order.
        let worker = (batch - self.first) % self.workers.len();
        match self.workers[worker].receive() {
            Ok(made) => Some(made),
            Err(payload) => {
                self.next = self.plan.batches;
                self.workers.clear();
                panic::resume_unwind(payload)
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.plan.batches.saturating_sub(self.next);
        (left, Some(left))
    }
}

impl<D: Dataset> ExactSizeIterator for Batches<D> {}

impl<D: Dataset> Drop for Batches<D> {
    fn drop(&mut self) {
        // Tell all of them before waiting for any.
        self.workers.iter_mut().for_each(|worker| worker.receiver = None);
    }
}

/// All that decides what a batch holds.
struct Plan<D> {
    dataset: Arc<D>,
    order: Vec<usize>,
    /// Which generator each of them draws from.
    visits: Vec<u64>,
    batch_size: usize,
    batches: usize,
    seed: u64,
    epoch: u64,
}

impl<D: Dataset> Plan<D> {
    fn batch(&self, batch: usize) -> Batch<D> {
        let start = batch * self.batch_size;
        let places = start..(start + self.batch_size).min(self.order.len());
        let example = |place: usize| {
            let mut rng = generator(Purpose::Augment, self.seed, self.epoch, self.visits[place]);
            self.dataset.get(self.order[place], &mut rng)
        };
        Collate::collate(places.map(example).collect())
    }
}

/// A number of its own for each visit of an epoch, wherever it stands: visit k of example i is number i + k · count.
fn numbered_visits(order: &[usize], count: usize) -> Vec<u64> {
    let mut next: Vec<u64> = (0..count as u64).collect();
    let number = |&index: &usize| {
        next[index] += count as u64;
        next[index] - count as u64
    };
    order.iter().map(number).collect()
}

/// A thread that makes every n-th batch, and the channel on which they arrive.
struct Worker<B> {
    receiver: Option<Receiver<B>>,
    thread: Option<JoinHandle<()>>,
}

impl<B: Send + 'static> Worker<B> {
    /// A thread for the batches `first`, `first + step`, ...
    fn start<D>(plan: Arc<Plan<D>>, first: usize, step: usize) -> io::Result<Worker<B>>
    where
        D: Dataset + 'static,
        D::Item: Collate<Batch = B>,
    {
        let (sender, receiver) = sync_channel(PREFETCH);
        let work = move || {
            for batch in (first..plan.batches).step_by(step) {
                // Nobody receives any more: the epoch was dropped.
                if sender.send(plan.batch(batch)).is_err() {
                    return;
                }
            }
        };
        let thread = Builder::new().name(format!("loader-{first}")).spawn(work)?;
        Ok(Worker { receiver: Some(receiver), thread: Some(thread) })
    }
}

impl<B> Worker<B> {
    /// The next batch, or the panic that ended the thread.
    fn receive(&mut self) -> Result<B, Box<dyn std::any::Any + Send>> {
        let received = self.receiver.as_ref().and_then(|receiver| receiver.recv().ok());
        received.ok_or_else(|| match self.thread.take().map(JoinHandle::join) {
            Some(Err(payload)) => payload,
            _ => Box::new("a worker of the loader ended too soon"),
        })
    }
}

impl<B> Drop for Worker<B> {
    fn drop(&mut self) {
        self.receiver = None;
        if let Some(thread) = self.thread.take() {
            // A panic in a batch that nobody asked for has been printed, and concerns nobody.
            let _ = thread.join();
        }
    }
}
