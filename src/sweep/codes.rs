//! How does a finished run fit into a chat message? As some ninety letters and digits, with a checksum of their own.
//!
//! A code is `dd1-HEADER-RUN-RUN-…-end`. Each RUN is whole in itself: what differs from the paper's settings, what made it, its last
//! measures with all their bits, and a checksum of W and b. So a piece that was torn or mistyped costs that run alone. Letters
//! and digits only, because chats make italics of `_` and quotation marks of `"`; and what they do put in, as line breaks and
//! characters that nobody sees, is taken out again.

pub use super::finished::Finished;
use crate::checksum::crc32;

/// What somebody pasted, as far as it is one code.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The nickname that the sender gave; empty if none, or if that part is damaged.
    pub who: String,
    /// Each run, or what is wrong with that piece.
    pub runs: Vec<Result<Finished, CodeError>>,
    /// What is wrong with the code as a whole, if anything.
    pub trouble: Option<CodeError>,
}

/// What is wrong with a code, or with a piece of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Another format.
    #[error(
        "it is a code of version {0}, and this page reads version {VERSION}: reload the page, or ask for a code from a newer one"
    )]
    Version(String),
    /// A sign that no code has.
    #[error("piece {piece} has “{sign}” in it, which no code has: copy it again")]
    Sign {
        /// From 1 on.
        piece: usize,
        /// The sign.
        sign: char,
    },
    /// The checksum does not fit.
    #[error("piece {0} was mistyped, or a part of it is missing: copy it again")]
    Damaged(usize),
    /// The checksum fits, and the content is no run.
    #[error("piece {piece} is no run: {reason}")]
    NoRun {
        /// From 1 on.
        piece: usize,
        /// Why not.
        reason: String,
    },
    /// The first piece is damaged, which says whose it is and how many runs there are.
    #[error(
        "its beginning is damaged, so that nobody knows whose it is and whether runs are missing"
    )]
    Header,
    /// It stops in the middle.
    #[error("its end is missing: {read} of {runs} runs could be read")]
    Torn {
        /// Runs that are whole.
        read: usize,
        /// Runs that were sent.
        runs: usize,
    },
    /// It has other pieces than it says.
    #[error("it has {read} runs, and was sent with {runs}")]
    Count {
        /// Pieces.
        read: usize,
        /// Runs that were sent.
        runs: usize,
    },
}

const VERSION: &str = "1";
/// Begins a code, in front of its version.
const BEGIN: &str = "dd";
const END: &str = "-end";
/// Runs of a code, so that it fits into a message of any chat.
const MOST_RUNS: usize = 18;
/// Bytes of a nickname.
const MOST_NAME: usize = 40;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// How many digits so many bytes take.
const LENGTHS: [usize; 9] = [0, 2, 3, 5, 6, 7, 9, 10, 11];

/// The codes of these runs, one below the other; more than one where a message would be too long.
pub fn write(who: &str, runs: &[Finished]) -> String {
    let mut end = who.len().min(MOST_NAME);
    while !who.is_char_boundary(end) {
        end -= 1;
    }
    let code = |runs: &[Finished]| {
        let mut header = vec![runs.len() as u8];
        header.extend(&who.as_bytes()[..end]);
        let pieces =
            std::iter::once(sealed(header)).chain(runs.iter().map(|run| sealed(run.bytes())));
        let pieces: Vec<String> = pieces.map(|bytes| in_digits(&bytes)).collect();
        format!("{BEGIN}{VERSION}-{}{END}", pieces.join("-"))
    };
    runs.chunks(MOST_RUNS)
        .map(code)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every code in a text, whatever stands around them; and what is left of one whose beginning is gone.
pub fn read(text: &str) -> Vec<Code> {
    let text: Vec<char> = text
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(plain)
        .collect();
    let mut codes = Vec::new();
    let (mut free, mut at, mut after_code) = (0, 0, true);
    while at < text.len() {
        let Some((version, body)) = beginning(&text, at, after_code) else {
            (at, after_code) = (at + 1, false);
            continue;
        };
        codes.extend(remains(&text[free..at]));
        // Up to its end, or to the next.
        let mut stop = body;
        let ends = |at: usize| is_like(&text[at..], END);
        while stop < text.len() && !ends(stop) && beginning(&text, stop, false).is_none() {
            stop += 1;
        }
        let torn = !ends(stop);
        codes.push(code(&version, &content(&text[body..stop]), torn));
        at = if torn { stop } else { stop + END.len() };
        (free, after_code) = (at, true);
    }
    codes.extend(remains(&text[free..]));
    codes
}

/// Without what chats put in.
fn content(text: &[char]) -> String {
    text.iter().filter(|c| !is_around(**c)).collect()
}

/// What is left of a code whose beginning was cut off or mistyped, in a text without a code: each run is whole in itself.
fn remains(text: &[char]) -> Option<Code> {
    let run = |piece: &str| Finished::from_bytes(&opened(piece, 0).ok()?).ok();
    let content = content(text);
    let runs: Vec<_> = content.split('-').filter_map(run).map(Ok).collect();
    let mut words = text.split(|c| c.is_whitespace());
    (!runs.is_empty() || words.any(is_of_a_code)).then_some(Code {
        who: String::new(),
        runs,
        trouble: Some(CodeError::Header),
    })
}

/// Does a word look like a part of a run? No language has such words, and addresses have strokes.
fn is_of_a_code(word: &[char]) -> bool {
    const LONG: usize = 30;
    let mut pieces = word.split(|c| !c.is_ascii_alphanumeric());
    !word.contains(&'/')
        && pieces.any(|piece| {
            piece.len() >= LONG
                && piece.iter().any(char::is_ascii_digit)
                && piece.iter().any(char::is_ascii_lowercase)
                && piece.iter().any(char::is_ascii_uppercase)
        })
}

/// The version of the code that begins at a place, and where its pieces begin. Nothing may stand right before it, but another code.
fn beginning(text: &[char], start: usize, after_code: bool) -> Option<(String, usize)> {
    let alone = after_code || start == 0 || !text[start - 1].is_ascii_alphanumeric();
    if !alone || !is_like(&text[start..], BEGIN) {
        return None;
    }
    let rest = &text[start + BEGIN.len()..];
    let digits = rest.iter().take_while(|c| c.is_ascii_digit()).count();
    let ends = (1..=3).contains(&digits) && rest.get(digits) == Some(&'-');
    ends.then(|| {
        (
            rest[..digits].iter().collect(),
            start + BEGIN.len() + digits + 1,
        )
    })
}

/// Does a text begin with a word, in capitals or not?
fn is_like(text: &[char], word: &str) -> bool {
    let mut signs = text.iter();
    word.chars().all(|c| {
        signs
            .next()
            .is_some_and(|sign| sign.eq_ignore_ascii_case(&c))
    })
}

/// Soft hyphens, joiners, marks of direction and of byte order.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fe0f}')
}

/// A dash of whatever length is a hyphen.
fn plain(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        _ => c,
    }
}

/// What chats and mail put into or around a text: space, quotation marks, marks of emphasis and of citation.
fn is_around(c: char) -> bool {
    c.is_whitespace() || "\"'`*_~|<>«»‹›“”„‟‘’‚‛".contains(c)
}

/// A code from its pieces.
fn code(version: &str, content: &str, torn: bool) -> Code {
    let failed = |trouble| Code {
        who: String::new(),
        runs: Vec::new(),
        trouble: Some(trouble),
    };
    if version != VERSION {
        return failed(CodeError::Version(version.to_string()));
    }
    let mut pieces = content.split('-');
    let header = opened(pieces.next().unwrap_or(""), 0);
    let mut runs: Vec<Result<Finished, CodeError>> = pieces
        .filter(|piece| !piece.is_empty())
        .enumerate()
        .map(|(k, piece)| {
            let bytes = opened(piece, k + 1)?;
            Finished::from_bytes(&bytes).map_err(|reason| CodeError::NoRun {
                piece: k + 1,
                reason,
            })
        })
        .collect();
    let Some((&sent, who)) = header.as_ref().ok().and_then(|bytes| bytes.split_first()) else {
        return Code {
            runs,
            ..failed(CodeError::Header)
        };
    };
    let sent = usize::from(sent);
    if torn && runs.last().is_some_and(Result::is_err) {
        // That is where it was torn, or the words behind it.
        runs.pop();
    }
    let read = runs.len();
    let trouble = match torn {
        true if read < sent => Some(CodeError::Torn { read, runs: sent }),
        // All is there but the last word.
        true => None,
        false => (read != sent).then_some(CodeError::Count { read, runs: sent }),
    };
    Code {
        who: String::from_utf8(who.to_vec()).unwrap_or_default(),
        runs,
        trouble,
    }
}

/// Bytes with their checksum.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend(crc32(&bytes).to_le_bytes());
    bytes
}

/// The bytes of a piece without their checksum, if that fits.
fn opened(digits: &str, piece: usize) -> Result<Vec<u8>, CodeError> {
    if let Some(sign) = digits.chars().find(|c| !c.is_ascii_alphanumeric()) {
        return Err(CodeError::Sign { piece, sign });
    }
    let bytes = from_digits(digits).ok_or(CodeError::Damaged(piece))?;
    match bytes.split_last_chunk::<4>() {
        Some((content, sum)) if crc32(content) == u32::from_le_bytes(*sum) => Ok(content.to_vec()),
        _ => Err(CodeError::Damaged(piece)),
    }
}

/// Eight bytes are eleven digits, the last first.
fn in_digits(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(8) {
        let mut value = chunk
            .iter()
            .rev()
            .fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        for _ in 0..LENGTHS[chunk.len()] {
            out.push(char::from(DIGITS[(value % 62) as usize]));
            value /= 62;
        }
    }
    out
}

/// The bytes; none if no bytes have these digits.
fn from_digits(digits: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    for chunk in digits.as_bytes().chunks(11) {
        let count = LENGTHS.iter().position(|&length| length == chunk.len())?;
        let mut value = 0u64;
        for digit in chunk.iter().rev() {
            let digit = DIGITS.iter().position(|d| d == digit)? as u64;
            value = value.checked_mul(62)?.checked_add(digit)?;
        }
        if count < 8 && value >> (8 * count) != 0 {
            return None;
        }
        out.extend(&value.to_le_bytes()[..count]);
    }
    Some(out)
}
