//! A throwaway PostgreSQL server for one test process, and a fresh database for each test.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Makes the cluster, starts it, says where it is, and does what its standard input says (`stop`, as
/// a crash does, or `start`) until that closes: which happens when the test process ends, however it
/// ends. Then server and files go.
/// The locale is not C where that can be had, since sorting must not depend on it.
const SCRIPT: &str = r#"
bin=$1 durable=$2
dir=$(mktemp -d "${TMPDIR:-/tmp}/mezame-pg-XXXXXX") || exit 1
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
init() { "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-sync "$@" >"$dir/init.log" 2>&1; }
init --locale=C.UTF-8 --locale-provider=icu --icu-locale=ja-JP || { rm -rf "$dir/data"; init --locale=C.UTF-8; } ||
    { cat "$dir/init.log" >&2; exit 1; }
go() {
    case $1 in
        start) "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -o "-k $dir -c listen_addresses='' -c fsync=off \
            -c synchronous_commit=$durable -c full_page_writes=off -c max_connections=200" start >/dev/null ;;
        stop) "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null ;;
    esac
}
go start || { cat "$dir/server.log" >&2; exit 1; }
echo "$dir"
while read -r word; do
    go "$word" && echo done || { cat "$dir/server.log" >&2; exit 1; }
done
"#;

/// A server of its own, for a story in which it goes away. What it has committed survives that.
pub struct Server {
    /// Its standard input is what keeps the server alive.
    keeper: Child,
    said: BufReader<ChildStdout>,
    sockets: String,
}

impl Server {
    /// Starts one.
    pub fn start() -> Result<Server> {
        start("on")
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> Result<String> {
        let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
        let made = Command::new(programs()?.join("createdb"))
            .args(["-h", &self.sockets, "-U", "postgres", &name])
            .output()
            .context("running createdb")?;
        ensure!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
        Ok(format!("postgres://postgres@{}/{name}", self.sockets.replace('/', "%2F")))
    }

    /// The server is gone at once, and every connection with it.
    pub fn crash(&mut self) -> Result<()> {
        self.ask("stop")
    }

    /// It is there again, with what was committed.
    pub fn recover(&mut self) -> Result<()> {
        self.ask("start")
    }

    fn ask(&mut self, word: &str) -> Result<()> {
        let keeper = self.keeper.stdin.as_mut().context("the server's keeper listens")?;
        writeln!(keeper, "{word}")?;
        let mut answer = String::new();
        self.said.read_line(&mut answer)?;
        ensure!(answer.trim() == "done", "the PostgreSQL server did not {word}; its reason is printed above");
        Ok(())
    }
}

static SERVER: Mutex<Option<Server>> = Mutex::new(None);
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// The address of an empty database of its own, on a server that this process shares. It forgets
/// what it committed last when it crashes.
pub fn fresh_database() -> Result<String> {
    let mut slot = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    match &mut *slot {
        Some(server) => server,
        empty => empty.insert(start("off")?),
    }
    .database()
}

fn start(durable: &str) -> Result<Server> {
    // The server refuses to run as root.
    let root = std::fs::metadata("/proc/self")?.uid() == 0;
    let mut command = if root { Command::new("runuser") } else { Command::new("sh") };
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command.args(["-c", SCRIPT, "sh"]).arg(programs()?).arg(durable).current_dir("/");
    let mut keeper = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting a shell for the PostgreSQL server")?;
    let out = keeper.stdout.take().context("the server's keeper speaks")?;
    let mut said = BufReader::new(out);
    let mut sockets = String::new();
    said.read_line(&mut sockets)?;
    let sockets = sockets.trim().to_owned();
    ensure!(!sockets.is_empty(), "the PostgreSQL server did not start; its reason is printed above");
    Ok(Server { keeper, said, sockets })
}

/// Where Debian keeps the programs of the newest installed version.
fn programs() -> Result<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        found.extend(versions.filter_map(|v| Some(v.ok()?.path().join("bin"))));
    }
    found.retain(|bin| Path::new(bin).join("initdb").exists());
    found.sort_by_key(|bin| version(bin));
    match found.pop() {
        Some(bin) => Ok(bin),
        None => bail!("PostgreSQL is not installed; on Debian: apt-get install postgresql"),
    }
}

fn version(bin: &Path) -> u32 {
    let parent = bin.parent().and_then(Path::file_name).map(|v| v.to_string_lossy().into_owned());
    parent.and_then(|v| v.parse().ok()).unwrap_or(0)
}
