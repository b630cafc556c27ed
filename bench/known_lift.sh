#!/usr/bin/env bash
# How often the primary interval of a campaign holds the truth, over simulated campaigns whose true lift is known.
#   bench/known_lift.sh [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/.."
MEZAME_SEEDS="${1:-1000}" cargo test --locked -p mezame --test it known_lift:: -- --nocapture
