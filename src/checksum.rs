//! Are these bytes the ones that were written? CRC-32, as gzip and PNG have it.

use crc::{CRC_32_ISO_HDLC, Crc, Table};
use serde::Serialize;

/// One table of 256 entries. The faster kinds have sixteen of them, 16 KB that no compression makes smaller, and the page
/// would carry them to check a few files.
const CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

/// The checksum of bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
}

/// The checksum of several pieces one after the other.
pub fn of_pieces<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> u32 {
    let mut digest = CRC.digest();
    for piece in pieces {
        digest.update(piece);
    }
    digest.finalize()
}

/// The checksum of numbers as little-endian f32, by which two sets of them can be compared.
pub fn of_floats<'a>(values: impl IntoIterator<Item = &'a f32>) -> u32 {
    of_numbers(values.into_iter().map(|x| x.to_le_bytes()))
}

/// The same for little-endian f64.
pub fn of_doubles(values: impl IntoIterator<Item = f64>) -> u32 {
    of_numbers(values.into_iter().map(f64::to_le_bytes))
}

fn of_numbers<const BYTES: usize>(numbers: impl Iterator<Item = [u8; BYTES]>) -> u32 {
    crc32(&numbers.flatten().collect::<Vec<u8>>())
}

/// A checkpoint or a pack: its header, its content as postcard writes it, and the checksum of both.
pub fn sealed(header: Vec<u8>, content: &impl Serialize) -> Vec<u8> {
    let mut bytes = postcard::to_extend(content, header).expect("memory takes any content");
    bytes.extend(crc32(&bytes).to_le_bytes());
    bytes
}

/// Do the bytes end with the checksum of those before it?
pub fn is_intact(bytes: &[u8]) -> bool {
    let parts = bytes.split_last_chunk();
    parts.is_some_and(|(before, sum)| crc32(before) == u32::from_le_bytes(*sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(of_pieces([&b"1234"[..], b"", b"56789"]), 0xCBF4_3926);
    }

    #[test]
    fn what_is_sealed_is_intact_until_a_byte_changes_or_is_missing() {
        let bytes = sealed(b"head".to_vec(), &[1u8, 2, 3]);
        assert!(bytes.starts_with(b"head") && is_intact(&bytes));
        for i in 0..bytes.len() {
            let mut other = bytes.clone();
            other[i] ^= 1;
            assert!(!is_intact(&other) && !is_intact(&bytes[..i]), "byte {i}");
        }
    }
}
