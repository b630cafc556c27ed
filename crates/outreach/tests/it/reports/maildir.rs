//! A mailbox folder: nothing lost, nothing doubled, whatever dies in between.

use super::{file, folder};
use outreach::reports::{Report, Swept, read_maildir};
use std::collections::BTreeMap;
use std::{fs, io, path::Path};

fn mailbox(mails: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("folder");
    fs::create_dir(root.path().join("new")).expect("new");
    for (name, mail) in mails {
        fs::write(root.path().join("new").join(name), file(mail)).expect("mail");
    }
    root
}

fn names(root: &Path, part: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(root.join(part)) else { return vec![] };
    let mut names: Vec<String> =
        entries.map(|e| e.expect("entry").file_name().into_string().expect("name")).collect();
    names.sort();
    names
}

#[test]
fn new_mails_are_taken_in_order_and_moved() {
    let root = mailbox(&[("2.b", "full.eml"), ("1.a", "postfix.eml"), ("3.c", "vacation.eml")]);
    let mut kept: Vec<Report> = vec![];
    let swept = read_maildir(root.path(), |reports| {
        kept.extend_from_slice(reports);
        io::Result::Ok(())
    });
    assert_eq!(swept.expect("read"), Swept { mails: 3, reports: 2, left: 0 });
    assert_eq!(kept.iter().map(|r| r.id.as_str()).collect::<Vec<_>>(), ["1.a/0", "2.b/0"]);
    assert_eq!(names(root.path(), "new"), Vec::<String>::new());
    assert_eq!(names(root.path(), "cur"), ["1.a:2,S", "2.b:2,S", "3.c:2,S"]);
    let again = read_maildir(root.path(), |_| io::Result::Ok(())).expect("read");
    assert_eq!(again, Swept::default());
}

/// The process may die before or after keeping, at every mail: in the end each is kept once.
#[test]
fn a_crash_at_every_place_loses_and_doubles_nothing() {
    let mails: Vec<(String, &str)> = (0..6).map(|i| (format!("{i}.x"), "postfix.eml")).collect();
    let mails: Vec<(&str, &str)> = mails.iter().map(|(name, mail)| (name.as_str(), *mail)).collect();
    for crash_at in 0..6 {
        for keeps_first in [false, true] {
            let root = mailbox(&mails);
            let mut kept: BTreeMap<String, u32> = BTreeMap::new();
            let mut seen = 0;
            let mut take = |reports: &[Report], dies: bool| {
                let crashes = dies && seen == crash_at;
                seen += 1;
                if !crashes || keeps_first {
                    reports.iter().for_each(|r| {
                        kept.entry(r.id.clone()).or_insert(1);
                    });
                }
                if crashes { Err(io::Error::other("killed")) } else { Ok(()) }
            };
            let died = read_maildir(root.path(), |reports| take(reports, true));
            assert!(died.is_err());
            read_maildir(root.path(), |reports| take(reports, false)).expect("after the crash");
            assert_eq!(kept.len(), 6, "crash at {crash_at}, kept {keeps_first}");
            assert_eq!((names(root.path(), "new").len(), names(root.path(), "cur").len()), (0, 6));
        }
    }
}

#[test]
fn what_is_no_mail_stays() {
    let root = mailbox(&[("1.a", "postfix.eml")]);
    fs::create_dir(root.path().join("new/folder")).expect("folder");
    let swept = read_maildir(root.path(), |_| io::Result::Ok(())).expect("read");
    assert_eq!(swept, Swept { mails: 1, reports: 1, left: 0 });
    assert_eq!(names(root.path(), "new"), ["folder"]);
    assert!(read_maildir(&folder().join("nowhere"), |_| io::Result::Ok(())).is_err());
}
