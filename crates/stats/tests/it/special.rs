//! Special functions against values to 20 digits or more (mpmath 1.3, 30 digits), and the minimiser.
#![allow(clippy::excessive_precision, reason = "the digits are the table's")]

use stats::descent::{End, minimise, minimise_warm};
use stats::repeat::{BetaGeometric, Life};
use stats::special::*;

/// Within 1e-12, relative where the value is large.
fn close(what: &str, found: f64, wanted: f64) {
    assert!((found - wanted).abs() <= 1e-12 * wanted.abs().max(1.0), "{what}: {found}, not {wanted}");
}

/// Within 1e-12 of the value itself, however small.
fn close_relative(what: &str, found: f64, wanted: f64) {
    assert!((found / wanted - 1.0).abs() <= 1e-12, "{what}: {found:e}, not {wanted:e}");
}

#[test]
fn digamma_agrees_with_the_table_and_its_recurrence() {
    let table = [
        (1e-6, -1_000_000.577_214_020_014_019_9),
        (1e-3, -1_000.575_571_931_810_279_66),
        (0.25, -4.227_453_533_376_265_408),
        (0.5, -1.963_510_026_021_423_479_44),
        (1.0, -0.577_215_664_901_532_860_61),
        (1.461_632_144_968_362_2, 0.0),
        (2.0, 0.422_784_335_098_467_139_39),
        (3.7, 1.167_153_539_361_511_440_95),
        (10.0, 2.251_752_589_066_721_107_65),
        (123.456, 4.811_829_323_828_985_412_29),
        (1e6, 13.815_510_057_964_190_77),
        (1e8, 18.420_680_738_952_365_464),
    ];
    for (x, wanted) in table {
        close(&format!("digamma({x})"), digamma(x), wanted);
    }
    for i in 0..1400 {
        let x = 10f64.powf(-6.0 + 0.01 * f64::from(i));
        close(&format!("digamma({x}) and one more"), digamma(x), digamma(x + 1.0) - 1.0 / x);
    }
}

#[test]
fn gammas_and_betas_agree_with_the_table() {
    close("ln_gamma(0.5)", ln_gamma(0.5), 0.572_364_942_924_700_087_07);
    close("ln_gamma(100)", ln_gamma(100.0), 359.134_205_369_575_398_78);
    let ratios = [
        (1e6, 3.5, 48.354_291_327_870_584_375),
        (1e8, 1e4, 184_207.307_372_860_321_09),
        (150.0, -40.0, -194.387_174_394_182_538_92),
        (0.5, 3.0, 0.628_608_659_422_374_137_74),
        (1e5, 1e5, 1_189_921.636_035_004_957_25),
    ];
    for (x, d, wanted) in ratios {
        close(&format!("ln_gamma_ratio({x}, {d})"), ln_gamma_ratio(x, d), wanted);
    }
    let betas = [
        (0.5, 0.5, 1.144_729_885_849_400_174),
        (1e-6, 2.0, 13.815_509_557_964_774_149),
        (3.2, 1e6, -43.324_232_478_327_602_468),
        (1e4, 1e8, -102_107.589_876_417_943_815),
        (123.4, 567.8, -325.671_244_732_779_993_609),
        (1e8, 1e-3, 6.888_758_204_644_896_296),
    ];
    for (a, b, wanted) in betas {
        close(&format!("ln_beta({a}, {b})"), ln_beta(a, b), wanted);
        close(&format!("ln_beta({b}, {a})"), ln_beta(b, a), wanted);
    }
    let cdfs = [
        (0.5, 0.5, 0.3, 0.369_010_119_565_545_375),
        (2.0, 5.0, 0.1, 0.114_265),
        (1e-3, 3.0, 0.5, 0.999_931_784_836_958_178_55),
        (200.0, 300.0, 0.41, 0.677_628_164_772_178_948_64),
        (2.0, 5.0, -1.0, 0.0),
        (2.0, 5.0, 2.0, 1.0),
    ];
    for (a, b, x, wanted) in cdfs {
        close(&format!("beta_cdf({a}, {b}, {x})"), beta_cdf(a, b, x), wanted);
    }
    // Large shapes cost digits: the exponent itself is of the order of 1e5.
    assert!((beta_cdf(1e5, 2e5, 0.3333) - 0.484_724_200_249_596).abs() < 1e-9);
    assert!((beta_cdf(1e6, 3.0, 0.999_999) - 0.919_698_327_013_452).abs() < 1e-9);
}

#[test]
fn hypergeometrics_agree_with_the_table() {
    // a, b, c, z, value, its logarithm
    let table = [
        (0.5, 1.5, 2.5, 0.3, 0.102_613_040_754_125_504_48),
        (2.24, 5.4, 6.2, 0.77, 2.712_557_683_749_621_184),
        (29.2, 31.4, 31.2, 0.5, 20.371_971_410_817_202_718),
        (3.5, 2.5, 2.25, 0.6, 3.514_704_012_322_041_204),
        (1e4, 1e4, 10_000.3, 0.9, 23_025.160_162_512_902_626),
        (2000.5, 2.5, 2001.0, 0.99, 11.456_326_101_871_385_43),
        (0.6, 1.6, 1.6, 0.999, 4.144_653_167_389_274_482),
    ];
    for (a, b, c, z, wanted) in table {
        let what = format!("2F1({a}, {b}; {c}; {z})");
        close(&what, ln_hypergeometric(a, b, c, z), wanted);
        if wanted < 100.0 {
            let found = hypergeometric(a, b, c, z);
            assert!((found.ln() - wanted).abs() < 1e-11, "{what}: {found}, not {}", wanted.exp());
        }
    }
    close("with a negative a", hypergeometric(-0.3, 0.8, 3.1, 0.9), 0.915_938_041_082_874_067_9);
    close("at 0", hypergeometric(3.0, 4.0, 5.0, 0.0), 1.0);
}

#[test]
fn normals_agree_with_the_table_and_each_other() {
    let cdfs = [
        (-37.0, 5.725_571_222_524_576_822_7e-300),
        (-8.5, 9.479_534_822_203_318_35e-18),
        (-1.0, 0.158_655_253_931_457_051_41),
        (0.0, 0.5),
        (0.5, 0.691_462_461_274_013_103_64),
        (3.0, 0.998_650_101_968_369_905_47),
    ];
    for (x, wanted) in cdfs {
        close_relative(&format!("normal_cdf({x})"), normal_cdf(x), wanted);
    }
    let quantiles = [
        (1e-300, -37.047_096_299_361_199_237),
        (1e-16, -8.222_082_216_130_435_612),
        (1e-5, -4.264_890_793_922_824_610),
        (0.025, -1.959_963_984_540_054_211_78),
        (0.3, -0.524_400_512_708_040_815_97),
        (0.5, 0.0),
        (0.8, 0.841_621_233_572_914_363_8),
        (0.975, 1.959_963_984_540_053_855_6),
        (0.9999, 3.719_016_485_455_708_387),
    ];
    for (p, wanted) in quantiles {
        close(&format!("normal_quantile({p})"), normal_quantile(p), wanted);
    }
    for i in 1..1000 {
        let p = f64::from(i) / 1000.0;
        close_relative(&format!("there and back at {p}"), normal_cdf(normal_quantile(p)), p);
    }
    assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
}

#[test]
fn small_helpers_do_not_overflow() {
    close("ln_add_exp", ln_add_exp(1.0, 2.0), 2.313_261_687_518_222_834);
    assert_eq!(ln_add_exp(-1e9, 5.0), 5.0);
    assert_eq!(ln_add_exp(f64::NEG_INFINITY, f64::NEG_INFINITY), f64::NEG_INFINITY);
    assert_eq!((softplus(1e5), softplus(-1e5)), (1e5, 0.0));
    close_relative("softplus(-40)", softplus(-40.0), 4.248_354_255_291_588_995_3e-18);
    assert_eq!((sigmoid(-1e5), sigmoid(0.0), sigmoid(1e5)), (0.0, 0.5, 1.0));
}

/// The mean count until dropout, seen through a BG/NBD life of age 0: a, b, c, g, wanted. The rows take all
/// three roads: closed form near a = 1, closed form away from it, quadrature.
#[test]
fn expected_counts_agree_with_the_table() {
    let table = [
        (0.8, 2.5, 0.6, 1.0, 0.512_760_017_054_929_82),
        (1.0, 3.0, 2.5, 0.7, 1.367_422_565_287_093_7),
        (1.0001, 3.0, 2.5, 0.7, 1.367_397_564_925_918_2),
        (65.0, 404.0, 1.6, 0.5, 0.733_544_330_715_988_9),
        (0.37, 29.7, 30.2, 12.0, 191.316_722_237_167_69),
        (0.37, 0.9, 0.5, 400.0, 30.542_053_136_698_854),
        (1.2, 1e4, 1e4, 0.01, 99.404_376_917_819_883),
        (0.01, 0.2, 5.5, 3.0, 15.435_170_264_828_913),
        (900.0, 5000.0, 800.0, 40.0, 6.561_735_261_400_157_3),
        (0.5, 0.3, 0.9, 1e-6, 8.999_994_656_254_304_5e-7),
        (2.5, 3.5, 2.0, 1e5, 3.333_331_999_994_097_5),
        (0.3, 0.2, 40.0, 0.5, 5.064_894_542_139_915_2),
        (1.01, 2.0, 9.5, 1.0, 3.761_204_891_670_952),
    ];
    for (a, b, c, g, wanted) in table {
        let model = BetaGeometric { k: 1, modified: false, r: c, alpha: 1.0, a, b };
        let found = model.expected(&Life { x: 0, t_x: 0.0, t: 0.0, litt: 0.0 }, g);
        assert!((found / wanted - 1.0).abs() < 1e-9, "a {a}, b {b}, c {c}, g {g}: {found}, not {wanted}");
    }
}

#[test]
fn the_minimiser_finds_the_bottom_of_a_bent_valley() {
    let rosenbrock = |at: &[f64], g: &mut [f64]| {
        let (x, y) = (at[0], at[1]);
        g[0] = -2.0 * (1.0 - x) - 400.0 * x * (y - x * x);
        g[1] = 200.0 * (y - x * x);
        (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
    };
    let cold = minimise(&[-1.2, 1.0], 1e-9, 200, rosenbrock);
    assert_eq!(cold.end, End::Converged);
    assert!((cold.at[0] - 1.0).abs() < 1e-8 && (cold.at[1] - 1.0).abs() < 1e-8, "{cold:?}");
    let warm = minimise_warm(&[1.001, 1.0], &cold.inverse_hessian, 1e-9, 200, rosenbrock);
    assert!(warm.end.converged() && warm.evaluations < 15, "{warm:?}");
    let stopped = minimise(&[-1.2, 1.0], 1e-9, 5, rosenbrock);
    assert!(!stopped.end.converged() && stopped.evaluations == 5, "{stopped:?}");
}

/// Beyond x = 2 the function is not a number: the search backs off and still finds the minimum at 1.9.
#[test]
fn the_minimiser_backs_off_from_what_is_not_finite() {
    let walled = |at: &[f64], g: &mut [f64]| {
        g[0] = 2e3 * (at[0] - 1.9);
        if at[0] > 2.0 { f64::NAN } else { 1e3 * (at[0] - 1.9).powi(2) }
    };
    let found = minimise(&[-40.0], 1e-10, 100, walled);
    assert!(found.end.converged() && (found.at[0] - 1.9).abs() < 1e-9, "{found:?}");
    let nowhere = minimise(&[3.0], 1e-10, 100, walled);
    assert!(!nowhere.end.converged() && nowhere.at == [3.0], "{nowhere:?}");
    let flat = minimise(&[], 1e-10, 100, |_, _| 1.0);
    assert!(flat.end.converged());
}
