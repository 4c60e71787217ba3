//! The reader's own copies in `tests/mine/`: begun, and put back.

use crate::course::{Course, Target, shown};
use crate::paint::bold;
use crate::trouble::Trouble;
use ::tests::exercise::source::{Number, Source, regions};
use std::fs;
use std::path::Path;

/// Writes the exercises of a chapter with `todo!` for answers.
pub(crate) fn start(course: &Course, chapter: &Source) -> Result<String, Trouble> {
    let path = course.mine(chapter);
    if path.exists() {
        return Err(Trouble::Started { chapter: chapter.number, file: shown(chapter) });
    }
    fs::create_dir_all(course.root.join("mine")).map_err(Trouble::file("make", course.root.join("mine")))?;
    write(&path, &chapter.draft())?;
    Ok(format!(
        "Chapter {}: {}\n\nYour copy is {}, with {} exercises.\nFill in a `todo!`, then run {}.",
        chapter.number,
        chapter.title,
        bold(&shown(chapter)),
        chapter.exercises.len(),
        bold(&format!("cargo exercise {}", chapter.number))
    ))
}

/// Puts a chapter or an exercise back to how it was, and keeps what was there in a file beside it.
pub(crate) fn reset(course: &Course, target: Target) -> Result<String, Trouble> {
    let chapter = course.chapter(target.chapter())?;
    let path = course.mine(chapter);
    let before = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(_) if !path.exists() => return Err(Trouble::NotStarted(chapter.number)),
        Err(error) => return Err(Trouble::File { what: "read", path, error }),
    };
    let (what, after) = match target {
        Target::Chapter(number) => (format!("Chapter {number}"), chapter.draft()),
        Target::Exercise(number) => {
            let exercise = course.exercise(number)?;
            let after =
                replaced(&String::from_utf8_lossy(&before), number, &exercise.draft, &shown(chapter))?;
            (format!("{number} {}", exercise.name), after)
        }
    };
    let kept = path.with_extension("rs.old");
    fs::write(&kept, &before).map_err(Trouble::file("write", &kept))?;
    write(&path, &after)?;
    Ok(format!("{} is as it was. The file as you had it is {}.old", bold(&what), shown(chapter)))
}

/// `text` with the exercise `number` as in `draft`.
fn replaced(text: &str, number: Number, draft: &str, file: &str) -> Result<String, Trouble> {
    let (preamble, regions) = regions(text);
    let found = regions.iter().filter(|region| region.number == number).count();
    if found != 1 {
        return Err(Trouble::Heads { file: file.to_owned(), number, found });
    }
    let parts = regions.iter().map(|region| if region.number == number { draft } else { &region.text });
    Ok(preamble.chars().chain(parts.flat_map(str::chars)).collect())
}

fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    fs::write(path, text).map_err(Trouble::file("write", path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    const TEXT: &str = "//! Chapter 1: Sums\n\n// === Exercise 1.1 ===\n\npub fn one() -> u8 {\n    // TASK: one\n    1\n    // END\n}\n\n\
                        // === Exercise 1.2 ===\n\npub fn two() -> u8 {\n    // TASK: two\n    2\n    // END\n}\n";

    /// A course of one chapter in a folder of its own.
    fn course() -> (TempDir, Course) {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("solutions")).unwrap();
        fs::write(folder.path().join("solutions/ch01_sums.rs"), TEXT).unwrap();
        let course = Course::load(folder.path()).unwrap();
        (folder, course)
    }

    #[test]
    fn a_chapter_is_started_once() {
        let (_folder, course) = course();
        let chapter = &course.chapters[0];
        start(&course, chapter).unwrap();
        let draft = fs::read_to_string(course.mine(chapter)).unwrap();
        assert!(draft.contains("pub fn one() -> u8 {\n    todo!(\"one\")\n}"), "{draft}");
        assert!(matches!(start(&course, chapter), Err(Trouble::Started { chapter: 1, .. })));
    }

    #[test]
    fn one_exercise_is_put_back_and_the_other_kept() {
        let (_folder, course) = course();
        let path = course.mine(&course.chapters[0]);
        let target = "1.1".parse().unwrap();
        assert!(matches!(reset(&course, target), Err(Trouble::NotStarted(1))));
        start(&course, &course.chapters[0]).unwrap();
        let solved = TEXT.replace("    2\n", "    1 + 1 // mine\n");
        fs::write(&path, &solved).unwrap();
        reset(&course, target).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("todo!(\"one\")")
                && text.contains("1 + 1 // mine")
                && !text.contains("todo!(\"two\")"),
            "{text}"
        );
        assert_eq!(fs::read_to_string(path.with_extension("rs.old")).unwrap(), solved);
    }

    #[test]
    fn a_lost_head_is_missed_and_nothing_is_written() {
        let (_folder, course) = course();
        let path = course.mine(&course.chapters[0]);
        start(&course, &course.chapters[0]).unwrap();
        fs::write(&path, b"fn mine() {} \xff").unwrap();
        let error = reset(&course, "1.1".parse().unwrap()).unwrap_err();
        assert!(matches!(error, Trouble::Heads { found: 0, .. }), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"fn mine() {} \xff");
        reset(&course, "1".parse().unwrap()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), course.chapters[0].draft());
        assert_eq!(fs::read(path.with_extension("rs.old")).unwrap(), b"fn mine() {} \xff");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let (_folder, course) = course();
        let said = |target: &str| reset(&course, target.parse().unwrap()).unwrap_err().to_string();
        assert_eq!(said("7"), "there are no exercises for chapter 7: chapters 1 have some");
        start(&course, &course.chapters[0]).unwrap();
        assert_eq!(said("1.9"), "there is no exercise 1.9: chapter 1 has 1.1 to 1.2");
        assert!(
            "three".parse::<Target>().is_err()
                && "1.".parse::<Target>().is_err()
                && "1.2.3".parse::<Target>().is_err()
        );
    }
}
