#!/bin/sh
# Shards with GNU parallel: parallel.sh scenarios.jsonl results [shards]
# More machines: add --sshlogin to parallel, the folder being shared between them.
set -eu
scenarios=$1 results=$2 shards=${3:-4}
seq "$shards" | parallel --halt soon,fail=1 \
  "${ROLLA:-rolla}" run "$scenarios" --results "$results" --threads 1 --shard "{}/$shards"
"${ROLLA:-rolla}" merge "$scenarios" --results "$results" --output-dir "$results" --no-charts --force
