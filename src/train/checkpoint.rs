//! How does a run survive its process? As bytes: magic, format, numerics version, content, path and whether it goes by lists, checksum.

use serde::{Deserialize, Serialize};

use super::working::{State, Working};
use super::{Config, HistoryPoint, Numerics, Trainer, batch_range};
use crate::checksum::{is_intact, sealed};
use crate::gradient::Path;

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
        Trainer::resume_with(bytes, |json| Config::from_json(json).ok())
    }

    /// Like [`resume`](Self::resume), with a reader of the configuration's JSON of one's own.
    ///
    /// # Errors
    /// As `resume`.
    pub fn resume_with(
        bytes: &[u8],
        read_config: impl Fn(&str) -> Option<Config>,
    ) -> Result<Trainer, CheckpointError> {
        use CheckpointError::{Damaged, Foreign, Format};
        let rest = bytes.strip_prefix(&MAGIC).ok_or(Foreign)?;
        let (format, rest) = split_u32(rest)?;
        if format != FORMAT {
            return Err(Format { found: format });
        }
        let (version, rest) = split_u32(rest)?;
        let (content, _) = rest
            .split_last_chunk::<4>()
            .ok_or(Damaged("it ends too early"))?;
        if !is_intact(bytes) {
            return Err(Damaged("its checksum does not match"));
        }
        let unreadable = |_| Damaged("its content can't be read");
        let (content, behind): (Content, _) =
            postcard::take_from_bytes(content).map_err(unreadable)?;
        // Nothing in a checkpoint from before they named the path.
        let (path, is_listed): (Option<Path>, bool) = match behind {
            [] => (None, false),
            behind => {
                let (path, is_listed) = postcard::from_bytes(behind).map_err(unreadable)?;
                (Some(path), is_listed)
            }
        };
        let config =
            read_config(&content.config).ok_or(Damaged("its configuration is not allowed"))?;
        let found = Numerics::stored(path, version, &config);
        if !found.can_make(&config) {
            return Err(CheckpointError::Numerics { found });
        }
        let mut trainer = Trainer::at_start(config, found);
        trainer.step = content.step;
        trainer.diverged_at = content.diverged_at;
        trainer.history = content.history;
        if trainer.config.t.finite().is_none() && trainer.step > 0 {
            let batch = batch_range(trainer.config.batch, trainer.step);
            trainer.train.fill(batch, &mut trainer.examples);
        }
        trainer.working = Working::resume(
            &trainer.config,
            found.path,
            content.working,
            &trainer.examples,
        )
        .ok_or(Damaged("its parameters do not fit its configuration"))?;
        trainer.working.set_listed(is_listed);
        Ok(trainer)
    }
}

fn split_u32(bytes: &[u8]) -> Result<(u32, &[u8]), CheckpointError> {
    let (number, rest) = bytes
        .split_first_chunk()
        .ok_or(CheckpointError::Damaged("it ends too early"))?;
    Ok((u32::from_le_bytes(*number), rest))
}
