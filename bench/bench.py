"""Makes the shop, runs Mezame and its peers on the same files, prints a table. See run.sh."""

import argparse
import contextlib
import csv
import http.client
import json
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import fits
import night
import postgres
from tools import check, middle, ratio, run

TODAY, TOMORROW = "2026-11-22", "2026-11-23"
NEXT_DAYS = [TOMORROW, "2026-11-24", "2026-11-25"]
SEGMENT = "days_silent >= 181 and n_orders >= 3 and spend > 30000"
PAGES = 31


def peer(args, name, question):
    script = Path(__file__).with_name("peers.py")
    _, peak, text = run(sys.executable, script, name, question, args.shop, args.threads)
    return json.loads(text) | {"peak": peak}


class Mezame:
    """The binary with one data folder and one database."""

    def __init__(self, binary, data, db):
        self.base = [binary, "--data", data, "--today", TODAY, "--json"]
        self.base += ["--db", db] if db else []
        self.data, self.db = Path(data), db

    def __call__(self, *words, out=subprocess.PIPE):
        seconds, peak, text = run(*self.base, *words, out=out)
        return seconds, peak, json.loads(text) if text.strip() else None

    def judge(self, day, *words, outlooks=False):
        """Seconds by part, and of the whole process."""
        seconds, peak, said = self("judge", "--as-of", day, *words)
        check("whether a model was made", said["model"] is not None, outlooks)
        return said.pop("seconds") | said | {"process": seconds, "peak": peak}

    def outlook(self, mode):
        self("settings", "set", "outlook", mode)

    def forget_judgement(self):
        for path in sorted(self.data.rglob("judged*"), reverse=True):
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def serving(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        words = [str(w) for w in [*self.base, "serve", "--port", port]]
        server = subprocess.Popen(words, stderr=subprocess.DEVNULL)
        try:
            yield reach(server, port)
        finally:
            server.terminate()
            server.wait()


def reach(server, port):
    """A connection, once the server listens."""
    for _ in range(6000):
        if server.poll() is not None:
            raise SystemExit("mezame serve ended")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        time.sleep(0.05)
    raise SystemExit("mezame serve does not answer")


def page(connection, path):
    """Milliseconds of the median and of the first answer, and its size in bytes."""
    times = []
    for _ in range(PAGES):
        start = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - start) * 1000)
        if answer.status != 200:
            raise SystemExit(f"GET {path}: {answer.status}")
    return {"median": statistics.median(times), "first": times[0], "bytes": len(body)}


def changed_orders(args, customers, number):
    """One more order for every hundredth customer, on the last day, numbered from `number`."""
    path = args.shop / "changed.csv"
    with open(path, "w", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(["order", "customer", "ordered_at", "total"])
        for n in range(1, customers + 1, 100):
            rows.writerow([number + n, f"C{n:08}", TODAY, 5000])
    return path


def measure(args, store, db, truth, oracle):
    """Everything about Mezame on one database."""
    data = args.work / f"data-{store}"
    shutil.rmtree(data, ignore_errors=True)
    mezame = Mezame(args.mezame, data, db)
    if db:
        mezame("migrate")
    shop_map = args.shop / "orders.toml"
    seconds, peak, report = mezame("import", args.shop / "orders.csv", "--map", shop_map)
    check("orders imported", sum(f["orders"] for f in report), truth["orders"])
    found = {"import": {"seconds": seconds, "peak": peak}}
    found["night"] = night.measure(mezame, args, TODAY, NEXT_DAYS, oracle, truth)
    found["columns"] = found["night"]["first"]["columns"]
    found |= judging(mezame, args, shop_map, truth, oracle)
    found["night_changed"] = mezame.judge(TODAY, outlooks=True)
    found["pages"] = pages(mezame)
    if not args.keep:
        shutil.rmtree(data, ignore_errors=True)
    return found


def judging(mezame, args, shop_map, truth, oracle):
    """Histories, states and stages alone, as the peers have nothing to hold against outlooks. Ends with 1 %
    of the customers changed once more and not yet judged, and outlooks switched on."""
    mezame.outlook("off")
    runs, found = [], {}
    for n in range(3):
        mezame.forget_judgement()
        runs.append(mezame.judge(TODAY, "--pass"))
    check("customers judged", runs[0]["customers"], truth["persons"])
    found["judge_first"] = middle(runs, key=lambda r: r["judge"])
    found["again"] = mezame.judge(TODAY)
    _, _, found["segment"] = mezame("segment", "count", SEGMENT, "--repeat", "51")
    check("customers of the segment", found["segment"]["customers"], oracle["segment"]["rows"])
    _, _, board = mezame("board")
    check("states", [board["states"][s] for s in ("active", "at_risk", "dormant")], oracle["states"])
    changed = changed_orders(args, args.customers, 900_000_000)
    found["import_changed"] = {"seconds": mezame("import", changed, "--map", shop_map)[0]}
    found["judge_changed"] = mezame.judge(TODAY)
    days = []
    for n in range(3):
        days.append(mezame.judge(TOMORROW))
        mezame.judge(TODAY)
    found["judge_next_day"] = middle(days, key=lambda r: r["judge"])
    mezame.outlook("auto")
    mezame("import", changed_orders(args, args.customers, 950_000_000), "--map", shop_map)
    return found


def pages(mezame):
    with mezame.serving() as connection:
        connection.request("GET", "/api/customers?limit=1")
        answer = json.loads(connection.getresponse().read())
        someone = first_customer(answer)
        paths = {"board": "/", "list": "/customers", "segment list": f"/customers?where={quoted()}",
                 "person": f"/customers/{someone}", "ranking": "/ranking", "model card": "/model"}
        return {name: page(connection, path) for name, path in paths.items()}


def quoted():
    from urllib.parse import quote

    return quote(SEGMENT)


def first_customer(answer):
    rows = answer if isinstance(answer, list) else answer.get("customers") or answer.get("rows")
    return rows[0]["customer"]


def peers(args, truth):
    asked = [("duckdb", "import"), ("duckdb", "summary"), ("duckdb", "summary_without_median"),
             ("duckdb", "segment"), ("duckdb", "backtest"), ("polars", "summary")]
    found = {f"{name} {question}": peer(args, name, question) for name, question in asked}
    for name, answer in found.items():
        if not name.endswith(("segment", "backtest")):
            check(name, answer["check"], [truth["orders"], truth["spend"]])
    return found


def table(truth, other, stores):
    """Rows of: what, measured, peer, ratio (above 1: Mezame is faster)."""
    duck, bare = other["duckdb summary"], other["duckdb summary_without_median"]
    polars = other["polars summary"]
    for store, m in stores.items():
        orders = truth["orders"]
        took = m["import"]["seconds"]
        theirs = other["duckdb import"]
        yield (f"durable import, {store}", f"{orders / took:,.0f} orders/s, peak {m['import']['peak']:.0f} MiB",
               f"DuckDB file {orders / theirs['seconds']:,.0f}/s, {theirs['peak']:.0f} MiB",
               ratio(theirs["seconds"], took))
        yield (f"columns from {store}", f"{m['columns']:.2f} s", "", "")
        first = m["judge_first"]
        yield (f"judging, first time ({store})", f"{first['judge']:.2f} s, peak {first['peak']:.0f} MiB",
               f"DuckDB, mean and sd only {bare['seconds']:.2f} s", ratio(bare["seconds"], first["judge"]))
        yield ("", "", f"DuckDB with median {duck['seconds']:.2f} s", ratio(duck["seconds"], first["judge"]))
        yield ("", "", f"Polars with median {polars['seconds']:.2f} s", ratio(polars["seconds"], first["judge"]))
        if "pass" in first:
            yield (f"run-length pass alone ({store})", f"{first['pass']:.2f} s",
                   f"DuckDB with median {duck['seconds']:.2f} s", ratio(duck["seconds"], first["pass"]))
        for name, part in [("again after 1 % changed", "judge_changed"), ("the next day", "judge_next_day")]:
            parts = m[part]["columns"], m[part]["judge"]
            yield (f"{name} ({store})", f"{sum(parts):.2f} s (columns {parts[0]:.2f}, judging {parts[1]:.2f})",
                   "first time, judging alone", ratio(first["judge"], sum(parts)))
            yield ("", "", "first time with columns", ratio(first["judge"] + m["columns"], sum(parts)))
        scan = other["duckdb segment"]["seconds"] * 1000
        ms = m["segment"]["median_ms"]
        yield (f"segment count, warm ({store})", f"{ms:.1f} ms", f"DuckDB in memory {scan:.1f} ms", ratio(scan, ms))
        yield from night.table(m["night"], m["night_changed"], store, truth["persons"])
        for name, p in m["pages"].items():
            yield (f"{name} page ({store})", f"{p['median']:.1f} ms, first {p['first']:.0f} ms, {p['bytes'] / 1024:.0f} KiB", "", "")


def machine(threads):
    from importlib.metadata import version

    peers = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "polars", "lifetimes", "numpy"))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
            f"load {os.getloadavg()[0]:.1f} at the start; peers with {threads} threads ({peers})")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mezame", type=Path, required=True)
    parser.add_argument("--fit", type=Path, required=True, help="example `fit` of crate stats")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--full", action="store_true", help="a million customers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2, help="of the peers")
    parser.add_argument("--postgres", action="store_true", help="the same on PostgreSQL")
    parser.add_argument("--keep", action="store_true", help="leave the data folders")
    args = parser.parse_args()
    args.customers = 1_000_000 if args.full else args.customers
    args.fits = 1 if args.customers > 200_000 else 3
    args.work, args.mezame, args.fit = args.work.resolve(), args.mezame.resolve(), args.fit.resolve()
    args.shop = args.work / "shop"
    shutil.rmtree(args.shop, ignore_errors=True)
    maker = Mezame(args.mezame, args.work / "data-none", None)
    seconds, peak, _ = maker("make-shop", "--customers", args.customers, "--seed", args.seed,
                             "--out", args.shop, "--format", "orders-csv")
    truth = json.loads((args.shop / "truth.json").read_text())
    print(f"{truth['persons']:,} customers, {truth['orders']:,} orders (seed {args.seed}); "
          f"made in {seconds:.1f} s with {peak:.0f} MiB\n{machine(args.threads)}\n")
    other = peers(args, truth)
    fitted = fits.measure(args, TODAY)
    segment = other["duckdb segment"]
    oracle = {"segment": segment, "states": segment["check"], "backtest": other["duckdb backtest"]}
    stores = {"SQLite": measure(args, "SQLite", None, truth, oracle)}
    if args.postgres:
        with postgres.running(args.work, 54329) as url:
            stores["PostgreSQL"] = measure(args, "PostgreSQL", url, truth, oracle)
    print("| what | Mezame | peer | ratio |\n|---|---|---|---|")
    for row in [*fits.table(fitted), *table(truth, other, stores)]:
        print("| " + " | ".join(row) + " |")
    result = args.work / "result.json"
    result.write_text(json.dumps({"truth": truth, "peers": other, "fits": fitted, "mezame": stores}, indent=1))
    print(f"\nAll figures: {result}")
    if not args.keep:
        shutil.rmtree(args.shop, ignore_errors=True)


if __name__ == "__main__":
    main()
