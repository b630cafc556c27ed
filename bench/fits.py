"""Repeat-purchase models: crate `stats` against `lifetimes` on the same lives.

`fits.py lives ORDERS CUT FILE` writes x, t_x and T of each customer, in weeks, for both sides.
`fits.py MODEL FILE RUNS PARAMETERS` is lifetimes' side: `.fit()` alone is timed, as grouping and fitting
alone are on ours. Each is a process of its own: its memory would count as that of what is started later.
"""

import json
import statistics
import sys
import time
from datetime import date
from pathlib import Path

from tools import ratio, run

MODELS = {"bg_nbd": "BG/NBD", "mbg_nbd": "MBG/NBD"}
EPOCH = date(1970, 1, 1)
# The cohort of 1997 over its first 39 weeks, as the literature cuts it.
CDNOW_CUT = "1997-09-30"
# Several orders on a day are one occasion; the first is not repeated.
LIVES = """select count(distinct day) - 1 as x, (max(day) - min(day)) / 7::double as t_x,
    ({cut} - min(day)) / 7::double as t from '{orders}' where day <= {cut} group by customer order by customer"""


def write_lives(orders, cut, path):
    """`orders` has the columns customer and day, as days since 1970."""
    import duckdb
    import numpy as np

    text = LIVES.format(orders=orders, cut=(date.fromisoformat(cut) - EPOCH).days)
    columns = duckdb.connect().execute(text).fetchnumpy()
    np.column_stack([columns[name] for name in ("x", "t_x", "t")]).astype("<f8").tofile(path)


def cdnow(folder):
    """CDNOW's whole master file, which comes with lifetimes, as a table of orders."""
    from importlib.util import find_spec

    master = Path(find_spec("lifetimes").origin).parent / "datasets" / "CDNOW_master.txt"
    orders = folder / "cdnow.csv"
    with open(orders, "w") as out:
        out.write("customer,day\n")
        for line in master.read_text().splitlines()[1:]:
            customer, day = line.split()[:2]
            day = date(int(day[:4]), int(day[4:6]), int(day[6:]))
            out.write(f"{customer},{(day - EPOCH).days}\n")
    return orders


def measure(args, today):
    """By data and model: what both sides found, once they agree."""
    shops = {"CDNOW": (cdnow(args.shop), CDNOW_CUT, 301, 5),
             "the shop": (args.shop / "orders.parquet", today, 5, args.fits)}
    found = {}
    for shop, (orders, cut, our_runs, their_runs) in shops.items():
        lives = args.shop / "lives.f64"
        run(sys.executable, __file__, "lives", orders, cut, lives)
        _, peak, text = run(args.fit, lives, our_runs)
        for model, ours in json.loads(text).items():
            at = [ours["params"][name] for name in ("r", "alpha", "a", "b")]
            _, their_peak, text = run(sys.executable, __file__, model, lives, their_runs, json.dumps(at))
            theirs = json.loads(text) | {"peak": their_peak}
            agree(f"{MODELS[model]} on {shop}", ours, theirs)
            for side in (ours, theirs):
                side["seconds"] = statistics.median(side["runs"])
            found[f"{MODELS[model]}, {shop}"] = {"ours": ours | {"peak": peak}, "theirs": theirs}
    return found


def agree(what, ours, theirs):
    """Both must mean the same likelihood, and ours must be no lower."""
    our, their = ours["log_likelihood"], theirs["log_likelihood"]
    size = abs(their)
    told = f"{what}: log-likelihood {our} here and {their} by lifetimes"
    if not ours["converged"]:
        raise SystemExit(f"{told}; ours did not converge")
    if abs(theirs["at_ours"] - our) > 1e-9 * size:
        raise SystemExit(f"{told}, which says {theirs['at_ours']} of our parameters")
    if abs(our - their) > 1e-3 * size or our < their - 1e-9 * size:
        raise SystemExit(f"{told}: they must agree to 1e-3, and ours be as high")


def table(found):
    for what, both in found.items():
        ours, theirs = both["ours"], both["theirs"]
        grouping = statistics.median(ours["grouping"])
        yield (f"fit of {what}, {ours['lives']:,.0f} lives ({ours['distinct']:,} distinct)",
               f"{told(ours['seconds'])} with {told(grouping)} of grouping, peak {ours['peak']:.0f} MiB",
               f"lifetimes {told(theirs['seconds'])}, {theirs['peak']:.0f} MiB",
               ratio(theirs["seconds"], ours["seconds"]))


def told(seconds):
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{seconds * 1000:.2f} ms"


def lifetimes(model, path, runs, ours):
    """Their fit; their likelihood at their optimum and at ours, both in weeks."""
    import numpy as np
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter

    kind = {"bg_nbd": BetaGeoFitter, "mbg_nbd": ModifiedBetaGeoFitter}[model]
    x, t_x, t = np.fromfile(path, "<f8").reshape(-1, 3).T.copy()
    seconds = []
    for _ in range(runs):
        fitter = kind(penalizer_coef=0.0)
        start = time.perf_counter()
        fitter.fit(x, t_x, t)
        seconds.append(time.perf_counter() - start)

    def likelihood(parameters):
        each = kind._negative_log_likelihood(np.log(parameters), x.astype(int), t_x, t, np.ones_like(x), 0.0)
        return -float(each) * len(x)

    params = {name: float(fitter.params_[name]) for name in ("r", "alpha", "a", "b")}
    return {"runs": seconds, "params": params, "log_likelihood": likelihood(np.array([*params.values()])),
            "at_ours": likelihood(np.array(ours))}


if __name__ == "__main__":
    verb, *words = sys.argv[1:5]
    if verb == "lives":
        write_lives(*words)
    else:
        path, runs, ours = words
        print(json.dumps(lifetimes(verb, path, int(runs), json.loads(ours))))
