//! What the reader sees: the board, and what came of a check.

use crate::course::{Course, Target, shown};
use crate::paint::{bold, dim, green, indent, red, yellow};
use crate::run::Outcome;
use crate::status::{Status, statuses};
use crate::trouble::Trouble;
use ::tests::exercise::Verdict;
use ::tests::exercise::source::{Exercise, Number, Source};
use anstream::println;
use std::collections::HashMap;

/// Shows every exercise: done, next, left.
pub(crate) fn show(course: &Course) -> Result<(), Trouble> {
    let mine = course.started().flat_map(|chapter| &chapter.exercises).collect::<Vec<_>>();
    let statuses = statuses(course, &mine)?;
    let all = course.chapters.iter().map(|chapter| chapter.exercises.len()).sum::<usize>();
    let done = statuses.values().filter(|status| status.is_done()).count();
    println!("{}{done} of {all} done\n", bold(&format!("{:66}", "Exercises")));

    let next = mine.iter().find(|exercise| !statuses.get(&exercise.number).is_some_and(Status::is_done));
    for chapter in &course.chapters {
        println!("{}", bold(&format!("{:2}  {}", chapter.number, chapter.title)));
        if course.mine(chapter).exists() {
            show_chapter(chapter, &statuses, next.map(|exercise| exercise.number));
        } else {
            let count = format!("{} exercises", chapter.exercises.len());
            println!("    {}", dim(&format!("{count:40}cargo exercise start {}", chapter.number)));
        }
    }
    println!();
    advise(course, &statuses, next.copied());
    Ok(())
}

fn show_chapter(chapter: &Source, statuses: &HashMap<Number, Status>, next: Option<Number>) {
    if chapter
        .exercises
        .iter()
        .any(|exercise| matches!(statuses.get(&exercise.number), Some(Status::Broken(_))))
    {
        println!("    {}", red(&format!("{} does not compile", shown(chapter))));
    }
    for Exercise { number, name, task, .. } in &chapter.exercises {
        let is_next = next == Some(*number);
        let mark = match statuses.get(number) {
            Some(Status::Checked(Outcome { verdict: Verdict::Done, .. })) => green("✓"),
            Some(Status::Checked(Outcome { verdict: Verdict::Wrong, .. })) => red("✗"),
            _ if is_next => yellow("→"),
            _ => dim("·"),
        };
        let name = format!("{number}  {name:24}");
        println!("  {mark} {}{}", if is_next { bold(&name) } else { name }, dim(task));
    }
}

/// What to do now.
fn advise(course: &Course, statuses: &HashMap<Number, Status>, next: Option<&Exercise>) {
    let unstarted = course.chapters.iter().find(|chapter| !course.mine(chapter).exists());
    match (next, unstarted) {
        (Some(exercise), _) => {
            let number = exercise.number;
            let file = course.chapter(number.chapter).map(shown).unwrap_or_default();
            match statuses.get(&number) {
                Some(Status::Broken(_)) => {
                    println!(
                        "Next: {} shows why {file} does not compile",
                        bold(&format!("cargo exercise {}", number.chapter))
                    );
                }
                Some(Status::Checked(Outcome { verdict: Verdict::Wrong, .. })) => {
                    println!(
                        "Next: {} shows what is wrong with it",
                        bold(&format!("cargo exercise {number}"))
                    );
                }
                _ => println!(
                    "Next: {} in {file}, then {}",
                    bold(&exercise.name),
                    bold(&format!("cargo exercise {number}"))
                ),
            }
            println!("Stuck? cargo exercise hint {number}");
        }
        (None, Some(chapter)) => {
            println!("Next: {}", bold(&format!("cargo exercise start {}", chapter.number)))
        }
        (None, None) => println!("{}", green("All done.")),
    }
}

/// Checks the targets and explains what is wrong; whether all are done.
pub(crate) fn check(course: &Course, targets: &[Target]) -> Result<bool, Trouble> {
    let exercises = course.select(targets)?;
    let statuses = statuses(course, &exercises)?;
    for chapter in &course.chapters {
        let mut of_this =
            exercises.iter().filter(|exercise| exercise.number.chapter == chapter.number).peekable();
        let Some(first) = of_this.peek() else { continue };
        println!("{}   {}\n", bold(&format!("{}  {}", chapter.number, chapter.title)), dim(&shown(chapter)));
        if let Some(Status::Broken(errors)) = statuses.get(&first.number) {
            println!("{errors}{}\n", red(&format!("{} does not compile yet.", shown(chapter))));
            continue;
        }
        let shown = of_this.map(|exercise| shown_exercise(exercise, statuses.get(&exercise.number)));
        println!("{}\n", shown.collect::<String>().trim_end());
    }
    let done = exercises
        .iter()
        .filter(|exercise| statuses.get(&exercise.number).is_some_and(Status::is_done))
        .count();
    println!("{done} of {} done.", exercises.len());
    let next = exercises.iter().find(|exercise| !statuses.get(&exercise.number).is_some_and(Status::is_done));
    match next {
        Some(exercise) if matches!(statuses.get(&exercise.number), Some(Status::Checked(_))) => {
            println!(
                "Next: {} {}. Stuck? cargo exercise hint {}",
                exercise.number,
                bold(&exercise.name),
                exercise.number
            );
        }
        Some(_) => {}
        None => println!("What comes next? cargo exercise"),
    }
    Ok(next.is_none())
}

fn shown_exercise(exercise: &Exercise, status: Option<&Status>) -> String {
    let Some(Status::Checked(Outcome { verdict, text, printed })) = status else { return String::new() };
    let name = format!("{} {}", exercise.number, exercise.name);
    let mut shown = match verdict {
        Verdict::Done => format!("{} {name}\n", green("✓")),
        Verdict::Todo => format!("{} {name}: {}\n", dim("·"), dim(&exercise.task)),
        Verdict::Wrong => format!("{} {}: {}\n\n{}\n", red("✗"), bold(&name), exercise.task, indent(text, 4)),
    };
    if !printed.is_empty() {
        shown.push_str(&format!("    {}\n{}\n", dim("Your code printed:"), indent(printed, 4)));
    }
    shown
}
