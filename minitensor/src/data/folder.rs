//! Labelled pictures in a folder: with a table of labels, or with one subfolder a class.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::DataError;
use super::folder_problem::FolderProblem;
use super::idx::MAX_BYTES;
use super::images::Images;
use super::line_problem::LineProblem;
use super::picture_file::{check_shape, read_image};
use super::table::{Table, shortened};

/// Pictures of a reader's own, all of one size, with their classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageFolder {
    /// The name of each class, in alphabetic order: label `i` means `classes[i]`.
    pub classes: Vec<String>,
    /// The pictures, in the order of the table, or of class and file name.
    pub images: Images,
}

impl ImageFolder {
    /// The pictures that `table` names: a CSV file with the columns `file` (a path below `folder`) and `label`. Every
    /// picture in the folder itself must have a row. Pictures are brought to `shape`: (channels, height, width).
    ///
    /// With `classes`, labels are those and no others, so that a test set means the same as its training set.
    ///
    /// # Errors
    /// [`DataError::Line`] for a row whose file is not there, stands twice, or leads out of the folder, or whose label is
    /// not a class, or cannot be one; [`DataError::Folder`] for a picture that no row names; [`DataError::File`] for one that cannot be read.
    ///
    /// # Panics
    /// If the channels are not 1 or 3, or a side is not 1 to 16,384.
    #[track_caller]
    pub fn with_table(
        folder: &Path,
        table: &Path,
        shape: [usize; 3],
        classes: Option<&[String]>,
    ) -> Result<ImageFolder, DataError> {
        check_shape(shape);
        let rows = Table::open(table)?;
        let (files, labels) = (rows.texts("file")?, rows.texts("label")?);
        let mut seen = BTreeMap::new();
        let mut examples = Vec::new();
        for ((line, file), (_, label)) in files.zip(labels) {
            let path = inside(folder, file).map_err(|problem| DataError::line(table, line, problem))?;
            if let Some(first) = seen.insert(path.clone(), line) {
                let problem = LineProblem::FileTwice { file: shortened(file), first };
                return Err(DataError::line(table, line, problem));
            }
            if !can_be_a_class(label) {
                return Err(DataError::line(table, line, LineProblem::BadLabel { label: shortened(label) }));
            }
            examples.push((line, path, label.to_owned()));
        }
        if let Some(path) = pictures(folder)?.into_iter().find(|path| !seen.contains_key(path)) {
            return Err(DataError::folder(&path, FolderProblem::Unlabelled { table: table.to_owned() }));
        }
        let found = || examples.iter().map(|(_, _, label)| label.clone()).collect::<BTreeSet<_>>();
        let classes = classes.map_or_else(|| found().into_iter().collect(), <[String]>::to_vec);
        let labelled = examples.into_iter().map(|(line, path, label)| {
            let class = classes.iter().position(|class| *class == label).ok_or_else(|| {
                let known = classes.clone();
                DataError::line(table, line, LineProblem::UnknownClass { found: label, known })
            })?;
            Ok((path, class))
        });
        let labelled = labelled.collect::<Result<Vec<_>, DataError>>()?;
        read_all(folder, classes, &labelled, shape)
    }

    /// The pictures in the subfolders of `folder`, each named after its class, as torchvision's `ImageFolder` reads them:
    /// `cat/1.png`, `dog/7.jpg`. Pictures are brought to `shape`: (channels, height, width). A folder whose name starts with
    /// a dot is none.
    ///
    /// With `classes`, the subfolders are of those and no others, so that a test set means the same as its training set.
    ///
    /// # Errors
    /// [`DataError::Folder`] for a folder without classes, or a class without pictures; [`DataError::File`] for a picture that
    /// cannot be read.
    ///
    /// # Panics
    /// If the channels are not 1 or 3, or a side is not 1 to 16,384.
    #[track_caller]
    pub fn by_class(
        folder: &Path,
        shape: [usize; 3],
        classes: Option<&[String]>,
    ) -> Result<ImageFolder, DataError> {
        check_shape(shape);
        let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_class = |path: &PathBuf| path.is_dir() && !name(path).starts_with('.');
        let folders = entries(folder)?.into_iter().filter(is_class).collect::<Vec<_>>();
        if folders.is_empty() {
            return Err(DataError::folder(folder, FolderProblem::NoLabels));
        }
        let classes = classes.map_or_else(|| folders.iter().map(name).collect(), <[String]>::to_vec);
        let mut labelled = Vec::new();
        for path in &folders {
            let refused = |problem| Err(DataError::folder(path, problem));
            if !can_be_a_class(&name(path)) {
                return refused(FolderProblem::BadName);
            }
            let Some(class) = classes.iter().position(|class| *class == name(path)) else {
                return refused(FolderProblem::UnknownClass { known: classes });
            };
            let pictures = pictures(path)?;
            if pictures.is_empty() {
                return refused(FolderProblem::NoPictures);
            }
            labelled.extend(pictures.into_iter().map(|picture| (picture, class)));
        }
        read_all(folder, classes, &labelled, shape)
    }
}

fn read_all(
    folder: &Path,
    classes: Vec<String>,
    labelled: &[(PathBuf, usize)],
    shape: [usize; 3],
) -> Result<ImageFolder, DataError> {
    let found = classes.len();
    if !(1..=256).contains(&found) {
        return Err(DataError::folder(folder, FolderProblem::ClassCount { found }));
    }
    if labelled.is_empty() {
        return Err(DataError::folder(folder, FolderProblem::NoPictures));
    }
    let [channels, height, width] = shape;
    let bytes = [channels, height, width]
        .iter()
        .fold(labelled.len() as u64, |product, &size| product.saturating_mul(size as u64));
    if bytes > MAX_BYTES {
        let problem = FolderProblem::TooMuch { pictures: labelled.len(), shape, limit: MAX_BYTES };
        return Err(DataError::folder(folder, problem));
    }
    let mut pixels = Vec::new();
    for (path, _) in labelled {
        pixels.extend(read_image(path, shape)?.pixels);
    }
    let labels = labelled.iter().map(|&(_, class)| class as u8).collect();
    let images = Images::new([labelled.len(), channels, height, width], pixels, labels);
    Ok(ImageFolder { classes, images })
}

/// Whether this can be printed beside a picture without harm.
fn can_be_a_class(name: &str) -> bool {
    (1..=40).contains(&name.chars().count()) && !name.contains(char::is_control)
}

/// The file called `name` below `folder`, which neither the name nor a link may leave.
fn inside(folder: &Path, name: &str) -> Result<PathBuf, LineProblem> {
    let plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || name.is_empty() {
        return Err(LineProblem::Outside(shortened(name)));
    }
    let path = folder.join(name);
    let (Ok(real), Ok(real_folder)) = (path.canonicalize(), folder.canonicalize()) else {
        return Err(LineProblem::NoFile(shortened(name)));
    };
    if !real.starts_with(real_folder) {
        return Err(LineProblem::Outside(shortened(name)));
    }
    if real.is_file() { Ok(path) } else { Err(LineProblem::NoFile(shortened(name))) }
}

/// The files that are pictures by their names, in order.
fn pictures(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let is_picture = |path: &PathBuf| {
        let extension = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        path.is_file() && matches!(&extension[..], "png" | "jpg" | "jpeg")
    };
    Ok(entries(folder)?.into_iter().filter(is_picture).collect())
}

/// What a folder holds, in order; not what a link in it points to.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, DataError> {
    let fail = |e| DataError::folder(folder, e);
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        if !entry.file_type().map_err(fail)?.is_symlink() {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
