//! Who one customer is: name, homes, mailboxes, telephone, and whom they share them with.

use crate::dice::Dice;
use crate::names::{FAMILIES, FIRMS, MEN, Part, WOMEN};
use crate::places::{HOUSES, PREFECTURES, TOWNS};
use model::Day;

/// What customers `2n` and `2n + 1` have to do with each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pair {
    Strangers,
    /// One home, one surname, one telephone, two mailboxes.
    Couple,
    /// One home, one surname, one mailbox, two telephones. The child orders as a guest.
    ParentAndChild,
    /// Two people of one name in one postal code.
    Namesakes,
}

/// Whether somebody has a member id in EC-CUBE.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Guest {
    Member,
    /// The first order as a guest, then a member.
    Once,
    Always,
}

/// An address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Home {
    /// Index into `PREFECTURES`; its JIS number is one more.
    pub prefecture: usize,
    pub city: &'static str,
    /// Seven digits.
    pub postal: String,
    pub town: &'static str,
    /// `3-12-5`
    pub block: String,
    /// House and room, or empty.
    pub house: String,
}

/// Somebody who does not exist.
#[derive(Clone)]
pub(crate) struct Person {
    pub index: u64,
    pub family: Part,
    pub given: Part,
    pub female: bool,
    pub birthday: Option<Day>,
    pub job: Option<usize>,
    pub firm: Option<&'static str>,
    pub home: Home,
    pub mail: String,
    /// Digits with the leading 0.
    pub phone: String,
    pub pair: Pair,
    pub guest: Guest,
    /// Moved that many days before `today`, with a new home, and perhaps a new mailbox.
    pub moved: Option<Move>,
    /// The shop opened the file in Excel and lost the leading zeros of this customer.
    pub excel: bool,
    /// Said yes to mail and to SMS in Shopify.
    pub accepts: (bool, bool),
    pub points: i64,
}

/// A move to another home.
#[derive(Clone)]
pub(crate) struct Move {
    pub days_ago: i32,
    pub home: Home,
    pub mail: Option<String>,
}

impl Person {
    /// Customer `index`: the odd one of a pair takes from the even one what they share.
    pub fn of(seed: u64, index: u64, today: Day) -> Person {
        let pair = pair_of(seed, index);
        let mut person = Person::alone(seed, index, today, pair);
        if pair != Pair::Strangers {
            person.moved = None;
            person.guest = Guest::Member;
            person.firm = None;
        }
        if index % 2 == 1 && pair != Pair::Strangers {
            person.share(Person::alone(seed, index - 1, today, pair));
        }
        person
    }

    fn alone(seed: u64, index: u64, today: Day, pair: Pair) -> Person {
        let mut dice = Dice::new(seed, index, 2);
        let family = *dice.pick(FAMILIES);
        let female = dice.chance(0.72);
        let given = *dice.pick(if female { WOMEN } else { MEN });
        let age = dice.between(22 * 365, 88 * 365);
        let birthday = dice.chance(0.7).then(|| today.plus(-age));
        let job = dice.chance(0.5).then(|| dice.below(18) as usize);
        let firm = dice.chance(0.02).then(|| *dice.pick(FIRMS));
        let home = Home::draw(&mut dice);
        let mail = mail(&mut dice, family, given, index, "");
        let phone = phone(index, dice.chance(0.8));
        let guest = dice.weighted(&[(84, Guest::Member), (4, Guest::Once), (12, Guest::Always)]);
        let moved = dice.chance(0.08).then(|| Move {
            days_ago: dice.between(20, 1_200),
            home: Home::draw(&mut dice),
            mail: dice.chance(0.33).then(|| mail_of(family, given, index, ".new", "example.com")),
        });
        let accepts = (dice.chance(0.55), dice.chance(0.1));
        let excel = dice.chance(0.03);
        let points = i64::from(dice.between(0, 40)) * 50;
        Person {
            index,
            family,
            given,
            female,
            birthday,
            job,
            firm,
            home,
            mail,
            phone,
            pair,
            guest,
            moved,
            excel,
            accepts,
            points,
        }
    }

    fn share(&mut self, other: Person) {
        self.family = other.family;
        match self.pair {
            Pair::Strangers => {}
            Pair::Couple => {
                self.home = other.home;
                self.phone = other.phone;
                self.female = !other.female;
                self.given = given_of(self.female, self.index);
                self.mail = mail_of(self.family, self.given, self.index, "", "example.net");
            }
            Pair::ParentAndChild => {
                self.home = other.home;
                self.mail = other.mail;
                self.guest = Guest::Always;
                let names = if self.female { WOMEN } else { MEN };
                self.given =
                    *names.iter().find(|n| **n != other.given && **n != self.given).unwrap_or(&names[0]);
            }
            Pair::Namesakes => {
                self.given = other.given;
                self.female = other.female;
                let (block, house) = (self.home.block.clone(), String::from("離れ"));
                self.home = Home { block, house, ..other.home };
                self.birthday = self.birthday.filter(|_| self.birthday != other.birthday);
                self.mail = mail_of(self.family, self.given, self.index, "", "example.org");
            }
        }
    }

    /// The home and the mailbox of that day.
    pub fn at(&self, day: Day, today: Day) -> (&Home, &str) {
        match &self.moved {
            Some(m) if day >= today.plus(-m.days_ago) => (&m.home, m.mail.as_deref().unwrap_or(&self.mail)),
            _ => (&self.home, &self.mail),
        }
    }

    /// As Shopify knows them, where a mailbox is one customer and nobody is a guest.
    pub fn with_own_mailbox(mut self) -> Person {
        self.guest = Guest::Member;
        if self.pair == Pair::ParentAndChild {
            self.pair = Pair::Strangers;
            self.mail = mail_of(self.family, self.given, self.index, "", "example.jp");
        }
        self
    }

    /// What is special about them, for `truth.csv`, joined by `+`.
    pub fn traits(&self) -> String {
        let named = [
            (self.moved.is_some(), "moved"),
            (self.moved.as_ref().is_some_and(|m| m.mail.is_some()), "new_mail"),
            (self.guest == Guest::Always, "guest"),
            (self.guest == Guest::Once, "guest_then_member"),
            (self.pair == Pair::Couple, "one_phone"),
            (self.pair == Pair::ParentAndChild, "one_mailbox"),
            (self.pair == Pair::Namesakes, "namesake"),
            (self.excel, "excel"),
            (self.firm.is_some(), "firm"),
        ];
        named.iter().filter(|(is, _)| *is).map(|(_, word)| *word).collect::<Vec<_>>().join("+")
    }
}

pub(crate) fn pair_of(seed: u64, index: u64) -> Pair {
    let shares =
        [(960, Pair::Strangers), (20, Pair::Couple), (12, Pair::ParentAndChild), (8, Pair::Namesakes)];
    Dice::new(seed, index / 2, 3).weighted(&shares)
}

fn given_of(female: bool, index: u64) -> Part {
    let names = if female { WOMEN } else { MEN };
    names[index as usize % names.len()]
}

impl Home {
    pub fn draw(dice: &mut Dice) -> Home {
        let weights = PREFECTURES.iter().map(|p| u64::from(p.0)).sum();
        let mut at = dice.below(weights);
        let mut prefecture = 0;
        while at >= u64::from(PREFECTURES[prefecture].0) {
            at -= u64::from(PREFECTURES[prefecture].0);
            prefecture += 1;
        }
        let (city, zip3) = PREFECTURES[prefecture].2[usize::from(dice.chance(0.4))];
        let town = dice.below(TOWNS.len() as u64) as usize;
        let block = format!("{}-{}-{}", dice.between(1, 9), dice.between(1, 30), dice.between(1, 25));
        let house = match dice.chance(0.4) {
            true => format!("{} {}0{}", dice.pick(HOUSES), dice.between(1, 9), dice.between(1, 9)),
            false => String::new(),
        };
        let postal = format!("{zip3}00{:02}", town + 1);
        Home { prefecture, city, postal, town: TOWNS[town], block, house }
    }
}

fn mail(dice: &mut Dice, family: Part, given: Part, index: u64, extra: &str) -> String {
    let domains = ["example.jp", "example.com", "example.net", "example.org"];
    mail_of(family, given, index, extra, domains[dice.below(4) as usize])
}

pub(crate) fn mail_of(family: Part, given: Part, index: u64, extra: &str, domain: &str) -> String {
    format!("{}.{}{index}{extra}@{domain}", given.2, family.2)
}

/// Numbers of the blocks 070/080/090-00xx and 03/06-00xx, which nobody has. Each of the first
/// three million customers has an own mobile, each of the first two million an own landline.
fn phone(index: u64, mobile: bool) -> String {
    let spread = |n: u64| ((index % n) * 1_000_003 + 123_456) % n;
    match mobile {
        true => format!("0{}000{:06}", 7 + spread(3_000_000) / 1_000_000, spread(3_000_000) % 1_000_000),
        false => {
            format!("0{}00{:06}", 3 + 3 * (spread(2_000_000) / 1_000_000), spread(2_000_000) % 1_000_000)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pair, Person, phone};
    use model::Day;
    use std::collections::HashSet;

    #[test]
    fn numbers_are_their_owners() {
        let all: HashSet<String> = (0..50_000).flat_map(|i| [phone(i, true), phone(i, false)]).collect();
        assert_eq!(all.len(), 100_000);
        assert!(all.iter().all(|p| p[3..].starts_with("00") || p[2..].starts_with("00")));
        assert!(
            all.iter().all(|p| p.len() == if p[2..].starts_with("000") && p.len() == 11 { 11 } else { 10 })
        );
    }

    #[test]
    fn pairs_share_what_they_say() {
        let today = Day(20_000);
        let pairs = (0..2_000).map(|n| (Person::of(7, 2 * n, today), Person::of(7, 2 * n + 1, today)));
        let mut seen = HashSet::new();
        for (a, b) in pairs {
            seen.insert(a.pair.word());
            let same = (a.phone == b.phone, a.mail == b.mail, a.home == b.home, a.given == b.given);
            match a.pair {
                Pair::Strangers => assert!(!same.0 && !same.1 && !same.2),
                Pair::Couple => assert_eq!(same, (true, false, true, false)),
                Pair::ParentAndChild => assert_eq!(same, (false, true, true, false)),
                Pair::Namesakes => {
                    assert_eq!((same.0, same.1, same.2, same.3), (false, false, false, true));
                    assert_eq!(a.home.postal, b.home.postal);
                }
            }
        }
        assert_eq!(seen.len(), 4);
    }

    impl Pair {
        fn word(self) -> &'static str {
            match self {
                Pair::Strangers => "strangers",
                Pair::Couple => "couple",
                Pair::ParentAndChild => "parent",
                Pair::Namesakes => "namesakes",
            }
        }
    }
}
