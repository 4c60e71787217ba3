//! Where the reader stands in each exercise.

use crate::compile::{Built, compile};
use crate::course::Course;
use crate::run::{LIMIT, Outcome, run};
use crate::trouble::Trouble;
use ::tests::exercise::Verdict;
use ::tests::exercise::source::{Exercise, Number, Source};
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// What is known of an exercise.
#[derive(Clone, Debug)]
pub(crate) enum Status {
    /// Its chapter does not compile; what rustc said.
    Broken(String),
    /// Its check ran.
    Checked(Outcome),
}

impl Status {
    /// Whether the answer is right.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Self::Checked(Outcome { verdict: Verdict::Done, .. }))
    }
}

/// Compiles and checks the exercises of chapters that are started.
pub(crate) fn statuses(course: &Course, exercises: &[&Exercise]) -> Result<HashMap<Number, Status>, Trouble> {
    let mut chapters = Vec::<&Source>::new();
    for exercise in exercises {
        let chapter = course.chapter(exercise.number.chapter)?;
        if !course.mine(chapter).exists() {
            return Err(Trouble::NotStarted(chapter.number));
        }
        if chapters.last().is_none_or(|last| last.number != chapter.number) {
            chapters.push(chapter);
        }
    }
    let built = if chapters.is_empty() { HashMap::new() } else { compile(course, &chapters)? };
    let statuses = in_parallel(exercises, |exercise| match built.get(&exercise.number.chapter) {
        Some(Built::Ready(program)) => run(program, &exercise.name, LIMIT).map(Status::Checked),
        Some(Built::Broken(errors)) => Ok(Status::Broken(errors.clone())),
        None => Ok(Status::Broken(String::new())),
    });
    exercises
        .iter()
        .map(|exercise| exercise.number)
        .zip(statuses)
        .map(|(number, status)| Ok((number, status?)))
        .collect()
}

/// Maps on a few threads: an exercise that waits for its time limit keeps no other waiting.
fn in_parallel<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..items.len().min(8) {
            scope.spawn(|| {
                while let Some((i, item)) =
                    Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, items.get(i)?)))
                {
                    let result = map(item);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((i, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(i, _)| *i);
    results.into_iter().map(|(_, result)| result).collect()
}
