//! Are these bytes the ones that were written? CRC-32, as gzip and PNG have it.

use crc::{CRC_32_ISO_HDLC, Crc, Table};

/// One table of 256 entries. The faster kinds have sixteen of them, 16 KB that no compression makes smaller, and the page
/// would carry them to check a few files.
const CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

/// The checksum at the end of checkpoints and packs.
pub fn crc32(bytes: &[u8]) -> u32 {
    CRC.checksum(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }
}
