#!/bin/sh
# A Slurm array and a merge that waits for it: slurm.sh scenarios.jsonl results [shards]
# The folder is shared between the nodes. Run it again for what is missing: finished scenarios are not solved again.
set -eu
scenarios=$1 results=$2 shards=${3:-16}
mkdir -p "$results"
array=$(sbatch --parsable --array="1-$shards" --cpus-per-task=1 --output="$results/shard-%a.log" \
  --wrap "${ROLLA:-rolla} run '$scenarios' --results '$results' --threads 1")
sbatch --dependency="afterok:$array" --output="$results/merge.log" \
  --wrap "${ROLLA:-rolla} merge '$scenarios' --results '$results' --output-dir '$results' --no-charts --force"
