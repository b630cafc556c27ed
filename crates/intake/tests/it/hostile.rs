//! Files that mean harm, or came to it: each ends in a clear message.

use crate::help::{open, options};
use proptest::prelude::*;
use std::io::Write;
use std::ops::ControlFlow;

const HEAD: &str = "order,customer,ordered_at,total,name\n";

/// Opens, surveys and reads; the error where there is one.
fn run(bytes: Vec<u8>) -> Result<(), String> {
    for upload in intake::open_bytes("f.csv", bytes, &options()).map_err(|e| e.to_string())? {
        let survey = upload.survey(&mut |_, _| {}).map_err(|e| e.to_string())?;
        upload.read(&survey, &mut |_| ControlFlow::Continue(())).map_err(|e| e.to_string())?;
    }
    Ok(())
}

fn with_rows(tail: &[u8]) -> Vec<u8> {
    let mut bytes = HEAD.as_bytes().to_vec();
    for n in 0..50_000 {
        bytes.extend(format!("{n},7,2024-01-05,100,山田\n").bytes());
    }
    bytes.extend(tail);
    bytes
}

#[test]
fn each_ends_in_a_clear_message() {
    let sjis = encoding_rs::SHIFT_JIS.encode(&"9,7,2024-01-05,100,髙橋花子\n".repeat(5)).0.into_owned();
    let mut sjis_first = encoding_rs::SHIFT_JIS
        .encode(&format!("{HEAD}{}", "9,7,2024-01-05,1,髙橋\n".repeat(30_000)))
        .0
        .into_owned();
    sjis_first.extend("9,7,2024-01-05,1,山田花子\n".repeat(9).bytes());
    let mut random: Vec<u8> = (0..9_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    random.retain(|b| *b != 0);
    let long = |n: usize| [HEAD.as_bytes(), b"1,7,2024-01-05,1,", &vec![b'x'; n]].concat();
    for (what, bytes, message) in [
        ("empty", vec![], "f.csv: is empty. Export it again."),
        ("header only", HEAD.into(), "has a header row and no other rows"),
        ("blank lines", b"\n\n\r\n".to_vec(), "holds no rows"),
        ("no header", b"1,7,2024-01-05,100\n2,7,2024-01-06,100\n".to_vec(), "line 1: has no header row"),
        ("a NUL", with_rows(b"1,7,2024-\0 01\n"), "f.csv, line 50002: holds NUL bytes"),
        ("CP932 after UTF-8", with_rows(&sjis), "f.csv, line 50002: two encodings in one file: UTF-8 before"),
        ("UTF-8 after CP932", sjis_first, "two encodings in one file: CP932 before, UTF-8 here"),
        ("random bytes", random, "neither UTF-8, CP932"),
        ("a picture", b"\x89PNG\r\n\x1a\n".to_vec(), "is a picture"),
        ("old Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "Save it as .xlsx or as CSV"),
        ("a long line", long(3 << 20), "line 2: a row of more than 1024 KiB"),
        (
            "an open quote",
            with_rows(&[b"\"".to_vec(), with_rows(b"")].concat()),
            "line 50002: a row of more than 1024 KiB. A quotation mark",
        ),
        (
            "many columns",
            [HEAD.as_bytes(), &vec![b','; 9_000]].concat(),
            "line 2: a row of more than 4096 columns",
        ),
        ("a broken zip", b"PK\x03\x04 nothing more".to_vec(), "is not a whole zip"),
        ("a cut gzip", b"\x1f\x8b\x08\x00\x00".to_vec(), "cut off"),
        (
            "unknown columns",
            "色,形\n赤,丸\n".into(),
            "no known format has these columns: 色, 形. Make a column map",
        ),
    ] {
        let error = run(bytes).expect_err(what);
        assert!(error.contains(message), "{what}: {error}");
    }
}

/// 2 GiB without a line end, of which no more than one record is ever in memory.
#[test]
fn a_line_of_two_gib_ends_early() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.csv");
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(b"order,customer,ordered_at,total\n1,7,2024-01-05,").expect("written");
    file.write_all(&vec![b'1'; 2 << 20]).expect("written");
    // The rest is a hole: whoever read it through would tell of NULs instead.
    file.set_len(2 << 30).expect("a sparse file");
    let error = intake::open(&path, &options()).err().expect("refused").to_string();
    assert!(error.contains("line 2: a row of more than 1024 KiB"), "{error}");
}

#[test]
fn zip_bombs_are_refused() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(HEAD.as_bytes()).expect("memory");
    let line = "1,7,2024-01-05,1,".to_owned() + &"0".repeat(5_000) + "\n";
    for _ in 0..14_000 {
        gz.write_all(line.as_bytes()).expect("memory");
    }
    let error = run(gz.finish().expect("memory")).expect_err("a bomb");
    assert!(error.contains("a zip bomb"), "{error}");

    let mut small = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    small.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).expect("memory");
    for _ in 0..66 {
        small.write_all(&vec![b'0'; 1 << 20]).expect("memory");
    }
    let mut small = small.finish_into_readable().expect("memory");
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for name in ["workbook", "a", "b", "c", "d", "e", "f", "g"] {
        let member = small.by_index_raw(0).expect("a member");
        zip.raw_copy_file_rename(member, format!("xl/{name}.xml")).expect("memory");
    }
    let error = run(zip.finish().expect("memory").into_inner()).expect_err("a bomb");
    assert!(error.contains("unpacks to over 512 MiB"), "{error}");
}

#[test]
fn lines_are_counted_through_quotes_and_line_ends() {
    let text =
        "order,customer,ordered_at,total\r\n1,7,2024-01-05,1\r\n\r\n\"2\r\n\",7,2024-01-05,1\r\n3,7,x,1\r\n";
    let upload = open(text.into());
    let survey = upload.survey(&mut |_, _| {}).expect("good enough");
    let mut lines = Vec::new();
    let each = &mut |entry| {
        if let intake::Entry::Reject(r) = entry {
            lines.push(r.line);
        }
        ControlFlow::Continue(())
    };
    upload.read(&survey, each).expect("read");
    assert_eq!(lines, [6]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = run(bytes);
    }

    #[test]
    fn no_cells_panic(cells in proptest::collection::vec("[ -~あ-んア-ヶ一-三０-９￥△年月日令和元\"',;\t\n]{0,12}", 1..60)) {
        let head = "order,customer,ordered_at,total,name,email,phone,postal,address,status,quantity,price,item,birthday\n";
        let rows: Vec<String> = cells.chunks(14).map(|row| row.join(",")).collect();
        let _ = run(format!("{head}{}", rows.join("\n")).into_bytes());
    }
}
