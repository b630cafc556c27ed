"""The peers, each question in a process of its own: `peers.py PEER QUESTION FOLDER THREADS`.

Prints JSON {"seconds": median, "runs": [...], "rows": n, "check": what it found}.
Both read `orders.parquet`, which `peers.py duckdb import` makes from the shop's `orders.csv`
with the customer as a number, as Mezame's own columns have it.
"""

import json
import os
import statistics
import sys
import time
from datetime import date
from pathlib import Path

TODAY = date(2026, 11, 22)
RUNS = 5
CSV = """read_csv('{dir}/orders.csv', header = true, columns = {{'order': 'BIGINT',
    'customer': 'VARCHAR', 'ordered_at': 'DATE', 'total': 'BIGINT'}})"""
# One window for the gaps, then one aggregation: the plain way to write it.
SUMMARY = """create or replace temp table answer as
    select customer, min(day) as first, max(day) as last, count(*) as n, sum(total) as spend,
           avg(gap) as gap_mean, stddev_samp(gap) as gap_sd {median}
    from (select customer, day, total,
                 day - lag(day) over (partition by customer order by day) as gap
          from '{dir}/orders.parquet')
    group by customer"""
# The same customers that the segment of `bench.py` asks for, over DuckDB's own answer.
SEGMENT = "select count(*) from answer where {day} - last >= 181 and n >= 3 and spend > 30000"
# The default policy: going quiet from 90 days, dormant from 181.
STATES = """select count(*) filter ({day} - last < 90), count(*) filter ({day} - last between 90 and 180),
    count(*) filter ({day} - last >= 181) from answer"""
# Back-test: customers and returned of all, of the quiet (over 90 days) and of the deep (over 181).
BACKTEST = """with seen as (
        select max(day) filter (day <= {cut}) as last,
               count(*) filter (day > {cut} and day <= {cut} + {horizon}) > 0 as back
        from '{dir}/orders.parquet' group by customer)
    select count(*), count(*) filter (back),
           count(*) filter (silent > 90), count(*) filter (back and silent > 90),
           count(*) filter (silent > 181), count(*) filter (back and silent > 181)
    from (select back, {cut} - last as silent from seen where last is not null)"""
HORIZON = 90


def timed(work, runs=RUNS):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), seconds, result


def duckdb_import(folder, threads):
    """Durable: a database file, ended by a checkpoint. No identity, no keys, no second look."""
    import duckdb

    file = folder / "peer.duckdb"
    file.unlink(missing_ok=True)
    start = time.perf_counter()
    db = duckdb.connect(str(file), config={"threads": threads})
    db.execute(f"create table orders as select * from {CSV.format(dir=folder)}")
    db.execute("checkpoint")
    seconds = time.perf_counter() - start
    db.execute(f"""copy (select cast(substr(customer, 2) as integer) as customer,
        cast(ordered_at - date '1970-01-01' as integer) as day, total from orders)
        to '{folder}/orders.parquet' (format parquet, compression snappy)""")
    rows, spend = db.execute("select count(*), sum(total) from orders").fetchone()
    db.close()
    file.unlink()
    return seconds, [seconds], rows, [rows, int(spend)]


def duckdb_summary(folder, threads, median=True):
    import duckdb

    db = duckdb.connect(config={"threads": threads})
    text = SUMMARY.format(dir=folder, median=", median(gap) as gap_median" if median else "")
    seconds, runs, _ = timed(lambda: db.execute(text))
    rows, orders, spend = db.execute("select count(*), sum(n), sum(spend) from answer").fetchone()
    return seconds, runs, rows, [int(orders), int(spend)]


def duckdb_segment(folder, threads):
    import duckdb

    db = duckdb.connect(config={"threads": threads})
    db.execute(SUMMARY.format(dir=folder, median=""))
    day = (TODAY - date(1970, 1, 1)).days
    text = SEGMENT.format(day=day)
    seconds, runs, rows = timed(lambda: db.execute(text).fetchone()[0], 51)
    return seconds, runs, rows, list(db.execute(STATES.format(day=day)).fetchone())


def duckdb_backtest(folder, threads):
    """No race: what the back-test must find, one horizon before the newest order."""
    import duckdb

    db = duckdb.connect(config={"threads": threads})
    newest = db.execute(f"select max(day) from '{folder}/orders.parquet'").fetchone()[0]
    text = BACKTEST.format(dir=folder, cut=newest - HORIZON, horizon=HORIZON)
    seconds, runs, answer = timed(lambda: db.execute(text).fetchone(), 1)
    return seconds, runs, 1, [list(answer[i : i + 2]) for i in (0, 2, 4)]


def polars_summary(folder, threads):
    import polars as pl

    same = pl.col("customer") == pl.col("customer").shift()
    gap = pl.when(same).then(pl.col("day") - pl.col("day").shift()).alias("gap")
    query = (
        pl.scan_parquet(folder / "orders.parquet")
        .sort("customer", "day")
        .with_columns(gap)
        .group_by("customer")
        .agg(
            pl.col("day").min().alias("first"),
            pl.col("day").max().alias("last"),
            pl.len().alias("n"),
            pl.col("total").sum().alias("spend"),
            pl.col("gap").mean().alias("gap_mean"),
            pl.col("gap").std().alias("gap_sd"),
            pl.col("gap").median().alias("gap_median"),
        )
    )
    seconds, runs, answer = timed(query.collect)
    return seconds, runs, answer.height, [int(answer["n"].sum()), int(answer["spend"].sum())]


QUESTIONS = {
    ("duckdb", "import"): duckdb_import,
    ("duckdb", "summary"): duckdb_summary,
    ("duckdb", "summary_without_median"): lambda f, t: duckdb_summary(f, t, median=False),
    ("duckdb", "segment"): duckdb_segment,
    ("duckdb", "backtest"): duckdb_backtest,
    ("polars", "summary"): polars_summary,
}

if __name__ == "__main__":
    peer, question, where, threads = sys.argv[1:5]
    os.environ["POLARS_MAX_THREADS"] = threads
    seconds, runs, rows, check = QUESTIONS[peer, question](Path(where), int(threads))
    print(json.dumps({"seconds": seconds, "runs": runs, "rows": rows, "check": check}))
