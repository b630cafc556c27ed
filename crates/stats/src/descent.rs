//! Minimising a smooth function of a few numbers from its value and gradient.

/// How a search or a fit ended.
#[derive(Clone, PartialEq, Debug)]
pub enum End {
    /// The gradient vanished, to the tolerance asked for.
    Converged,
    /// The answer is finite and usable but is not the optimum; the reason in plain English.
    FellBack(String),
}

impl End {
    /// Whether the optimum was reached.
    pub fn converged(&self) -> bool {
        *self == End::Converged
    }
}

/// Where a search ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Minimum {
    /// The best point found.
    pub at: Vec<f64>,
    /// The function there; infinite only if it was not finite at the start.
    pub value: f64,
    /// Whether the gradient vanished there.
    pub end: End,
    /// Calls of the function.
    pub evaluations: u32,
    /// The inverse Hessian as learned on the way, row by row: a start for a neighbouring search.
    pub inverse_hessian: Vec<f64>,
}

/// Armijo's and Wolfe's constants (Nocedal & Wright 2006, section 3.1).
const DECREASE: f64 = 1e-4;
const CURVATURE: f64 = 0.9;
/// Values closer than this, relatively, are rounding (Hager & Zhang 2005, "approximate Wolfe").
const ROUNDING: f64 = 1e-12;

/// Minimises `f` from `start` by BFGS (Nocedal & Wright 2006, algorithm 6.1) with a strong Wolfe line
/// search. `f(at, gradient)` fills the gradient and returns the value; a value or gradient that is not
/// finite counts as infinitely high: the search backs off. It ends when the largest gradient component is
/// at most `tolerance * max(1, |value|)`, or after `most` calls, and then says so.
pub fn minimise(
    start: &[f64],
    tolerance: f64,
    most: u32,
    f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Minimum {
    minimise_warm(start, &[], tolerance, most, f)
}

/// [`minimise`] with an inverse Hessian to begin with, as a neighbouring search left it; one of the wrong
/// length (such as an empty one) is ignored.
pub fn minimise_warm(
    start: &[f64],
    inverse_hessian: &[f64],
    tolerance: f64,
    most: u32,
    f: impl FnMut(&[f64], &mut [f64]) -> f64,
) -> Minimum {
    let n = start.len();
    let warm = inverse_hessian.len() == n * n && inverse_hessian.iter().all(|h| h.is_finite());
    let mut inverse = if warm { inverse_hessian.to_vec() } else { identity(n, 1.0) };
    let mut known = warm;
    let mut probe = Probe { f, calls: 0 };
    let mut here = probe.at(start);
    let end = loop {
        if !here.value.is_finite() {
            break End::FellBack("the function is not finite where the search starts".into());
        }
        let target = tolerance * here.value.abs().max(1.0);
        let steepest = here.steepest();
        if steepest <= target {
            break End::Converged;
        }
        if probe.calls >= most {
            break End::FellBack(format!("no optimum within {most} evaluations"));
        }
        let mut direction = downhill(&inverse, &here.gradient);
        if dot(&direction, &here.gradient) >= 0.0 {
            (inverse, known) = (identity(n, 1.0), false);
            direction = downhill(&inverse, &here.gradient);
        }
        let first =
            if known { 1.0 } else { 1.0 / here.gradient.iter().map(|g| g.abs()).sum::<f64>().max(1.0) };
        let left = most - probe.calls;
        let Some(next) = line_search(&mut probe, &here, &direction, first, left) else {
            if known {
                (inverse, known) = (identity(n, 1.0), false);
                continue;
            }
            if steepest <= 1e3 * target {
                break End::Converged; // as far as rounding lets us see
            }
            break End::FellBack("no step lowers the value although the gradient has not vanished".into());
        };
        learn(&mut inverse, &mut known, &here, &next);
        here = next;
    };
    Minimum { at: here.at, value: here.value, end, evaluations: probe.calls, inverse_hessian: inverse }
}

/// A point with the function's value and gradient.
struct Point {
    at: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

impl Point {
    fn steepest(&self) -> f64 {
        self.gradient.iter().fold(0.0, |most, g| g.abs().max(most))
    }
}

/// The function with a count of its calls; what is not finite comes back as infinity.
struct Probe<F> {
    f: F,
    calls: u32,
}

impl<F: FnMut(&[f64], &mut [f64]) -> f64> Probe<F> {
    fn at(&mut self, at: &[f64]) -> Point {
        self.calls += 1;
        let mut gradient = vec![0.0; at.len()];
        let value = (self.f)(at, &mut gradient);
        let finite = value.is_finite() && gradient.iter().all(|g| g.is_finite());
        Point { at: at.to_vec(), value: if finite { value } else { f64::INFINITY }, gradient }
    }
}

/// One end of the bracket along the line: step, value, slope.
#[derive(Clone, Copy)]
struct Along {
    step: f64,
    value: f64,
    slope: f64,
}

/// A step along `direction` that meets the strong Wolfe conditions, `None` if none is found. The bracket's
/// near end always falls and is low enough; its far end rises or is too high.
fn line_search<F: FnMut(&[f64], &mut [f64]) -> f64>(
    probe: &mut Probe<F>,
    here: &Point,
    direction: &[f64],
    first: f64,
    most: u32,
) -> Option<Point> {
    let slope = dot(direction, &here.gradient);
    let rounding = ROUNDING * here.value.abs().max(1.0);
    let mut near = Along { step: 0.0, value: here.value, slope };
    let mut far: Option<Along> = None;
    let mut step = first;
    let mut lowest: Option<Point> = None;
    for _ in 0..most.min(40) {
        let at: Vec<f64> = here.at.iter().zip(direction).map(|(x, d)| x + step * d).collect();
        if at == here.at {
            break;
        }
        let point = probe.at(&at);
        let tried = Along { step, value: point.value, slope: dot(direction, &point.gradient) };
        let low = tried.value <= here.value + DECREASE * step * slope
            || (tried.value <= here.value + rounding && tried.slope <= (2.0 * DECREASE - 1.0) * slope);
        if low && tried.slope.abs() <= CURVATURE * slope.abs() {
            return Some(point);
        }
        if low && lowest.as_ref().is_none_or(|best| point.value < best.value) {
            lowest = Some(point);
        }
        if low && tried.slope < 0.0 {
            near = tried;
        } else {
            far = Some(tried);
        }
        step = next_step(near, far);
    }
    lowest
}

/// Beyond the near end while nothing stops the fall; else the cubic's minimum inside the bracket
/// (Nocedal & Wright 2006, equation 3.59), kept off its ends.
fn next_step(near: Along, far: Option<Along>) -> f64 {
    let Some(far) = far else { return near.step * 3.0 };
    let width = far.step - near.step;
    if !far.value.is_finite() {
        return near.step + 0.2 * width;
    }
    let d1 = near.slope + far.slope - 3.0 * (near.value - far.value) / (near.step - far.step);
    let d2 = (d1 * d1 - near.slope * far.slope).max(0.0).sqrt();
    let cubic = far.step - width * (far.slope + d2 - d1) / (far.slope - near.slope + 2.0 * d2);
    let (low, high) = (near.step + 0.1 * width, far.step - 0.1 * width);
    if cubic.is_finite() { cubic.clamp(low, high) } else { 0.5 * (low + high) }
}

/// The BFGS update of the inverse Hessian; skipped where the curvature seen is not positive.
fn learn(inverse: &mut Vec<f64>, known: &mut bool, from: &Point, to: &Point) {
    let n = from.at.len();
    let s: Vec<f64> = to.at.iter().zip(&from.at).map(|(b, a)| b - a).collect();
    let y: Vec<f64> = to.gradient.iter().zip(&from.gradient).map(|(b, a)| b - a).collect();
    let sy = dot(&s, &y);
    if !(sy > 1e-300 && sy > 1e-12 * (dot(&s, &s) * dot(&y, &y)).sqrt()) {
        return;
    }
    if !*known {
        *inverse = identity(n, sy / dot(&y, &y));
        *known = true;
    }
    let hy: Vec<f64> = (0..n).map(|i| dot(&inverse[i * n..(i + 1) * n], &y)).collect();
    let factor = (1.0 + dot(&y, &hy) / sy) / sy;
    for i in 0..n {
        for j in 0..n {
            inverse[i * n + j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}

fn downhill(inverse: &[f64], gradient: &[f64]) -> Vec<f64> {
    inverse.chunks(gradient.len().max(1)).map(|row| -dot(row, gradient)).collect()
}

fn identity(n: usize, scale: f64) -> Vec<f64> {
    (0..n * n).map(|i| if i % (n + 1) == 0 { scale } else { 0.0 }).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
