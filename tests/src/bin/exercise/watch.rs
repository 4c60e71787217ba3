//! Checks again whenever the reader saves.

use crate::board;
use crate::course::{Course, Target};
use crate::paint::dim;
use crate::trouble::Trouble;
use notify::{Event, EventKind, RecursiveMode, Watcher};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Checks the targets, or the chapter that was saved last, until Ctrl-C.
pub(crate) fn watch(course: &Course, targets: &[Target]) -> Result<(), Trouble> {
    // Names that do not exist are said at once, and not after the first save.
    course.select(targets)?;
    if course.started().next().is_none() {
        return Err(Trouble::NothingStarted);
    }
    let (sender, events) = channel();
    let mut watcher = notify::recommended_watcher(sender)?;
    watcher.watch(&course.root.join("mine"), RecursiveMode::NonRecursive)?;
    loop {
        // Clears the screen; a pipe sees a blank line.
        anstream::println!("\x1b[2J\x1b[H");
        let targets = if targets.is_empty() { vec![latest(course)?] } else { targets.to_vec() };
        board::check(course, &targets).map(drop).or_else(said)?;
        anstream::println!("\n{}", dim("Waiting for you to save. Ctrl-C ends this."));
        if wait(&events).is_none() {
            return Ok(());
        }
    }
}

/// While watching, trouble is no reason to stop: the file may be on its way back.
fn said(trouble: Trouble) -> Result<(), Trouble> {
    anstream::println!("{trouble}");
    Ok(())
}

/// The started chapter that was saved last.
fn latest(course: &Course) -> Result<Target, Trouble> {
    let saved = |chapter| course.mine(chapter).metadata().and_then(|data| data.modified()).ok();
    let chapter = course.started().max_by_key(|chapter| saved(chapter)).ok_or(Trouble::NothingStarted)?;
    Ok(Target::Chapter(chapter.number))
}

/// Waits for a Rust file to change, and then until no more changes follow: editors save in several steps.
fn wait(events: &Receiver<notify::Result<Event>>) -> Option<()> {
    while !is_save(&events.recv().ok()?) {}
    while events.recv_timeout(Duration::from_millis(100)).is_ok() {}
    Some(())
}

fn is_save(event: &notify::Result<Event>) -> bool {
    let Ok(event) = event else { return false };
    // The compiler reads these files too, and a read is no save.
    let changes = matches!(event.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_));
    changes && event.paths.iter().any(|path| path.extension().is_some_and(|extension| extension == "rs"))
}
