//! The Japanese year by rule: holidays, seasons of trade, and the days on which a shop does not ship
//! (M101, M102, M166). Any year from 2022; before it some holidays were moved by special laws.

mod business;
mod holidays;
mod seasons;

pub use business::{BusinessTime, Closure, DaysOff};
pub use holidays::{Holiday, holiday, holidays};
pub use seasons::{Season, SeasonKind, seasons};

use crate::Day;

/// The n-th (from 1) of a weekday (0 = Monday) in a month.
fn nth(year: i32, month: u32, weekday: u32, n: u32) -> Option<Day> {
    let first = Day::from_ymd(year, month, 1)?;
    let ahead = (weekday + 7 - first.weekday()) % 7;
    Some(first.plus((ahead + 7 * (n - 1)) as i32))
}

/// A solar term as a day, by the shortened formula of 新こよみ便利帳 (暦計算研究会, 1991): two constants a
/// term, good from 1901 to 2099. Terms of January and February count with the year before.
fn term(year: i32, month: u32, (start, step): (f64, f64)) -> Option<Day> {
    let since = f64::from(year - 1900 - i32::from(month <= 2));
    let day = (start + step * since).floor() - (since / 4.0).floor();
    Day::from_ymd(year, month, day as u32)
}

/// 立春, 春分, 小暑, 立秋, 秋分.
const RISSHUN: (f64, f64) = (4.8693, 0.242713);
const SHUNBUN: (f64, f64) = (21.4471, 0.242377);
const SHOSHO: (f64, f64) = (8.0091, 0.241642);
const RISSHU: (f64, f64) = (8.4102, 0.241703);
const SHUBUN: (f64, f64) = (23.8896, 0.242032);
