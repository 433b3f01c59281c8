#!/usr/bin/env bash
# What has become of a Slurm job, as Snakemake asks it: success, running or failed.
set -u
state=$(scontrol show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | head -n 1)
if [ -z "$state" ]; then # forgotten by the controller: its record may be in the accounting
  state=$(sacct -j "$1" --format State --noheader --parsable2 2>/dev/null | head -n 1 | cut -d ' ' -f 1)
fi
case "$state" in
COMPLETED) echo success ;;
BOOT_FAIL | CANCELLED | DEADLINE | FAILED | NODE_FAIL | OUT_OF_MEMORY | PREEMPTED | TIMEOUT | REVOKED) echo failed ;;
*) echo running ;;
esac
