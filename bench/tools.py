"""What every part of the benchmark uses: a process with its cost, and the truth."""

import os
import subprocess
import time


def run(*command, out=subprocess.PIPE):
    """Seconds, peak memory in MiB, and what it printed (nothing if that went to `out`)."""
    start = time.perf_counter()
    process = subprocess.Popen([str(c) for c in command], stdout=out)
    text = process.stdout.read() if process.stdout else b""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed ({process.returncode}): {' '.join(map(str, command))}")
    return seconds, usage.ru_maxrss / 1024, text


def check(what, got, wanted):
    if got != wanted:
        raise SystemExit(f"{what}: {got}, but the truth is {wanted}")


def ratio(theirs, ours):
    return f"{theirs / ours:.2f} x" if ours else ""


def middle(runs, key):
    """The run that is the median by `key`."""
    return sorted(runs, key=key)[len(runs) // 2]
