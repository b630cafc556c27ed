"""Letters a second through the whole of `mezame work`, ledger and all; a plan of a million; an opt-out while all of it goes on.

    python3 bench/letters.py [--mails 40000] [--customers 1000000] [--connections 8] [--part letters,plan,opt-out]

Needs cargo, and node with nodemailer (npm install nodemailer) in the current folder for the comparison. Every
sender hands over to the same sink (madeup's) on this machine, one after the other. Nothing is printed unless
every letter arrived once.
"""

import argparse
import csv
import http.client
import json
import os
import pathlib
import re
import shutil
import socketserver
import sqlite3
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse

from tools import check, ratio, run

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORDERS = 'kind = "orders"\n[columns]\norder = "order"\ncustomer = "customer"\nname = "name"\nemail = "email"\nordered_at = "ordered_at"\ntotal = "total"\nitem = "product"\n'
CONSENTS = 'kind = "consents"\n[columns]\ncustomer = "who"\nchannel = "channel"\nagreed = "given"\n'
TODAY = "2026-01-20"
DOCUMENT = """
owner = "山田"
holdout = {holdout}
{because}
window = 90
start = "2026-01-21"
late_hours = 4000000
[whom]
condition = "n_orders >= 1"
[stop]
bounces = 1.0
complaints = 1.0
opt_outs = 1.0
after = 100000000
[[steps]]
name = "thanks"
kind = "thanks"
after_days = 0
at = "10:00"
channel = "mail"
unless = []
[steps.words]
subject = "{{{{ addressee }}}}、いつもありがとうございます"
body = \"\"\"
{{{{ addressee }}}}

{{{{ greeting }}}}。{{{{ shop }}}}の{{{{ owner }}}}です。

前回お求めいただいた「{{{{ last_product | or("ご愛用の商品") }}}}」はいかがでしたでしょうか。

## 秋の新茶が入荷しました

- 見本煎茶
- 見本ほうじ茶

[お店を見る](/)
\"\"\"
"""


def program(*ask):
    """A program as cargo names it, built for release."""
    said = subprocess.run(["cargo", "build", "--release", *ask, "--message-format=json"], cwd=ROOT, check=True,
                          stdout=subprocess.PIPE, text=True).stdout
    found = [m["executable"] for m in map(json.loads, said.splitlines()) if m.get("executable")]
    return found[-1]


class Shop:
    """An installation of its own, with so many customers who consented to mail."""

    def __init__(self, mezame, folder, customers):
        self.mezame, self.folder, self.data = mezame, folder, folder / "data"
        folder.mkdir()
        self.orders(folder / "orders.csv", 1, customers)
        with open(folder / "consents.csv", "w", newline="") as out:
            write = csv.writer(out).writerow
            write(["who", "channel", "given"])
            for i in range(1, customers + 1):
                write([f"customer{i}@example.jp", "mail", "yes"])
        (folder / "orders.toml").write_text(ORDERS)
        (folder / "consents.toml").write_text(CONSENTS)
        self("import", folder / "orders.csv", "--map", folder / "orders.toml")
        self("import", folder / "consents.csv", "--map", folder / "consents.toml")

    @staticmethod
    def orders(path, first, last):
        with open(path, "w", newline="") as out:
            write = csv.writer(out).writerow
            write("order,customer,name,email,ordered_at,total,product".split(","))
            for i in range(first, last + 1):
                for n, day in ((1, "2025-01-10"), (2, "2025-03-15")):
                    if n == 1 or i % 3:
                        write([f"{i}-{n}", i, f"見本{i} 花子", f"customer{i}@example.jp", f"{day} 10:00:00", 3000 + i % 5000, "お茶"])

    def command(self, *words, today=TODAY):
        return [self.mezame, "--data", self.data, *(["--today", today] if today else []), "--json", *words]

    def __call__(self, *words, today=TODAY):
        return run(*self.command(*words, today=today))

    def sender(self, port):
        for key, value in {
            "shop": "見本堂", "profile.address": "東京都千代田区見本1-2-3", "profile.contact": "info@example.jp",
            "profile.site": "https://shop.example.jp/", "profile.public_url": "https://mail.example.jp",
            "profile.purpose": "商品の発送、および新商品・キャンペーンのご案内(メール・郵便)のため",
            "sending.host": "127.0.0.1", "sending.port": str(port), "sending.tls": "none",
            "sending.from": "shop@example.jp", "test_addresses": "owner@example.jp", "stale_hours": "1000000",
        }.items():
            self("settings", "set", key, value)
        with sqlite3.connect(self.data / "mezame.db") as db:
            db.execute("INSERT OR REPLACE INTO settings (key, value) VALUES ('app.dns.example.jp', '[true,true,true,true]')")

    def campaign(self, holdout, name="測定"):
        path = self.folder / "campaign.toml"
        because = "" if holdout else 'no_holdout_because = "速さの測定"'
        path.write_text(DOCUMENT.format(holdout=holdout, because=because))
        return str(json.loads(self("campaign", "new", name, "--file", path)[2])["id"])


class Sink:
    """madeup's mail server as a process of its own."""

    def __init__(self, sink, port, log=None):
        self.process = subprocess.Popen([sink, "--port", str(port), *(["--log", log] if log else [])],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def mails(self):
        said, _ = self.process.communicate("")
        return int(re.search(r"mails (\d+)", said).group(1))


def letters(args, mezame, sink, folder):
    """`mezame work --once`, with and without DKIM, beside nodemailer into the same sink."""
    found = {}
    for dkim in (False, True):
        shop = Shop(mezame, folder / f"letters-{dkim}", args.mails)
        port = 2601 + dkim
        shop.sender(port)
        if dkim:
            shop("key", "dkim", "mz")
            shop("settings", "set", "sending.dkim_selector", "mz")
        campaign = shop.campaign(0.0)
        shop("campaign", "plan", campaign)
        shop("campaign", "approve", campaign, "--by", "山田", "--yes")
        server = Sink(sink, port, folder / f"log-{dkim}")
        seconds, peak, _ = run(*shop.command("work", "--once", "--connections", str(args.connections), today=None))
        check("letters taken", server.mails(), args.mails)
        ids = (folder / f"log-{dkim}").read_text().split("\n")[:-1]
        check("letters taken once", sum(line.endswith("\t1") for line in ids), args.mails)
        found[dkim] = args.mails / seconds
        print(f"mezame work {'with' if dkim else 'without'} DKIM, ledger and all: {args.mails / seconds:,.0f} letters/s, peak {peak:.0f} MiB", flush=True)
        shutil.rmtree(folder / f"letters-{dkim}")
    node = shutil.which("node")
    if not node or not pathlib.Path("node_modules/nodemailer").exists():
        raise SystemExit("no nodemailer in this folder: npm install nodemailer")
    key = folder / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, stderr=subprocess.DEVNULL)
    for dkim in (False, True):
        server = Sink(sink, 2603)
        mails = max(args.mails // 10, 2000)
        ask = [node, ROOT / "bench/nodemailer.js", "2603", str(mails), str(args.connections), *([key] if dkim else [])]
        said = subprocess.run(ask, check=True, stdout=subprocess.PIPE, text=True).stdout
        check("mails taken", server.mails(), mails)
        theirs = float(re.search(r"([\d.]+) mails/s", said).group(1))
        print(f"{said.strip()}; mezame work {ratio(found[dkim], theirs)}", flush=True)


class Reader(socketserver.StreamRequestHandler):
    """A mail server of a few words that keeps the address by which each letter is unsubscribed."""

    def handle(self):
        say = lambda text: self.wfile.write(f"{text}\r\n".encode())
        say("220 reader")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                say("354 go on")
                while (line := self.rfile.readline()) != b".\r\n":
                    if found := re.search(rb"https?://[^>\s]+/u/[^>\s]+", line):
                        self.server.links.add(found.group().decode())
                say("250 taken")
            elif word == b"QUIT":
                return say("221 bye")
            else:
                say("250 reader")


def plan(args, mezame, folder):
    """`mezame campaign plan` of everybody, a process of its own."""
    shop = Shop(mezame, folder / "million", args.customers)
    shop.sender(2605)
    shop("judge")
    campaign = shop.campaign(0.1)
    seconds, peak, text = shop("campaign", "plan", campaign)
    said = json.loads(text)["forecast"]
    check("drawn", said["treated"] + said["holdout"], args.customers)
    print(f"campaign plan of {args.customers:,}: {seconds:.1f} s, peak {peak:.0f} MiB; limit 30 s and 1,024 MiB: "
          f"{ratio(30, seconds)}, {ratio(1024, peak)}", flush=True)
    return shop


def opt_out(args, mezame, folder, shop):
    """One-click opt-outs while a million is drafted and a large file imported, on SQLite."""
    wanted = 150
    reader = socketserver.ThreadingTCPServer(("127.0.0.1", 2605), Reader)
    reader.links = set()
    threading.Thread(target=reader.serve_forever, daemon=True).start()
    path = folder / "first.toml"
    path.write_text(DOCUMENT.format(holdout=0.0, because='no_holdout_because = "速さの測定"')
                    .replace("n_orders >= 1", f"customer <= {wanted}"))
    first = str(json.loads(shop("campaign", "new", "先行", "--file", path)[2])["id"])
    shop("campaign", "plan", first)
    shop("campaign", "approve", first, "--by", "山田", "--yes")
    run(*shop.command("work", "--once", today=None))
    reader.shutdown()
    check("letters to leave by", len(reader.links), wanted)
    more = folder / "more.csv"
    Shop.orders(more, args.customers + 1, args.customers + args.customers // 2)
    door = subprocess.Popen([str(w) for w in shop.command("serve", "--port", "2606", "--door", "2607", today=None)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                http.client.HTTPConnection("127.0.0.1", 2607, timeout=1).request("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        links = sorted(reader.links)
        quiet = [left(link) for link in links[:30]]
        busy = [subprocess.Popen([str(w) for w in shop.command("import", more, "--map", shop.folder / "orders.toml")], stdout=subprocess.DEVNULL),
                subprocess.Popen([str(w) for w in shop.command("campaign", "plan", shop.campaign(0.1, "全員"))], stdout=subprocess.DEVNULL)]
        took, begun = [], time.perf_counter()
        for link in links[30:]:
            if all(p.poll() is not None for p in busy):
                break
            took.append(left(link))
            time.sleep(0.25)
        print(f"busy for {time.perf_counter() - begun:.1f} s: import {busy[0].poll()}, plan {busy[1].poll()}")
        for p in busy:
            p.wait()
        with sqlite3.connect(shop.data / "mezame.db") as db:
            kept = db.execute("SELECT COUNT(DISTINCT record) FROM suppressions WHERE reason = 0").fetchone()[0]
        check("opt-outs stored", kept, 30 + len(took))
        worst = sorted(took)
        print(f"opt-out stored and answered: quiet median {statistics.median(quiet) * 1e3:.1f} ms; during draft and import "
              f"{len(took)} of them, median {statistics.median(took) * 1e3:.0f} ms, 95 % {worst[int(0.95 * len(worst))] * 1e3:.0f} ms, "
              f"worst {worst[-1] * 1e3:.0f} ms; limit 200 ms: {ratio(0.2, worst[-1])}", flush=True)
    finally:
        door.terminate()
        door.wait()


def left(link):
    """Seconds of a one-click opt-out (RFC 8058)."""
    path = urllib.parse.urlparse(link).path
    start = time.perf_counter()
    door = http.client.HTTPConnection("127.0.0.1", 2607, timeout=30)
    door.request("POST", path, "List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})
    answer = door.getresponse()
    answer.read()
    check("answer", answer.status, 200)
    return time.perf_counter() - start


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--mails", type=int, default=40_000)
    args.add_argument("--customers", type=int, default=1_000_000)
    args.add_argument("--connections", type=int, default=8)
    args.add_argument("--part", default="letters,plan,opt-out")
    args.add_argument("--mezame")
    args.add_argument("--sink")
    args = args.parse_args()
    mezame = args.mezame or program("-p", "mezame")
    sink = args.sink or program("-p", "madeup", "--example", "sink")
    print(f"load {os.getloadavg()[0]:.1f} at the start")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        if "letters" in args.part:
            letters(args, mezame, sink, folder)
        if "plan" in args.part or "opt-out" in args.part:
            shop = plan(args, mezame, folder)
            if "opt-out" in args.part:
                opt_out(args, mezame, folder, shop)


if __name__ == "__main__":
    main()
