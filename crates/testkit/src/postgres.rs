//! A throwaway PostgreSQL server for one test process, and a fresh database for each test.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Makes the cluster, starts it, says where it is, and waits for its standard input to close:
/// that happens when the test process ends, however it ends. Then server and files go.
/// The locale is not C where that can be had, since sorting must not depend on it.
const SCRIPT: &str = r#"
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/mezame-pg-XXXXXX") || exit 1
trap '"$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
init() { "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-sync "$@" >"$dir/init.log" 2>&1; }
init --locale=C.UTF-8 --locale-provider=icu --icu-locale=ja-JP || { rm -rf "$dir/data"; init --locale=C.UTF-8; } ||
    { cat "$dir/init.log" >&2; exit 1; }
"$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -o "-k $dir -c listen_addresses='' -c fsync=off \
    -c synchronous_commit=off -c full_page_writes=off -c max_connections=200" start >/dev/null ||
    { cat "$dir/server.log" >&2; exit 1; }
echo "$dir"
read -r _ || true
"#;

struct Server {
    /// Its standard input is what keeps the server alive.
    _keeper: Child,
    sockets: String,
}

static SERVER: Mutex<Option<Server>> = Mutex::new(None);
static DATABASES: AtomicUsize = AtomicUsize::new(0);

/// The address of an empty database of its own, on a server that this process shares.
pub fn fresh_database() -> Result<String> {
    let mut slot = SERVER.lock().unwrap_or_else(PoisonError::into_inner);
    let server = match &mut *slot {
        Some(server) => server,
        empty => empty.insert(start()?),
    };
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    let made = Command::new(programs()?.join("createdb"))
        .args(["-h", &server.sockets, "-U", "postgres", &name])
        .output()
        .context("running createdb")?;
    ensure!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
    Ok(format!("postgres://postgres@{}/{name}", server.sockets.replace('/', "%2F")))
}

fn start() -> Result<Server> {
    // The server refuses to run as root.
    let root = std::fs::metadata("/proc/self")?.uid() == 0;
    let mut command = if root { Command::new("runuser") } else { Command::new("sh") };
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    command.args(["-c", SCRIPT, "sh"]).arg(programs()?).current_dir("/");
    let mut keeper = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("starting a shell for the PostgreSQL server")?;
    let mut sockets = String::new();
    if let Some(out) = keeper.stdout.take() {
        BufReader::new(out).read_line(&mut sockets)?;
    }
    let sockets = sockets.trim().to_owned();
    ensure!(!sockets.is_empty(), "the PostgreSQL server did not start; its reason is printed above");
    Ok(Server { _keeper: keeper, sockets })
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
