//! Does what goes through a chat come back with the same bits, and is everything else named?

mod common;

use proptest::prelude::*;

use superposition::sweep::NUMBERS;
use superposition::sweep::codes::{self, CodeError, Finished};
use superposition::train::{Kind, SETTINGS};

use common::finished::{run, some_run};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn runs_come_back_with_all_their_bits(runs in prop::collection::vec(some_run(), 1..40), who in "[^-]{0,20}") {
        let read = codes::read(&codes::write(&who, &runs));
        prop_assert!(read.iter().all(|code| code.trouble.is_none()));
        let back: Vec<Finished> = read.into_iter().flat_map(|code| code.runs).map(Result::unwrap).collect();
        prop_assert_eq!(back, runs);
    }

    #[test]
    fn what_a_chat_puts_in_is_taken_out(runs in prop::collection::vec(some_run(), 1..4), at in any::<prop::sample::Index>(), what in 0..7usize) {
        let code = codes::write("Ada", &runs);
        let at = at.index(code.len() - 4) + 4;
        let put = ["\n", "\u{200b}", "\u{feff}", " \r\n ", "\u{ad}", "\n> ", "\u{2060}"][what];
        let text = format!("Ada wrote: “{}{put}{}”, good luck", &code[..at], &code[at..]);
        let read = codes::read(&text);
        prop_assert_eq!(read.len(), 1);
        let back: Result<Vec<Finished>, CodeError> = read[0].runs.iter().cloned().collect();
        prop_assert_eq!(back, Ok(runs));
    }

    #[test]
    fn a_changed_sign_is_never_another_run(runs in prop::collection::vec(some_run(), 1..4), at in any::<prop::sample::Index>(), sign in "[0-9A-Za-zé!]") {
        let code = codes::write("Ada", &runs);
        let at = at.index(code.len());
        let altered = format!("{}{sign}{}", &code[..at], &code[at + 1..]);
        for run in codes::read(&altered).into_iter().flat_map(|code| code.runs).flatten() {
            prop_assert!(runs.contains(&run));
        }
    }

    #[test]
    fn any_text_is_read_or_named(text in "(dd1-|dd2-|-end|[0-9A-Za-z]{0,30}|-|\\s|.){0,20}") {
        for code in codes::read(&text) {
            let named = code.trouble.iter().chain(code.runs.iter().filter_map(|run| run.as_ref().err()));
            for error in named {
                prop_assert!(error.to_string().len() > 10);
            }
        }
    }
}

#[test]
fn a_run_takes_60_to_120_signs_and_a_message_holds_a_share() {
    let runs: Vec<Finished> = (1..=40).map(|k| run(50 * k, 2, 1.0)).collect();
    let text = codes::write("Ada", &runs);
    assert_eq!(text.lines().count(), 3);
    for line in text.lines() {
        assert!(line.len() < 2000, "{}", line.len());
        let pieces: Vec<usize> = line
            .split('-')
            .skip(2)
            .map(str::len)
            .filter(|&length| length > 3)
            .collect();
        assert!(
            pieces.iter().all(|length| (60..=120).contains(length)),
            "{pieces:?}"
        );
    }
}

#[test]
fn a_torn_a_mistyped_and_a_newer_code_are_named_and_the_rest_is_kept() {
    let runs: Vec<Finished> = (1..=4).map(|k| run(10 * k, 1, 1.0)).collect();
    let code = codes::write("Ada", &runs);
    let torn = &codes::read(&code[..code.len() - 60])[0];
    assert_eq!(torn.trouble, Some(CodeError::Torn { read: 3, runs: 4 }));
    assert_eq!((torn.who.as_str(), torn.runs.len()), ("Ada", 3));

    let pieces: Vec<&str> = code.split('-').collect();
    let third = pieces[4].chars().rev().collect::<String>();
    let mistyped = &codes::read(&code.replace(pieces[4], &third))[0];
    assert_eq!(mistyped.runs[2], Err(CodeError::Damaged(3)));
    assert_eq!(mistyped.runs.iter().filter(|run| run.is_ok()).count(), 3);

    let newer = &codes::read(&code.replace("dd1-", "dd2-"))[0];
    assert_eq!(newer.trouble, Some(CodeError::Version("2".to_string())));

    let missing = &codes::read(&code.replace(&format!("-{}", pieces[3]), ""))[0];
    assert_eq!(missing.trouble, Some(CodeError::Count { read: 3, runs: 4 }));

    // Whole at its end but for the last word, with other words behind.
    let cut = &codes::read(&format!(
        "{} thanks a lot",
        code.strip_suffix("-end").unwrap()
    ))[0];
    assert!(cut.runs.len() >= 3);
    assert!(codes::read("no code at all, add1-x").is_empty());
}

#[test]
fn codes_have_every_setting_that_is_a_number() {
    let numbers = SETTINGS
        .iter()
        .filter(|setting| matches!(setting.kind, Kind::Number(_)));
    let missing: Vec<&str> = numbers
        .map(|setting| setting.name)
        .filter(|name| !NUMBERS.contains(name))
        .collect();
    assert_eq!(missing, [""; 0]);
}
