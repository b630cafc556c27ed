//! The symbols of a customer barcode, its check digit and its bars, and the way back (manual p12, p21).

use serde::{Deserialize, Serialize};
use std::fmt;

/// One of the four bars, numbered as the manual does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Bar {
    /// 1, ロングバー: up and down.
    Long,
    /// 2, セミロングバー(上).
    Upper,
    /// 3, セミロングバー(下).
    Lower,
    /// 4, タイミングバー: the middle only.
    Timing,
}

impl Bar {
    /// 1 to 4.
    pub const fn number(self) -> u8 {
        match self {
            Bar::Long => 1,
            Bar::Upper => 2,
            Bar::Lower => 3,
            Bar::Timing => 4,
        }
    }

    const fn of(number: u8) -> Bar {
        match number {
            1 => Bar::Long,
            2 => Bar::Upper,
            3 => Bar::Lower,
            _ => Bar::Timing,
        }
    }
}

/// Why an address gets no barcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoBarcode {
    #[error("郵便番号が7けたではありません / the postal code is not seven digits")]
    NotSevenDigits,
    /// 「以下に掲載がない場合」: the code says no town, so the manual (p18) wants no barcode.
    #[error("町域のわからない郵便番号（下2けたが00）です / the postal code ends in 00 and says no town")]
    WholeDistrict,
}

/// Hyphen, CC1 and CC4 by their value for the check digit; CC1 to CC8 are 11 to 18.
const HYPHEN: u8 = 10;
const CC1: u8 = 11;
const CC4: u8 = 14;
/// The bars of each value, 0 to 18.
const BARS: [[u8; 3]; 19] = [
    [1, 4, 4],
    [1, 1, 4],
    [1, 3, 2],
    [3, 1, 2],
    [1, 2, 3],
    [1, 4, 1],
    [3, 2, 1],
    [2, 1, 3],
    [2, 3, 1],
    [4, 1, 1],
    [4, 1, 4],
    [3, 2, 4],
    [3, 4, 2],
    [2, 3, 4],
    [4, 3, 2],
    [2, 4, 3],
    [4, 2, 3],
    [4, 4, 1],
    [1, 1, 1],
];
const START: [u8; 2] = [1, 3];
const STOP: [u8; 2] = [3, 1];
/// Places: the postal code, the address number, the check digit.
const CODE: usize = 7;
const NUMBER: usize = 13;

/// A customer barcode: 7 + 13 symbols and their check digit, each by its value 0 to 18; kept as those.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Vec<u8>", into = "Vec<u8>")]
pub struct CustomerBarcode {
    symbols: [u8; CODE + NUMBER + 1],
}

impl CustomerBarcode {
    /// Bars of every barcode: start 2, 21 symbols of 3, stop 2.
    pub const BARS: usize = 67;

    /// Of a postal code (a hyphen within it is passed over) and an [`super::address_number`]; what
    /// exceeds thirteen places is left out, a letter taking two. An empty number is right for the
    /// codes of single offices (大口事業所個別番号, manual p22).
    pub fn new(postal_code: &str, number: &str) -> Result<CustomerBarcode, NoBarcode> {
        let digits: Vec<u8> = postal_code.bytes().filter(|b| *b != b'-').collect();
        if digits.len() != CODE || !digits.iter().all(u8::is_ascii_digit) {
            return Err(NoBarcode::NotSevenDigits);
        }
        if digits.ends_with(b"00") {
            return Err(NoBarcode::WholeDistrict);
        }
        let places = digits.iter().map(|d| d - b'0').chain(number.bytes().flat_map(values));
        let mut symbols = [CC4; CODE + NUMBER + 1];
        symbols[..CODE + NUMBER].iter_mut().zip(places).for_each(|(place, value)| *place = value);
        let sum: u32 = symbols[..CODE + NUMBER].iter().map(|s| u32::from(*s)).sum();
        symbols[CODE + NUMBER] = ((19 - sum % 19) % 19) as u8;
        Ok(CustomerBarcode { symbols })
    }

    /// The check digit: all symbols with it add up to a multiple of 19. 0 to 18.
    pub fn check_digit(&self) -> u8 {
        self.symbols[CODE + NUMBER]
    }

    /// The bars from left to right.
    pub fn bars(&self) -> [Bar; CustomerBarcode::BARS] {
        let symbols = self.symbols.iter().flat_map(|s| BARS[usize::from(*s)]);
        let mut numbers = START.into_iter().chain(symbols).chain(STOP);
        std::array::from_fn(|_| Bar::of(numbers.next().unwrap_or_default()))
    }

    /// What bars say, if start, stop, every symbol and the check digit are right.
    pub fn read(bars: &[Bar]) -> Option<CustomerBarcode> {
        let numbers: Vec<u8> = bars.iter().map(|bar| bar.number()).collect();
        let inner = numbers.strip_prefix(&START)?.strip_suffix(&STOP)?;
        let mut symbols = [0; CODE + NUMBER + 1];
        if inner.len() != symbols.len() * 3 {
            return None;
        }
        for (symbol, three) in symbols.iter_mut().zip(inner.chunks(3)) {
            *symbol = BARS.iter().position(|bars| bars == three)? as u8;
        }
        CustomerBarcode::try_from(symbols.to_vec()).ok()
    }

    /// Seven digits.
    pub fn postal_code(&self) -> String {
        self.symbols[..CODE].iter().map(|s| char::from(b'0' + s)).collect()
    }

    /// The address number as far as it found place; a letter cut in two is left out.
    pub fn number(&self) -> String {
        let mut number = String::new();
        let mut set = None;
        for symbol in &self.symbols[CODE..CODE + NUMBER] {
            match (symbol, set.take()) {
                (0..HYPHEN, Some(set)) => number.push(char::from(b'A' + set * 10 + symbol)),
                (0..HYPHEN, None) => number.push(char::from(b'0' + symbol)),
                (&HYPHEN, _) => number.push('-'),
                (CC1..CC4, _) => set = Some(symbol - CC1),
                _ => {}
            }
        }
        number
    }
}

impl From<CustomerBarcode> for Vec<u8> {
    fn from(code: CustomerBarcode) -> Vec<u8> {
        code.symbols.to_vec()
    }
}

impl TryFrom<Vec<u8>> for CustomerBarcode {
    type Error = &'static str;
    fn try_from(symbols: Vec<u8>) -> Result<CustomerBarcode, &'static str> {
        let symbols = <[u8; CODE + NUMBER + 1]>::try_from(symbols).map_err(|_| "a barcode has 21 symbols")?;
        let known = symbols.iter().all(|s| usize::from(*s) < BARS.len());
        let right = symbols.iter().map(|s| u32::from(*s)).sum::<u32>().is_multiple_of(19);
        let postal = symbols[..CODE].iter().all(|s| *s < HYPHEN);
        if known && right && postal { Ok(CustomerBarcode { symbols }) } else { Err("no customer barcode") }
    }
}

/// The places of one character: a digit or hyphen one, a capital letter two, anything else none.
fn values(byte: u8) -> impl Iterator<Item = u8> {
    let two = match byte {
        b'0'..=b'9' => [Some(byte - b'0'), None],
        b'-' => [Some(HYPHEN), None],
        b'A'..=b'Z' => [Some(CC1 + (byte - b'A') / 10), Some((byte - b'A') % 10)],
        _ => [None, None],
    };
    two.into_iter().flatten()
}

/// As the manual writes it: `STC10000131-3-2-503CC4CC4CC4CC49SPC`.
impl fmt::Display for CustomerBarcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("STC")?;
        for symbol in self.symbols {
            match symbol {
                0..HYPHEN => write!(f, "{symbol}")?,
                HYPHEN => f.write_str("-")?,
                control => write!(f, "CC{}", control - HYPHEN)?,
            }
        }
        f.write_str("SPC")
    }
}

impl fmt::Debug for CustomerBarcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerBarcode") // the symbols are somebody's address
    }
}
