//! How does a run survive its process? As bytes: magic, format, numerics version, content, path and whether it goes by lists, checksum.

use serde::{Deserialize, Serialize};

use super::working::{State, Working};
use super::{Config, HistoryPoint, Numerics, Trainer, batch_range, is_history_step};
use crate::checksum::{is_intact, sealed};

const MAGIC: [u8; 8] = *b"SUPERPOS";
/// Version of the layout below.
const FORMAT: u32 = 1;

/// Why bytes are no checkpoint that this version can continue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Other bytes altogether.
    #[error(
        "this is not a checkpoint of this program: it does not begin with {:?}.",
        "SUPERPOS"
    )]
    Foreign,
    /// Written in another layout.
    #[error("this checkpoint has format {found}; this version reads format {FORMAT}.")]
    Format {
        /// The format it has.
        found: u32,
    },
    /// Its numbers would go on differently.
    #[error(
        "this checkpoint was made with {found}; this program has {}, whose sums have another order, so the run could not \
         go on bit for bit.",
        Numerics::list()
    )]
    Numerics {
        /// What it was made with.
        found: Numerics,
    },
    /// Cut short or altered.
    #[error("this checkpoint is damaged: {0}.")]
    Damaged(&'static str),
}

/// What can't be derived from the configuration.
#[derive(Serialize, Deserialize)]
struct Content {
    /// JSON, which unlike the rest describes itself.
    config: String,
    step: u64,
    diverged_at: Option<u64>,
    working: State,
    history: Vec<HistoryPoint>,
}

impl Trainer {
    /// The run as bytes, from which [`resume`](Self::resume) continues with the same bits.
    pub fn checkpoint(&self) -> Vec<u8> {
        let content = Content {
            config: serde_json::to_string(&self.config).expect("a configuration is valid JSON"),
            step: self.step,
            diverged_at: self.diverged_at,
            working: self.working.state(),
            history: self.history.clone(),
        };
        let Numerics { path, version } = self.numerics();
        let header = [&MAGIC[..], &FORMAT.to_le_bytes(), &version.to_le_bytes()];
        sealed(header.concat(), &(content, path, self.working.is_listed()))
    }

    /// The run that [`checkpoint`](Self::checkpoint) wrote.
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn resume(bytes: &[u8]) -> Result<Trainer, CheckpointError> {
        Checkpoint::read(bytes)?.trainer()
    }

    /// Like [`resume`](Self::resume), with a reader of the configuration's JSON of one's own.
    ///
    /// # Errors
    /// As `resume`.
    pub fn resume_with(
        bytes: &[u8],
        read_config: impl Fn(&str) -> Option<Config>,
    ) -> Result<Trainer, CheckpointError> {
        Checkpoint::read_with(bytes, read_config)?.trainer()
    }
}

/// A checkpoint that has been read and checked; the examples, which may take long, are not drawn yet.
pub struct Checkpoint {
    config: Config,
    content: Content,
    made_with: Numerics,
    is_listed: bool,
}

impl Checkpoint {
    /// Could bytes that begin so be a checkpoint?
    pub fn is_begun_by(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    /// What [`Trainer::checkpoint`] wrote.
    ///
    /// # Errors
    /// If the bytes are something else, of another version, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        Checkpoint::read_with(bytes, |json| Config::from_json(json).ok())
    }

    fn read_with(
        bytes: &[u8],
        read_config: impl Fn(&str) -> Option<Config>,
    ) -> Result<Self, CheckpointError> {
        use CheckpointError::{Damaged, Foreign, Format};
        let rest = bytes.strip_prefix(&MAGIC).ok_or(Foreign)?;
        let (format, rest) = split_u32(rest)?;
        let (version, rest) = split_u32(rest)?;
        let (content, _) = rest
            .split_last_chunk::<4>()
            .ok_or(Damaged("it ends too early"))?;
        // Before the versions, which may be what is damaged: the checksum has its place in every format.
        if !is_intact(bytes) {
            return Err(Damaged("its checksum does not match"));
        }
        if format != FORMAT {
            return Err(Format { found: format });
        }
        let unreadable = |_| Damaged("its content can't be read");
        let (content, behind): (Content, _) =
            postcard::take_from_bytes(content).map_err(unreadable)?;
        // Nothing in a checkpoint from before they named the path.
        let (path, is_listed) = match behind {
            [] => (None, false),
            behind => match postcard::take_from_bytes(behind).map_err(unreadable)? {
                ((path, is_listed), []) => (Some(path), is_listed),
                _ => return Err(Damaged("something stands behind its content")),
            },
        };
        let config =
            read_config(&content.config).ok_or(Damaged("its configuration is not allowed"))?;
        let found = Numerics::stored(path, version, &config);
        if !found.can_make(&config) {
            return Err(CheckpointError::Numerics { found });
        }
        content.check(&config).map_err(Damaged)?;
        Ok(Checkpoint {
            config,
            content,
            made_with: found,
            is_listed,
        })
    }

    /// The settings of its run.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Updates made.
    pub fn steps_done(&self) -> u64 {
        self.content.step
    }

    /// The run, which goes on with the same bits.
    ///
    /// # Errors
    /// If its parameters are those of another configuration.
    pub fn trainer(self) -> Result<Trainer, CheckpointError> {
        let Checkpoint {
            config,
            content,
            made_with,
            is_listed,
        } = self;
        let mut trainer = Trainer::at_start(config, made_with);
        trainer.step = content.step;
        trainer.diverged_at = content.diverged_at;
        trainer.history = content.history;
        // The update with which a run diverges is its last, so that no fresh examples come after it.
        let filled = trainer.step - u64::from(trainer.diverged_at.is_some());
        if trainer.config.t.finite().is_none() && filled > 0 {
            let batch = batch_range(trainer.config.batch, filled);
            trainer.train.fill(batch, &mut trainer.examples);
        }
        trainer.working = Working::resume(
            &trainer.config,
            made_with.path,
            content.working,
            &trainer.examples,
        )
        .ok_or(CheckpointError::Damaged(
            "its parameters do not fit its configuration",
        ))?;
        trainer.working.set_listed(is_listed);
        Ok(trainer)
    }
}

impl Content {
    /// Could a run with these settings have come here? The end of a sentence if not. A right checksum does not say so: another
    /// program may have written it.
    fn check(&self, config: &Config) -> Result<(), &'static str> {
        if self.step > config.steps {
            return Err("it is beyond its last step");
        }
        if self
            .diverged_at
            .is_some_and(|at| at != self.step || at == 0)
        {
            return Err("it goes on after it diverged");
        }
        let measured = match self.diverged_at {
            Some(step) => 0..=step - 1,
            None => 0..=self.step,
        };
        let expected = measured.filter(|&step| is_history_step(step, config.steps));
        if !expected.eq(self.history.iter().map(|point| point.step)) {
            return Err("its history does not fit its number of steps");
        }
        let finite = self.working.params.iter().all(|x| x.is_finite());
        match finite || self.diverged_at.is_some() {
            true => Ok(()),
            false => Err("its parameters are not finite"),
        }
    }
}

fn split_u32(bytes: &[u8]) -> Result<(u32, &[u8]), CheckpointError> {
    let (number, rest) = bytes
        .split_first_chunk()
        .ok_or(CheckpointError::Damaged("it ends too early"))?;
    Ok((u32::from_le_bytes(*number), rest))
}
