#!/bin/bash
# One grid as a job array, from the root of the repository, on a file system that the nodes share:
#   cargo build --release --features cli --bin lab
#   sbatch --array=1-16 sweeps/slurm.sh map
# and when all have ended:
#   target/release/lab merge www/data/map.jsonl target/shards/map-*/map.jsonl
# Submitted once more, it makes what is missing. Where nodes state no memory, sbatch takes --mem=0 in front of the script. `cargo xtask
# cluster` runs it so.
#SBATCH --job-name=superposition
#SBATCH --cpus-per-task=8
#SBATCH --mem=4G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=TERM@60
set -eu
grid=$1
shard=$SLURM_ARRAY_TASK_ID
# exec, so that the signal before the end of the time reaches the program, which then writes checkpoints.
exec srun target/release/lab sweep "$grid" \
    --shard "$shard/$SLURM_ARRAY_TASK_COUNT" \
    --jobs "$SLURM_CPUS_PER_TASK" \
    --store "target/shards/$grid-$shard" \
    --checkpoints "target/shards/$grid-$shard/checkpoints"
