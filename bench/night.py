"""The nightly judgement: learning with its back-test, everybody's outlook, the ranking, on one database."""

import json
import subprocess

from tools import check, middle, ratio

# Of the issue: 1,000,000 customers with 10,000,000 orders in a minute and 2 GiB.
LIMIT_CUSTOMERS, LIMIT_SECONDS, LIMIT_MIB = 1_000_000, 60, 2048
BOARDS = 3


def measure(mezame, args, today, next_days, oracle, truth):
    """After an import, before anybody has been judged. Leaves everybody judged as of `today`."""
    found = {"first": mezame.judge(today, outlooks=True)}
    everybody(mezame, truth["persons"])
    found["next"] = middle([mezame.judge(day, outlooks=True) for day in next_days], key=lambda r: r["process"])
    mezame.judge(today, outlooks=True)
    mezame.forget_judgement()
    found["stored_model"] = cost(mezame("board"))
    found["stored"] = middle([cost(mezame("board")) for _ in range(BOARDS)], key=lambda r: r["seconds"])
    everybody(mezame, truth["persons"])
    said = mezame("backtest")
    found["backtest"] = cost(said)
    scopes = [[s["customers"], s["returned"]] for s in said[2]["scopes"]]
    check("back-test: customers and returned of all, quiet, deep", scopes, oracle["backtest"]["check"])
    found["rank"] = cost(mezame("rank", out=subprocess.DEVNULL))
    found["rank"]["rows"] = ranked(mezame, args.work / "ranking.json", sum(oracle["states"][1:]))
    return found


def cost(said):
    return {"seconds": said[0], "peak": said[1]}


def everybody(mezame, customers):
    """An outlook stands beside every row."""
    _, _, found = mezame("segment", "count", "p_return >= 0 and p_return <= 1")
    check("customers with an outlook", found["customers"], customers)


def ranked(mezame, path, quiet):
    """How many rows the ranking has: by falling profit, each above nought, none of them active."""
    with open(path, "wb") as out:
        mezame("rank", out=out)
    rows, last = 0, float("inf")
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("{"):
                continue
            row, rows = json.loads(line.rstrip(",\n")), rows + 1
            if row["rank"] != rows or not 0 < row["expected_profit"] <= last:
                raise SystemExit(f"the ranking is out of order at row {rows}: {line}")
            last = row["expected_profit"]
    path.unlink()
    if not 0 < rows <= quiet:
        raise SystemExit(f"the ranking has {rows} rows of {quiet} quiet customers")
    return rows


def table(found, changed, store, customers):
    full = customers >= LIMIT_CUSTOMERS
    nights = [("first night", found["first"]), ("night after 1 % changed", changed), ("next night", found["next"])]
    for name, n in nights:
        limit = f"limit {LIMIT_SECONDS} s, {LIMIT_MIB} MiB" if full else ""
        within = f"{ratio(LIMIT_SECONDS, n['process'])}, {ratio(LIMIT_MIB, n['peak'])}" if full else ""
        yield (f"{name}, whole process ({store})",
               f"{n['process']:.2f} s, peak {n['peak']:.0f} MiB (columns {n['columns']:.2f}, "
               f"learning with back-test {n['learn']:.2f}, judging with outlooks {n['judge']:.2f})", limit, within)
    night = found["next"]["process"]
    for name, part in [("everyone judged by a stored model", "stored_model"), ("all stored, read again", "stored")]:
        p = found[part]
        yield (f"{name}, board process ({store})", f"{p['seconds']:.2f} s, peak {p['peak']:.0f} MiB",
               "next night", ratio(night, p["seconds"]))
    b, r = found["backtest"], found["rank"]
    yield (f"backtest ({store})", f"{b['seconds']:.2f} s, peak {b['peak']:.0f} MiB", "next night",
           ratio(night, b["seconds"]))
    yield (f"rank --json, {r['rows']:,} rows ({store})", f"{r['seconds']:.2f} s, peak {r['peak']:.0f} MiB", "", "")
