//! What can be set? One row a setting, from which all else follows: [`Config`] and its JSON, `lab`'s flags and their help, the
//! page's form and links, and TypeScript's types.

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::number::{Number, Range};
use super::values::{ExampleCount, Nudge, Repeat};
use crate::optim::{Reduction, WARM_UP};
use crate::variant::Loss;

/// What values a setting has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Numbers of a range.
    Number(Range),
    /// True or false.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// What has no field in the form.
    Other,
}

/// Where in the page's form a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// What is learned.
    Data,
    /// What learns it.
    Model,
    /// How.
    Training,
    /// Models that are not the paper's.
    Others,
    /// What few change.
    Advanced,
    /// Nowhere.
    Unshown,
}

/// All about one setting but its default, which is [`Config`]'s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// Its name in [`Config`], in JSON, in links and, with `-` for `_`, on the command line and as an attribute.
    pub name: &'static str,
    /// What values it has.
    pub kind: Kind,
    /// Is it written only where it isn't the default? Then stored runs from before it was there stay as they are.
    pub sparse: bool,
    /// Where it stands in the form, and after which others there.
    pub place: (Group, u32),
    /// What stands beside its field, as HTML.
    pub label: &'static str,
    /// What stands below its field, as HTML.
    pub hint: &'static str,
    /// The T that it matters for, if it does not for all.
    pub only: Option<&'static str>,
}

const UNSHOWN: Setting = Group::Unshown.at(0, "");

impl Group {
    const fn at(self, place: u32, label: &'static str) -> Setting {
        Setting {
            name: "",
            kind: Kind::Other,
            sparse: false,
            place: (self, place),
            label,
            hint: "",
            only: None,
        }
    }
}

impl Setting {
    const fn sparse(self) -> Setting {
        let sparse = true;
        Setting { sparse, ..self }
    }

    const fn hint(self, hint: &'static str) -> Setting {
        Setting { hint, ..self }
    }

    const fn only(self, t: &'static str) -> Setting {
        let only = Some(t);
        Setting { only, ..self }
    }
}

/// A row's kind: `real`, `whole`, `seed` or `count` with least and largest value, `flag`, `choice` among words, `list` or `maybe`
/// with a type of TypeScript.
macro_rules! kind {
    (real ($min:expr, $max:expr)) => { number(Number::Real, $min, $max) };
    (whole ($min:expr, $max:expr)) => { number(Number::Whole, $min, $max) };
    (seed ($min:expr, $max:expr)) => { number(Number::Seed, $min, $max) };
    (count ($min:expr, $max:expr)) => { number(Number::Count, $min, $max) };
    (flag ()) => { Kind::Flag };
    (choice ($($option:literal),+)) => { Kind::Choice(&[$($option),+]) };
    (list ($typescript:literal)) => { Kind::Other };
    (maybe ($typescript:literal)) => { Kind::Other };
}

const fn number(number: Number, min: f64, max: f64) -> Kind {
    Kind::Number(Range { number, min, max })
}

/// A row's type in TypeScript, behind its name.
macro_rules! typescript {
    (count $range:tt) => { ": number | \"inf\"" };
    (flag ()) => { ": boolean" };
    (choice ($first:literal $(, $option:literal)*)) => { concat!(": \"", $first, "\"" $(, " | \"", $option, "\"")*) };
    (list ($typescript:literal)) => { concat!(": ", $typescript) };
    (maybe ($typescript:literal)) => { concat!("?: ", $typescript) };
    ($number:ident $range:tt) => { ": number" };
}

/// A struct of settings, each with its default.
macro_rules! with_defaults {
    ($(#[$about:meta])* pub struct $struct:ident { $($(#[$of_field:meta])+ $name:ident: $type:ty = $default:expr,)+ }) => {
        $(#[$about])*
        pub struct $struct {
            $($(#[$of_field])+ pub $name: $type,)+
        }

        impl Default for $struct {
            fn default() -> Self {
                $struct { $($name: $default,)+ }
            }
        }
    };
}
pub(crate) use with_defaults;

macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $kind:ident $values:tt, $shown:expr;)+) => {
        with_defaults! {
            /// All settings of a run, with the paper's values as default.
            #[derive(Clone, Debug, PartialEq, Deserialize)]
            #[serde(default, deny_unknown_fields)]
            pub struct Config {
                $($(#[doc = $doc])+ $name: $type = $default,)+
            }
        }

        /// Every setting, in the order in which they are written.
        pub static SETTINGS: [Setting; COUNT] = [
            $(Setting { name: stringify!($name), kind: kind!($kind $values), ..$shown },)+
        ];

        const COUNT: usize = [$(stringify!($name)),+].len();

        /// What each of [`SETTINGS`] is, for the command line. Apart, so that the page carries none of it.
        pub static HELP: [&str; COUNT] = [$(concat!($($doc),+)),+];

        /// [`Config`] in TypeScript.
        pub const TYPESCRIPT: &str = concat!(
            "/** Settings of a run; what is left out takes the paper's value. */\nexport interface Config {\n",
            $("  /**", $($doc,)+ " */\n  ", stringify!($name), typescript!($kind $values), ";\n",)+
            "}\n",
        );

        impl Config {
            /// The values of [`SETTINGS`] that are numbers; none for others, nor for T where it is infinite.
            pub fn numbers(&self) -> [Option<f64>; COUNT] {
                [$(self.$name.number(),)+]
            }

            /// Those settings that `are_written`, of all that there is something to write of.
            fn written<S: Serializer>(&self, serializer: S, are_written: impl Fn(&Setting, bool) -> bool) -> Result<S::Ok, S::Error> {
                let papers = Config::default();
                let mut object = serializer.serialize_struct("Config", SETTINGS.len())?;
                let mut settings = SETTINGS.iter();
                $(
                    let is_papers = self.$name == papers.$name;
                    if settings.next().is_some_and(|setting| are_written(setting, is_papers)) && self.$name.is_some() {
                        object.serialize_field(stringify!($name), &self.$name)?;
                    }
                )+
                object.end()
            }
        }
    };
}

/// The first data seed at which the best of the init seeds 1 to 5 reaches both a regular decagon at T = 10 and 13 of 15
/// corners at T = 15. At most data seeds five inits do not suffice for that (README, "The trainer on the command line").
const DATA_SEED: u32 = 9;

const LAST_SEED: f64 = u32::MAX as f64;

use Group::{Advanced, Data, Model, Others, Training};

settings! {
    /// Number of features.
    n: usize = 10_000, whole(1.0, 100_000.0), Data.at(2, "<i>n</i> <span>features</span>");

    /// Number of hidden dimensions.
    m: usize = 2, whole(1.0, 256.0), Model.at(1, "<i>m</i> <span>hidden numbers</span>");

    /// T, the number of training examples, or inf: a fresh batch at every step.
    t: ExampleCount = ExampleCount::Finite(5), count(1.0, 500_000.0), Data.at(1, "<i>T</i> <span>examples, or ∞</span>");

    /// S, the probability that a feature of an example is 0.
    sparsity: f64 = 0.999, real(0.0, 0.99999), Data.at(3, "<i>S</i> <span>sparsity</span>");

    /// Rescale examples to length 1.
    unit_length: bool = true, flag(), Others.at(5, "<span>examples scaled to length 1</span>");

    /// Number of full-batch updates.
    steps: u64 = 50_000, whole(1.0, 1_000_000.0), Training.at(1, "<span>steps</span>");

    /// Peak learning rate.
    lr: f64 = 1e-3, real(1e-6, 1.0), Training.at(2, "<span>peak learning rate</span>");

    /// Decoupled decay of W and b.
    weight_decay: f64 = 1e-2, real(0.0, 10.0), Training.at(3, "<span>weight decay</span>");

    /// Adam's memory of the gradient.
    beta1: f64 = 0.9, real(0.0, 0.99999), Advanced.at(2, "<i>β₁</i> <span>of AdamW</span>");

    /// Adam's memory of its square.
    beta2: f64 = 0.999, real(0.0, 0.99999), Advanced.at(3, "<i>β₂</i> <span>of AdamW</span>");

    /// Adam's eps.
    eps: f64 = 1e-8, real(1e-12, 1.0), Advanced.at(1, "<i>ε</i> <span>of AdamW</span>");

    /// Reduction of the training loss: mean over examples and features (as in the paper), or sum over features.
    reduction: Reduction = Reduction::Mean, choice("mean", "sum"), Training.at(4, "<span>reduction of the loss</span>");

    /// Seed of the training and test examples.
    data_seed: u32 = DATA_SEED, seed(0.0, LAST_SEED), Data.at(4, "<span>data seed</span>");

    /// Seed of the initial W.
    init_seed: u32 = 1, seed(0.0, LAST_SEED), Model.at(2, "<span>init seed</span>");

    /// Examples of each step's batch where T is infinite.
    batch: usize = 1024, whole(1.0, 100_000.0), Training.at(5, "<span>batch, as T = ∞</span>").only("inf")
        .hint("At paper scale, 1,024 examples have each feature about once, and none is learned; 8,192 do better and take longer. \
               At classroom scale 1,024 are enough.");

    /// Number of test examples.
    test_examples: usize = 10_000, whole(1.0, 100_000.0), Advanced.at(4, "<span>test examples</span>");

    /// Training examples that appear more than once: example EXAMPLE, from 0, TIMES times in all. Their copies take the last places
    /// among the T.
    repeats: Vec<Repeat> = Vec::new(), list("{ example: number; times: number }[]"), UNSHOWN;

    /// Outputs are made with a W_up of their own instead of Wᵀ.
    untied: bool = false, flag(),
        Others.at(1, "<span>untied weights, <i>W</i>ᵤₚ instead of <i>W</i>ᵀ</span>").sparse();

    /// A ReLU in the hidden layer.
    hidden_relu: bool = false, flag(), Others.at(2, "<span>ReLU in the hidden layer</span>").sparse();

    /// What is lowered: squared, absolute or fourth-power errors, or the cross-entropy of softmax outputs with examples divided by
    /// their sum.
    loss: Loss = Loss::L2, choice("l2", "l1", "l4", "cross-entropy"), Others.at(3, "<span>loss</span>").sparse()
        .hint("Losses are shown as this one has them: squares, absolute values or fourth powers of errors; or the cross-entropy of \
               softmax outputs with examples that are divided by their sum.");

    /// Importance of the last feature; it falls from 1 for the first by the same factor from each to the next.
    importance: f64 = 1.0, real(1e-6, 1.0), Others.at(4, "<span>importance of the last feature</span>").sparse()
        .hint("It falls from 1 for the first feature, by the same factor from each to the next.");

    /// Share of the steps during which the learning rate rises.
    warm_up: f64 = WARM_UP, real(0.0, 1.0), Advanced.at(5, "<span>warm-up, share of the steps</span>").sparse();

    /// A normal number of standard deviation SIZE that every bias gains after STEP updates, which may free a run that is stuck.
    nudge: Option<Nudge> = None, maybe("{ step: number; size: number }"), UNSHOWN.sparse();
}

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.written(serializer, |setting, is_papers| {
            !(setting.sparse && is_papers)
        })
    }
}

/// A configuration with every setting written, also those that are as in the paper.
#[derive(Clone, Copy, Debug)]
pub struct InFull<'a>(pub &'a Config);

impl Serialize for InFull<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.written(serializer, |_, _| true)
    }
}

/// What the table asks of the types of settings.
trait Value {
    /// As a number, if it is one.
    fn number(&self) -> Option<f64> {
        None
    }

    /// Is there anything to write?
    fn is_some(&self) -> bool {
        true
    }
}

impl Value for usize {
    fn number(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

impl Value for u64 {
    fn number(&self) -> Option<f64> {
        Some(*self as f64)
    }
}

impl Value for u32 {
    fn number(&self) -> Option<f64> {
        Some((*self).into())
    }
}

impl Value for f64 {
    fn number(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Value for ExampleCount {
    fn number(&self) -> Option<f64> {
        self.finite().map(|t| t as f64)
    }
}

impl Value for Option<Nudge> {
    fn is_some(&self) -> bool {
        Option::is_some(self)
    }
}

impl Value for bool {}
impl Value for Reduction {}
impl Value for Loss {}
impl Value for Vec<Repeat> {}
