//! Does one table of settings say the same everywhere? From a flag or a link to a run and back, for every setting.

use proptest::prelude::*;
use serde_json::{Map, Value};

use superposition::train::{
    Config, ExampleCount, InFull, Kind, Number, Range, SETTINGS, Setting, TYPESCRIPT, Why,
};
use superposition::variant::Loss;

fn number(digits: &str) -> f64 {
    digits.parse().unwrap_or(f64::NAN)
}

fn in_full(config: &Config) -> Map<String, Value> {
    match serde_json::to_value(InFull(config)) {
        Ok(Value::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}

fn with(setting: &Setting, value: Value) -> Config {
    let mut object = Map::new();
    object.insert(setting.name.to_owned(), value);
    Config::from_value(Value::Object(object)).unwrap()
}

/// A number of a range that is written in a few digits, as people do, or in all that it has.
fn of_range(range: Range) -> BoxedStrategy<f64> {
    let Range { min, max, .. } = range;
    match range.number {
        Number::Real => (0.0..=1.0)
            .prop_map(move |share| min + share * (max - min))
            .prop_map(move |x: f64| x.clamp(min, max))
            .boxed(),
        _ => (min as u64..=max as u64).prop_map(|x| x as f64).boxed(),
    }
}

/// Every setting that can be typed, with a text that it may have.
fn typed() -> impl Strategy<Value = (&'static Setting, String)> {
    let all: Vec<_> = SETTINGS
        .iter()
        .filter(|setting| setting.kind != Kind::Other)
        .collect();
    prop::sample::select(all).prop_flat_map(|setting| {
        let texts = match setting.kind {
            Kind::Number(range) => of_range(range).prop_map(|x| x.to_string()).boxed(),
            Kind::Flag => prop::sample::select(vec!["true", "false"])
                .prop_map(str::to_owned)
                .boxed(),
            Kind::Choice(options) => prop::sample::select(options.to_vec())
                .prop_map(str::to_owned)
                .boxed(),
            Kind::Other => unreachable!("it can't be typed"),
        };
        (Just(setting), texts)
    })
}

/// What a link says of a value: as `www/lab/link.js` writes it, digits as JavaScript has them.
fn in_link(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn every_setting_comes_back_from_flag_to_config_to_json_to_link_to_config(case in typed()) {
        let (setting, text) = case;
        let value = setting.read(&text, number).unwrap();
        let object = Value::Object(Map::from_iter([
            (setting.name.to_owned(), value),
            // So that every sparsity leaves features active.
            if setting.name == "n" { ("sparsity".to_owned(), 0.0.into()) } else { ("n".to_owned(), 100_000.into()) },
        ]));
        let config = Config::from_value(object).unwrap();
        let json = serde_json::to_string(&config).unwrap();
        prop_assert_eq!(&Config::from_json(&json).unwrap(), &config);
        let papers = in_full(&Config::default());
        let mut again = Map::new();
        for setting in &SETTINGS {
            let written = in_full(&config).remove(setting.name);
            if let Some(written) = written.filter(|written| *written != papers[setting.name]) {
                let read = setting.read(&in_link(&written), number).unwrap();
                again.insert(setting.name.to_owned(), read);
            }
        }
        let again = Config::from_value(Value::Object(again)).unwrap();
        prop_assert_eq!(serde_json::to_string(&again).unwrap(), json);
    }

    #[test]
    fn no_text_is_read_as_another_number(x in prop::num::f64::NORMAL, grouped in 1u64..1_000_000_000) {
        let any = Range { number: Number::Real, min: f64::MIN, max: f64::MAX };
        for text in [x.to_string(), format!("{x:e}")] {
            prop_assert_eq!(any.read(&text, number).unwrap().map(f64::to_bits), Some(x.to_bits()));
        }
        let digits = grouped.to_string();
        let mut text = String::new();
        for (k, digit) in digits.chars().enumerate() {
            if k > 0 && (digits.len() - k) % 3 == 0 {
                text.push(',');
            }
            text.push(digit);
        }
        prop_assert_eq!(any.read(&text, number), Ok(Some(grouped as f64)));
        // The same digits after a zero and a comma are a fraction to whoever writes them so.
        let wrong = any.read(&format!("0,{digits}"), number).unwrap_err();
        prop_assert_eq!(wrong.write, Some(format!("0.{digits}")));
    }

    #[test]
    fn whatever_is_typed_is_read_or_refused(text in ".{0,12}", digits in "[-+0-9.,eE% 'k·×x^]{0,12}") {
        for text in [text, digits] {
            for setting in &SETTINGS {
                if let (Kind::Number(range), Err(error)) = (setting.kind, setting.read(&text, number)) {
                    let said = error.to_string();
                    prop_assert!(said.starts_with(setting.name), "{}", said);
                    prop_assert!(said.contains(&format!("from {} to {}", range.min, range.max)), "{}", said);
                    // What it shows can be read.
                    let wrong = range.read(&text, number).unwrap_err();
                    let any = Range { min: f64::NEG_INFINITY, max: f64::INFINITY, number: Number::Real };
                    prop_assert!(wrong.write.is_none_or(|shown| any.read(&shown, number).is_ok()));
                }
            }
        }
    }
}

#[test]
fn every_default_is_in_its_range() {
    let papers = Config::default();
    for (setting, value) in SETTINGS.iter().zip(papers.numbers()) {
        if let Kind::Number(range) = setting.kind {
            range.check(setting.name, value.unwrap()).unwrap();
        }
    }
    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
    let written: Vec<String> = in_full(&papers).keys().cloned().collect();
    assert!(
        written
            .iter()
            .all(|name| names.contains(&name.as_str()) && *name != "nudge")
    );
    assert_eq!(written.len() + 1, names.len());
}

#[test]
fn a_bad_value_of_each_setting_is_named_with_its_range() {
    for setting in &SETTINGS {
        let name = setting.name;
        match setting.kind {
            Kind::Number(Range { min, max, .. }) => {
                for (text, said) in [
                    ("much", "\"much\""),
                    ("-1", "-1"),
                    ("1e12", "1000000000000"),
                ] {
                    let error = setting.read(text, number).unwrap_err();
                    assert_eq!(error.field.as_deref(), Some(name));
                    let message = error.to_string();
                    assert!(
                        message.starts_with(&format!("{name} is {said};")),
                        "{message}"
                    );
                    assert!(
                        message.contains(&format!("from {min} to {max}")),
                        "{message}"
                    );
                }
            }
            Kind::Flag => {
                let message = setting.read("both", number).unwrap_err().to_string();
                assert_eq!(
                    message,
                    format!("{name} is \"both\"; it must be true or false.")
                );
            }
            Kind::Choice(options) => {
                let message = setting.read("both", number).unwrap_err().to_string();
                assert!(message.contains(&options.join(", ")), "{message}");
            }
            Kind::Other => {}
        }
    }
}

#[test]
fn a_number_that_is_written_otherwise_is_refused_with_how_it_is_written_here() {
    let lr = SETTINGS
        .iter()
        .find(|setting| setting.name == "lr")
        .unwrap();
    for (text, shown) in [
        ("0,001", "0.001"),
        ("0,5", "0.5"),
        ("１０", "10"),
        ("０．５", "0.5"),
        ("١٠", "10"),
        ("1.000,5", "1000.5"),
        ("1.000.000", "1000000"),
        ("10⁻⁸", "1e-8"),
        ("2.63·10⁻¹¹", "2.63e-11"),
        ("5×10^-4", "5e-4"),
        ("1'000", "1000"),
        ("−5", "-5"),
        ("0.1%", "0.001"),
        ("99.9 %", "0.999"),
        ("1‰", "0.001"),
        ("50k", "50000"),
        ("1,5k", "1500"),
    ] {
        let message = lr.read(text, number).unwrap_err().to_string();
        let range = "it must be from 0.000001 to 1";
        assert_eq!(
            message,
            format!("lr is {text:?}; {range}, and what was meant is written {shown}.")
        );
    }
    // Where points group digits it means something else than here.
    let t = SETTINGS.iter().find(|setting| setting.name == "t").unwrap();
    for (text, shown) in [("2.000", "2000"), ("2.500", "2500")] {
        let message = t.read(text, number).unwrap_err().to_string();
        let end = format!("and what was meant is written {shown}.");
        assert!(message.ends_with(&end), "{message}");
    }
    assert_eq!(lr.read("0.001", number), Ok(0.001.into()));
    for text in ["1,2,3", "5 apples", "", "0x10", "1e", "--1", "e5", "."] {
        let message = lr.read(text, number).unwrap_err().to_string();
        assert_eq!(
            message,
            format!("lr is {text:?}; it must be from 0.000001 to 1.")
        );
    }
}

#[test]
fn minus_zero_is_zero_and_powers_of_ten_are_numbers() {
    let any = Range {
        number: Number::Count,
        min: 0.0,
        max: 1e6,
    };
    let zero = any.read("-0", number).unwrap().unwrap();
    assert!(zero == 0.0 && zero.is_sign_positive());
    assert_eq!(any.read("1e3", number), Ok(Some(1000.0)));
    assert_eq!(any.read(" ∞ ", number), Ok(None));
    assert_eq!(any.read("2.5", number).unwrap_err().why, Why::Integer);
    assert_eq!(any.read("1e7", number).unwrap_err().nearest, Some(1e6));
}

#[test]
fn every_choice_is_one_that_runs_know() {
    for setting in &SETTINGS {
        if let Kind::Choice(options) = setting.kind {
            for option in options {
                let config = with(setting, (*option).into());
                assert_eq!(in_full(&config)[setting.name], *option);
            }
        }
    }
    let loss = SETTINGS.iter().find(|setting| setting.name == "loss");
    let Kind::Choice(options) = loss.unwrap().kind else {
        panic!("the loss is a choice");
    };
    assert_eq!(options, Loss::ALL.map(Loss::name));
}

#[test]
fn what_is_as_in_the_paper_is_written_as_before_and_the_rest_where_it_differs() {
    let papers = serde_json::to_string(&Config::default()).unwrap();
    assert_eq!(
        papers,
        r#"{"n":10000,"m":2,"t":5,"sparsity":0.999,"unit_length":true,"steps":50000,"lr":0.001,"weight_decay":0.01,"beta1":0.9,"beta2":0.999,"eps":1e-8,"reduction":"mean","data_seed":9,"init_seed":1,"batch":1024,"test_examples":10000,"repeats":[]}"#
    );
    for setting in SETTINGS.iter().filter(|setting| setting.sparse) {
        assert!(!papers.contains(setting.name), "{}", setting.name);
    }
    let other = Config {
        t: ExampleCount::Infinite,
        untied: true,
        importance: 0.5,
        ..Config::default()
    };
    let text = serde_json::to_string(&other).unwrap();
    assert!(
        text.ends_with(r#""repeats":[],"untied":true,"importance":0.5}"#),
        "{text}"
    );
}

#[test]
fn typescript_has_every_setting_with_its_type() {
    for line in [
        "  /** Number of features. */\n  n: number;\n",
        "  t: number | \"inf\";\n",
        "  unit_length: boolean;\n",
        "  loss: \"l2\" | \"l1\" | \"l4\" | \"cross-entropy\";\n",
        "  repeats: { example: number; times: number }[];\n",
        "  nudge?: { step: number; size: number };\n",
    ] {
        assert!(TYPESCRIPT.contains(line), "{line}");
    }
    let missing = SETTINGS
        .iter()
        .find(|setting| !TYPESCRIPT.contains(&format!("\n  {}", setting.name)));
    assert_eq!(missing, None);
}
