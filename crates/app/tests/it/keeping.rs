//! What runs by itself, over a real store: files that grow, two who watch, the night.

use app::{App, Automatic, Clock, Config, ImportRequest, Secrets, Settings, Watcher};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Noon of 2026-11-22 in Japan.
const NOON: i64 = 1_795_316_400;
const DAY: i64 = 86_400;

struct Kept {
    app: App,
    clock: Arc<AtomicI64>,
    folder: tempfile::TempDir,
}

impl Kept {
    fn new() -> Kept {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(NOON));
        let app = open(&folder.path().join("data"), &clock);
        fs::create_dir(folder.path().join("in")).unwrap();
        Kept { app, clock, folder }
    }

    fn inbox(&self) -> PathBuf {
        self.folder.path().join("in")
    }

    fn watcher(&self) -> Watcher {
        Watcher::new(&self.app, &self.inbox(), ImportRequest::default()).unwrap()
    }

    fn customers(&self) -> usize {
        self.app.judged().unwrap().customers() as usize
    }
}

fn open(data: &std::path::Path, clock: &Arc<AtomicI64>) -> App {
    let told = clock.clone();
    let clock = Clock(Arc::new(move || told.load(Ordering::SeqCst)));
    let secrets = Secrets { signing: vec![(1, [7; 32])], ..Secrets::default() };
    App::open(Config { db: None, data: data.to_owned(), clock, secrets }).unwrap()
}

/// So many orders of as many customers, from a number on.
fn orders(from: usize, many: usize) -> String {
    (from..from + many).fold("order,customer,ordered_at,total\n".to_owned(), |mut text, n| {
        writeln!(text, "{n},C{n},2026-0{}-05,1200", n % 9 + 1).unwrap();
        text
    })
}

// M031: only whole files are taken in.
#[test]
fn m031_a_file_is_taken_in_only_when_it_has_stopped_growing() {
    let kept = Kept::new();
    let mut watcher = kept.watcher();
    let path = kept.inbox().join("a.csv");
    fs::write(&path, orders(1, 1)).unwrap();
    assert!(watcher.look(&|_| ()).unwrap().is_empty(), "seen for the first time");
    fs::write(&path, orders(1, 3)).unwrap();
    assert!(watcher.look(&|_| ()).unwrap().is_empty(), "it has grown");
    assert!(path.exists());
    let reports = watcher.look(&|_| ()).unwrap();
    assert_eq!(reports.iter().map(|r| r.inserted).sum::<u64>(), 3);
    assert!(!path.exists() && kept.inbox().join("done/a.csv").exists());
    assert_eq!(kept.customers(), 3);
    for name in ["b.csv.part", ".c.csv", "~d.csv", "e.pdf"] {
        fs::write(kept.inbox().join(name), orders(9, 1)).unwrap();
    }
    assert!(
        (0..3).all(|_| watcher.look(&|_| ()).unwrap().is_empty()),
        "half files and others' are left alone"
    );
}

// M031: a shop's own columns need no click either.
#[test]
fn m031_the_map_in_the_folder_reads_what_no_format_fits() {
    let kept = Kept::new();
    let mut watcher = kept.watcher();
    let look =
        |watcher: &mut Watcher| (0..2).flat_map(|_| watcher.look(&|_| ()).unwrap()).collect::<Vec<_>>();
    let own = "番,客,いつ,いくら\n1,A,2026-01-05,1200\n";
    fs::write(kept.inbox().join("own.csv"), own).unwrap();
    assert!(look(&mut watcher)[0].refused.is_some());
    let map = "kind = \"orders\"\nsource = \"own\"\n[columns]\norder = \"番\"\ncustomer = \"客\"\nordered_at = \"いつ\"\ntotal = \"いくら\"\n";
    fs::write(kept.inbox().join("map.toml"), map).unwrap();
    fs::write(kept.inbox().join("own.csv"), own).unwrap();
    fs::write(kept.inbox().join("known.csv"), orders(1, 2)).unwrap();
    assert_eq!(look(&mut watcher).iter().map(|r| r.inserted).sum::<u64>(), 3);
    assert!(kept.inbox().join("done/own.csv").exists() && kept.inbox().join("map.toml").exists());
    assert!(kept.app.arrivals_failed().unwrap().is_empty(), "the failure of the same name is past");
}

// M031: two watchers never take the same file, and what a killed one left is taken up.
#[test]
fn m031_two_who_watch_take_every_file_once() {
    let kept = Kept::new();
    fs::create_dir(kept.inbox().join("taking")).unwrap();
    fs::write(kept.inbox().join("taking/left.csv"), orders(900, 2)).unwrap();
    for n in 0..20 {
        fs::write(kept.inbox().join(format!("{n}.csv")), orders(n * 10 + 1, 5)).unwrap();
    }
    let taken: u64 = std::thread::scope(|threads| {
        let one = || {
            let other = open(kept.app.data_dir(), &kept.clock);
            let mut watcher = Watcher::new(&other, &kept.inbox(), ImportRequest::default()).unwrap();
            let looks = (0..40).map(|_| watcher.look(&|_| ()).unwrap());
            looks.flatten().map(|r| r.inserted).sum::<u64>()
        };
        let both = [threads.spawn(one), threads.spawn(one)];
        both.into_iter().map(|t| t.join().unwrap()).sum()
    });
    assert_eq!(taken, 102, "each order by one of them");
    assert_eq!(fs::read_dir(kept.inbox().join("done")).unwrap().count(), 21);
    assert_eq!(kept.app.arrivals(100).unwrap().len(), 21);
    assert_eq!(kept.customers(), 102);
}

// M031: recompute without cron.
#[test]
fn m031_every_night_is_judged_and_learned_from_once() {
    let kept = Kept::new();
    let night = |hour: &str| {
        let automatic = Automatic { nightly: hour.to_owned(), ..Automatic::default() };
        kept.app.set_settings(&Settings { automatic, ..kept.app.settings().unwrap() })
    };
    night("03:30").unwrap();
    assert!(night("25:00").is_err());
    fs::write(kept.inbox().join("a.csv"), orders(1, 40)).unwrap();
    let mut watcher = kept.watcher();
    (0..2).for_each(|_| drop(watcher.look(&|_| ()).unwrap()));
    // Hours from noon of the first day, and whether a round is due.
    for (hours, due) in
        [(0, false), (10, false), (15, false), (16, true), (17, false), (39, false), (88, true), (89, false)]
    {
        kept.clock.store(NOON + hours * 3_600, Ordering::SeqCst);
        assert_eq!(kept.app.nightly().unwrap(), due, "{hours} hours later");
    }
    let copies = kept.folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let automatic = |keys: &str| Automatic {
        backup_folder: copies.display().to_string(),
        backup_keys: keys.to_owned(),
        backup_keep: 2,
        ..Automatic::default()
    };
    let set = |automatic| kept.app.set_settings(&Settings { automatic, ..kept.app.settings().unwrap() });
    assert!(set(automatic("age1nonsense")).is_err());
    set(automatic(key)).unwrap();
    for day in 5..9 {
        kept.clock.store(NOON + day * DAY, Ordering::SeqCst);
        assert!(kept.app.nightly().unwrap());
    }
    let mut names: Vec<_> = fs::read_dir(&copies).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 2, "the oldest gave way: {names:?}");
    assert!(names[1].ends_with("mezame-2026-11-30.copy"));
    assert!(fs::read(&names[1]).unwrap().starts_with(b"age-encryption.org/v1\n-> X25519"));
    night("").unwrap();
    kept.clock.store(NOON + 30 * DAY, Ordering::SeqCst);
    assert!(!kept.app.nightly().unwrap(), "switched off");
}

/// A copy inside the data folder would take itself in until the disk is full; a link leads there too.
#[test]
fn a_copy_is_never_written_into_the_data_folder() {
    let kept = Kept::new();
    let data = kept.app.data_dir().to_owned();
    let inner = data.join("rejects");
    fs::create_dir_all(&inner).unwrap();
    let how = app::Backup { by: "佐藤".to_owned(), ..app::Backup::default() };
    let mut places = vec![data.join("a.copy"), inner.join("a.copy"), inner.join("../a.copy")];
    #[cfg(unix)]
    {
        let link = kept.folder.path().join("link");
        std::os::unix::fs::symlink(&inner, &link).unwrap();
        places.push(link.join("a.copy"));
    }
    for place in places {
        let why = kept.app.back_up(&place, &how).unwrap_err().to_string();
        assert!(why.contains("データフォルダの外") && !place.exists(), "{why}");
    }
    kept.app.back_up(&kept.folder.path().join("a.copy"), &how).unwrap();
}

/// Whoever may write into the watched folder reaches nothing else by links.
#[cfg(unix)]
#[test]
fn links_in_the_watched_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let kept = Kept::new();
    let outside = kept.folder.path().join("outside.csv");
    fs::write(&outside, orders(1, 3)).unwrap();
    symlink(&outside, kept.inbox().join("a.csv")).unwrap();
    fs::create_dir(kept.inbox().join("failed")).unwrap();
    symlink(&outside, kept.inbox().join("failed/b.csv.reason.txt")).unwrap();
    fs::write(kept.inbox().join("b.csv"), "nothing,known\n1,2\n").unwrap();
    let mut watcher = kept.watcher();
    (0..3).for_each(|_| drop(watcher.look(&|_| ()).unwrap()));
    assert_eq!(kept.app.arrivals(9).unwrap().len(), 1, "the link was taken for no file");
    assert!(kept.inbox().join("a.csv").is_symlink());
    assert_eq!(fs::read_to_string(&outside).unwrap(), orders(1, 3), "written by nobody");
    assert!(!kept.inbox().join("failed/b.csv.reason.txt").is_symlink());
    let elsewhere = kept.folder.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(&elsewhere, kept.inbox().join("done")).unwrap();
    assert!(watcher.look(&|_| ()).unwrap_err().to_string().contains("link"));
}

/// What a broken disk made of one call keeps none of the others waiting.
#[test]
fn an_unreadable_arrival_fails_alone() {
    let kept = Kept::new();
    let order =
        |n: u8| format!(r#"[{{"order":"{n}","customer":"C{n}","ordered_at":"2026-05-01","total":1200}}]"#);
    let ids: Vec<i64> =
        (1..=3).map(|n| kept.app.receive_orders(order(n).as_bytes(), None).unwrap()).collect();
    let file = |id: i64, name: &str| kept.app.data_dir().join("arrivals").join(id.to_string()).join(name);
    fs::write(file(ids[0], "asked.json"), "").unwrap();
    fs::write(file(ids[1], "orders.json"), "[{").unwrap();
    assert_eq!(kept.app.take_arrivals().unwrap(), [true, true, false]);
    let failed = kept.app.data_dir().join("arrivals/failed");
    assert_eq!(fs::read_dir(failed).unwrap().count(), 2, "put aside, not thrown away");
    assert_eq!(kept.customers(), 1);
    assert!(kept.app.take_arrivals().unwrap().is_empty(), "settled");
}
