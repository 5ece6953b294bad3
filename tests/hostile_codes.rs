//! Is a code that a chat, a keyboard or somebody's malice has altered read right or named, and never read as another run?
//!
//! A few thousand texts are tried in a second or so. `PROPTEST_CASES=100000 cargo test --release --test hostile_codes` tries more,
//! with other texts each time; what fails is printed as small as it can be made.

mod common;

use proptest::prelude::*;
use proptest::sample::Index;

use superposition::sweep::codes::{self, Code, Finished};

use common::finished::some_run;

/// What chats, phones and people put where it does not belong.
const PUT: [&str; 24] = [
    "\u{200b}", "\u{feff}", "\u{ad}", "\u{202e}", "\n", "\r\n> ", " ", "“", "”", "’", "«", "–",
    "—", "-", "--", "-end", "dd1-", "dd2-", "dd999-", "dd1", "🎉", "é", "0", "O",
];

/// How a text is altered at a place, as far as another.
#[derive(Clone, Debug)]
enum Edit {
    Put(Index, usize),
    Sign(Index, char),
    Any(Index, String),
    Remove(Index, usize),
    Cut(Index),
    Behead(Index),
    Double(Index, Index),
    Swap(Index, Index),
    Capitals(Index, Index),
    Version(u8),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 0..PUT.len()).prop_map(|(at, what)| Edit::Put(at, what)),
        (at(), "[0-9A-Za-z]").prop_map(|(at, sign)| Edit::Sign(at, sign.chars().next().unwrap())),
        (at(), any::<char>()).prop_map(|(at, sign)| Edit::Sign(at, sign)),
        (at(), ".{0,40}").prop_map(|(at, text)| Edit::Any(at, text)),
        (at(), 1..200usize).prop_map(|(at, length)| Edit::Remove(at, length)),
        at().prop_map(Edit::Cut),
        at().prop_map(Edit::Behead),
        (at(), at()).prop_map(|(from, to)| Edit::Double(from, to)),
        (at(), at()).prop_map(|(from, to)| Edit::Swap(from, to)),
        (at(), at()).prop_map(|(from, to)| Edit::Capitals(from, to)),
        any::<u8>().prop_map(Edit::Version),
    ]
}

fn edited(text: &str, edit: &Edit) -> String {
    let signs: Vec<char> = text.chars().collect();
    if signs.is_empty() {
        return String::new();
    }
    let string = |signs: &[char]| signs.iter().collect::<String>();
    let place = |at: &Index| at.index(signs.len());
    let range = |from: &Index, to: &Index| {
        let (a, b) = (place(from), place(to));
        (a.min(b), a.max(b))
    };
    let with = |at: usize, put: &str, end: usize| {
        string(&signs[..at]) + put + &string(&signs[end.min(signs.len())..])
    };
    match edit {
        Edit::Put(at, what) => with(place(at), PUT[*what], place(at)),
        Edit::Sign(at, sign) => with(place(at), &sign.to_string(), place(at) + 1),
        Edit::Any(at, put) => with(place(at), put, place(at)),
        Edit::Remove(at, length) => with(place(at), "", place(at) + length),
        Edit::Cut(at) => string(&signs[..place(at)]),
        Edit::Behead(at) => string(&signs[place(at)..]),
        Edit::Double(from, to) => {
            let (from, to) = range(from, to);
            with(to, &string(&signs[from..to]), to)
        }
        Edit::Swap(from, to) => {
            let (from, to) = range(from, to);
            string(&signs[to..]) + &string(&signs[from..to]) + &string(&signs[..from])
        }
        Edit::Capitals(from, to) => {
            let (from, to) = range(from, to);
            with(from, &string(&signs[from..to]).to_uppercase(), to)
        }
        Edit::Version(version) => text.replacen("dd1-", &format!("dd{version}-"), 1),
    }
}

/// The messages of a class, one below the other.
fn messages(senders: &[Vec<Finished>]) -> String {
    let code = |(k, runs): (usize, &Vec<Finished>)| codes::write(&format!("Pupil {k}"), runs);
    let messages: Vec<String> = senders.iter().enumerate().map(code).collect();
    messages.join("\nthat was mine, now you:\n")
}

fn runs_of(codes: &[Code]) -> Vec<&Finished> {
    let runs = codes.iter().flat_map(|code| &code.runs);
    runs.filter_map(|run| run.as_ref().ok()).collect()
}

/// What is wrong with them, in words.
fn told(codes: &[Code]) -> Vec<String> {
    let of_code = |code: &Code| {
        let pieces = code.runs.iter().filter_map(|run| run.as_ref().err());
        let errors = code.trouble.iter().chain(pieces);
        errors.map(ToString::to_string).collect::<Vec<_>>()
    };
    codes.iter().flat_map(of_code).collect()
}

fn some_senders() -> impl Strategy<Value = Vec<Vec<Finished>>> {
    prop::collection::vec(prop::collection::vec(some_run(), 1..6), 1..4)
}

/// More than usual, because codes are short.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        failure_persistence: None,
        cases: match std::env::var_os("PROPTEST_CASES") {
            Some(_) => usual.cases,
            None => 2000,
        },
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_altered_text_never_has_a_run_that_nobody_sent(senders in some_senders(), edits in prop::collection::vec(edit(), 1..6)) {
        let text = edits.iter().fold(messages(&senders), |text, edit| edited(&text, edit));
        let read = codes::read(&text);
        for run in runs_of(&read) {
            prop_assert!(senders.iter().flatten().any(|sent| sent == run), "{run:?}");
        }
        for code in &read {
            let known = (0..senders.len()).any(|k| code.who == format!("Pupil {k}"));
            prop_assert!(known || code.who.is_empty(), "{}", code.who);
        }
        for sentence in told(&read) {
            prop_assert!(sentence.len() > 20, "{sentence}");
        }
    }

    #[test]
    fn a_run_that_one_change_made_unreadable_is_told_and_the_others_codes_are_read(
        senders in some_senders(), at in any::<Index>(), what in 0..PUT.len(), sign in any::<Option<char>>(),
    ) {
        let altered = match sign {
            Some(sign) => Edit::Sign(at, sign),
            None => Edit::Put(at, what),
        };
        let read = codes::read(&edited(&messages(&senders), &altered));
        let there = runs_of(&read);
        let harmed = senders.iter().filter(|runs| runs.iter().any(|run| !there.contains(&run)));
        match harmed.count() {
            0 => {}
            1 => prop_assert!(!told(&read).is_empty()),
            more => prop_assert!(false, "{more} senders' runs are gone"),
        }
    }

    #[test]
    fn what_is_left_of_a_code_is_told(runs in prop::collection::vec(some_run(), 1..6), from in any::<Index>(), to in any::<Index>()) {
        let code = codes::write("Ada", &runs);
        let (from, to) = (from.index(code.len()), to.index(code.len()));
        let part = &code[from.min(to)..from.max(to)];
        let read = codes::read(&format!("see {part} and https://example.org/d/1aB2cD3eF4gH5iJ6kL7mN8oP9qR0sT1uV2wX3yZ on the week-end"));
        let (there, told) = (runs_of(&read), told(&read));
        let all = runs.iter().all(|run| there.contains(&run));
        prop_assert!(all || !told.is_empty() || part.split('-').all(|piece| piece.len() < 45), "{part}");
        prop_assert!(part.len() >= 4 || read.is_empty());
    }

    #[test]
    fn any_bytes_and_any_text_are_no_run(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "\\PC{0,80}", at in any::<Index>()) {
        let bytes = String::from_utf8_lossy(&bytes);
        for text in [bytes.to_string(), format!("dd1-{bytes}-end"), format!("{text}dd1-{bytes}"), edited("dd1-1-2-3-end", &Edit::Any(at, text))] {
            prop_assert!(runs_of(&codes::read(&text)).is_empty());
        }
    }
}

#[test]
fn megabytes_are_read_in_a_moment() {
    for text in [
        "dd1-",
        "-end",
        "dd1-end",
        "-",
        "d",
        "9",
        "\u{200b}",
        "🎉",
        "dd1-0",
        "dd1-0-",
        "dd1-0-end ",
    ] {
        let text = text.repeat(4_000_000 / text.len());
        let start = std::time::Instant::now();
        assert!(runs_of(&codes::read(&text)).is_empty());
        let seconds = start.elapsed().as_secs_f64();
        assert!(seconds < 10.0, "{seconds} s for {:?}", text.get(..12));
    }
}
