#!/usr/bin/env bash
# Measures Mezame against DuckDB, Polars and lifetimes on the same files in the same run and prints a table.
#   bench/run.sh                      100,000 customers, about 1,000,000 orders
#   bench/run.sh --full               1,000,000 customers, about 10,000,000 orders
#   bench/run.sh --customers N --seed S --threads T --postgres --keep
# Everything it makes lies under ${XDG_CACHE_HOME:-~/.cache}/mezame-bench, outside the clone.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/mezame-bench"
mkdir -p "$cache"
cargo build --release -p mezame
cargo build --release -p stats --example fit
target="${CARGO_TARGET_DIR:-target}/release"
if [ ! -x "$cache/venv/bin/python" ]; then
  python3 -m venv "$cache/venv" || { echo "python3-venv is missing: apt-get install python3-venv" >&2; exit 1; }
fi
"$cache/venv/bin/pip" install --quiet --disable-pip-version-check -r bench/requirements.txt
exec "$cache/venv/bin/python" -B bench/bench.py \
  --mezame "$target/mezame" --fit "$target/examples/fit" --work "$cache/work" "$@"
