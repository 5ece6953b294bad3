//! What does the classifier see? Images of digits as sparse rows, read from the original IDX files.

use crate::checksum;

/// Pixels along a side of an image.
pub const SIDE: usize = 28;

/// Why bytes are not the images and labels of MNIST.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdxError {
    /// Not the format, or another kind of values.
    #[error(
        "the {what} file is no IDX file of bytes in {dimensions} dimensions: it begins with {found:02x?}, not \
         [00, 00, 08, {dimensions:02x}]."
    )]
    Magic {
        /// "images" or "labels".
        what: &'static str,
        /// That it should have.
        dimensions: u8,
        /// Its first bytes.
        found: Vec<u8>,
    },
    /// Cut short, or followed by something else.
    #[error("the {what} file has {found} bytes; its head announces {announced}.")]
    Length {
        /// "images" or "labels".
        what: &'static str,
        /// By its head.
        announced: u64,
        /// In fact.
        found: usize,
    },
    /// Images of another size.
    #[error("the images have {found:?} pixels; these must be [{SIDE}, {SIDE}].")]
    Size {
        /// Height and width.
        found: Vec<u32>,
    },
    /// One label for each image, or they belong to different files.
    #[error("there are {images} images and {labels} labels.")]
    Counts {
        /// Images.
        images: usize,
        /// Labels.
        labels: usize,
    },
    /// No digit.
    #[error("label {index} is {label}; labels go from 0 to 9.")]
    Label {
        /// The label.
        label: u8,
        /// Whose.
        index: usize,
    },
}

/// Images in compressed sparse rows (four pixels of five are blank), and their labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Digits {
    pixels: usize,
    /// Row i is at `offsets[i]..offsets[i + 1]`.
    offsets: Vec<usize>,
    indices: Vec<u16>,
    /// Ink, from 0 to 1.
    values: Vec<f32>,
    labels: Vec<u8>,
}

impl Digits {
    /// The digits of a pair of IDX files.
    ///
    /// # Errors
    /// If the bytes are something else, cut short, or don't belong together.
    pub fn from_idx(images: &[u8], labels: &[u8]) -> Result<Self, IdxError> {
        let (sizes, images) = idx("images", images, 3)?;
        let (_, labels) = idx("labels", labels, 1)?;
        if sizes[1..] != [SIDE as u32; 2] {
            let found = sizes[1..].to_vec();
            return Err(IdxError::Size { found });
        }
        let (images, rest) = images.as_chunks::<{ SIDE * SIDE }>();
        debug_assert!(rest.is_empty(), "the length is checked");
        if images.len() != labels.len() {
            return Err(IdxError::Counts {
                images: images.len(),
                labels: labels.len(),
            });
        }
        if let Some((index, &label)) = labels.iter().enumerate().find(|(_, l)| **l > 9) {
            return Err(IdxError::Label { label, index });
        }
        let mut digits = Digits::empty(SIDE * SIDE);
        for (image, &label) in images.iter().zip(labels) {
            digits.push_image(image, label);
        }
        Ok(digits)
    }

    /// No digit yet; images have this many pixels.
    pub fn empty(pixels: usize) -> Self {
        Digits {
            pixels,
            offsets: vec![0],
            indices: Vec::new(),
            values: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// Appends an image of bytes, 255 being full ink.
    ///
    /// # Panics
    /// If it has another number of pixels.
    pub fn push_image(&mut self, image: &[u8], label: u8) {
        assert_eq!(image.len(), self.pixels);
        let ink = image.iter().map(|&byte| f32::from(byte) / 255.0);
        self.push(ink, label);
    }

    /// Appends a row of ink.
    ///
    /// # Panics
    /// If there are more than 2¹⁶ pixels.
    pub fn push(&mut self, ink: impl Iterator<Item = f32>, label: u8) {
        for (pixel, value) in ink.enumerate().filter(|(_, value)| *value != 0.0) {
            self.indices.push(u16::try_from(pixel).expect("few pixels"));
            self.values.push(value);
        }
        self.offsets.push(self.indices.len());
        self.labels.push(label);
    }

    /// Only the first `count`.
    pub fn truncate(&mut self, count: usize) {
        if count < self.len() {
            self.offsets.truncate(count + 1);
            self.labels.truncate(count);
            self.indices.truncate(self.offsets[count]);
            self.values.truncate(self.offsets[count]);
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// None at all?
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels of an image.
    pub fn pixels(&self) -> usize {
        self.pixels
    }

    /// The digit that each image shows.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// Pixels with ink of image `i`, ascending, and their ink.
    pub fn row(&self, i: usize) -> (&[u16], &[f32]) {
        let row = self.offsets[i]..self.offsets[i + 1];
        (&self.indices[row.clone()], &self.values[row])
    }

    /// A checksum of all pixels and labels, by which two sets of digits are told apart.
    pub fn checksum(&self) -> u32 {
        let offsets: Vec<u8> = (self.offsets.iter())
            .flat_map(|&offset| (offset as u64).to_le_bytes())
            .collect();
        let indices: Vec<u8> = self.indices.iter().flat_map(|i| i.to_le_bytes()).collect();
        let values: Vec<u8> = self.values.iter().flat_map(|x| x.to_le_bytes()).collect();
        checksum::of_pieces([&self.labels[..], &offsets, &indices, &values])
    }

    /// Image `i` as bytes, 255 being full ink.
    pub fn image(&self, i: usize) -> Vec<u8> {
        let mut image = vec![0; self.pixels];
        let (indices, values) = self.row(i);
        for (&pixel, &value) in indices.iter().zip(values) {
            image[usize::from(pixel)] = (value * 255.0).round() as u8;
        }
        image
    }
}

/// Sizes and values of an IDX file of bytes.
fn idx<'a>(
    what: &'static str,
    bytes: &'a [u8],
    dimensions: u8,
) -> Result<(Vec<u32>, &'a [u8]), IdxError> {
    // Two zeros, the type (8: unsigned byte), the number of dimensions, then each size as four bytes, highest first.
    let head = 4 + 4 * usize::from(dimensions);
    if !bytes.starts_with(&[0, 0, 8, dimensions]) {
        let found = bytes[..bytes.len().min(4)].to_vec();
        return Err(IdxError::Magic {
            what,
            dimensions,
            found,
        });
    }
    let sizes = bytes[4..].as_chunks::<4>().0.iter();
    let sizes: Vec<u32> = (sizes.take(dimensions.into()))
        .map(|size| u32::from_be_bytes(*size))
        .collect();
    let values = sizes.iter().map(|&size| u64::from(size));
    let announced = values
        .fold(1, u64::saturating_mul)
        .saturating_add(head as u64);
    if sizes.len() < dimensions.into() || bytes.len() as u64 != announced {
        return Err(IdxError::Length {
            what,
            announced,
            found: bytes.len(),
        });
    }
    Ok((sizes, &bytes[head..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sizes: &[u32], values: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0, 0, 8, sizes.len() as u8];
        bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
        bytes.extend(values);
        bytes
    }

    fn image(at: usize, ink: u8) -> Vec<u8> {
        let mut image = vec![0; SIDE * SIDE];
        image[at] = ink;
        image
    }

    #[test]
    fn images_and_labels_are_read() {
        let images = file(&[2, 28, 28], &[image(5, 255), image(783, 51)].concat());
        let digits = Digits::from_idx(&images, &file(&[2], &[3, 9])).unwrap();
        assert_eq!((digits.len(), digits.labels()), (2, &[3u8, 9][..]));
        assert_eq!(digits.row(0), (&[5u16][..], &[1.0f32][..]));
        assert_eq!(digits.row(1), (&[783u16][..], &[0.2f32][..]));
        assert_eq!(digits.image(1), image(783, 51));
        let mut one = digits.clone();
        one.truncate(1);
        assert_eq!(one.row(0), digits.row(0));
        assert_eq!(one.len(), 1);
    }

    #[test]
    fn a_wrong_file_is_told_with_what_is_wrong() {
        let (images, labels) = (file(&[1, 28, 28], &image(0, 1)), file(&[1], &[7]));
        let message = |images: &[u8], labels: &[u8]| {
            Digits::from_idx(images, labels).unwrap_err().to_string()
        };
        assert_eq!(
            message(b"<html>", &labels),
            "the images file is no IDX file of bytes in 3 dimensions: it begins with [3c, 68, 74, 6d], not [00, 00, \
             08, 03]."
        );
        assert!(message(&labels, &labels).contains("it begins with [00, 00, 08, 01]"));
        assert_eq!(
            message(&images[..799], &labels),
            "the images file has 799 bytes; its head announces 800."
        );
        assert!(message(&images[..9], &labels).contains("has 9 bytes"));
        assert!(message(&images, &file(&[2], &[7])).contains("has 9 bytes; its head announces 10"));
        assert_eq!(
            message(&images, &file(&[2], &[7, 8])),
            "there are 1 images and 2 labels."
        );
        assert_eq!(
            message(&images, &file(&[1], &[10])),
            "label 0 is 10; labels go from 0 to 9."
        );
        let small = file(&[1, 14, 14], &[0; 196]);
        assert!(message(&small, &labels).contains("[14, 14] pixels"));
    }
}
