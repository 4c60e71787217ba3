//! The chapters that have exercises, and where the reader's answers are.

use crate::trouble::Trouble;
use ::tests::exercise::source::{Exercise, Number, Source};
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// All exercises.
pub(crate) struct Course {
    /// The folder of this package, which has `solutions` and `mine` in it.
    pub(crate) root: PathBuf,
    /// In the order of the book.
    pub(crate) chapters: Vec<Source>,
}

impl Course {
    /// Reads every solutions file.
    pub(crate) fn load(root: &Path) -> Result<Self, Trouble> {
        let folder = root.join("solutions");
        let entries = fs::read_dir(&folder).map_err(Trouble::file("read", &folder))?;
        let mut chapters = Vec::new();
        for entry in entries {
            let path = entry.map_err(Trouble::file("read", &folder))?.path();
            let file = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if file.starts_with("ch") {
                let text = fs::read_to_string(&path).map_err(Trouble::file("read", &path))?;
                chapters.push(Source::parse(file, &text)?);
            }
        }
        chapters.sort_by_key(|chapter| chapter.number);
        Ok(Self { root: root.to_owned(), chapters })
    }

    /// A chapter by its number.
    pub(crate) fn chapter(&self, given: u32) -> Result<&Source, Trouble> {
        let numbers = || self.chapters.iter().map(|chapter| chapter.number.to_string()).collect::<Vec<_>>();
        let chapter = self.chapters.iter().find(|chapter| chapter.number == given);
        chapter.ok_or_else(|| Trouble::NoChapter { given, chapters: numbers().join(", ") })
    }

    /// An exercise by its number.
    pub(crate) fn exercise(&self, given: Number) -> Result<&Exercise, Trouble> {
        let exercises = &self.chapter(given.chapter)?.exercises;
        let exercise = exercises.iter().find(|exercise| exercise.number == given);
        exercise.ok_or(Trouble::NoExercise { given, last: exercises.len() })
    }

    /// The exercises of the targets, each once, in the order of the book.
    pub(crate) fn select(&self, targets: &[Target]) -> Result<Vec<&Exercise>, Trouble> {
        let mut selected = Vec::new();
        for target in targets {
            match target {
                Target::Chapter(chapter) => selected.extend(&self.chapter(*chapter)?.exercises),
                Target::Exercise(number) => selected.push(self.exercise(*number)?),
            }
        }
        selected.sort_by_key(|exercise| exercise.number);
        selected.dedup_by_key(|exercise| exercise.number);
        Ok(selected)
    }

    /// The chapters whose exercises the reader has a copy of.
    pub(crate) fn started(&self) -> impl Iterator<Item = &Source> {
        self.chapters.iter().filter(|chapter| self.mine(chapter).exists())
    }

    /// The reader's copy of a chapter.
    pub(crate) fn mine(&self, chapter: &Source) -> PathBuf {
        self.root.join("mine").join(format!("{}.rs", chapter.file))
    }
}

/// How the reader's copy is called in messages.
pub(crate) fn shown(chapter: &Source) -> String {
    format!("tests/mine/{}.rs", chapter.file)
}

/// What a reader names: a chapter or an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// `3`
    Chapter(u32),
    /// `3.2`
    Exercise(Number),
}

impl Target {
    /// The chapter, or that of the exercise.
    pub(crate) fn chapter(self) -> u32 {
        match self {
            Self::Chapter(chapter) => chapter,
            Self::Exercise(number) => number.chapter,
        }
    }

    /// The exercise.
    pub(crate) fn number(self) -> Result<Number, Trouble> {
        match self {
            Self::Chapter(chapter) => Err(Trouble::OnlyAChapter(chapter)),
            Self::Exercise(number) => Ok(number),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let chapter = text.parse().map(Self::Chapter);
        chapter.or_else(|_| text.parse().map(Self::Exercise)).map_err(|_| {
            "a chapter such as 3, an exercise such as 3.2, or one of start, watch, hint, solution, reset"
                .to_owned()
        })
    }
}
