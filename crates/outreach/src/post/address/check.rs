//! Whether an address and its postal code belong together.

use super::directory::{Directory, fold_name};
use super::split::Address;

/// What Japan Post's list says of an address and its code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Checked {
    /// They belong together. `town` is false where the code is the whole city's and says no town.
    Match { town: bool },
    /// The code belongs elsewhere: to these places, `東京都千代田区霞が関`. `suggestion` is the code of
    /// the address as it is written, where the list has exactly one.
    TownDiffers { expected: Vec<String>, suggestion: Option<String> },
    /// Nobody has this code.
    UnknownCode { suggestion: Option<String> },
}

/// Compares an address that [`Address::split`] took apart with the places of its code.
pub fn check(postal_code: &str, address: &Address, directory: &Directory) -> Checked {
    let places = directory.places(postal_code);
    let after_city = format!("{}{}", address.town, address.block);
    let code = directory.code_of(&address.prefecture, &address.city, &after_city);
    let suggestion = code.filter(|code| *code != postal_code.replace('-', "")).map(str::to_owned);
    if places.is_empty() {
        return Checked::UnknownCode { suggestion };
    }
    let written = fold_name(&format!("{}{after_city}", address.city));
    let fitting = places.iter().filter(|place| {
        let prefecture = address.prefecture.is_empty() || address.prefecture == place.prefecture;
        prefecture && written.starts_with(&fold_name(&format!("{}{}", place.city, place.town)))
    });
    let town = fitting.map(|place| !place.whole).max();
    match town {
        Some(town) => Checked::Match { town },
        None => Checked::TownDiffers {
            expected: places.iter().map(|p| [p.prefecture.as_str(), &p.city, &p.town].concat()).collect(),
            suggestion,
        },
    }
}
