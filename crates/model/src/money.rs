//! An amount of money, exact.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, AddAssign, Neg, Sub};

/// Hundredths of the shop's currency (1 yen = 100, 1 cent = 1), so that yen and
/// cents travel alike and nothing is ever rounded. Range: about 92 * 10^15 units.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// Whole units (yen).
    pub const fn units(units: i64) -> Money {
        Money(units * 100)
    }

    /// In units, for arithmetic that need not be exact and for output to people's tools.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl Add for Money {
    type Output = Money;
    fn add(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }
}
impl AddAssign for Money {
    fn add_assign(&mut self, other: Money) {
        *self = *self + other;
    }
}
impl Sub for Money {
    type Output = Money;
    fn sub(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }
}
impl Neg for Money {
    type Output = Money;
    fn neg(self) -> Money {
        Money(-self.0)
    }
}
impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Add::add)
    }
}

/// `12345`, `-3`, `11.77`: no separators, cents only where there are any.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (units, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        match cents {
            0 => write!(f, "{sign}{units}"),
            _ => write!(f, "{sign}{units}.{cents:02}"),
        }
    }
}

/// For serde: an amount as a number of units (50000 is fifty thousand yen), as people write it.
pub(crate) mod units {
    use super::Money;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(amount: &Money, to: S) -> Result<S::Ok, S::Error> {
        match amount.0 % 100 {
            0 => to.serialize_i64(amount.0 / 100),
            _ => to.serialize_f64(amount.as_f64()),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Money, D::Error> {
        let units = f64::deserialize(from)?;
        match (-1e13..=1e13).contains(&units) {
            true => Ok(Money((units * 100.0).round() as i64)),
            false => Err(D::Error::custom(format!("{units} is no amount of money"))),
        }
    }
}

/// The same where there may be none.
pub(crate) mod maybe_units {
    use super::Money;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Units(#[serde(with = "super::units")] Money);

    pub fn serialize<S: Serializer>(amount: &Option<Money>, to: S) -> Result<S::Ok, S::Error> {
        amount.map(Units).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Money>, D::Error> {
        Ok(Option::<Units>::deserialize(from)?.map(|u| u.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Money;

    #[test]
    fn shown_plainly() {
        let shown: Vec<String> = [1_234_500, -5, 1_177, 0].map(|n| Money(n).to_string()).into();
        assert_eq!(shown, ["12345", "-0.05", "11.77", "0"]);
    }
}
