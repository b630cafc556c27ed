//! Prefecture, city, town, number and building of an address as somebody typed it.

use super::directory::{Directory, Place, fold_name};
use crate::post::barcode::{CustomerBarcode, NoBarcode, address_number};
use crate::post::text::{kanji_number, tidy};
use model::PREFECTURES;

/// Cities whose names hold the very letter that ends a city's name.
const ODD_CITIES: [&str; 12] = [
    "四日市市",
    "廿日市市",
    "野々市市",
    "八日市市",
    "余市町",
    "余市郡",
    "市川市",
    "市原市",
    "町田市",
    "村山市",
    "大町市",
    "十日町市",
];

/// Before one of these (and not before 町 or 丁 after it: 四番町, 三番丁), a kanji number begins the 番地.
const NUMBERED: [&str; 7] = ["丁目", "丁", "番地", "番", "号", "地割", "線"];

/// What may follow a number within the 番地. Longest first.
const UNITS: [&str; 13] =
    ["号室", "号棟", "番地の", "丁目", "番地", "地割", "丁", "番", "号", "線", "の", "ノ", "-"];

/// An address in its parts, tidied; a part that is not there is empty. Together they hold every
/// letter of what was typed, except a postal code in front and blanks.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Address {
    /// 都道府県.
    pub prefecture: String,
    /// 市区町村, with its 郡.
    pub city: String,
    /// 町域: all that stands before the number.
    pub town: String,
    /// 丁目・番地・号: `1丁目3番2号`, `1-3-2`.
    pub block: String,
    /// Building, floor and room.
    pub building: String,
}

impl Address {
    /// Takes an address apart. With a directory, the town is the one the postal code means, so that
    /// 四番町 is a town and no number; without, it ends where a number begins.
    pub fn split(postal_code: &str, prefecture: &str, rest: &str, directory: Option<&Directory>) -> Address {
        let text = without_code(&tidy(&format!("{} {}", prefecture.trim(), rest.trim())));
        let (prefecture, rest) =
            head(&text, |text| PREFECTURES.iter().find(|p| text.starts_with(*p)).map(|p| p.len()));
        // The same prefecture in both columns is said once.
        let rest =
            rest.strip_prefix(prefecture).filter(|_| !prefecture.is_empty()).unwrap_or(rest).trim_start();
        let known = directory.map(|directory| directory.places(postal_code)).unwrap_or_default();
        let (city, rest) = head(rest, |text| known_city(text, known).or_else(|| city_end(text)));
        let (town, rest) = head(rest, |text| known_town(text, known).or_else(|| Some(number_start(text))));
        let (block, building) = head(rest, |text| Some(block_end(text)));
        let [prefecture, city, town, block, building] =
            [prefecture, city, town, block, building].map(str::to_owned);
        Address { prefecture, city, town, block, building }
    }

    /// Everything up to the town, as one run: it is broken last of all.
    pub fn district(&self) -> String {
        [self.prefecture.as_str(), &self.city, &self.town].concat()
    }

    /// What is printed, in the pieces between which a line may break.
    pub fn lines(&self) -> Vec<String> {
        let street = format!("{}{}", self.district(), self.block);
        [street, self.building.clone()].into_iter().filter(|line| !line.is_empty()).collect()
    }

    /// The customer barcode of this address under this postal code.
    pub fn barcode(&self, postal_code: &str) -> Result<CustomerBarcode, NoBarcode> {
        CustomerBarcode::new(postal_code, &address_number(&format!("{} {}", self.block, self.building)))
    }
}

/// Parts a text where `end` says (a byte position), each side trimmed.
fn head(text: &str, end: impl Fn(&str) -> Option<usize>) -> (&str, &str) {
    let (head, rest) = text.split_at(end(text).unwrap_or(0));
    (head.trim(), rest.trim_start())
}

/// A postal code in front of the address says nothing new.
fn without_code(text: &str) -> String {
    let rest = text.trim_start_matches('〒').trim_start();
    let digits: String = rest.chars().filter(|c| *c != '-').take(7).collect();
    let end = rest.char_indices().filter(|(_, c)| *c != '-').nth(7).map_or(rest.len(), |(at, _)| at);
    let is_code = digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit());
    if is_code && (end <= 8) { rest[end..].trim_start().to_owned() } else { rest.to_owned() }
}

/// The byte length of `name` at the head of `text`, both folded: ケ and ヶ are one, 大字 is passed over.
fn same_head(text: &str, name: &str) -> Option<usize> {
    let wanted = fold_name(name);
    if wanted.is_empty() {
        return None;
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take(name.len() + 6).find(|end| fold_name(&text[..*end]) == wanted)
}

fn known_city(text: &str, known: &[Place]) -> Option<usize> {
    known.iter().filter_map(|place| same_head(text, &place.city)).max()
}

fn known_town(text: &str, known: &[Place]) -> Option<usize> {
    known.iter().filter(|place| !place.whole).filter_map(|place| same_head(text, &place.town)).max()
}

/// Where the city ends: a 郡 with its 町 or 村, a 市 with its 区, a 区 of Tokyo, or one of these alone.
fn city_end(text: &str) -> Option<usize> {
    if let Some(odd) = ODD_CITIES.iter().find(|odd| text.starts_with(*odd)) {
        let after = &text[odd.len()..];
        let ward = if odd.ends_with('郡') { short(after, &['町', '村']) } else { None };
        return Some(odd.len() + ward.unwrap_or(0));
    }
    let first = short(text, &['市', '区', '町', '村', '郡'])?;
    let more = match text[..first].chars().next_back() {
        Some('市') => short(&text[first..], &['区']).filter(|end| *end <= 12),
        Some('郡') => short(&text[first..], &['町', '村']),
        _ => None,
    };
    Some(first + more.unwrap_or(0))
}

/// The end of the first of `marks` that does not open the text and stands before any digit or blank.
fn short(text: &str, marks: &[char]) -> Option<usize> {
    text.char_indices()
        .take(8)
        .take_while(|(_, c)| !c.is_ascii_digit() && *c != ' ')
        .skip(1)
        .find(|(_, c)| marks.contains(c))
        .map(|(at, c)| at + c.len_utf8())
}

/// Where the numbers begin: a digit, or a number in kanji before 丁目 and its like.
fn number_start(text: &str) -> usize {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let only: Vec<char> = chars.iter().map(|(_, c)| *c).collect();
    for at in 0..only.len() {
        if only[at].is_ascii_digit() {
            return chars[at].0;
        }
        let run = only[at..].iter().take_while(|c| kanji_number(&[**c]).is_some()).count();
        let after: String = only[at + run..].iter().collect();
        let named = ["番町", "番丁", "丁町", "号町", "線町"].iter().any(|name| after.starts_with(name));
        if run > 0 && !named && NUMBERED.iter().any(|word| after.starts_with(word)) {
            return chars[at].0;
        }
    }
    text.len()
}

/// Where the number ends and the building begins: numbers with their units, one after another, over a
/// blank only where a unit stands before it (`1丁目 3-2`).
fn block_end(text: &str) -> usize {
    let mut end = 0;
    loop {
        let blank = text[end..].len() - text[end..].trim_start().len();
        let after_unit = text[..end].ends_with(['目', '地', '番', '割']);
        let at = if blank > 0 && after_unit { end + blank } else { end };
        let digits = text[at..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - at);
        let kanji = text[at..].find(|c| kanji_number(&[c]).is_none()).unwrap_or(text.len() - at);
        let number = digits.max(kanji);
        let unit = UNITS.iter().find(|unit| text[at + number..].starts_with(*unit));
        match unit {
            _ if number == 0 || (digits == 0 && unit.is_none()) => return end,
            Some(unit) => end = at + number + unit.len(),
            None => return at + number,
        }
    }
}
