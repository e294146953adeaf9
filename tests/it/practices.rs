//! Practices: every one has a source and a row in the reference, does what it says, and nothing at adoption 0.

use proptest::prelude::*;
use ripple_effect::change::{Parameter, Scenario, Selection};
use ripple_effect::organization::Description;
use ripple_effect::practice::{Case, Certainty, Cost, Kind, Practice, as_markdown, catalogue, entry};
use ripple_effect::{Detail, Distribution, ErrorKind, Organization};

use crate::organizations::{cases, organizations};

fn bank() -> Organization {
    Organization::builder("Regional bank")
        .department("Operations")
        .department("Branches")
        .employee("Ana", |e| {
            e.department("Operations").absence(0.1).provides_with("history", 1.0, |s| s.error_rate(0.2).rush(0.1))
        })
        .employee("Dev", |e| e.department("Operations").provides_with("check", 1.0, |s| s.error_rate(0.4)))
        .employee("Ben", |e| e.department("Branches").provides_with("answer", 1.0, |s| s.error_rate(0.1)))
        .customer("Retail", |c| c.value(100.0))
        .serves_with("Ana", "Ben", "history", |d| d.silent(0.2, 4.0).handoff(0.5).inspected(0.5, 1.0).transmission(0.8))
        .serves_with("Dev", "Ana", "a list", |d| d.handoff(Distribution::exponential(0.5)))
        .serves("Ben", "Retail", "answer")
        .build()
        .unwrap()
}

fn everybody(kind: Kind) -> Practice {
    let practice = Practice::new(kind, Selection::all());
    if kind == Kind::CrossTraining { practice.with("Ben") } else { practice }
}

#[test]
fn every_practice_has_a_source_a_reason_and_a_case_in_which_it_backfires() {
    let all = catalogue();
    assert_eq!(all.iter().map(|entry| entry.kind).collect::<Vec<_>>(), Kind::ALL);
    for entry in all {
        assert!(!entry.sources.is_empty(), "{} has no source", entry.kind);
        for source in entry.sources {
            assert!(!source.authors.is_empty() && !source.published.is_empty() && !source.found.is_empty());
            assert!((1900..=2026).contains(&source.year), "{source}");
        }
        for text in [entry.does, entry.effect_on, entry.why_so_much, entry.backfires] {
            assert!(text.len() > 10 && !text.contains('|'), "{}: {text:?}", entry.kind);
        }
        entry.effect.validate().unwrap();
        let mean = entry.effect.mean();
        assert!((0.0..=1.25).contains(&mean), "{}: {mean}", entry.kind);
        let name = serde_json::to_value(entry.kind).unwrap();
        assert_eq!(name.as_str().unwrap(), entry.kind.name());
        if entry.certainty == Certainty::Assumption {
            assert!(as_markdown().contains("no study found: a planning assumption"));
        }
    }
}

/// The table of the reference is that of the code. After a change that was meant, put what this prints in its place.
#[test]
fn the_reference_shows_the_table_of_the_code() {
    let page = include_str!("../../docs/reference/practices.md");
    assert!(page.contains(&as_markdown()), "docs/reference/practices.md should hold:\n\n{}", as_markdown());
    assert_eq!(page.lines().filter(|line| line.starts_with("| `")).count(), Kind::ALL.len(), "one table, a row each");
}

/// What the catalogue says of its sizes is what its distributions are.
#[test]
fn sizes_are_those_of_the_evidence() {
    let third = |d: f64| 1.0 - d / 3.0;
    let Distribution::Triangular { mode, .. } = entry(Kind::Training).effect else { panic!("triangular") };
    assert!((mode - third(0.62)).abs() < 0.01);
    let Distribution::Triangular { min, mode, .. } = entry(Kind::HandoffChecklist).effect else { panic!("triangular") };
    assert_eq!((min, mode), (1.0 - 0.47, 1.0 - 0.23));
    let coaching = entry(Kind::Coaching).effect;
    assert!((coaching.mean() - third(0.41)).abs() < 0.01);
    let worse = 1.0 - coaching.cdf(1.0);
    assert!(worse > 1.0 / 3.0 && worse < 0.36, "{worse} of the effects are negative");
    let Distribution::Triangular { min, .. } = entry(Kind::Recognition).effect else { panic!("triangular") };
    assert_eq!(min, 1.0 - 0.16);
}

/// What each practice moves, and to what, at half adoption and with an effect of one half.
#[test]
fn each_moves_what_it_says() {
    let bank = bank();
    let account = |practice: Practice| {
        let scenario = Scenario::new("x").practice(practice.adoption(0.5).effect(0.5));
        scenario.apply(&bank).unwrap().account()
    };
    let all = |kind| account(everybody(kind));
    let errors = "Ana/history: error_rate from 0.2 to 0.15\nDev/check: error_rate from 0.4 to 0.3\n\
                  Ben/answer: error_rate from 0.1 to 0.075\n";
    let rush = "Ana/history: rush from 0.1 to 0.075\n";
    let handoffs = "Ana -> Ben: handoff from 0.5 h to 0.375 h\n\
                    Dev -> Ana: handoff from 0.5 h on average (exponential) to 0.375 h on average (exponential)\n";
    let silence = "Ana -> Ben: silence.probability from 0.2 to 0.15\n";
    assert_eq!(all(Kind::Recognition), errors);
    assert_eq!(all(Kind::PeerSharing), errors);
    assert_eq!(all(Kind::Training), format!("{errors}{rush}"));
    assert_eq!(all(Kind::Coaching), format!("{errors}{rush}"));
    assert_eq!(all(Kind::AnsweringDiscipline), silence);
    assert_eq!(all(Kind::HandoffChecklist).lines().next().unwrap(), "Ana -> Ben: transmission from 0.8 to 0.6");
    assert_eq!(all(Kind::ServiceStandards), format!("{handoffs}{silence}"));
    assert_eq!(
        account(Practice::new(Kind::Bridging, Selection::between("Operations", "Branches"))),
        format!("{}\n{silence}", handoffs.lines().next().unwrap())
    );
    let standard = account(Practice::new(Kind::ServiceStandards, Selection::dependency("Ana -> Ben")).hours(1.0));
    assert!(standard.ends_with("Ana -> Ben: promise from 1.5 h to 1.25 h\n"), "{standard}");
    let inspection = account(Practice::new(Kind::Inspection, Selection::dependency("Ana -> Ben")).hours(0.2));
    assert_eq!(inspection, "Ana -> Ben: detection from 0.5 to 0.625\nAna -> Ben: handoff from 0.5 h to 0.6 h\n");
    let buffers = account(Practice::new(Kind::Buffers, Selection::employee("Ben")).hours(2.0).effect(1.0));
    assert_eq!(buffers, "Ben/answer: buffer from 0 h to 0.5 h\n");
    let hired = Practice::new(Kind::Hiring, Selection::employee("Ben")).apply(&bank).unwrap();
    assert_eq!(hired.account(), "Ben: capacity from 1 to 2\n");

    let trained = everybody(Kind::CrossTraining).effect(1.2).adoption(0.5).apply(&bank).unwrap();
    assert_eq!(
        trained.account(),
        "Ana/history: backup from nobody to Ben, pace 1.80\nDev/check: backup from nobody to Ben, pace 1.80\n"
    );
    let backup = trained.organization().description().employees[0].services[0].backup.clone().unwrap();
    assert_eq!(backup.error_rate.unwrap().get(), 0.2 * 1.5);

    let shadowing =
        Practice::new(Kind::JobShadowing, Selection::between("Ana", "Ben")).effect(0.5).apply(&bank).unwrap();
    assert_eq!(
        shadowing.account(),
        "Ana -> Ben: transmission from 0.8 to 0.4\nAna/history: backup from nobody to Ben, pace 1.50\n"
    );
}

/// The point of it all: fewer unanswered requests are fewer late customers, under the same random numbers.
#[test]
fn a_practice_helps_and_one_that_backfires_harms() {
    let bank = bank();
    let wait = |organization: &Organization| {
        let outcome = organization.simulate().unwrap().replications(4_000).run().unwrap();
        outcome.customer("Retail").unwrap().wait.mean.estimate.unwrap()
    };
    let with = |effect: f64| {
        let discipline = Practice::new(Kind::AnsweringDiscipline, Selection::all()).effect(effect);
        wait(discipline.apply(&bank).unwrap().organization())
    };
    let (none, as_it_is, double) = (with(0.0), wait(&bank), with(2.0));
    // Whoever is silent costs four hours of the only way to the customer: 0.2 * 4 = 0.8 h of the mean wait; within 5
    // standard errors of 4,000 draws.
    let tolerance = 5.0 * 4.0 * (0.2_f64 * 0.8 / 4_000.0).sqrt();
    assert!((as_it_is - none - 0.8).abs() < tolerance, "{none} to {as_it_is}");
    assert!((double - as_it_is - 0.8).abs() < 1.3 * tolerance, "{as_it_is} to {double}");
}

#[test]
fn what_backfires_stops_where_a_probability_ends() {
    let moved = everybody(Kind::Coaching).effect(4.0).apply(&bank()).unwrap();
    let rates: Vec<f64> = moved
        .organization()
        .description()
        .employees
        .iter()
        .map(|employee| employee.services[0].error_rate.unwrap().get())
        .collect();
    assert!((rates[1] - 1.0).abs() < 1e-12 && rates[1] <= 1.0, "{rates:?}");
    assert!((rates[0] - 0.5).abs() < 1e-12, "one factor for all: {rates:?}");
    let blind = everybody(Kind::Inspection).effect(1.5).apply(&bank()).unwrap();
    assert_eq!(blind.organization().description().dependencies[0].detection.unwrap().get(), 0.25);
}

#[test]
fn effects_can_be_drawn() {
    let training = everybody(Kind::Training);
    assert_eq!(training.effect_at(0.0), 0.6);
    assert!((training.effect_in(Case::Expected) - (0.6 + 0.79 + 1.0) / 3.0).abs() < 1e-12);
    assert!(training.effect_in(Case::Best) < training.mean_effect());
    assert!(training.effect_in(Case::Worst) > training.mean_effect());
    let bank = bank();
    let scenario = Scenario::new("x").practice(training.clone()).practice(everybody(Kind::Bridging));
    let mut asked = Vec::new();
    let drawn = scenario.apply_with(&bank, |place, practice| {
        asked.push((place, practice.kind));
        practice.effect_at(0.5)
    });
    assert_eq!(asked, [(0, Kind::Training), (1, Kind::Bridging)]);
    let rate = drawn.unwrap().organization().description().employees[0].services[0].error_rate.unwrap().get();
    assert_eq!(rate, 0.2 * training.effect_at(0.5));
}

#[test]
fn costs_are_for_whom_it_concerns() {
    let bank = bank();
    let people = |practice: &Practice| practice.people_in(&bank).unwrap();
    assert_eq!(people(&everybody(Kind::Training)), 3);
    assert_eq!(people(&Practice::new(Kind::Bridging, Selection::between("Ana", "Ben"))), 2);
    assert_eq!(people(&Practice::new(Kind::Inspection, Selection::customer("Retail"))), 1);
    assert_eq!(people(&Practice::new(Kind::CrossTraining, Selection::employee("Ana")).with("Ben")), 2);
    let cost = Cost { fixed: Some(100.0), per_person: Some(10.0), hours_per_person: Some(2.0), per_hour: Some(30.0) };
    let training = everybody(Kind::Training).cost(cost);
    assert_eq!(training.cost_in(&bank).unwrap(), 100.0 + 3.0 * 70.0);
    assert_eq!(training.clone().adoption(0.5).cost_in(&bank).unwrap(), 100.0 + 3.0 * 0.5 * 70.0);
    assert_eq!(training.clone().adoption(0.0).cost_in(&bank).unwrap(), 0.0);
    let both = Scenario::new("x").practice(training.clone()).practice(training);
    assert_eq!(both.cost_in(&bank).unwrap(), 620.0);
}

#[test]
fn refuses_and_says_what_to_do() {
    let bank = bank();
    for (practice, kind, path) in [
        (everybody(Kind::Training).adoption(1.5), ErrorKind::Range, "adoption"),
        (everybody(Kind::Training).adoption(f64::NAN), ErrorKind::Range, "adoption"),
        (everybody(Kind::Training).effect(Distribution::pert(3.0, 2.0, 1.0)), ErrorKind::Range, "effect.pert.max"),
        (everybody(Kind::Training).effect(-0.5), ErrorKind::Range, "effect"),
        (everybody(Kind::Inspection).hours(-0.5), ErrorKind::Range, "hours"),
        (everybody(Kind::Training).cost(Cost { fixed: Some(-1.0), ..Cost::default() }), ErrorKind::Range, "cost.fixed"),
        (Practice::new(Kind::CrossTraining, Selection::all()), ErrorKind::Shape, "with"),
        (Practice::new(Kind::CrossTraining, Selection::all()).with("Bem"), ErrorKind::Name, "with"),
        (Practice::new(Kind::Training, Selection::employee("Anna")), ErrorKind::Name, "select.employee"),
        (Practice::new(Kind::Training, Selection::between("Ana", "Ben")), ErrorKind::Name, "select"),
        (
            Practice::new(Kind::Training, Selection::all().of(ripple_effect::change::Things::Customers)),
            ErrorKind::Shape,
            "select.kind",
        ),
    ] {
        let error = practice.apply(&bank).unwrap_err();
        assert_eq!((error.kind(), error.path()), (kind, path), "{error}");
        assert!(!error.mend().is_empty());
    }
}

proptest! {
    #![proptest_config(cases(24))]

    /// Not taken up at all: not a bit changes, whatever the practice. Taken up, every one of them can be run.
    #[test]
    fn adoption_of_nothing_changes_no_bit(organization in organizations(), effect in 0.0..2.0) {
        let bits = |of: &Organization| {
            let run = of.simulate().unwrap().seed(3).replications(300).detail(Detail::Full).run().unwrap();
            serde_json::to_string(&run).unwrap()
        };
        let before = bits(&organization);
        let last = |description: &Description| description.employees.last().unwrap().name.clone();
        for &kind in Kind::ALL {
            let practice = Practice::new(kind, Selection::all()).with(last(organization.description())).effect(effect);
            if organization.description().employees.iter().all(|one| one.services.is_empty()) { continue; }
            let none = practice.clone().adoption(0.0).apply(&organization).unwrap();
            prop_assert!(none.moved().is_empty());
            prop_assert_eq!(&bits(none.organization()), &before);
            let some = practice.adoption(0.7).apply(&organization).unwrap();
            some.organization().simulate().unwrap().replications(20).run().unwrap();
        }
        let same = organization.apply(&[Selection::all().scale(Parameter::Duration, 1.0)]).unwrap();
        prop_assert_eq!(same.organization().fingerprint(), organization.fingerprint());
    }
}
