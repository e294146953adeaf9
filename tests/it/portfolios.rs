//! Portfolios: the exact choice is that of brute force through the public interface; the search comes close to it; what the
//! choice is worth is told on fresh days.

use proptest::prelude::*;
use ripple_effect::change::{Parameter, Scenario, Selection};
use ripple_effect::portfolio::Goal;
use ripple_effect::practice::{Cost, Kind, Practice};
use ripple_effect::{Distribution, ErrorKind, Observer, Organization};

use crate::fifteen::fifteen;
use crate::organizations::{cases, organizations};

fn goals() -> impl Strategy<Value = Goal> {
    proptest::sample::select(Goal::ALL.to_vec())
}

/// A candidate that can be taken up in any organisation: a practice or a change of everybody's, or of one employee's.
fn candidates() -> impl Strategy<Value = Vec<(u8, u8, f64, u32)>> {
    proptest::collection::vec((0u8..9, any::<u8>(), 0.3f64..1.1, 0u32..6), 1..=8)
}

fn built(organization: &Organization, picked: &[(u8, u8, f64, u32)]) -> Vec<Scenario> {
    let employees = &organization.description().employees;
    let candidate = |(place, &(what, whom, effect, cost)): (usize, &(u8, u8, f64, u32))| {
        let name = &employees[usize::from(whom) % employees.len()].name;
        let cost = Cost { fixed: Some(f64::from(cost) * 100.0), hours_per_person: Some(0.0), ..Cost::default() };
        let of_one = || Selection::employee(name);
        let practice = |kind, select| Practice::new(kind, select).effect(effect).cost(cost);
        let free = Scenario::new(format!("candidate {place}"));
        match what {
            0 => free.practice(practice(Kind::Training, Selection::all())),
            1 => free.practice(practice(Kind::Recognition, of_one())),
            2 => free.practice(practice(Kind::Coaching, of_one())),
            3 => free.practice(practice(Kind::PeerSharing, Selection::all())),
            4 => free.practice(practice(Kind::Hiring, of_one())),
            5 => free.practice(practice(Kind::Buffers, of_one())),
            // Cost nothing, and come before and after practices in what they select.
            6 => free.change(of_one().scale(Parameter::Duration, effect)),
            7 => free
                .change(of_one().scale(Parameter::ErrorRate, effect.min(1.0)))
                .practice(practice(Kind::Training, of_one())),
            _ => free.change(of_one().add(Parameter::Capacity, 1.0)),
        }
    };
    picked.iter().enumerate().map(candidate).collect()
}

/// What a run says of all customers together, by the public interface alone.
fn figure(organization: &Organization, goal: Goal, replications: u64, seed: u64) -> (f64, Vec<f64>) {
    let summary = organization.simulate().unwrap().replications(replications).seed(seed).run().unwrap().summary();
    let of = |customer: &ripple_effect::outcome::CustomerFigures| match goal {
        Goal::Perfect => customer.perfect.estimate.unwrap(),
        Goal::ValueLost => customer.value_lost_per_1000.estimate.unwrap(),
        Goal::WaitP95 => customer.wait.p95.estimate.unwrap(),
        _ => customer.satisfaction.estimate.unwrap(),
    };
    let each: Vec<f64> = summary.customers.iter().map(of).collect();
    let sum = each.iter().sum::<f64>();
    (if goal == Goal::ValueLost { sum } else { sum / each.len() as f64 }, each)
}

/// More of it is better.
fn sign(goal: Goal) -> f64 {
    if matches!(goal, Goal::Perfect | Goal::Satisfaction) { 1.0 } else { -1.0 }
}

/// All sets, by applying one scenario to what the one before made.
fn brute_force(
    organization: &Organization,
    candidates: &[Scenario],
    budget: f64,
    goal: Goal,
    no_one_worse: bool,
    (replications, seed): (u64, u64),
) -> Option<Vec<(u32, f64, f64)>> {
    let before = figure(organization, goal, replications, seed).1;
    let mut sets = Vec::new();
    for set in 0..1u32 << candidates.len() {
        let chosen = || candidates.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1).map(|(_, one)| one);
        let cost: f64 = chosen().map(|one| one.cost_in(organization).unwrap()).sum();
        if cost > budget {
            continue;
        }
        let mut changed = organization.clone();
        for one in chosen() {
            changed = one.apply(&changed).ok()?.into_organization();
        }
        let (value, each) = figure(&changed, goal, replications, seed);
        // Rounding of a sum of satisfactions in another order is no harm.
        let worse = |(now, before): (&f64, &f64)| sign(goal) * (now - before) < -1e-12 * before.abs();
        if no_one_worse && each.iter().zip(&before).any(worse) {
            continue;
        }
        sets.push((set, cost, value));
    }
    Some(sets)
}

fn names(candidates: &[Scenario], set: u32) -> Vec<String> {
    let chosen = candidates.iter().enumerate().filter(|(place, _)| set >> place & 1 == 1);
    chosen.map(|(_, one)| one.name.clone()).collect()
}

#[test]
fn the_exact_choice_is_that_of_brute_force() {
    proptest!(cases(100), |(
        organization in organizations(),
        picked in candidates(),
        budget in 0u32..20,
        goal in goals(),
        no_one_worse in any::<bool>(),
        seed in any::<u64>(),
    )| {
        let candidates = built(&organization, &picked);
        let budget = f64::from(budget) * 100.0;
        let Ok(asked) = organization.improve(&candidates, budget) else { return Err(TestCaseError::reject("alone")) };
        let mut asked = asked.goal(goal).replications(128).seed(seed).fresh_replications(2);
        if no_one_worse {
            asked = asked.no_one_worse();
        }
        let Some(sets) = brute_force(&organization, &candidates, budget, goal, no_one_worse, (128, seed)) else {
            return Err(TestCaseError::reject("together"));
        };
        let portfolio = asked.run().unwrap();
        prop_assert!(portfolio.is_exact && portfolio.refused == 0);
        let best = sets.iter().map(|(_, _, value)| sign(goal) * value).fold(f64::NEG_INFINITY, f64::max);
        let near = |value: f64| (sign(goal) * value - best).abs() <= 1e-9 * (1.0 + best.abs());
        prop_assert!(near(portfolio.best.figure), "{} for {best}", portfolio.best.figure);
        // Of equals the cheapest, then the one with the fewest candidates, and then the one whose candidates come first.
        let equals = || sets.iter().filter(|(_, _, value)| near(*value));
        let cheapest = equals().map(|(_, cost, _)| *cost).fold(f64::INFINITY, f64::min);
        let first = equals().filter(|(_, cost, _)| *cost == cheapest).max_by_key(|(set, ..)| (32 - set.count_ones(), set.reverse_bits())).unwrap();
        // Satisfaction moves by less than that where a wait of hours beside a promise of minutes gets a little longer.
        if goal != Goal::Satisfaction {
            prop_assert_eq!(portfolio.best.cost, cheapest);
            prop_assert_eq!(&portfolio.best.candidates, &names(&candidates, first.0));
        }
        // Nothing on the frontier is beaten by anything that costs no more, and every amount has its best there.
        for (set, cost, value) in &sets {
            let on = portfolio.frontier.iter().rfind(|choice| choice.cost <= *cost).unwrap();
            let slack = 1e-9 * (1.0 + value.abs());
            prop_assert!(sign(goal) * on.figure >= sign(goal) * value - slack, "{set}");
        }
    });
}

#[test]
fn the_search_comes_close_to_the_exact_choice() {
    for (seed, goal) in [(1, Goal::Perfect), (2, Goal::ValueLost), (3, Goal::WaitP95), (4, Goal::Satisfaction)] {
        let (organization, candidates) = fifteen(seed, |place| 100.0 + 37.0 * ((place * 5) % 11) as f64);
        let asked =
            organization.improve(&candidates, 1_200.0).unwrap().goal(goal).replications(512).fresh_replications(512);
        let exact = asked.run().unwrap();
        let searched = asked.clone().exact_up_to(0).run().unwrap();
        assert!(exact.is_exact && !searched.is_exact);
        println!(
            "{goal}: exact {:.5} of {} sets, searched {:.5} of {}",
            exact.best.gain, exact.tried, searched.best.gain, searched.tried
        );
        assert!(exact.best.gain > 0.0 && searched.best.cost <= 1_200.0);
        assert!(searched.best.gain >= 0.98 * exact.best.gain, "{goal}: {} of {}", searched.best.gain, exact.best.gain);
    }
}

#[test]
fn the_same_bits_on_any_number_of_threads() {
    let (organization, candidates) = fifteen(5, |place| 10.0 * place as f64);
    let asked = organization.improve(&candidates[..6], 120.0).unwrap().replications(600).fresh_replications(600);
    for asked in [asked.clone(), asked.exact_up_to(0)] {
        let one = asked.clone().threads(1).run().unwrap();
        for threads in [2, 5] {
            assert_eq!(asked.clone().threads(threads).run().unwrap(), one);
        }
    }
}

fn shop() -> Organization {
    Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.4)))
        .customer("Guests", |c| c.promise(4.0).value(100.0))
        .serves_with("Ana", "Guests", "list", |d| d.silent(0.3, 8.0))
        .build()
        .unwrap()
}

fn priced(kind: Kind, effect: impl Into<Distribution>, cost: f64) -> Scenario {
    let cost = Cost { fixed: Some(cost), hours_per_person: Some(0.0), ..Cost::default() };
    Scenario::new(kind.name()).practice(Practice::new(kind, Selection::all()).effect(effect).cost(cost))
}

#[test]
fn practices_that_overlap_are_not_added_up() {
    // Two that take three quarters of the same mistakes away, and one that takes half of the silence.
    let candidates = [
        priced(Kind::Training, 0.25, 100.0),
        priced(Kind::Recognition, 0.25, 100.0),
        priced(Kind::AnsweringDiscipline, 0.5, 100.0),
    ];
    let portfolio = shop().improve(&candidates, 200.0).unwrap().replications(20_000).run().unwrap();
    assert_eq!(portfolio.best.candidates, ["training", "answering_discipline"]);
    // Of two that do the same, the first; and one after the other by cost.
    let costs: Vec<f64> = portfolio.frontier.iter().map(|choice| choice.cost).collect();
    assert_eq!(costs, [0.0, 100.0, 200.0]);
    assert_eq!(portfolio.frontier[1].candidates, ["training"]);
    // In closed form: (1 - 0.4 / 4) (1 - 0.3 / 2) beside 0.6 * 0.7.
    let exact = 0.9 * 0.85 - 0.6 * 0.7;
    let one = portfolio.difference().unwrap();
    assert!((one.difference.estimate.unwrap() - exact).abs() < 4.0 * one.standard_error.unwrap());
    assert_eq!(portfolio.fresh.seed, portfolio.seed + 1);
    assert!((portfolio.in_sample.as_ref().unwrap().difference.estimate.unwrap() - portfolio.best.gain).abs() < 1e-12);
    assert!(portfolio.flattery.low.unwrap() < 0.0 && portfolio.flattery.high.unwrap() > 0.0);
}

#[test]
fn nobody_has_to_be_worse_off() {
    let three = Organization::builder("Three")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.6)))
        .customer("Guests", |c| c.promise(1.5))
        .customer("Friends", |c| c.promise(1.5))
        .customer("Members", |c| c.promise(1.2))
        .serves("Ana", "Guests", "list")
        .serves("Ana", "Friends", "list")
        .serves("Ana", "Members", "list")
        .build()
        .unwrap();
    // A look at what goes to all takes 0.3 hours: Members alone have it too late then, and there are more of the others.
    let look = Practice::new(Kind::Inspection, Selection::all()).effect(0.1).hours(ripple_effect::hours(0.3));
    let candidates = [Scenario::new("Look").practice(look), priced(Kind::Recognition, 0.9, 0.0)];
    let asked = three.improve(&candidates, 1e6).unwrap().replications(4_096);
    let spared = asked.clone().no_one_worse().run().unwrap();
    assert_eq!(spared.best.candidates, ["recognition"]);
    let all = asked.run().unwrap();
    assert_eq!(all.best.candidates, ["Look", "recognition"]);
    assert!(all.best.figure > spared.best.figure);
}

/// Training and thanks act on the same mistakes at the same price, and there is money for one. Thanks halve them; training
/// leaves nothing or all of them, evenly likely: worth 0.4 (1 - f) each. To know training's effect is worth, on time being
/// certain, E[max(0.4 (1 - f), 0.2)] - 0.2 with f uniform: 0.4 * (0.625 - 0.5) = 0.05.
#[test]
fn what_it_is_worth_to_know_an_effect_is_known_in_closed_form() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.4)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let candidates =
        [priced(Kind::Training, Distribution::uniform(0.0, 1.0), 100.0), priced(Kind::Recognition, 0.5, 100.0)];
    let asked = shop.improve(&candidates, 100.0).unwrap().replications(4_096).value_of_knowing(2_000);
    let knowing = asked.run().unwrap().knowing.unwrap();
    assert_eq!((knowing.draws, knowing.each.len()), (2_000, 1));
    let close = |value: f64, error: f64| (value - 0.05).abs() < 4.0 * error + 0.002;
    assert!(close(knowing.all.value, knowing.all.standard_error), "{:?}", knowing.all);
    // It is the only thing not known, and straight in it: the regression knows as much.
    assert!(close(knowing.each[0].value, knowing.each[0].standard_error), "{:?}", knowing.each);
    assert!(knowing.all.standard_error < 0.005);
    assert!(knowing.each[0].what.starts_with("training"));

    // Where nothing is uncertain there is nothing to know.
    let sure = [priced(Kind::Training, 0.5, 100.0)];
    assert_eq!(shop.improve(&sure, 100.0).unwrap().value_of_knowing(100).run().unwrap().knowing, None);
}

#[test]
fn what_cannot_be_chosen_from_is_refused_by_name() {
    let shop = shop();
    let training = || priced(Kind::Training, 0.5, 1.0);
    assert_eq!(shop.improve(&[], 1.0).unwrap_err().kind(), ErrorKind::Shape);
    assert_eq!(shop.improve(&[training(), training()], 1.0).unwrap_err().kind(), ErrorKind::Duplicate);
    for budget in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(shop.improve(&[training()], budget).unwrap_err().path(), "budget");
    }
    let draws = shop.improve(&[training()], 1.0).unwrap().value_of_knowing(u64::MAX);
    assert_eq!(draws.run().unwrap_err().path(), "value_of_knowing");
    let many: Vec<Scenario> = (0..65).map(|place| Scenario::new(format!("{place}"))).collect();
    assert_eq!(shop.improve(&many, 1.0).unwrap_err().kind(), ErrorKind::Range);
    for draws in [1, 19] {
        let refused = shop.improve(&[training()], 1.0).unwrap().value_of_knowing(draws).run().unwrap_err();
        assert_eq!((refused.kind(), refused.path()), (ErrorKind::Range, "value_of_knowing"));
    }
    let exact = shop.improve(&[training()], 1.0).unwrap().exact_up_to(25);
    assert_eq!(exact.run().unwrap_err().path(), "exact_up_to");
    let nobody = Scenario::new("Nobody").practice(Practice::new(Kind::Training, Selection::employee("Anna")));
    assert!(shop.improve(&[nobody], 1.0).unwrap_err().path().starts_with("Nobody: practices[0]"));
}

#[test]
fn what_it_takes_is_foretold_and_it_can_be_stopped() {
    struct Impatient;
    impl Observer for Impatient {
        fn wants_to_stop(&self) -> bool {
            true
        }
    }
    let (organization, candidates) = fifteen(6, |_| 1.0);
    let asked = organization.improve(&candidates, 1e9).unwrap().replications(256);
    let foretold = asked.foretell().unwrap();
    assert_eq!((foretold.is_exact, foretold.sets), (true, 1 << 15));
    assert!(foretold.seconds > 0.0);
    // Of 15 candidates at 1 each, 2 buys 1 + 15 + 105 sets.
    let few = organization.improve(&candidates, 2.0).unwrap().foretell().unwrap();
    assert_eq!(few.sets, 121);
    assert_eq!(asked.run_observed(&mut Impatient).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(asked.exact_up_to(0).run_observed(&mut Impatient).unwrap_err().kind(), ErrorKind::Cancelled);
}

#[test]
fn the_least_value_lost_needs_a_value() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.4)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let asked = shop.improve(&[priced(Kind::Training, 0.5, 1.0)], 1.0).unwrap().goal(Goal::ValueLost);
    for error in [asked.run().unwrap_err(), asked.foretell().unwrap_err()] {
        assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "goal"));
    }
}

#[test]
fn what_does_nothing_is_not_done() {
    // Free, and without any effect: of equals the one with fewer candidates.
    let free = |name: &str| Scenario::new(name).change(Selection::all().scale(Parameter::Duration, 1.0));
    let candidates = [free("First"), priced(Kind::Training, 0.5, 100.0), free("Last")];
    let asked = shop().improve(&candidates, 100.0).unwrap().replications(512).fresh_replications(512);
    for asked in [asked.clone(), asked.exact_up_to(0)] {
        let portfolio = asked.run().unwrap();
        assert_eq!(portfolio.best.candidates, ["training"]);
        let plain: Vec<bool> = portfolio.candidates.iter().map(|one| one.is_plain).collect();
        assert_eq!(plain, [true, false, true]);
    }
}

/// Nine candidates of ten are worth nothing alone: only both of the last two together are in time.
#[test]
fn the_search_finds_two_that_help_only_together() {
    let slow = Organization::builder("Slow")
        .employee("Ana", |e| e.provides_with("list", 3.0, |s| s.error_rate(0.2)))
        .employee("Ben", |e| e.provides("answer", 3.0))
        .customer("Guests", |c| c.promise(4.0))
        .customer("Friends", |c| c.promise(4.0))
        .serves("Ana", "Ben", "list")
        .serves("Ben", "Guests", "answer")
        .serves("Ana", "Friends", "list")
        .build()
        .unwrap();
    let price = |name: &str, cost: f64| {
        let cost = Cost { fixed: Some(cost), hours_per_person: Some(0.0), ..Cost::default() };
        Scenario::new(name).practice(Practice::new(Kind::Recognition, Selection::all()).effect(1.0).cost(cost))
    };
    let faster = |name: &str| price(name, 50.0).change(Selection::employee(name).scale(Parameter::Duration, 0.5));
    let mut candidates = vec![priced(Kind::Training, 0.8, 100.0)];
    candidates.extend((0..7).map(|place| price(&format!("Idle {place}"), 60.0)));
    candidates.extend([faster("Ana"), faster("Ben")]);
    let asked = slow.improve(&candidates, 100.0).unwrap().exact_up_to(0).replications(512).fresh_replications(512);
    let portfolio = asked.run().unwrap();
    assert!(!portfolio.is_exact);
    assert_eq!(portfolio.best.candidates, ["Ana", "Ben"]);
    // All affordable sets, each once: nothing, one of ten, and one pair.
    assert_eq!(portfolio.tried, 12);
    // What the money buys is little: all of it is run, however many candidates there are.
    let many: Vec<Scenario> = (0..40).map(|place| price(&format!("{place}"), 60.0)).collect();
    assert!(slow.improve(&many, 100.0).unwrap().foretell().unwrap().is_exact);
}

/// An effect that is one thing or another: the curve that a polynomial adds is of rounding, and must not count.
#[test]
fn to_know_one_effect_is_never_worth_more_than_all() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.4)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    // Good or bad, evenly likely: E[max(0.4 (1 - f), 0.2)] - 0.2 is 0.4 * (0.9 - 0.5) / 2 = 0.08.
    let two = Distribution::empirical([0.1, 0.9]);
    let candidates = [priced(Kind::Training, two, 100.0), priced(Kind::Recognition, 0.5, 100.0)];
    let asked = shop.improve(&candidates, 100.0).unwrap().replications(1_024).value_of_knowing(500);
    let knowing = asked.run().unwrap().knowing.unwrap();
    let (all, one) = (&knowing.all, &knowing.each[0]);
    assert!(one.value <= all.value, "{one:?} beside {all:?}");
    assert!((one.value - 0.08).abs() < 4.0 * one.standard_error + 0.002, "{one:?}");
    assert!((all.value - 0.08).abs() < 4.0 * all.standard_error + 0.002, "{all:?}");
}

/// The error rate of the first goes up to 1: none that takes up another beside it can be made, and each such set is counted.
#[test]
fn sets_that_cannot_be_made_are_counted_each() {
    let worse = |name: &str| Scenario::new(name).change(Selection::all().add(Parameter::ErrorRate, 0.4));
    let idle = |name: &str| Scenario::new(name).change(Selection::all().scale(Parameter::Duration, 1.0));
    let candidates = [worse("One"), worse("Other"), idle("Third"), idle("Fourth")];
    let asked = shop().improve(&candidates, 0.0).unwrap().replications(256).fresh_replications(256);
    let portfolio = asked.run().unwrap();
    assert_eq!((portfolio.tried, portfolio.refused), (12, 4));
}

/// Each draw has replications of its own, so that leaving draws out tells the noise, too: values spread over seeds as their
/// standard errors say.
#[test]
fn the_error_of_a_value_of_knowing_holds_the_noise_of_the_sample() {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides_with("list", 1.0, |s| s.error_rate(0.4)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let candidates =
        [priced(Kind::Training, Distribution::uniform(0.0, 1.0), 100.0), priced(Kind::Recognition, 0.5, 100.0)];
    let asked = shop.improve(&candidates, 100.0).unwrap().replications(256).fresh_replications(2).value_of_knowing(200);
    let seeds = 40;
    let found = (0..seeds).map(|seed| asked.clone().seed(1_000 * seed).run().unwrap().knowing.unwrap().all);
    let (values, errors): (Vec<f64>, Vec<f64>) = found.map(|all| (all.value, all.standard_error)).unzip();
    let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
    let middle = mean(&values);
    let spread = mean(&values.iter().map(|value| (value - middle) * (value - middle)).collect::<Vec<_>>()).sqrt();
    let told = mean(&errors.iter().map(|error| error * error).collect::<Vec<_>>()).sqrt();
    println!("values of knowing spread by {spread:.5}, said to by {told:.5}");
    // A standard deviation of 40 is known to 11 %, three of which are allowed, and some for the jackknife.
    assert!(spread < 1.45 * told, "{spread} for {told}");
}
