//! How do digits travel? Sixteen shades of ink, blank stretches as lengths: about a hundred bytes each.

use serde::{Deserialize, Serialize};

use super::{Digits, SIDE};

/// Images and labels, made small. Inks are rounded to sixteen shades, so a sheet is for looking at, or for training that says
/// so.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    labels: Vec<u8>,
    /// Half-bytes, image after image: a shade from 1 to 15, or 0 before the length of a blank stretch. The length is one
    /// half-byte from 1 to 15; or 0 and then two, higher first, for 16 and more.
    halves: Vec<u8>,
}

/// Pixels of an image.
const PIXELS: usize = SIDE * SIDE;
/// The longest stretch that is written at once.
const LONGEST: usize = 16 + 255;
/// From a byte of ink to a shade.
const SHADE: f32 = 17.0;

impl Sheet {
    /// These of the digits, in this order.
    pub fn of(digits: &Digits, which: impl Iterator<Item = usize>) -> Self {
        let mut sheet = Sheet::default();
        let mut halves = Vec::new();
        for i in which {
            sheet.labels.push(digits.labels()[i]);
            let shades = digits.image(i);
            let shades = shades
                .iter()
                .map(|&ink| (f32::from(ink) / SHADE).round() as u8);
            let mut blank = 0;
            for shade in shades.chain([u8::MAX]) {
                if shade == 0 && blank < LONGEST {
                    blank += 1;
                    continue;
                }
                match blank {
                    0 => {}
                    1..16 => halves.extend([0, blank as u8]),
                    _ => {
                        halves.extend([0, 0, ((blank - 16) >> 4) as u8, ((blank - 16) & 15) as u8]);
                    }
                }
                blank = usize::from(shade == 0);
                if (1..16).contains(&shade) {
                    halves.push(shade);
                }
            }
        }
        halves.resize(halves.len().next_multiple_of(2), 0);
        let pairs = halves.as_chunks().0.iter();
        sheet.halves = pairs.map(|[high, low]| high << 4 | low).collect();
        sheet
    }

    /// The digits that the images show.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// All images, one after the other, 255 being full ink; none if the bytes are damaged.
    pub fn images(&self) -> Option<Vec<u8>> {
        let mut halves = self.halves.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        let end = self.labels.len() * PIXELS;
        let mut images = Vec::with_capacity(end);
        while images.len() < end {
            let shade = halves.next()?;
            if shade > 0 {
                images.push(shade * SHADE as u8);
                continue;
            }
            let length = match halves.next()? {
                0 => 16 + usize::from(halves.next()?) * 16 + usize::from(halves.next()?),
                length => length.into(),
            };
            images.resize(images.len() + length, 0);
        }
        (images.len() == end).then_some(images)
    }

    /// The same as digits to train on; none if the bytes are damaged.
    pub fn digits(&self) -> Option<Digits> {
        let images = self.images()?;
        let mut digits = Digits::empty(PIXELS);
        for (image, &label) in images.chunks_exact(PIXELS).zip(&self.labels) {
            if label > 9 {
                return None;
            }
            digits.push_image(image, label);
        }
        Some(digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sheet(images: &[Vec<u8>]) -> (Digits, Sheet) {
        let mut digits = Digits::empty(PIXELS);
        for (i, image) in images.iter().enumerate() {
            digits.push_image(image, (i % 10) as u8);
        }
        let sheet = Sheet::of(&digits, 0..digits.len());
        (digits, sheet)
    }

    proptest! {
        #[test]
        fn every_image_comes_back_in_sixteen_shades(
            images in prop::collection::vec(prop::collection::vec(prop_oneof![9 => Just(0u8), 1 => any::<u8>()], PIXELS), 0..4),
        ) {
            let (_, sheet) = sheet(&images);
            let back = sheet.images().unwrap();
            for (ink, back) in images.concat().into_iter().zip(&back) {
                prop_assert!(ink.abs_diff(*back) <= 8 && back % 17 == 0);
            }
            prop_assert_eq!(sheet.digits().unwrap().len(), images.len());
        }
    }

    #[test]
    fn a_blank_image_and_a_full_one_come_back() {
        let images = [vec![0; PIXELS], vec![255; PIXELS], vec![0; PIXELS]];
        assert_eq!(sheet(&images).1.images().unwrap(), images.concat());
    }

    #[test]
    fn what_is_cut_short_or_runs_over_is_no_sheet() {
        let (_, whole) = sheet(&[vec![255; PIXELS]]);
        let mut short = whole.clone();
        short.halves.pop();
        assert_eq!(short.images(), None);
        let mut long = whole;
        *long.halves.last_mut().unwrap() = 0x0f; // fifteen blanks where one pixel was missing
        long.halves.pop();
        long.halves.extend([0xf0, 0xff]);
        assert_eq!(long.images(), None);
    }
}
