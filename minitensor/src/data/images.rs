//! Images in memory, as the bytes that their files hold.

use std::path::Path;
use std::sync::Arc;

use rand::rngs::ChaCha8Rng;

use super::dataset::Dataset;
use super::error::{DataError, Problem};
use super::idx::Idx;
use super::split::stratified_indices;
use crate::Tensor;

/// One image of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Channels, height, width.
    pub shape: [usize; 3],
    /// The pixels, (C, H, W), the width fastest.
    pub pixels: Vec<u8>,
}

/// Images of one size with a class each. Clones share the pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    shape: [usize; 4],
    pixels: Arc<Vec<u8>>,
    labels: Arc<Vec<u8>>,
}

impl Images {
    /// Images from their parts: `pixels` is (N, C, H, W), `labels` is (N).
    ///
    /// # Panics
    /// If the lengths do not fit `shape`.
    #[track_caller]
    pub fn new(shape: [usize; 4], pixels: Vec<u8>, labels: Vec<u8>) -> Images {
        let (bytes, rows) = (pixels.len(), labels.len());
        assert_eq!(shape.iter().product::<usize>(), bytes, "Images::new: {bytes} pixels for shape {shape:?}");
        assert_eq!(shape[0], rows, "Images::new: {rows} labels for shape {shape:?}");
        Images { shape, pixels: Arc::new(pixels), labels: Arc::new(labels) }
    }

    /// Number, channels, height, width.
    pub fn shape(&self) -> [usize; 4] {
        self.shape
    }

    /// The pixels of one image, (C, H, W).
    ///
    /// # Panics
    /// If there is no image `index`.
    #[track_caller]
    pub fn pixels(&self, index: usize) -> &[u8] {
        let bytes: usize = self.shape[1..].iter().product();
        &self.pixels[index * bytes..(index + 1) * bytes]
    }

    /// The class of each image.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// All images as a `U8` tensor of shape (N, C, H, W).
    pub fn images_tensor(&self) -> Tensor {
        Tensor::from_slice(&self.pixels, self.shape)
    }

    /// All labels as an `I64` tensor of shape (N).
    pub fn labels_tensor(&self) -> Tensor {
        let labels = self.labels.iter().map(|&label| i64::from(label)).collect::<Vec<_>>();
        Tensor::from_vec(labels, [self.shape[0]])
    }

    /// The images at `indices`, in that order.
    ///
    /// # Panics
    /// If an index is not below the number of images.
    #[track_caller]
    pub fn select(&self, indices: &[usize]) -> Images {
        let [_, c, h, w] = self.shape;
        let pixels = indices.iter().flat_map(|&index| self.pixels(index)).copied().collect();
        let labels = indices.iter().map(|&index| self.labels[index]).collect();
        Images::new([indices.len(), c, h, w], pixels, labels)
    }

    /// Splits into (train, test) so that every class gives the same share, `test_share`, to the test part, to within
    /// half an image. The same `seed` gives the same split; both parts keep the order that the images had.
    ///
    /// # Panics
    /// If `test_share` is not between 0 and 1.
    #[track_caller]
    pub fn stratified_split(&self, test_share: f64, seed: u64) -> (Images, Images) {
        let labels: Vec<i64> = self.labels.iter().map(|&label| i64::from(label)).collect();
        let (train, test) = stratified_indices(&labels, test_share, seed);
        (self.select(&train), self.select(&test))
    }

    /// The mean and the standard deviation of pixel / white over all images, one a channel: what
    /// [`Normalize::new`](super::Normalize::new) takes. `white` is the byte that means full intensity.
    ///
    /// ```
    /// // torchvision's users know these numbers of Fashion-MNIST by heart: 0.2860 and 0.3530
    /// let clothes = minitensor::data::load("fashion-mini", None, 0)?.train;
    /// let (mean, std) = clothes.mean_std(255);
    /// assert!((mean[0] - 0.2860).abs() < 0.01 && (std[0] - 0.3530).abs() < 0.01);
    /// # Ok::<(), minitensor::data::DataError>(())
    /// ```
    ///
    /// # Panics
    /// If `white` is 0, or there is no pixel.
    #[track_caller]
    pub fn mean_std(&self, white: u8) -> (Vec<f32>, Vec<f32>) {
        let [count, channels, height, width] = self.shape;
        let pixels = count * height * width;
        assert!(
            white > 0 && pixels > 0,
            "mean_std: white is {white}, and there are {pixels} pixels a channel"
        );
        let constants = (0..channels).map(|channel| {
            let (mut sum, mut squares) = (0u64, 0u64); // whole numbers: no rounding, and room for 2^48 pixels
            let planes = self.pixels.chunks_exact(height * width).skip(channel).step_by(channels);
            for pixel in planes.flatten().map(|&pixel| u64::from(pixel)) {
                sum += pixel;
                squares += pixel * pixel;
            }
            let [mean, square] = [sum, squares].map(|sum| sum as f64 / pixels as f64);
            let white = f64::from(white);
            ((mean / white) as f32, ((square - mean * mean).max(0.0).sqrt() / white) as f32)
        });
        constants.unzip()
    }

    /// Grey images from a pair of IDX files: images of rank 3 (N, H, W), labels of rank 1 (N).
    ///
    /// # Errors
    /// A [`DataError::File`] for files of another rank (as when they are swapped), images of another size than
    /// `size` (height, width), no images, another number of labels than images, or a label that is not below `classes`.
    pub fn from_idx(
        (images, images_path): (Idx, &Path),
        (labels, labels_path): (Idx, &Path),
        size: [usize; 2],
        classes: usize,
    ) -> Result<Images, DataError> {
        let &[count, height, width] = &images.shape[..] else {
            let problem = Problem::Rank { needed_what: "images", needed: 3, found: images.shape.len() };
            return Err(DataError::at(images_path, RANK_OFFSET, problem));
        };
        let &[label_count] = &labels.shape[..] else {
            let problem = Problem::Rank { needed_what: "labels", needed: 1, found: labels.shape.len() };
            return Err(DataError::at(labels_path, RANK_OFFSET, problem));
        };
        if [height, width] != size {
            let problem = Problem::ImageSize { needed: size, found: [height, width] };
            return Err(DataError::at(images_path, SIZES_OFFSET + 4, problem));
        }
        if count == 0 {
            return Err(DataError::at(images_path, SIZES_OFFSET, Problem::NoImages));
        }
        if count != label_count {
            let problem = Problem::CountMismatch { images: count, labels: label_count };
            return Err(DataError::at(labels_path, SIZES_OFFSET, problem));
        }
        check_labels(&labels.values, classes, labels_path, |index| SIZES_OFFSET + 4 + index as u64)?;
        Ok(Images::new([count, 1, height, width], images.values, labels.values))
    }
}

impl Dataset for Images {
    type Item = (Image, i64);

    fn len(&self) -> usize {
        self.shape[0]
    }

    fn get(&self, index: usize, _: &mut ChaCha8Rng) -> (Image, i64) {
        let [_, c, h, w] = self.shape;
        (Image { shape: [c, h, w], pixels: self.pixels(index).to_vec() }, i64::from(self.labels[index]))
    }
}

/// Where an IDX header says its rank, and where its sizes begin.
const RANK_OFFSET: u64 = 3;
const SIZES_OFFSET: u64 = 4;

/// An error for the first label that is not below `classes`; `offset` says where in the file a label stands.
pub(crate) fn check_labels(
    labels: &[u8],
    classes: usize,
    path: &Path,
    offset: impl Fn(usize) -> u64,
) -> Result<(), DataError> {
    match labels.iter().position(|&label| usize::from(label) >= classes) {
        None => Ok(()),
        Some(index) => {
            let problem = Problem::LabelOutOfRange { found: labels[index], index, classes };
            Err(DataError::at(path, offset(index), problem))
        }
    }
}
