"""The customers' door beside nginx answering a static 204, in one run, and a kill -9 under load.

    python3 bench/door.py [--seconds 10] [--touches 200000] [--connections 64]

Needs nginx (Debian: nginx-light) and cargo. Both are loaded by the same program, one after the other in
turns, on this machine. Every click and opening is in the database before it is answered; the last part
kills the door while it is loaded and counts that nothing answered is missing.
"""

import argparse
import json
import pathlib
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
NGINX = """
worker_processes auto;
daemon off;
pid {dir}/nginx.pid;
error_log {dir}/nginx.log;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  server {{ listen 127.0.0.1:{port}; location / {{ return 204; }} }}
}}
"""


def built():
    """The example's program, as cargo names it."""
    ask = ["cargo", "build", "--release", "-p", "web", "--example", "door", "--message-format=json"]
    said = subprocess.run(ask, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = (json.loads(line) for line in said.splitlines() if line.startswith("{"))
    return next(m["executable"] for m in messages if m.get("target", {}).get("name") == "door" and m.get("executable"))


def wait_for(port):
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing answers on port {port}")


class Bench:
    def __init__(self, program, folder, args):
        self.program, self.folder, self.args = program, folder, args

    def serve(self, shop, port):
        door = subprocess.Popen([self.program, "serve", shop, str(port)], stdout=subprocess.DEVNULL)
        wait_for(port)
        return door

    def load(self, port, paths, seconds, *seen):
        ask = [self.program, "load", str(port), str(paths), str(seconds), str(self.args.connections), *seen]
        return float(subprocess.run(ask, check=True, stdout=subprocess.PIPE, text=True).stdout)

    def speed(self, shop):
        """Requests a second, the median of the rounds: nginx, clicks, openings."""
        conf = self.folder / "nginx.conf"
        conf.write_text(NGINX.format(dir=self.folder, port=8901))
        nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", conf], stderr=subprocess.DEVNULL)
        door = self.serve(shop, 8902)
        wait_for(8901)
        rounds = {"nginx 204": [], "/c/": [], "/o/": []}
        for _ in range(self.args.rounds):
            for name, port, paths in (("nginx 204", 8901, "clicks"), ("/c/", 8902, "clicks"), ("/o/", 8902, "opens")):
                rounds[name].append(self.load(port, shop / paths, self.args.seconds))
        nginx.terminate()
        door.terminate()
        nginx.wait()
        door.wait()
        return {name: statistics.median(found) for name, found in rounds.items()}

    def kill(self, shop, times):
        """Kills the door under load; the counting fails where something answered is missing."""
        seen = self.folder / "seen"
        for n in range(times):
            door = self.serve(shop, 8903)
            ask = [self.program, "load", "8903", str(shop / "clicks"), "20", str(self.args.connections), f"{seen}.{n}"]
            loading = subprocess.Popen(ask, stdout=subprocess.DEVNULL)
            time.sleep(0.7 + 0.3 * n)
            door.send_signal(signal.SIGKILL)
            door.wait()
            loading.wait()
        counted = subprocess.run([self.program, "count", shop, seen], stdout=subprocess.PIPE, text=True)
        print(f"{times} kills: {counted.stdout.strip()}")
        return counted.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--touches", type=int, default=200_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--program", help="the example, already built")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mezame-door-") as folder:
        folder = pathlib.Path(folder)
        bench = Bench(args.program or built(), folder, args)
        shops = [folder / name for name in ("speed", "kill")]
        for shop in shops:
            shop.mkdir()
            subprocess.run([bench.program, "make", shop, str(args.touches)], check=True)
        found = bench.speed(shops[0])
        for name, rate in found.items():
            print(f"{name:10} {rate:9.0f} requests/s  {rate / found['nginx 204']:5.2f} of nginx")
        kept = bench.kill(shops[1], args.kills)
        enough = min(found["/c/"], found["/o/"]) >= 0.5 * found["nginx 204"]
        print("at least half of nginx" if enough else "less than half of nginx")
        raise SystemExit(0 if kept and enough else 1)


if __name__ == "__main__":
    main()
