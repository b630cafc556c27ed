//! How made-up customers answer a letter: what is true of its effect is known beforehand.

use crate::dice::Dice;
use mail_parser::MessageParser;

/// Longest time, in days, until somebody whom a letter moves has ordered.
const DAYS: i32 = 60;

/// The truth of a campaign. The same seed and customer answer alike, written to or not: so it is known
/// of everybody what a letter would have changed.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Answers {
    pub seed: u64,
    /// Share of customers whom the letters make order; 0..=1.
    pub lift: f64,
    /// Share of letters whose link is followed.
    pub click: f64,
    /// Share of customers who leave the list at the first letter.
    pub leave: f64,
}

/// What one customer does if written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Orders because of the letters, so many days after the first.
    pub orders_after: Option<i32>,
    /// Follows the link of a letter, so many minutes after it came.
    pub clicks_after: Option<i32>,
    pub leaves: bool,
}

impl Answers {
    /// What this customer does if written to.
    pub fn of(&self, customer: u64) -> Answer {
        let mut dice = Dice::new(self.seed, customer, 21);
        let orders = dice.chance(self.lift);
        let after = dice.between(0, DAYS - 1);
        let clicks = dice.chance(if orders { 0.8 } else { self.click });
        let minutes = dice.between(3, 2_000);
        let leaves = dice.chance(self.leave) && !orders;
        Answer { orders_after: orders.then_some(after), clicks_after: clicks.then_some(minutes), leaves }
    }

    /// Whether this customer would order within a window of their own accord, if `rate` of all do.
    pub fn returns_alone(&self, customer: u64, rate: f64) -> Option<i32> {
        let mut dice = Dice::new(self.seed, customer, 22);
        dice.chance(rate).then(|| dice.between(0, 89))
    }
}

/// The addresses in a letter's text part, in the order in which they stand, as a person would see them.
pub fn links(mail: &[u8]) -> Vec<String> {
    let Some(parsed) = MessageParser::default().parse(mail) else { return vec![] };
    let text = parsed.body_text(0).unwrap_or_default();
    let ends = |c: char| c.is_whitespace() || "<>()\"。、".contains(c);
    let from = text.match_indices("http").map(|(at, _)| &text[at..]);
    from.map(|rest| rest.split(ends).next().unwrap_or("").to_owned())
        .filter(|url| url.starts_with("http://") || url.starts_with("https://"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_customer_answers_alike_and_shares_are_kept() {
        let answers = Answers { seed: 3, lift: 0.1, click: 0.2, leave: 0.01 };
        assert_eq!(answers.of(5), answers.of(5));
        let moved = (0..20_000).filter(|c| answers.of(*c).orders_after.is_some()).count();
        assert!((1_850..2_150).contains(&moved), "{moved}");
        let alone = (0..20_000).filter(|c| answers.returns_alone(*c, 0.05).is_some()).count();
        assert!((900..1_100).contains(&alone), "{alone}");
    }

    #[test]
    fn links_are_read_as_people_see_them() {
        let mail = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nsee https://a.example.jp/c/x and\r\n(http://b.example.jp/)\r\n";
        assert_eq!(links(mail), ["https://a.example.jp/c/x", "http://b.example.jp/"]);
    }
}
