//! Conditions over the rows of one shard, column by column, three-valued as in SQL.

use super::like::like;
use crate::bits::{self, Bits, Truth};
use crate::published::{SPECS, Values, View};
use std::borrow::Cow;
use std::collections::HashSet;

/// A comparison.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Arith {
    Plus,
    Minus,
    Times,
    Over,
}

/// A value per row; its kind was checked before.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Scalar {
    /// Of `SPECS`.
    Column(usize),
    /// Integers and days.
    Int(i64),
    Num(f64),
    Text(String),
    Null,
    Negative(Box<Scalar>),
    Arith(Arith, Box<Scalar>, Box<Scalar>),
}

/// A truth per row.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Condition {
    Constant(Option<bool>),
    /// A boolean column.
    Column(usize),
    Not(Box<Condition>),
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Equal(Box<Condition>, Box<Condition>),
    Compare(Op, Scalar, Scalar),
    InInts(Scalar, HashSet<i64>),
    Like(Scalar, String),
    IsNull(Scalar),
    IsUnknown(Box<Condition>),
    IsTrue(Box<Condition>),
}

/// What a scalar is in one shard.
enum Cells<'a> {
    Many(Values<'a>),
    Int(i64),
    Num(f64),
    Text(&'a str),
    Null,
}

impl Condition {
    /// Who it holds for, who not, and (neither) where it cannot be said.
    pub(crate) fn holds(&self, view: &View) -> Truth {
        let n = view.h.len;
        match self {
            Condition::Constant(value) => Truth::constant(*value, n),
            Condition::Column(column) => match (SPECS[*column].read)(view) {
                Values::Bools(yes) => Truth::known(yes, None, n),
                _ => Truth::constant(None, n),
            },
            Condition::Not(c) => c.holds(view).not(),
            Condition::And(a, b) => a.holds(view).and(&b.holds(view)),
            Condition::Or(a, b) => a.holds(view).or(&b.holds(view)),
            Condition::Equal(a, b) => a.holds(view).equal(&b.holds(view)),
            Condition::Compare(op, a, b) => compare(*op, a.cells(view), b.cells(view), n),
            Condition::InInts(value, set) => in_ints(value.cells(view), set, n),
            Condition::Like(value, pattern) => text_test(value.cells(view), n, |text| like(text, pattern)),
            Condition::IsNull(value) => {
                let known = value.cells(view).known(n);
                Truth { yes: bits::without(&bits::full(n), &known), no: known }
            }
            Condition::IsUnknown(c) => {
                let truth = c.holds(view);
                let known = bits::or(&truth.yes, &truth.no);
                Truth { yes: bits::without(&bits::full(n), &known), no: known }
            }
            Condition::IsTrue(c) => Truth::known(c.holds(view).yes, None, n),
        }
    }
}

impl Scalar {
    fn cells<'a>(&'a self, view: &View<'a>) -> Cells<'a> {
        match self {
            Scalar::Column(column) => Cells::Many((SPECS[*column].read)(view)),
            Scalar::Int(value) => Cells::Int(*value),
            Scalar::Num(value) => Cells::Num(*value),
            Scalar::Text(text) => Cells::Text(text),
            Scalar::Null => Cells::Null,
            Scalar::Negative(value) => arith(Arith::Minus, Cells::Int(0), value.cells(view), view.h.len),
            Scalar::Arith(op, a, b) => arith(*op, a.cells(view), b.cells(view), view.h.len),
        }
    }
}

/// Numbers of one width, with where they are known.
enum Numbers {
    Ints(Vec<i64>),
    Nums(Vec<f64>),
}

impl Cells<'_> {
    fn known(&self, n: usize) -> Bits {
        match self {
            Cells::Null => bits::none(n),
            Cells::Many(
                Values::Ints(_, Some(valid))
                | Values::Nums(_, Some(valid))
                | Values::Texts(_, _, Some(valid)),
            ) => valid.clone(),
            _ => bits::full(n),
        }
    }

    fn is_text(&self) -> bool {
        matches!(self, Cells::Text(_) | Cells::Many(Values::Texts(..)))
    }

    /// The numbers, and where they are known (`None`: everywhere).
    fn numbers(self, n: usize) -> (Numbers, Option<Bits>) {
        match self {
            Cells::Int(value) => (Numbers::Ints(vec![value; n]), None),
            Cells::Num(value) => (Numbers::Nums(vec![value; n]), None),
            Cells::Many(Values::Ints(values, valid)) => (Numbers::Ints(values), valid),
            Cells::Many(Values::Nums(values, valid)) => (Numbers::Nums(values), valid),
            _ => (Numbers::Ints(vec![0; n]), Some(bits::none(n))),
        }
    }
}

fn both(a: Option<Bits>, b: Option<Bits>) -> Option<Bits> {
    match (a, b) {
        (Some(a), Some(b)) => Some(bits::and(&a, &b)),
        (a, None) => a,
        (None, b) => b,
    }
}

fn compare(op: Op, a: Cells, b: Cells, n: usize) -> Truth {
    match (a, b) {
        (Cells::Null, _) | (_, Cells::Null) => Truth::constant(None, n),
        (Cells::Many(Values::Ints(v, valid)), Cells::Int(x)) => {
            Truth::known(test(op, &v, x), valid.as_ref(), n)
        }
        (Cells::Many(Values::Nums(v, valid)), Cells::Int(x)) => {
            Truth::known(test(op, &v, x as f64), valid.as_ref(), n)
        }
        (Cells::Many(Values::Nums(v, valid)), Cells::Num(x)) => {
            Truth::known(test(op, &v, x), valid.as_ref(), n)
        }
        (a, Cells::Text(text)) => text_test(a, n, |t| holds(op, t, text)),
        (Cells::Text(text), b) => text_test(b, n, |t| holds(op, text, t)),
        (Cells::Many(Values::Texts(x, xs, vx)), Cells::Many(Values::Texts(y, ys, vy))) => {
            let yes = bits::pack(n, |i| holds(op, &name(&xs, x[i]), &name(&ys, y[i])));
            Truth::known(yes, both(vx, vy).as_ref(), n)
        }
        (a, b) => {
            let ((a, va), (b, vb)) = (a.numbers(n), b.numbers(n));
            let yes = match (a, b) {
                (Numbers::Ints(a), Numbers::Ints(b)) => bits::pack(n, |i| holds(op, &a[i], &b[i])),
                (Numbers::Ints(a), Numbers::Nums(b)) => bits::pack(n, |i| holds(op, &(a[i] as f64), &b[i])),
                (Numbers::Nums(a), Numbers::Ints(b)) => bits::pack(n, |i| holds(op, &a[i], &(b[i] as f64))),
                (Numbers::Nums(a), Numbers::Nums(b)) => bits::pack(n, |i| holds(op, &a[i], &b[i])),
            };
            Truth::known(yes, both(va, vb).as_ref(), n)
        }
    }
}

fn name<'a>(names: &'a [String], code: u32) -> Cow<'a, str> {
    names.get(code as usize).map_or(Cow::Borrowed(""), |n| Cow::Borrowed(n.as_str()))
}

#[inline]
fn holds<T: PartialOrd + ?Sized>(op: Op, a: &T, b: &T) -> bool {
    match op {
        Op::Equal => a == b,
        Op::NotEqual => a != b,
        Op::Less => a < b,
        Op::LessEqual => a <= b,
        Op::Greater => a > b,
        Op::GreaterEqual => a >= b,
    }
}

/// One loop per comparison, so that each can be done many rows at a time.
fn test<T: PartialOrd + Copy>(op: Op, values: &[T], x: T) -> Bits {
    match op {
        Op::Equal => bits::pack(values.len(), |i| values[i] == x),
        Op::NotEqual => bits::pack(values.len(), |i| values[i] != x),
        Op::Less => bits::pack(values.len(), |i| values[i] < x),
        Op::LessEqual => bits::pack(values.len(), |i| values[i] <= x),
        Op::Greater => bits::pack(values.len(), |i| values[i] > x),
        Op::GreaterEqual => bits::pack(values.len(), |i| values[i] >= x),
    }
}

/// A test that depends on the text alone is made once per word, not once per row.
fn text_test(cells: Cells, n: usize, holds: impl Fn(&str) -> bool) -> Truth {
    match cells {
        Cells::Text(text) => Truth::constant(Some(holds(text)), n),
        Cells::Many(Values::Texts(codes, names, valid)) => {
            let mut by_code: Vec<bool> = names.iter().map(|name| holds(name)).collect();
            by_code.push(false);
            let last = by_code.len() - 1;
            let yes = bits::pack(n, |i| by_code[(codes[i] as usize).min(last)]);
            Truth::known(yes, valid.as_ref(), n)
        }
        _ => Truth::constant(None, n),
    }
}

fn in_ints(cells: Cells, set: &HashSet<i64>, n: usize) -> Truth {
    let (numbers, valid) = cells.numbers(n);
    let whole = |x: f64| (x.fract() == 0.0 && x.abs() < 9e15).then_some(x as i64);
    let yes = match numbers {
        Numbers::Ints(v) => bits::pack(n, |i| set.contains(&v[i])),
        Numbers::Nums(v) => bits::pack(n, |i| whole(v[i]).is_some_and(|x| set.contains(&x))),
    };
    Truth::known(yes, valid.as_ref(), n)
}

/// Integers divide to integers; what cannot be computed is unknown.
fn arith<'a>(op: Arith, a: Cells<'a>, b: Cells<'a>, n: usize) -> Cells<'a> {
    if a.is_text() || b.is_text() {
        return Cells::Null;
    }
    if let (Cells::Int(a), Cells::Int(b)) = (&a, &b) {
        return int(op, *a, *b).map_or(Cells::Null, Cells::Int);
    }
    let ((a, va), (b, vb)) = (a.numbers(n), b.numbers(n));
    let valid = both(va, vb);
    if let (Numbers::Ints(a), Numbers::Ints(b)) = (&a, &b) {
        let results: Vec<Option<i64>> = a.iter().zip(b).map(|(&a, &b)| int(op, a, b)).collect();
        let done = bits::pack(n, |i| results[i].is_some());
        let values = results.into_iter().map(Option::unwrap_or_default).collect();
        return Cells::Many(Values::Ints(values, both(valid, Some(done))));
    }
    let wide = |numbers: Numbers| match numbers {
        Numbers::Ints(v) => v.into_iter().map(|x| x as f64).collect(),
        Numbers::Nums(v) => v,
    };
    let (a, b): (Vec<f64>, Vec<f64>) = (wide(a), wide(b));
    let values: Vec<f64> = a.iter().zip(&b).map(|(&a, &b)| num(op, a, b)).collect();
    let done = bits::pack(n, |i| values[i].is_finite());
    Cells::Many(Values::Nums(values, both(valid, Some(done))))
}

fn int(op: Arith, a: i64, b: i64) -> Option<i64> {
    match op {
        Arith::Plus => a.checked_add(b),
        Arith::Minus => a.checked_sub(b),
        Arith::Times => a.checked_mul(b),
        Arith::Over => a.checked_div(b),
    }
}

fn num(op: Arith, a: f64, b: f64) -> f64 {
    match op {
        Arith::Plus => a + b,
        Arith::Minus => a - b,
        Arith::Times => a * b,
        Arith::Over => a / b,
    }
}
