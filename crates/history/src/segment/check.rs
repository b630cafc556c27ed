//! From the text of a condition to something that can be evaluated, or a helpful refusal.

use super::eval::{Arith, Condition, Op, Scalar};
use super::{SegmentError, nearest};
use crate::published::{Kind, SPECS, Spec};
use model::Day;
use sqlparser::ast::{BinaryOperator, Expr, Ident, Spanned, UnaryOperator, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token};

/// Longer conditions are refused, so that no text can exhaust the stack.
const LONGEST: usize = 20_000;
const DEEPEST: usize = 256;

/// Reads a condition; an empty one holds for everybody.
pub(crate) fn parse(text: &str, history_only: bool) -> Result<Condition, SegmentError> {
    if text.trim().is_empty() {
        return Ok(Condition::Constant(Some(true)));
    }
    if text.len() > LONGEST {
        return Err(SegmentError::new(format!("a condition may have at most {LONGEST} letters")));
    }
    let check = Check { text, history_only };
    let dialect = GenericDialect {};
    let mut parser =
        Parser::new(&dialect).try_with_sql(text).map_err(|e| check.unreadable(&e.to_string()))?;
    let tree = parser.parse_expr().map_err(|e| check.unreadable(&e.to_string()))?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let message = format!("'{}' is not expected here: join conditions with AND or OR", next.token);
        return Err(check.at(next.span.start, SegmentError::new(message)));
    }
    check.condition(&tree, 0)
}

struct Check<'a> {
    text: &'a str,
    history_only: bool,
}

/// A scalar, its kind (`None` for NULL), and the words it can be.
struct Typed {
    scalar: Scalar,
    kind: Option<Kind>,
    words: &'static [String],
}

impl Typed {
    fn of(scalar: Scalar, kind: Kind) -> Typed {
        Typed { scalar, kind: Some(kind), words: &[] }
    }
}

type Checked<T> = Result<T, SegmentError>;

impl Check<'_> {
    fn condition(&self, e: &Expr, depth: usize) -> Checked<Condition> {
        if depth > DEEPEST {
            return Err(SegmentError::new("the condition has too many parts; use IN (...) or split it"));
        }
        let inner = |e: &Expr| self.condition(e, depth + 1);
        let boxed = |e: &Expr| inner(e).map(Box::new);
        Ok(match e {
            Expr::Nested(e) => inner(e)?,
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Condition::Not(boxed(expr)?),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                Condition::And(boxed(left)?, boxed(right)?)
            }
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                Condition::Or(boxed(left)?, boxed(right)?)
            }
            Expr::BinaryOp { left, op, right } => self.comparison(e, left, op, right, depth)?,
            Expr::IsNull(x) => self.is_null(x, depth)?,
            Expr::IsNotNull(x) => not(self.is_null(x, depth)?),
            Expr::IsUnknown(x) => Condition::IsUnknown(boxed(x)?),
            Expr::IsNotUnknown(x) => not(Condition::IsUnknown(boxed(x)?)),
            Expr::IsTrue(x) => Condition::IsTrue(boxed(x)?),
            Expr::IsNotTrue(x) => not(Condition::IsTrue(boxed(x)?)),
            Expr::IsFalse(x) => Condition::IsTrue(Box::new(not(inner(x)?))),
            Expr::IsNotFalse(x) => not(Condition::IsTrue(Box::new(not(inner(x)?)))),
            Expr::Between { expr, negated, low, high } => {
                negate(*negated, self.between(expr, low, high, depth)?)
            }
            Expr::InList { expr, list, negated } => negate(*negated, self.in_list(expr, list, depth)?),
            Expr::Like { negated, any: false, expr, pattern, escape_char: None } => {
                negate(*negated, self.like(expr, pattern, depth)?)
            }
            Expr::Value(v) if matches!(v.value, Value::Boolean(_) | Value::Null) => {
                Condition::Constant(if let Value::Boolean(b) = v.value { Some(b) } else { None })
            }
            Expr::Identifier(name) => {
                let column = self.column(name)?;
                if SPECS[column].kind != Kind::Boolean {
                    let (name, kind) = (SPECS[column].name, SPECS[column].kind.word());
                    return Err(
                        self.on(e, format!("{name} is a {kind}, not a condition: compare it with something"))
                    );
                }
                Condition::Column(column)
            }
            other => return Err(self.refuse(other)),
        })
    }

    /// Whether an expression is a truth rather than a value.
    fn is_condition(&self, e: &Expr) -> bool {
        match e {
            Expr::Nested(e) => self.is_condition(e),
            Expr::Identifier(name) => self.column(name).is_ok_and(|c| SPECS[c].kind == Kind::Boolean),
            Expr::Value(v) => matches!(v.value, Value::Boolean(_)),
            Expr::BinaryOp { op, .. } => !matches!(
                op,
                BinaryOperator::Plus
                    | BinaryOperator::Minus
                    | BinaryOperator::Multiply
                    | BinaryOperator::Divide
            ),
            Expr::UnaryOp { op, .. } => *op == UnaryOperator::Not,
            Expr::IsNull(_) | Expr::IsNotNull(_) | Expr::IsTrue(_) | Expr::IsNotTrue(_) => true,
            Expr::IsFalse(_) | Expr::IsNotFalse(_) | Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => true,
            Expr::Between { .. } | Expr::InList { .. } | Expr::Like { .. } => true,
            _ => false,
        }
    }

    fn comparison(
        &self,
        e: &Expr,
        a: &Expr,
        op: &BinaryOperator,
        b: &Expr,
        depth: usize,
    ) -> Checked<Condition> {
        let op = match op {
            BinaryOperator::Eq => Op::Equal,
            BinaryOperator::NotEq => Op::NotEqual,
            BinaryOperator::Lt => Op::Less,
            BinaryOperator::LtEq => Op::LessEqual,
            BinaryOperator::Gt => Op::Greater,
            BinaryOperator::GtEq => Op::GreaterEqual,
            BinaryOperator::Plus
            | BinaryOperator::Minus
            | BinaryOperator::Multiply
            | BinaryOperator::Divide => {
                return Err(self.on(e, "this is a number, not a condition: compare it with something".into()));
            }
            other => return Err(self.on(e, format!("the operator {other} is not known here"))),
        };
        if self.is_condition(a) || self.is_condition(b) {
            return self.equality(e, a, op, b, depth);
        }
        let (left, right) = (self.scalar(a, depth + 1)?, self.scalar(b, depth + 1)?);
        self.compare(op, (a, left), (b, right))
    }

    fn equality(&self, e: &Expr, a: &Expr, op: Op, b: &Expr, depth: usize) -> Checked<Condition> {
        let truth = |e: &Expr| {
            match self.is_condition(e) || is_null(e) {
            true => self.condition(e, depth + 1).map(Box::new),
            false => Err(self.on(e, "a boolean can be compared with true and false only: write the column's name, or NOT and its name".into())),
        }
        };
        let equal = Condition::Equal(truth(a)?, truth(b)?);
        match op {
            Op::Equal => Ok(equal),
            Op::NotEqual => Ok(not(equal)),
            _ => Err(self.on(e, "booleans have no order: use = or <>".into())),
        }
    }

    /// A comparison of two values of one kind; a text beside a date is read as a day.
    fn compare(&self, op: Op, (ea, a): (&Expr, Typed), (eb, b): (&Expr, Typed)) -> Checked<Condition> {
        let (kind, words) = (a.kind, a.words);
        let (a, b) = (self.beside(ea, a, b.kind, b.words, op)?, self.beside(eb, b, kind, words, op)?);
        if let (Some(x), Some(y)) = (a.kind, b.kind) {
            let number = |k| matches!(k, Kind::Integer | Kind::Number);
            if x != y && !(number(x) && number(y)) {
                let (x, y) = (self.say(ea, x), self.say(eb, y));
                return Err(self.on(eb, format!("{x} cannot be compared with {y}")));
            }
        }
        Ok(Condition::Compare(op, a.scalar, b.scalar))
    }

    /// What a literal means beside something of a kind, which may know a few words only.
    fn beside(&self, e: &Expr, typed: Typed, kind: Option<Kind>, words: &[String], op: Op) -> Checked<Typed> {
        let Scalar::Text(text) = &typed.scalar else { return Ok(typed) };
        if kind == Some(Kind::Date) {
            let day: Day = text.parse().map_err(|e: model::DayError| self.on_literal(e.to_string(), text))?;
            return Ok(Typed::of(Scalar::Int(i64::from(day.0)), Kind::Date));
        }
        let exact = matches!(op, Op::Equal | Op::NotEqual);
        if exact && !words.is_empty() && !words.contains(text) {
            let known: Vec<&str> = words.iter().map(String::as_str).filter(|w| !w.is_empty()).collect();
            let shown =
                if known.len() > 12 { format!("{}, {} ...", known[0], known[1]) } else { known.join(", ") };
            let mut error = self.on(e, format!("'{text}' never occurs there; the words are: {shown}"));
            error.suggestion = nearest(text, known.into_iter()).map(|w| format!("'{w}'"));
            return Err(error);
        }
        Ok(typed)
    }

    fn between(&self, x: &Expr, low: &Expr, high: &Expr, depth: usize) -> Checked<Condition> {
        let scalar = |e: &Expr| self.scalar(e, depth + 1);
        let from = self.compare(Op::GreaterEqual, (x, scalar(x)?), (low, scalar(low)?))?;
        let to = self.compare(Op::LessEqual, (x, scalar(x)?), (high, scalar(high)?))?;
        Ok(Condition::And(Box::new(from), Box::new(to)))
    }

    /// Many whole numbers are looked up at once; anything else is compared one by one.
    fn in_list(&self, x: &Expr, list: &[Expr], depth: usize) -> Checked<Condition> {
        let value = self.scalar(x, depth + 1)?;
        let items = list.iter().map(|e| self.scalar(e, depth + 1)).collect::<Checked<Vec<Typed>>>()?;
        let int = |t: &Typed| if let Scalar::Int(i) = t.scalar { Some(i) } else { None };
        let numeric = matches!(value.kind, Some(Kind::Integer | Kind::Number));
        if let Some(set) = items.iter().map(int).collect::<Option<_>>().filter(|_| numeric) {
            return Ok(Condition::InInts(value.scalar, set));
        }
        if list.len() > DEEPEST {
            return Err(
                self.on(x, format!("a list may have at most {DEEPEST} entries, except of whole numbers"))
            );
        }
        let mut any = Condition::Constant(Some(false));
        for (item, e) in items.into_iter().zip(list) {
            let one = self.compare(Op::Equal, (x, self.scalar(x, depth + 1)?), (e, item))?;
            any = Condition::Or(Box::new(any), Box::new(one));
        }
        Ok(any)
    }

    fn like(&self, x: &Expr, pattern: &Expr, depth: usize) -> Checked<Condition> {
        let value = self.scalar(x, depth + 1)?;
        if let Some(kind) = value.kind.filter(|&k| k != Kind::Text) {
            return Err(self.on(x, format!("LIKE looks at texts, and {} is not one", self.say(x, kind))));
        }
        match self.scalar(pattern, depth + 1)?.scalar {
            Scalar::Text(pattern) => Ok(Condition::Like(value.scalar, pattern)),
            Scalar::Null => Ok(Condition::Constant(None)),
            _ => Err(self.on(pattern, "LIKE needs a pattern in quotes, as in LIKE 'tea%'".into())),
        }
    }

    fn is_null(&self, x: &Expr, depth: usize) -> Checked<Condition> {
        match self.is_condition(x) {
            true => Ok(Condition::IsUnknown(Box::new(self.condition(x, depth + 1)?))),
            false => Ok(Condition::IsNull(self.scalar(x, depth + 1)?.scalar)),
        }
    }

    fn scalar(&self, e: &Expr, depth: usize) -> Checked<Typed> {
        if depth > DEEPEST {
            return Err(SegmentError::new("the condition has too many parts; split it"));
        }
        match e {
            Expr::Nested(e) => self.scalar(e, depth + 1),
            Expr::Identifier(name) => {
                let column = self.column(name)?;
                let Spec { kind, words, .. } = &SPECS[column];
                match kind {
                    Kind::Boolean => {
                        let message = format!("{} is a boolean: write {0} or NOT {0}", SPECS[column].name);
                        Err(self.on(e, message))
                    }
                    _ => Ok(Typed { scalar: Scalar::Column(column), kind: Some(*kind), words: words() }),
                }
            }
            Expr::Value(v) => self.literal(e, &v.value),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => {
                let (value, kind) = self.number(expr, depth)?;
                Ok(match value {
                    Scalar::Int(i) => Typed::of(Scalar::Int(-i), Kind::Integer),
                    Scalar::Num(x) => Typed::of(Scalar::Num(-x), Kind::Number),
                    other => Typed { scalar: Scalar::Negative(Box::new(other)), kind, words: &[] },
                })
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => self.scalar(expr, depth + 1),
            Expr::BinaryOp { left, op, right } => {
                let op = match op {
                    BinaryOperator::Plus => Arith::Plus,
                    BinaryOperator::Minus => Arith::Minus,
                    BinaryOperator::Multiply => Arith::Times,
                    BinaryOperator::Divide => Arith::Over,
                    _ => return Err(self.on(e, "a condition stands where a value is needed".into())),
                };
                let ((a, x), (b, y)) = (self.number(left, depth)?, self.number(right, depth)?);
                let kind = if x == Some(Kind::Number) { x } else { y.or(x) };
                Ok(Typed { scalar: Scalar::Arith(op, Box::new(a), Box::new(b)), kind, words: &[] })
            }
            other => Err(self.refuse(other)),
        }
    }

    fn number(&self, e: &Expr, depth: usize) -> Checked<(Scalar, Option<Kind>)> {
        let typed = self.scalar(e, depth + 1)?;
        match typed.kind {
            None | Some(Kind::Integer | Kind::Number) => Ok((typed.scalar, typed.kind)),
            Some(kind) => {
                Err(self
                    .on(e, format!("one can reckon with numbers only, and {} is not one", self.say(e, kind))))
            }
        }
    }

    fn literal(&self, e: &Expr, value: &Value) -> Checked<Typed> {
        match value {
            Value::Number(digits, _) => {
                let int = digits.parse().map(|i| Typed::of(Scalar::Int(i), Kind::Integer));
                let num = |_| digits.parse().map(|x| Typed::of(Scalar::Num(x), Kind::Number));
                int.or_else(num).map_err(|_| self.on(e, format!("'{digits}' is not a number")))
            }
            Value::SingleQuotedString(text) => Ok(Typed::of(Scalar::Text(text.clone()), Kind::Text)),
            Value::Null => Ok(Typed { scalar: Scalar::Null, kind: None, words: &[] }),
            other => Err(self.on(e, format!("{other} is not understood here"))),
        }
    }

    fn column(&self, name: &Ident) -> Checked<usize> {
        let wanted = |c: &Spec| c.name.eq_ignore_ascii_case(&name.value);
        let Some(column) = SPECS.iter().position(wanted) else {
            let mut error = SegmentError::new(match name.quote_style {
                Some('"') => {
                    format!("there is no column \"{0}\"; texts are put in single quotes: '{0}'", name.value)
                }
                _ => format!("there is no column '{}'", name.value),
            });
            error.suggestion = nearest(&name.value, SPECS.iter().map(|c| c.name)).map(str::to_owned);
            return Err(self.at(name.span.start, error));
        };
        if self.history_only && !SPECS[column].history {
            let message = format!(
                "{} is a judgement: a dormancy policy decides it, so it can ask for columns of history only",
                SPECS[column].name
            );
            return Err(self.at(name.span.start, SegmentError::new(message)));
        }
        Ok(column)
    }

    /// A value in words: the column's name or the literal, and its kind.
    fn say(&self, e: &Expr, kind: Kind) -> String {
        format!("{e} ({})", kind.word())
    }

    fn refuse(&self, e: &Expr) -> SegmentError {
        let what = match e {
            Expr::Function(f) => {
                format!("functions like {}() are not known here: compare columns with values", f.name)
            }
            Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => {
                "a segment looks at one customer at a time: subqueries are not known here".to_owned()
            }
            Expr::CompoundIdentifier(_) => "columns are written without a table's name".to_owned(),
            Expr::Value(v) if matches!(v.value, Value::SingleQuotedString(_) | Value::Number(..)) => {
                format!("{v} is a value, not a condition: compare a column with it")
            }
            other => {
                format!("'{other}' is not understood: use = <> < > AND OR NOT IN BETWEEN LIKE and IS NULL")
            }
        };
        self.on(e, what)
    }

    fn on(&self, e: &Expr, message: String) -> SegmentError {
        self.at(e.span().start, SegmentError::new(message))
    }

    fn on_literal(&self, message: String, literal: &str) -> SegmentError {
        let byte = self.text.find(&format!("'{literal}'"));
        let position = byte.map(|b| self.text[..b].chars().count());
        SegmentError { position, ..SegmentError::new(message) }
    }

    /// Puts the place in characters from the start to an error.
    fn at(&self, place: Location, error: SegmentError) -> SegmentError {
        if place.line == 0 {
            return error;
        }
        let lines = self.text.split('\n').take(place.line as usize - 1);
        let before: usize = lines.map(|l| l.chars().count() + 1).sum();
        SegmentError { position: Some(before + place.column as usize - 1), ..error }
    }

    /// The parser's own message, with its "at Line: 1, Column: 5" made a position.
    fn unreadable(&self, message: &str) -> SegmentError {
        let message = message.trim_start_matches("sql parser error: ");
        let (text, place) = message.split_once(" at Line: ").unwrap_or((message, ""));
        let mut numbers = place.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok());
        let error = SegmentError::new(format!("this cannot be read as a condition: {text}"));
        match (numbers.next(), numbers.next()) {
            (Some(line), Some(column)) => self.at(Location { line, column }, error),
            _ => error,
        }
    }
}

fn is_null(e: &Expr) -> bool {
    matches!(e, Expr::Value(v) if v.value == Value::Null)
}

fn not(c: Condition) -> Condition {
    Condition::Not(Box::new(c))
}

fn negate(negated: bool, c: Condition) -> Condition {
    if negated { not(c) } else { c }
}
