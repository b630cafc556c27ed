"""A PostgreSQL of its own for one run, from Debian's packages."""

import contextlib
import glob
import os
import shutil
import subprocess
from pathlib import Path


def programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda p: int(p.split("/")[4]))
    if not found:
        raise SystemExit("no PostgreSQL: apt-get install postgresql")
    return Path(found[-1])


@contextlib.contextmanager
def running(folder, port):
    """Yields the URL; stops the server and removes its files at the end. fsync stays on."""
    bin_, data = programs(), folder / "postgres"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    # The server refuses to run as root, and its user must be able to walk to its files.
    prefix = []
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
        for parent in data.parents:
            parent.chmod(parent.stat().st_mode | 0o011)
        prefix = ["runuser", "-u", "postgres", "--"]

    def call(*command):
        subprocess.run([*prefix, *command], check=True, cwd=data, stdout=subprocess.DEVNULL)

    call(bin_ / "initdb", "-D", data, "-U", "mezame", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -k {data} -c listen_addresses=127.0.0.1 -c shared_buffers=1GB -c max_wal_size=8GB"
    call(bin_ / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start")
    try:
        call(bin_ / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "mezame", "mezame")
        yield f"postgres://mezame@127.0.0.1:{port}/mezame"
    finally:
        call(bin_ / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
        shutil.rmtree(data, ignore_errors=True)
