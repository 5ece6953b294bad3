//! Does what goes through a chat come back with the same bits, and is everything else named?

use proptest::prelude::*;

use superposition::gradient::Path;
use superposition::optim::Reduction;
use superposition::report::Measures;
use superposition::sweep::codes::{self, CodeError, Finished};
use superposition::sweep::{Gathered, Given, NUMBERS, Plan, Taken, measures_of};
use superposition::train::{Config, ExampleCount, Kind, Nudge, Numerics, Repeat, SETTINGS};
use superposition::variant::Loss;

fn measures(test_loss: f64) -> Measures {
    Measures {
        train_loss: 0.1 + 0.2,
        test_loss,
        w_norm: 17.25,
        b_norm: 1.0 / 3.0,
        active_share: 5e-3,
        polygon: None,
    }
}

fn run(t: usize, data_seed: u32, test_loss: f64) -> Finished {
    let config = Config {
        n: 1000,
        sparsity: 0.99,
        steps: 5000,
        t: ExampleCount::Finite(t),
        data_seed,
        ..Config::default()
    };
    Finished {
        made_with: Numerics::of(&config),
        config,
        end: Ok(measures(test_loss)),
        weights: Some(7 * t as u32 + data_seed),
    }
}

fn some_run() -> impl Strategy<Value = Finished> {
    let sizes = (1..2000usize, 1..64usize, 0..5000usize, 1..100_000u64);
    let rates = (1e-6..1.0f64, 0.0..10.0f64, 1e-12..1.0f64, 0.0..0.9f64);
    let others = (any::<[bool; 5]>(), 0..4usize, any::<u32>(), any::<u32>());
    let end = (any::<[u32; 5]>(), any::<bool>(), any::<Option<u32>>());
    (sizes, rates, others, end).prop_map(|(sizes, rates, others, end)| {
        let ((n, m, t, steps), (lr, weight_decay, eps, sparsity)) = (sizes, rates);
        let (flags, loss, data_seed, init_seed) = others;
        let (numbers, diverged, weights) = end;
        let repeats = flags[3] && t > 50;
        let config = Config {
            n: n + 10,
            m,
            t: match t {
                0 => ExampleCount::Infinite,
                t => ExampleCount::Finite(t),
            },
            steps,
            lr,
            weight_decay,
            eps,
            sparsity,
            data_seed,
            init_seed,
            reduction: [Reduction::Mean, Reduction::Sum][usize::from(flags[0])],
            untied: flags[1],
            hidden_relu: flags[2],
            unit_length: flags[4],
            loss: Loss::ALL[loss],
            repeats: if repeats {
                vec![Repeat {
                    example: 3,
                    times: 5,
                }]
            } else {
                vec![]
            },
            nudge: (flags[0] && steps > 1).then_some(Nudge {
                step: steps - 1,
                size: 0.1,
            }),
            ..Config::default()
        };
        let measures = measures_of(numbers.map(|x| f64::from(x) / 3.0));
        Finished {
            made_with: Numerics {
                path: Path::ALL[m % 4],
                version: 1 + m as u32 * 100,
            },
            end: if diverged {
                Err(steps / 2)
            } else {
                Ok(measures)
            },
            config,
            weights,
        }
    })
}

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

fn plan() -> Plan {
    let json = serde_json::json!({
        "base": {"n": 1000, "sparsity": 0.99, "steps": 5000},
        "t": [10, 20, 30, 40], "data_seeds": 2, "init_seeds": 1
    });
    Plan::from_json(&json.to_string()).unwrap()
}

fn given(who: &str, run: Finished) -> Given {
    Given {
        who: who.to_string(),
        run,
    }
}

#[test]
fn what_agrees_counts_once_and_what_contradicts_is_shown_until_it_is_made_here() {
    let mut gathered = Gathered::new(plan()).unwrap();
    let mut take = |who: &str, run: Finished, own: bool| gathered.take(given(who, run), own);
    assert!(matches!(
        take("Ada", run(10, 1, 1.5), false),
        Taken::New { .. }
    ));
    assert!(matches!(
        take("Bo", run(10, 1, 1.5), false),
        Taken::Again { .. }
    ));
    assert!(matches!(
        take("Bo", run(10, 1, 1.5), false),
        Taken::Again { .. }
    ));
    assert!(matches!(
        take("Cy", run(20, 1, 1.25), false),
        Taken::New { .. }
    ));
    assert!(matches!(
        take("Di", run(20, 1, 1.25000001), false),
        Taken::Differs { .. }
    ));
    assert!(matches!(
        take("Ed", run(50, 1, 1.0), false),
        Taken::Foreign { .. }
    ));
    let mut older = run(30, 1, 1.0);
    older.made_with.version += 1;
    assert!(matches!(take("Fe", older, false), Taken::Other { .. }));

    let drawn: Vec<f64> = gathered
        .records()
        .map(|(_, record)| record.measures.unwrap().test_loss)
        .collect();
    assert_eq!(drawn, [1.5], "a contradiction is left out, not averaged");
    let conflicts = gathered.conflicts();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].said[0].who, ["Cy"]);
    assert!(conflicts[0].said[1].words.contains("1.25000001") && !conflicts[0].settled);
    let counts =
        [("Ada", 1), ("Bo", 1), ("Cy", 1), ("Di", 1)].map(|(who, count)| (who.to_string(), count));
    assert_eq!(gathered.by_whom(), counts);

    gathered.take(given("", run(20, 1, 1.25)), true);
    let conflict = &gathered.conflicts()[0];
    assert!(conflict.settled && !conflict.said[0].wrong && conflict.said[1].wrong);
    assert_eq!(conflict.said[1].who, ["Di"]);
    assert_eq!(gathered.records().count(), 2);
}

#[test]
fn twenty_pupils_give_the_sweep_in_any_order_and_each_of_five_faults_is_named() {
    let json = serde_json::json!({
        "base": {"n": 1000, "sparsity": 0.99, "steps": 5000},
        "t": [3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000],
        "data_seeds": 2, "init_seeds": 1
    });
    let mut class = Gathered::new(Plan::from_json(&json.to_string()).unwrap()).unwrap();
    // What training gives stands in for it: a number for each configuration.
    let trained: Vec<Finished> = class
        .configs()
        .map(|config| match config.t {
            ExampleCount::Finite(t) => run(t, config.data_seed, 1.0 + 1.0 / t as f64),
            ExampleCount::Infinite => unreachable!("the plan has none"),
        })
        .collect();
    let mut messages: Vec<String> = (1..=20)
        .map(|pupil| {
            let share: Vec<Finished> = class
                .share(pupil, 20)
                .into_iter()
                .map(|run| trained[run].clone())
                .collect();
            assert_eq!(share.len(), 2);
            codes::write(&format!("pupil{pupil}"), &share)
        })
        .collect();
    // One comes twice, one is cut off in its second run, one is of another version, one is forged, and one says otherwise than a right one.
    messages.push(messages[3].clone());
    let cut = messages[6].len() - 30;
    messages[6].truncate(cut);
    let other = class.share(8, 20);
    let older: Vec<Finished> = other
        .iter()
        .map(|&run| {
            let mut run = trained[run].clone();
            run.made_with.version += 1;
            run
        })
        .collect();
    messages[7] = codes::write("pupil8", &older);
    let altered = |run: usize| {
        let mut altered = trained[run].clone();
        altered.end = Ok(measures(0.5));
        altered
    };
    let (forged, doubted) = (class.share(12, 20)[0], class.share(15, 20)[0]);
    messages[11] = codes::write(
        "pupil12",
        &[altered(forged), trained[class.share(12, 20)[1]].clone()],
    );
    messages.push(codes::write("pupil21", &[altered(doubted)]));
    // A chat's order is nobody's.
    messages.sort_by_key(|message| superposition::checksum::crc32(message.as_bytes()));

    let (mut again, mut versions, mut differing) = (0, 0, 0);
    let mut troubles = Vec::new();
    for code in codes::read(&messages.join("\nsee below\n")) {
        troubles.extend(code.trouble.map(|trouble| (code.who.clone(), trouble)));
        for piece in code.runs {
            match piece {
                Err(_) => {}
                Ok(run) => match class.take(given(&code.who, run), false) {
                    Taken::New { .. } => {}
                    Taken::Again { .. } => again += 1,
                    Taken::Other { .. } => versions += 1,
                    Taken::Differs { .. } => differing += 1,
                    Taken::Foreign { .. } => panic!("all runs are the plan's"),
                },
            }
        }
    }
    assert_eq!((again, versions, differing), (2, 2, 1));
    assert_eq!(
        troubles,
        [("pupil7".to_string(), CodeError::Torn { read: 1, runs: 2 })]
    );
    // What is checked by training it here decides; a forged run that nobody else gave is found only so.
    for run in [forged, doubted]
        .into_iter()
        .chain(other)
        .chain(class.share(7, 20))
    {
        class.take(given("", trained[run].clone()), true);
    }
    let wrong: Vec<&str> = class
        .conflicts()
        .iter()
        .flat_map(|conflict| conflict.said.iter().filter(|said| said.wrong))
        .flat_map(|said| said.who.clone())
        .map(|who| {
            if who == "pupil12" {
                "forged"
            } else {
                "contradicts"
            }
        })
        .collect();
    assert_eq!(wrong.len(), 2);
    assert!(wrong.contains(&"forged") && wrong.contains(&"contradicts"));
    let sweep: Vec<f64> = trained
        .iter()
        .map(|run| run.end.as_ref().unwrap().test_loss)
        .collect();
    let drawn: Vec<f64> = class
        .records()
        .map(|(_, record)| record.measures.unwrap().test_loss)
        .collect();
    assert_eq!(drawn, sweep, "the figure is the sweep's");
}

#[test]
fn shares_are_all_runs_once_and_cost_about_the_same() {
    let gathered = Gathered::new(plan()).unwrap();
    let mut all: Vec<usize> = (1..=3).flat_map(|k| gathered.share(k, 3)).collect();
    all.sort_unstable();
    assert_eq!(all, (0..8).collect::<Vec<_>>());
    let cost = |k| {
        gathered
            .share(k, 2)
            .into_iter()
            .filter_map(|run| gathered.work(run))
            .sum::<u64>() as f64
    };
    assert!((cost(1) / cost(2) - 1.0).abs() < 0.5);
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
