//! Comparisons: what changes nothing differs by nothing; figures are those of runs, and differences those of the very
//! engagements; common random numbers save what they should; what is not known of an effect is told apart from noise.

use proptest::prelude::*;
use ripple_effect::change::{Parameter, Scenario, Selection};
use ripple_effect::compare::{Comparing, Difference, Effects, Figure};
use ripple_effect::portfolio::Goal;
use ripple_effect::practice::{Case, Kind, Practice};
use ripple_effect::{Distribution, ErrorKind, Estimate, Observer, Organization, Sample, generate};

use crate::organizations::{cases, organizations};

fn quicker() -> Scenario {
    Scenario::new("Quicker").change(Selection::all().scale(Parameter::Duration, 0.9))
}

fn bank() -> Organization {
    Organization::builder("Bank")
        .employee("Ana", |e| e.provides_with("history", Distribution::pert(0.5, 1.0, 4.0), |s| s.error_rate(0.2)))
        .employee("Ben", |e| e.provides("answer", Distribution::exponential(1.0)))
        .customer("Retail", |c| c.promise(4.0).value(100.0))
        .customer("Business", |c| c.promise(3.0).value(900.0))
        .serves_with("Ana", "Ben", "history", |d| d.silent(0.2, 4.0).handoff(Distribution::exponential(0.2)))
        .serves("Ben", "Retail", "answer")
        .serves("Ana", "Business", "history")
        .build()
        .unwrap()
}

/// Every engagement of a run.
#[derive(Default)]
struct Seen(Vec<Sample>);

impl Observer for Seen {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        self.0.extend_from_slice(samples);
    }
}

fn engagements(organization: &Organization, replications: u64, seed: u64) -> Vec<Sample> {
    let mut seen = Seen::default();
    organization.simulate().unwrap().replications(replications).seed(seed).run_observed(&mut seen).unwrap();
    seen.0
}

/// The mean of each replication, over its rounds and the customers asked for.
fn means(samples: &[Sample], replications: u64, customer: Option<usize>, of: impl Fn(&Sample) -> f64) -> Vec<f64> {
    let mut sums = vec![(0.0, 0.0); replications as usize];
    for sample in samples.iter().filter(|sample| customer.is_none_or(|customer| customer == sample.customer)) {
        let (sum, count) = &mut sums[sample.replication as usize];
        (*sum, *count) = (*sum + of(sample), *count + 1.0);
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

fn mean_and_variance(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0))
}

fn of_figure(figure: Figure) -> Option<fn(&Sample) -> f64> {
    Some(match figure {
        Figure::Perfect => |s| f64::from(u8::from(s.perfect)),
        Figure::OnTime => |s| f64::from(u8::from(s.lateness == 0.0)),
        Figure::ErrorFree => |s| f64::from(u8::from(!s.error)),
        Figure::Wait => |s| s.wait,
        Figure::Lateness => |s| s.lateness,
        Figure::Quality => |s| s.quality,
        Figure::Satisfaction => |s| s.satisfaction,
        _ => return None,
    })
}

fn close(what: &str, found: f64, exact: f64) {
    assert!((found - exact).abs() <= 1e-9 * (1.0 + exact.abs()), "{what}: {found} for {exact}");
}

#[test]
fn a_scenario_that_changes_nothing_differs_by_exactly_nothing() {
    let nothing = [
        Scenario::new("A factor of 1").change(Selection::all().scale(Parameter::Duration, 1.0)),
        Scenario::new("Nobody takes it up").practice(Practice::new(Kind::Training, Selection::all()).adoption(0.0)),
        Scenario::new("Nothing at all"),
    ];
    proptest!(cases(24), |(organization in organizations())| {
        let comparison = organization.compare(&nothing).unwrap().replications(600).seed(3).each_with_each().run().unwrap();
        let exactly_nothing = Estimate { estimate: Some(0.0), low: Some(0.0), high: Some(0.0) };
        for compared in comparison.scenarios.iter().chain(&comparison.pairs) {
            for one in &compared.figures {
                if one.figure == Figure::WaitP50 || one.figure == Figure::WaitP95 {
                    prop_assert_eq!(one.difference.estimate, Some(0.0));
                } else {
                    prop_assert_eq!(one.difference, exactly_nothing);
                    prop_assert_eq!(one.equal, Some(1.0));
                }
                prop_assert_eq!(one.favourable, None);
                prop_assert_eq!(one.before, one.with);
            }
        }
    });
}

#[test]
fn figures_are_those_of_the_very_engagements() {
    proptest!(cases(24), |(organization in organizations())| {
        let n = 700;
        let scenario = quicker();
        let comparison = organization.compare(std::slice::from_ref(&scenario)).unwrap().replications(n).seed(5).run().unwrap();
        let changed = scenario.apply(&organization).unwrap().into_organization();
        let (before, with) = (engagements(&organization, n, 5), engagements(&changed, n, 5));
        let customers = &organization.description().customers;
        for one in &comparison.scenarios[0].figures {
            let customer = one.customer.as_ref().map(|name| customers.iter().position(|c| &c.name == name).unwrap());
            let Some(of) = of_figure(one.figure) else { continue };
            let (before, with) = (means(&before, n, customer, of), means(&with, n, customer, of));
            let differences: Vec<f64> = with.iter().zip(&before).map(|(with, before)| with - before).collect();
            let (mean, variance) = mean_and_variance(&differences);
            close("difference", one.difference.estimate.unwrap(), mean);
            let error = (variance / n as f64).sqrt();
            prop_assert!((one.standard_error.unwrap() - error).abs() <= 1e-6 * error + 1e-9);
            let (of_before, of_with) = (mean_and_variance(&before), mean_and_variance(&with));
            close("before", one.before.estimate.unwrap(), of_before.0);
            close("with", one.with.estimate.unwrap(), of_with.0);
            let tiny = 1e-9;
            let more = differences.iter().filter(|d| **d > tiny).count() as f64 / n as f64;
            let less = differences.iter().filter(|d| **d < -tiny).count() as f64 / n as f64;
            let (better, worse) = if one.figure.more_is_better() { (more, less) } else { (less, more) };
            if one.figure != Figure::Quality && one.figure != Figure::Satisfaction {
                prop_assert_eq!((one.better, one.worse), (Some(better), Some(worse)));
            }
            if let Some(saved) = one.variance_saved.filter(|_| variance > 1e-9) {
                prop_assert!((saved - (of_before.1 + of_with.1) / variance).abs() <= 1e-5 * saved);
            }
        }
    });
}

#[test]
fn quantiles_and_value_lost_are_those_of_runs() {
    let organization = bank();
    let scenario = quicker();
    let comparison = organization.compare(std::slice::from_ref(&scenario)).unwrap().replications(6_000).run().unwrap();
    let changed = scenario.apply(&organization).unwrap().into_organization();
    let run =
        |organization: &Organization| organization.simulate().unwrap().replications(6_000).run().unwrap().summary();
    let (before, with) = (run(&organization), run(&changed));
    let compared = comparison.scenario("Quicker").unwrap();
    let mut lost = 0.0;
    for (before, with) in before.customers.iter().zip(&with.customers) {
        let name = &before.name;
        lost += with.value_lost_per_1000.estimate.unwrap();
        for (figure, before, with) in [
            (Figure::WaitP50, before.wait.p50, with.wait.p50),
            (Figure::WaitP95, before.wait.p95, with.wait.p95),
            (Figure::ValueLost, before.value_lost_per_1000, with.value_lost_per_1000),
            (Figure::Wait, before.wait.mean, with.wait.mean),
        ] {
            let one = compared.of(name, figure).unwrap();
            close("before", one.before.estimate.unwrap(), before.estimate.unwrap());
            close("with", one.with.estimate.unwrap(), with.estimate.unwrap());
            close("difference", one.difference.estimate.unwrap(), with.estimate.unwrap() - before.estimate.unwrap());
            assert!(one.difference.low.unwrap() < one.difference.high.unwrap());
        }
    }
    close("all", compared.everybody(Figure::ValueLost).unwrap().with.estimate.unwrap(), lost);
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let uncertain = Scenario::new("Training").practice(Practice::new(Kind::Training, Selection::all()));
    let asked = bank().compare(&[quicker(), uncertain]).unwrap().replications(5_000).seed(9).each_with_each();
    let one = asked.clone().threads(1).run().unwrap();
    for threads in [2, 3, 7] {
        assert_eq!(asked.clone().threads(threads).run().unwrap(), one);
    }
}

/// Ten per cent off the duration of 5 of 50 services.
fn five_of_fifty() -> (Organization, Scenario) {
    let organization = generate::layered(50).seed(1).organization().unwrap();
    let mut scenario = Scenario::new("Five work faster");
    for employee in organization.description().employees.iter().step_by(10) {
        scenario = scenario.change(Selection::employee(&employee.name).scale(Parameter::Duration, 0.9));
    }
    (organization, scenario)
}

#[test]
fn common_random_numbers_save_what_they_should() {
    let (organization, scenario) = five_of_fifty();
    let comparison = organization.compare(&[scenario]).unwrap().replications(20_000).run().unwrap();
    let compared = &comparison.scenarios[0];
    let saved = |figure| compared.everybody(figure).unwrap().variance_saved.unwrap();
    println!(
        "variance saved: wait {:.0}, on time {:.0}, perfect {:.0}",
        saved(Figure::Wait),
        saved(Figure::OnTime),
        saved(Figure::Perfect)
    );
    assert!(saved(Figure::Wait) >= 50.0, "{}", saved(Figure::Wait));
    assert!(saved(Figure::OnTime) >= 15.0, "{}", saved(Figure::OnTime));

    // Under seeds of their own the variance of the difference is the sum of both.
    let wait = compared.everybody(Figure::Wait).unwrap();
    let half = |estimate: Estimate| (estimate.high.unwrap() - estimate.low.unwrap()) / 2.0;
    let independent = half(wait.before).hypot(half(wait.with));
    let ratio = independent / half(wait.difference);
    assert!((ratio * ratio / saved(Figure::Wait) - 1.0).abs() < 0.01);
}

/// A mistake is made with probability p, and p f with the practice. Under common random numbers it is gone with probability
/// p (1 - f), so that everything is known in closed form.
#[test]
fn what_is_not_known_of_an_effect_is_told_apart_from_noise() {
    let organization = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.5)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let (low, high) = (0.2, 0.8);
    let practice = Practice::new(Kind::Recognition, Selection::all()).effect(Distribution::uniform(low, high));
    let scenario = Scenario::new("Thanks").practice(practice);
    let asked: Comparing =
        organization.compare(std::slice::from_ref(&scenario)).unwrap().replications(512 * 256).seed(2);
    let comparison = asked.run().unwrap();
    assert!(comparison.scenarios[0].uncertain);
    let one: &Difference = comparison.scenarios[0].of("Guests", Figure::ErrorFree).unwrap();
    let (p, mean) = (0.5, 0.5);
    let effect_sd = p * (high - low) / 12f64.sqrt();
    let within = p * (1.0 - mean) - p * p * ((1.0 - mean) * (1.0 - mean) + (high - low) * (high - low) / 12.0);
    let n = 512.0 * 256.0;
    let relative = |found: Option<f64>, exact: f64| (found.unwrap() / exact - 1.0).abs();
    // Of 512 draws: a standard deviation is known to 1 / sqrt(2 * 512) = 3 %, three of which are allowed.
    assert!(relative(one.effect_sd, effect_sd) < 0.1, "{:?} for {effect_sd}", one.effect_sd);
    assert!(relative(one.sampling_error, (within / n).sqrt()) < 0.05, "{:?}", one.sampling_error);
    let all = (effect_sd * effect_sd / 512.0 + within / n).sqrt();
    assert!(relative(one.standard_error, all) < 0.1);
    assert!((one.difference.estimate.unwrap() - p * (1.0 - mean)).abs() < 4.0 * all);

    // At its mean nothing is left to be known of it.
    let fixed = asked.clone().effects(Effects::At(Case::Expected)).run().unwrap();
    let one = fixed.scenarios[0].of("Guests", Figure::ErrorFree).unwrap();
    assert_eq!(one.effect_sd, Some(0.0));
    assert_eq!(one.sampling_error, one.standard_error);
    let worst = asked.effects(Effects::At(Case::Worst)).run().unwrap();
    let worst = worst.scenarios[0].of("Guests", Figure::ErrorFree).unwrap();
    assert!(worst.difference.high.unwrap() < one.difference.low.unwrap());
}

/// The same practice draws the same effect wherever it stands: twice as much of it differs by it, not by luck.
#[test]
fn the_same_practice_draws_the_same_effect_in_all_scenarios() {
    let thanks = || Practice::new(Kind::Recognition, Selection::all()).effect(Distribution::uniform(0.2, 0.8));
    let twice = [Scenario::new("One").practice(thanks()), Scenario::new("Other").practice(thanks())];
    let comparison = bank().compare(&twice).unwrap().replications(3_000).each_with_each().run().unwrap();
    for one in &comparison.pair("One", "Other").unwrap().figures {
        assert_eq!(one.difference.estimate, Some(0.0), "{}", one.figure);
    }
}

#[test]
fn pairs_differ_by_what_their_differences_differ_by() {
    let scenarios = [
        quicker(),
        Scenario::new("Answers").change(Selection::all().scale(Parameter::SilenceProbability, 0.2)),
        Scenario::new("Surer").change(Selection::all().scale(Parameter::ErrorRate, 0.5)),
    ];
    let comparison = bank().compare(&scenarios).unwrap().replications(3_000).each_with_each().run().unwrap();
    assert_eq!(comparison.pairs.len(), 3);
    // Six pairs, two customers and both together.
    assert_eq!(comparison.differences, 18);
    for pair in &comparison.pairs {
        let beside = |name: &str| comparison.scenario(name).unwrap();
        let (one, other) = (beside(&pair.scenario), beside(pair.against.as_deref().unwrap()));
        for ((pair, one), other) in pair.figures.iter().zip(&one.figures).zip(&other.figures) {
            let found = pair.difference.estimate.unwrap();
            close("pair", found, one.difference.estimate.unwrap() - other.difference.estimate.unwrap());
            let (all, alone) = (pair.all_at_once, pair.difference);
            assert!(all.low <= alone.low && alone.high <= all.high);
        }
    }
}

/// The interval for all at once is that of Student's t at 0.05 / (2 * differences).
#[test]
fn intervals_for_all_at_once_are_wider_as_they_should() {
    let scenarios = [quicker(), Scenario::new("Surer").change(Selection::all().scale(Parameter::ErrorRate, 0.5))];
    let comparison = bank().compare(&scenarios).unwrap().replications(100_000).run().unwrap();
    assert_eq!(comparison.differences, 6);
    let one = comparison.scenario("Quicker").unwrap().of("Retail", Figure::Wait).unwrap();
    let half = |estimate: Estimate| (estimate.high.unwrap() - estimate.low.unwrap()) / 2.0;
    // The normal quantile of 1 - 0.05 / 12, from tables.
    let ratio = half(one.all_at_once) / one.standard_error.unwrap();
    assert!((ratio - 2.638_257).abs() < 1e-3, "{ratio}");
    assert!((half(one.difference) / one.standard_error.unwrap() - 1.959_964).abs() < 1e-3);
    assert_eq!(one.verdict(), Some(true));
}

#[test]
fn what_cannot_be_compared_is_refused_by_name() {
    let bank = bank();
    assert_eq!(bank.compare(&[]).unwrap_err().kind(), ErrorKind::Shape);
    let twice = bank.compare(&[quicker(), quicker()]).unwrap_err();
    assert_eq!((twice.kind(), twice.mend()), (ErrorKind::Duplicate, "Name it once."));
    let other = Scenario::new("Quicker");
    assert_eq!(bank.compare(&[quicker(), other]).unwrap_err().mend(), "Give one another name.");
    let nobody = Scenario::new("Nobody").change(Selection::employee("Anna").scale(Parameter::Duration, 0.8));
    let error = bank.compare(&[quicker(), nobody]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Name);
    assert!(error.path().starts_with("Nobody: changes[0]"), "{}", error.path());
    assert_eq!(bank.compare(&[quicker()]).unwrap().replications(0).run().unwrap_err().kind(), ErrorKind::Range);
}

#[test]
fn an_observer_sees_it_grow_and_may_stop_it() {
    #[derive(Default)]
    struct Watching(Vec<(u64, u64)>, bool);
    impl Observer for Watching {
        fn progress(&mut self, done: u64, of: u64) {
            self.0.push((done, of));
        }

        fn wants_to_stop(&self) -> bool {
            self.1
        }
    }
    let asked = bank().compare(&[quicker()]).unwrap().replications(1_000);
    let mut watching = Watching::default();
    asked.run_observed(&mut watching).unwrap();
    assert_eq!(watching.0.last(), Some(&(2_000, 2_000)));
    let mut watching = Watching(Vec::new(), true);
    let error = asked.replications(1 << 30).run_observed(&mut watching).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn too_few_replications_bound_nothing() {
    let comparison = bank().compare(&[quicker()]).unwrap().replications(1).run().unwrap();
    for one in &comparison.scenarios[0].figures {
        assert_eq!((one.difference.low, one.favourable, one.standard_error), (None, None, None));
    }
}

/// A practice that leaves 0.4 to 1.4 of the mistakes: it does harm with 40 %, however many runs there are.
#[test]
fn more_runs_do_not_make_an_uncertain_effect_sure() {
    let organization = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.5)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let effect = Distribution::uniform(0.4, 1.4);
    let practice = Practice::new(Kind::Recognition, Selection::all()).effect(effect);
    let asked = organization.compare(&[Scenario::new("Thanks").practice(practice)]).unwrap();
    let comparison = asked.clone().replications(4_000 * 256).run().unwrap();
    let one = comparison.scenarios[0].of("Guests", Figure::Perfect).unwrap();
    // The mean is 0.05, the standard deviation 0.5 / sqrt(12): in the normal distribution 63.5 % are above 0.
    assert!((one.favourable.unwrap() - 0.6355).abs() < 0.02, "{:?}", one.favourable);
    assert!(one.favourable_on_average.unwrap() > 0.999);
    assert!(one.difference.low.unwrap() > 0.0);
    assert_eq!(one.verdict(), None);
    // Where it is certain, both are one.
    let fixed = asked.effects(Effects::At(Case::Expected)).replications(10_000).run().unwrap();
    for one in &fixed.scenarios[0].figures {
        assert_eq!(one.favourable, one.favourable_on_average);
    }
}

/// The mean with a drawn effect is known no better than its draws allow, and what common random numbers save is worked out
/// from such errors.
#[test]
fn means_with_drawn_effects_vary_with_them() {
    let organization = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.5)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let practice = Practice::new(Kind::Recognition, Selection::all()).effect(Distribution::uniform(0.2, 0.8));
    let asked = organization.compare(&[Scenario::new("Thanks").practice(practice)]).unwrap();
    let half = |estimate: Estimate| (estimate.high.unwrap() - estimate.low.unwrap()) / 2.0;
    let (exact, runs) = (0.75, 60);
    let mut inside = 0;
    for seed in 0..runs {
        let comparison = asked.clone().replications(20 * 256).seed(seed).run().unwrap();
        let one = comparison.scenarios[0].of("Guests", Figure::Perfect).unwrap();
        inside += u32::from(one.with.low.unwrap() <= exact && exact <= one.with.high.unwrap());
    }
    // 57 of 60 are expected; 50 or fewer with less than 0.2 %.
    assert!(inside > 50, "{inside} of {runs}");
    let comparison = asked.replications(512 * 256).run().unwrap();
    let one = comparison.scenarios[0].of("Guests", Figure::Perfect).unwrap();
    let error = |estimate: Estimate| half(estimate) / 1.962;
    let saved = (error(one.before).powi(2) + error(one.with).powi(2)) / one.standard_error.unwrap().powi(2);
    assert!((one.variance_saved.unwrap() / saved - 1.0).abs() < 0.02, "{:?} for {saved}", one.variance_saved);
    // Nearly all of the error is the effect's, which common random numbers do not take away.
    assert!(one.variance_saved.unwrap() < 1.5, "{:?}", one.variance_saved);
}

#[test]
fn too_many_pairs_are_refused_before_memory_is_taken() {
    let many: Vec<Scenario> = (0..250).map(|place| Scenario::new(format!("{place}"))).collect();
    let asked = bank().compare(&many).unwrap().replications(1).each_with_each();
    let refused = asked.run().unwrap_err();
    assert_eq!((refused.kind(), refused.path()), (ErrorKind::Range, "each_with_each"));
}

/// An effect that is another one in a case of two hundred is no number, though all its usual quantiles are one.
#[test]
fn a_rare_effect_is_an_uncertain_one() {
    let mut values = vec![0.9; 199];
    values.push(0.1);
    let practice = Practice::new(Kind::Recognition, Selection::all());
    let rare = Scenario::new("Rare").practice(practice.clone().effect(Distribution::empirical(values)));
    let sure = Scenario::new("Sure").practice(practice.effect(Distribution::uniform(0.5, 0.5)));
    let comparison = bank().compare(&[rare, sure]).unwrap().replications(512).run().unwrap();
    assert!(comparison.scenarios[0].uncertain && !comparison.scenarios[1].uncertain);
}

/// Business customers wait longer than retail customers at best: of both together, the wait that 95 of 100 do not exceed is
/// another one than the mean of theirs, and the mean is what is said.
#[test]
fn a_quantile_of_all_customers_is_the_mean_of_theirs() {
    let bank = Organization::builder("Bank")
        .employee("Ana", |e| e.provides("history", Distribution::uniform(0.0, 2.0)))
        .employee("Ben", |e| e.provides("answer", Distribution::uniform(90.0, 100.0)))
        .customer("Retail", |c| c.promise(2.0))
        .customer("Business", |c| c.promise(95.0))
        .serves("Ana", "Retail", "history")
        .serves("Ben", "Business", "answer")
        .build()
        .unwrap();
    let compared = bank.compare(&[quicker()]).unwrap().replications(2_560).run().unwrap();
    let first = &compared.scenarios[0];
    let before = |of: Option<&Difference>| of.unwrap().before.estimate.unwrap();
    let [retail, business] = ["Retail", "Business"].map(|name| before(first.of(name, Figure::WaitP95)));
    let all = before(first.everybody(Figure::WaitP95));
    close("the mean", all, f64::midpoint(retail, business));
    assert!((all - 50.7).abs() < 0.5, "{all}");
    // The quantile of all engagements: the upper tenth of those of business customers.
    assert!((all - 99.0).abs() > 40.0);
    let portfolio = bank.improve(&[quicker()], 1.0).unwrap().goal(Goal::WaitP95).replications(2_560).run().unwrap();
    close("the goal", portfolio.as_it_is, all);
    assert!(Goal::WaitP95.to_string().ends_with("as the mean over customers"));
    #[cfg(feature = "report")]
    {
        let page = portfolio.report();
        assert!(page.contains("All together: the mean over customers."), "{page}");
        assert!(page.contains("do not exceed, as the mean over customers"), "{page}");
    }
    #[cfg(feature = "pictures")]
    {
        let axis = |customer| compared.forest(Figure::WaitP95, customer).draw().svg().to_owned();
        assert!(axis(None).contains("95 of 100 wait up to, hours, mean over customers"));
        assert!(!axis(Some("Retail")).contains("mean over customers"));
        assert!(portfolio.frontier_picture().draw().svg().contains("mean over customers"));
    }
}
