#!/usr/bin/env bash
# One scenario by every way over a whole town: SMS where mail is dead, a page to put one's facts right, a postcard,
# mail, a call; a gateway that drops and refuses, workers killed, reports doubled, late and lost. Prints its figures.
#   bench/every_way.sh [CUSTOMERS]
set -euo pipefail
cd "$(dirname "$0")/.."
MEZAME_EVERY_WAY="${1:-5000}" cargo test --locked -p mezame --test it every_way:: -- --nocapture --test-threads=1
