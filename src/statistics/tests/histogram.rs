use proptest::prelude::*;
use statrs::statistics::{Data, Max, Min};

use super::uniform;
use crate::statistics::Estimate;
use crate::statistics::grouped::{GROUPS, GroupedHistogram};
use crate::statistics::histogram::Histogram;
use crate::statistics::interval::order_statistic_ranks;

fn of(values: &[f64]) -> Histogram {
    let mut histogram = Histogram::default();
    values.iter().for_each(|&x| histogram.push(x));
    histogram
}

#[test]
fn nothing_is_known_of_nothing() {
    let none = Histogram::default();
    assert_eq!((none.count(), none.min(), none.max(), none.at_rank(1)), (0, None, None, None));
    assert_eq!(none.quantile_estimate(0.5), Estimate::default());
    assert_eq!(of(&[3.0]).quantile_estimate(0.5), Estimate::bare(Some(3.0)));
    assert_eq!(of(&[3.0]).quantile_estimate(f64::NAN), Estimate::default());
    assert_eq!((of(&[3.0]).at_rank(0), of(&[3.0]).at_rank(2)), (None, None));
}

#[test]
fn constants_and_extremes_are_exact() {
    for x in [0.0, 2f64.powi(-30), 0.1, 1.0, 127.999, 8_388_608.0, 1e-12, 5e-324] {
        let histogram = of(&[x; 1000]);
        assert_eq!(histogram.quantile_estimate(0.95), Estimate::exact(x));
        assert_eq!((histogram.min(), histogram.max(), histogram.count()), (Some(x), Some(x), 1000));
    }
    let ends = of(&[0.0, 8_388_608.0, -0.0]);
    assert_eq!((ends.at_rank(1), ends.at_rank(2), ends.at_rank(3)), (Some(0.0), Some(0.0), Some(8_388_608.0)));
}

#[test]
fn ranks_do_not_slip_by_rounding() {
    let values: Vec<_> = (1..=1000).map(f64::from).collect();
    // Values so large that each has a cell of its own would need 2^-7 spacing: discrete ones stand in.
    let histogram = of(&values.iter().map(|x| 2f64.powi((*x / 100.0).ceil() as i32)).collect::<Vec<_>>());
    for tenths in 1..=10 {
        let p = f64::from(tenths) / 10.0;
        assert_eq!(histogram.quantile(p), Some(2f64.powi(tenths)), "{p}");
        assert_eq!(histogram.quantile(p + 1e-9), Some(2f64.powi((tenths + 1).min(10))), "{p}");
    }
    for n in [7u64, 100, 1000, 9999, 1_000_000] {
        for r in (1..=n).step_by((n / 100).max(1) as usize) {
            // Decimal and quotient forms of the same probability name the same rank.
            let (mut low, mut high) = (Histogram::default(), Histogram::default());
            low.push(1.0);
            high.push(2.0);
            let json = |a: u64, b: u64| match (a, b) {
                (0, b) => format!(r#"{{"cells":[[3969,{b},2.0,2.0]]}}"#),
                (a, 0) => format!(r#"{{"cells":[[3841,{a},1.0,1.0]]}}"#),
                (a, b) => format!(r#"{{"cells":[[3841,{a},1.0,1.0],[3969,{b},2.0,2.0]]}}"#),
            };
            let histogram: Histogram = serde_json::from_str(&json(r, n - r)).unwrap();
            assert_eq!(histogram.quantile(r as f64 / n as f64), Some(1.0), "{r} of {n}");
            let histogram: Histogram = serde_json::from_str(&json(r - 1, n - r + 1)).unwrap();
            assert_eq!(histogram.quantile(r as f64 / n as f64), Some(2.0), "{r} of {n}");
        }
    }
    assert_eq!(of(&values[..100]).quantile(0.07), Some(7.0));
    assert_eq!((of(&values).quantile(0.0), of(&values).quantile(1.0)), (Some(1.0), Some(1000.0)));
}

#[test]
fn what_cannot_be_counted_is_said_and_stays_said() {
    for bad in [f64::NAN, f64::INFINITY, -1.0, -5e-324, 8_388_609.0] {
        let mut histogram = of(&[1.0, bad, 2.0]);
        assert_eq!((histogram.count(), histogram.max(), histogram.quantile(0.5)), (0, None, None), "{bad}");
        assert_eq!(serde_json::to_string(&histogram).unwrap(), r#"{"unusable":true,"cells":[]}"#);
        let mut good = of(&[1.0]);
        histogram.merge(&good);
        good.merge(&histogram);
        assert_eq!(good, histogram);
        assert_eq!(good.count(), 0);
    }
    // Beyond 2^53 values.
    let mut many: Histogram = serde_json::from_str(r#"{"cells":[[0,9007199254740992,0.0,0.0]]}"#).unwrap();
    assert_eq!(many.quantile_estimate(0.5), Estimate::exact(0.0));
    many.merge(&of(&[1.0]));
    assert_eq!(many.quantile(0.5), None);
}

#[test]
fn damaged_cells_are_refused() {
    for (cells, expected) in [
        ("[[0,0,0.0,0.0]]", "empty"),
        ("[[0,1,-0.0,0.0]]", "another cell"),
        ("[[0,1,1.0,1.0]]", "another cell"),
        ("[[3841,1,1.0,1.0],[3841,1,1.0,1.0]]", "ascend"),
        ("[[3841,1,1.0,1.001]]", "smallest"),
        ("[[3841,2,1.001,1.0]]", "smallest"),
        ("[[3841,2,1.0,1.5]]", "another cell"),
        ("[[3840,2,1.0,1.0]]", "another cell"),
        ("[[6785,1,8388609.0,8388609.0]]", "another cell"),
        ("[[65535,1,1.0,1.0]]", "another cell"),
        ("[[65536,1,1.0,1.0]]", "u16"),
        ("[[1,1,-1.0,-1.0]]", "another cell"),
        ("[[0,9007199254740992,0.0,0.0],[3841,1,1.0,1.0]]", "2^53"),
        ("[[3841,1,null,1.0]]", "f64"),
    ] {
        let error = serde_json::from_str::<Histogram>(&format!(r#"{{"cells":{cells}}}"#)).unwrap_err();
        assert!(error.to_string().contains(expected), "{cells}: {error}");
    }
    assert!(serde_json::from_str::<Histogram>(r#"{"unusable":true,"cells":[[0,1,0.0,0.0]]}"#).is_err());
    assert!(serde_json::from_str::<Histogram>(r#"{"cells":[],"more":1}"#).is_err());
}

#[test]
fn groups_give_an_interval_once_all_hold_values() {
    let mut single = GroupedHistogram::new(1);
    let mut groups = GroupedHistogram::new(4);
    for block in 0..9 {
        single.of_block(block).push(1.0);
        groups.of_block(block).push(1.0);
    }
    assert_eq!(single.quantile_estimates(&[0.5])[0], Estimate::exact(1.0));
    assert_eq!(groups.quantile_estimates(&[0.5, 0.9])[1], Estimate::bare(Some(1.0)));
    groups.of_block(9).push(3.0);
    // q = 1, one group of ten at 3: sqrt(4 / 90) * t(9), cut at 0 below.
    let got = groups.quantile_estimates(&[0.5])[0];
    approx::assert_relative_eq!(got.high.unwrap(), 1.0 + 2.262_157_163 * (4.0f64 / 90.0).sqrt(), max_relative = 1e-9);
    assert!(groups.quantile_estimates(&[1.0])[0].low.unwrap() >= 0.0);
    assert_eq!(groups.pooled().count(), 10);
    assert_eq!(GroupedHistogram::new(2).quantile_estimates(&[0.5])[0], Estimate::default());
    let json = serde_json::to_string(&groups).unwrap();
    assert_eq!(serde_json::from_str::<GroupedHistogram>(&json).unwrap(), groups);
    single.merge(&groups);
    assert_eq!(single.quantile_estimates(&[0.5])[0], Estimate::default());
}

#[test]
fn sectioning_covers_where_values_are_correlated() {
    // Every replication shifts its 4 values by one draw: value = (u + v) / 2, median 1/2.
    let (mut covered, mut state) = (0, 11);
    for _ in 0..400 {
        let mut groups = GroupedHistogram::new(4);
        for block in 0..GROUPS as u64 {
            for _ in 0..256 {
                let shift = uniform(&mut state);
                (0..4).for_each(|_| groups.of_block(block).push((shift + uniform(&mut state) / 8.0) / 1.125));
            }
        }
        let got = groups.quantile_estimates(&[0.5])[0];
        covered += u32::from(got.low.unwrap() <= 0.5 && 0.5 <= got.high.unwrap());
    }
    assert!((365..=395).contains(&covered), "{covered} of 400");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn agrees_with_the_sorted_values(mut values in prop::collection::vec(0.0f64..100.0, 1..2000), p in 0.0f64..=1.0) {
        let histogram = of(&values);
        let data = Data::new(values.clone());
        prop_assert_eq!((histogram.min(), histogram.max()), (Some(data.min()), Some(data.max())));
        values.sort_by(f64::total_cmp);
        let n = values.len();
        let rank = ((p * n as f64).ceil() as usize).clamp(1, n);
        let close = |got: Option<f64>, rank: usize| (got.unwrap() - values[rank - 1]).abs() <= values[rank - 1] / 127.0;
        prop_assert!(close(histogram.quantile(p), rank));
        let (low, high) = order_statistic_ranks(n as u64, p);
        let got = histogram.quantile_estimate(p);
        prop_assert!(low.is_none_or(|r| close(got.low, r as usize)) && high.is_none_or(|r| close(got.high, r as usize)));
        prop_assert!(got.low.is_none_or(|low| low <= got.estimate.unwrap()));
        prop_assert!(got.high.is_none_or(|high| high >= got.estimate.unwrap()));
        let ranks: Vec<_> = (1..=n as u64).map(|r| histogram.at_rank(r).unwrap()).collect();
        prop_assert!(ranks.is_sorted());
    }

    #[test]
    fn few_distinct_values_are_exact(codes in prop::collection::vec(0u32..40, 1..500), p in 0.0f64..=1.0) {
        let mut values: Vec<_> = codes.iter().map(|&code| f64::from(code)).collect();
        let histogram = of(&values);
        values.sort_by(f64::total_cmp);
        let rank = ((p * values.len() as f64).ceil() as usize).clamp(1, values.len());
        prop_assert_eq!(histogram.quantile(p), Some(values[rank - 1]));
    }
}
