//! The standard normal distribution.

use std::f64::consts::FRAC_1_SQRT_2;

/// `1 / sqrt(2 pi)`.
const DENSITY_AT_ZERO: f64 = 0.398_942_280_401_432_7;

/// The density at `z`.
pub(crate) fn normal_density(z: f64) -> f64 {
    DENSITY_AT_ZERO * libm::exp(-0.5 * z * z)
}

/// `P(Z <= z)`, accurate in relative terms in the lower tail; for the upper one ask for `normal_cdf(-z)`.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

/// The `z` with `P(Z <= z) = p`: algorithm AS 241, PPND16 (Wichura 1988), about 1 part in 10^16.
///
/// -infinity at 0, infinity at 1, NaN outside of `0..=1`. Constant time.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(r, &CENTRE);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    if tail == 0.0 {
        return if q < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 { ratio(r - 1.6, &FLANK) } else { ratio(r - 5.0, &TAIL) };
    if q < 0.0 { -z } else { z }
}

/// A ratio of two polynomials of degree 7, given from the highest coefficient down.
fn ratio(r: f64, table: &[[f64; 8]; 2]) -> f64 {
    let [over, under] = table.each_ref().map(|c| c.iter().fold(0.0, |sum, &c| sum * r + c));
    over / under
}

const CENTRE: [[f64; 8]; 2] = [
    [
        2.509_080_928_730_122_672_7e3,
        3.343_057_558_358_812_810_5e4,
        6.726_577_092_700_870_085_3e4,
        4.592_195_393_154_987_145_7e4,
        1.373_169_376_550_946_112_5e4,
        1.971_590_950_306_551_442_7e3,
        1.331_416_678_917_843_774_5e2,
        3.387_132_872_796_366_608_0,
    ],
    [
        5.226_495_278_852_854_561_0e3,
        2.872_908_573_572_194_267_4e4,
        3.930_789_580_009_271_061_0e4,
        2.121_379_430_158_659_586_7e4,
        5.394_196_021_424_751_107_7e3,
        6.871_870_074_920_579_083_0e2,
        4.231_333_070_160_091_125_2e1,
        1.0,
    ],
];
const FLANK: [[f64; 8]; 2] = [
    [
        7.745_450_142_783_414_076_40e-4,
        2.272_384_498_926_918_458_33e-2,
        2.417_807_251_774_506_117_70e-1,
        1.270_458_252_452_368_382_58,
        3.647_848_324_763_204_605_04,
        5.769_497_221_460_691_405_50,
        4.630_337_846_156_545_295_90,
        1.423_437_110_749_683_577_34,
    ],
    [
        1.050_750_071_644_416_843_24e-9,
        5.475_938_084_995_344_946_00e-4,
        1.519_866_656_361_645_719_66e-2,
        1.481_039_764_274_800_745_90e-1,
        6.897_673_349_851_000_045_50e-1,
        1.676_384_830_183_803_849_40,
        2.053_191_626_637_758_821_87,
        1.0,
    ],
];
const TAIL: [[f64; 8]; 2] = [
    [
        2.010_334_399_292_288_132_65e-7,
        2.711_555_568_743_487_578_15e-5,
        1.242_660_947_388_078_438_60e-3,
        2.653_218_952_657_612_309_30e-2,
        2.965_605_718_285_048_912_30e-1,
        1.784_826_539_917_291_335_80,
        5.463_784_911_164_114_369_90,
        6.657_904_643_501_103_777_20,
    ],
    [
        2.044_263_103_389_939_785_64e-15,
        1.421_511_758_316_445_888_70e-7,
        1.846_318_317_510_054_681_80e-5,
        7.868_691_311_456_132_591_00e-4,
        1.487_536_129_085_061_485_25e-2,
        1.369_298_809_227_358_053_10e-1,
        5.998_322_065_558_879_376_90e-1,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: 50-digit inversion of erfc with mpmath 1.3.
    const REFERENCE: &[(f64, f64)] = &[
        (1e-300, -37.047096299361199),
        (1e-20, -9.2623400897984076),
        (1e-5, -4.2648907939228246),
        (0.01, -2.3263478740408411),
        (0.07, -1.4757910281791707),
        (0.3, -0.52440051270804082),
        (0.5, 0.0),
        (0.6, 0.25334710313579974),
        (0.95, 1.6448536269514723),
        (0.99999, 4.2648907939238408),
    ];

    #[test]
    fn quantiles_against_inversion() {
        for &(p, z) in REFERENCE {
            assert!((normal_quantile(p) - z).abs() <= 1e-15 * z.abs(), "{p}: {} not {z}", normal_quantile(p));
            assert!((normal_cdf(z) - p).abs() <= 1e-13 * p.max(1e-3) + 1e-11 * p.min(1e-3), "{z}: {}", normal_cdf(z));
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(1.5).is_nan() && normal_quantile(f64::NAN).is_nan());
    }
}
