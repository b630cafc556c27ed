//! Input that means harm, or nothing: each ends in a clear message and changes nothing.

use crate::world::World;
use std::io::Write;

const MAP: &str =
    "kind = \"orders\"\nsource = \"shop\"\n[columns]\ncustomer = \"c\"\nordered_at = \"d\"\ntotal = \"t\"\n";

/// Imports bytes as a file and returns what was said; it must be refused.
fn refused(name: &str, bytes: &[u8]) -> String {
    let world = World::sqlite();
    let map = world.file("m.toml", MAP);
    let file = world.file(name, bytes);
    let said = world.fails(1, &["import", &file, "--map", &map]);
    assert!(said.contains(name), "the file is not named: {said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(world.customers("").is_empty());
    said
}

#[test]
fn files_that_hold_no_table_are_refused_with_the_reason() {
    let cases: [(&str, &[u8], &str); 5] = [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"c,d,t\n", "header"),
        ("binary.csv", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0", "binary"),
        ("nul.csv", b"c,d,t\na,2026-01-01,\x0012\nb,2026-01-01,1\n", "NUL"),
        ("all-bad.csv", b"c,d,t\na,2023-02-30,1\nb,2023-02-31,1\nc,2023-13-01,1\n", "no such day"),
    ];
    for (name, bytes, word) in cases {
        let said = refused(name, bytes);
        assert!(said.to_lowercase().contains(&word.to_lowercase()), "{name}: no word of '{word}' in: {said}");
    }
}

#[test]
fn a_line_without_end_is_refused_without_eating_memory() {
    let mut bytes = b"c,d,t\na,2026-01-01,1\n".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 64 << 20));
    let said = refused("long.csv", &bytes);
    assert!(said.contains("line"), "{said}");
}

#[test]
fn a_zip_bomb_is_refused() {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    zip.write_all(b"c,d,t\n").unwrap();
    let row = vec![b' '; 1 << 20];
    for _ in 0..512 {
        zip.write_all(&row).unwrap();
    }
    let said = refused("bomb.csv.gz", &zip.finish().unwrap());
    assert!(!said.is_empty());
}

#[test]
fn mixed_encodings_are_named_with_their_line() {
    let mut bytes = "c,d,t,名前\nあ,2026-01-01,1,山田\n".as_bytes().to_vec();
    bytes.extend(encoding_rs::SHIFT_JIS.encode("い,2026-01-02,2,田中\n").0.iter());
    let world = World::sqlite();
    let map = world.file("m.toml", MAP);
    let file = world.file("mixed.csv", &bytes);
    let out = world.run(&["import", &file, "--map", &map]);
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(said.contains('3') && (said.contains("encoding") || said.contains("UTF-8")), "{said}");
}

#[test]
fn scientific_notation_in_an_id_is_refused_with_the_reason() {
    let world = World::sqlite();
    let map = world.file("m.toml", MAP);
    let file = world.file("sci.csv", "c,d,t\n1.23E+10,2026-01-01,1\nb,2026-01-02,2\nc,2026-01-03,3\n");
    let report = world.import(&[&file, "--map", &map]).remove(0);
    assert_eq!(report["rejected"], 1);
    let rejects = std::fs::read_to_string(report["rejects_file"].as_str().unwrap()).unwrap();
    assert!(rejects.contains("1.23E+10") && rejects.contains("Excel"), "{rejects}");
}
