#!/usr/bin/env bash
# The whole kill sweep: 20,000 mails through a server that fails in every phase, workers killed with
# kill -9 200 times at random, on SQLite with one worker and on PostgreSQL with three; then half as many SMS and
# LINE messages, likewise. Prints its figures.
#   bench/kill_sweep.sh [MAILS] [KILLS]
set -euo pipefail
cd "$(dirname "$0")/.."
MEZAME_KILL_SWEEP="${1:-20000},${2:-200}" cargo test --locked -p mezame --test it kill_sweep:: -- --nocapture --test-threads=1
