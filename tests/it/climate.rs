//! Morale, turnover and learning, compared with what can be worked out by hand.

use proptest::prelude::*;
use ripple_effect::change::{Parameter, Selection};
use ripple_effect::organization::{Climate, Learning, Recognition, Service, Turnover};
use ripple_effect::outcome::{ClimateFigures, Summary};
use ripple_effect::{Detail, Distribution, Organization, OrganizationBuilder, Outcome};

use crate::organizations::{cases, organizations, organizations_in_a_climate};

/// Ana serves Ben, and Ben the guests.
fn chain(ana: Service, handoff: f64) -> OrganizationBuilder {
    Organization::builder("Chain")
        .department("Office")
        .employee("Ana", |e| e.department("Office").service(ana))
        .employee("Ben", |e| e.department("Office").provides("answer", 1.0))
        .customer("Guests", |c| c.promise(8.0))
        .serves_with("Ana", "Ben", "list", |d| d.handoff(handoff).standard(ripple_effect::hours(1.0)))
        .serves("Ben", "Guests", "answer")
        .with(|whole| whole.rounds(12u32).cadence(40.0))
}

fn run(organization: &Organization, replications: u64, detail: Detail) -> Summary {
    let simulation = organization.simulate().unwrap().replications(replications).seed(11).detail(detail);
    simulation.run().unwrap().summary()
}

fn climate(organization: &Organization, replications: u64, detail: Detail) -> ClimateFigures {
    run(organization, replications, detail).climate.expect("a climate")
}

fn with(organization: &Organization, climate: Option<Climate>) -> Organization {
    let mut description = organization.description().clone();
    description.climate = climate;
    Organization::new(description).unwrap()
}

proptest! {
    #![proptest_config(cases(60))]

    /// A climate that does nothing to work changes no bit of anything else, whatever morale does meanwhile.
    #[test]
    fn zero_coefficients_are_the_plain_run(organization in organizations(), seed in 0u64..100, moves in any::<bool>()) {
        let still = Climate::still().turnover(Turnover::new(0.0, 0.5).learning(Learning::new(2.0)));
        let moving = Climate::default().pace(0.0).errors(0.0).recognition(Recognition::new(0.5));
        let climate = with(&organization, Some(if moves { moving } else { still }));
        for detail in [Detail::Customers, Detail::Full] {
            let of = |organization: &Organization| {
                let run = organization.simulate().unwrap().replications(300).seed(seed).detail(detail);
                let mut summary = run.run().unwrap().summary();
                summary.climate = None;
                summary.meta.model_hash.clear();
                summary
            };
            prop_assert_eq!(of(&organization), of(&climate));
        }
    }
}

/// With turnover alone every post is a Markov chain of its own: filled, empty with probability h, filled again with f.
#[test]
fn posts_are_filled_as_the_markov_chain_says_and_headcount_is_binomial() {
    let (h, f, posts, rounds, replications) = (0.08, 0.25, 12u32, 30u32, 8_000u64);
    let turnover = Turnover::new(h, f).morale(0.0).shared(0.0).cover(1.0);
    let mut builder = Organization::builder("Posts")
        .department("Office")
        .customer("Guests", |c| c)
        .climate(|_| Climate::still().turnover(turnover))
        .with(|whole| whole.rounds(rounds).cadence(40.0));
    for post in 0..posts {
        let name = format!("P{post}");
        builder =
            builder.employee(&name, |e| e.department("Office").provides("work", 1.0)).serves(&name, "Guests", "work");
    }
    let figures = climate(&builder.build().unwrap(), replications, Detail::Services);
    let n = replications as f64;
    for round in &figures.rounds {
        let k = f64::from(round.round);
        let p = f / (h + f) + h / (h + f) * (1.0 - h - f).powf(k);
        let everybody = &round.organization;
        let se = (p * (1.0 - p) / (n * f64::from(posts))).sqrt();
        let filled = everybody.filled.estimate.unwrap();
        assert!((filled - p).abs() <= 4.0 * se, "round {k}: {filled}, not {p} +- {se}");
        let (mean, sd) = (everybody.headcount.estimate.unwrap(), everybody.headcount_sd.estimate.unwrap());
        let binomial = (f64::from(posts) * p * (1.0 - p)).sqrt();
        assert!((mean - f64::from(posts) * p).abs() <= 4.0 * binomial / n.sqrt(), "round {k}: {mean}");
        assert!((sd - binomial).abs() <= 4.0 * binomial / (2.0 * n).sqrt() * 1.1, "round {k}: {sd}, not {binomial}");
        let leavers = everybody.leavers.estimate.unwrap();
        let expected = f64::from(posts) * p * h;
        assert!((leavers - expected).abs() <= 4.0 * (expected / n).sqrt(), "round {k}: {leavers}, not {expected}");
        assert!((everybody.morale.estimate.unwrap() - 0.7).abs() < 1e-9);
        assert_eq!(round.departments[0].filled, everybody.filled);
    }
    // Nobody's morale moved: nobody leaves but for the hazard.
    let excess = figures.organization.excess_leavers;
    let all = figures.organization.leavers.estimate.unwrap();
    assert!(excess.estimate.unwrap().abs() < 4.0 * (all / n).sqrt(), "{excess:?}");
}

/// A newcomer's durations follow the curve to the bit, n rounds after joining.
#[test]
fn learning_follows_its_curve_exactly() {
    let learning = Learning::new(3.0).duration(2.5);
    let organization = chain(Service::new(2.0), 0.0)
        .climate(|_| {
            Climate::still().turnover(Turnover::new(0.15, 0.6).morale(0.0).shared(0.0).cover(1.75).learning(learning))
        })
        .with(|whole| whole.rounds(60u32))
        .build()
        .unwrap();
    let simulation = organization.simulate().unwrap().seed(3);
    let (mut newcomers, mut covered) = (0, 0);
    for replication in 0..40 {
        let trace = simulation.trace(replication).unwrap();
        // What Ana, and whoever comes after her, still has to learn.
        let mut newness = 0.0;
        let mut was_filled = true;
        for round in &trace.rounds {
            let (post, service) = (&round.posts[0], &round.services[0]);
            assert_eq!((post.employee.as_str(), service.service.as_str()), ("Ana", "Ana"));
            if post.filled && !was_filled {
                (newness, newcomers) = (1.0, newcomers + 1);
            }
            let expected = if post.filled { 1.0 + 1.5 * newness } else { 1.75 };
            assert_eq!(service.pace, expected, "replication {replication}, round {}", round.round);
            assert!((service.work - 2.0 * expected).abs() < 1e-9);
            covered += u32::from(!post.filled);
            newness *= 0.5f64.powf(1.0 / 3.0);
            was_filled = post.filled;
        }
    }
    assert!(newcomers > 50 && covered > 50, "{newcomers} {covered}");
}

/// Every input late, and twice as many hours as planned: morale goes the way that paper says.
#[test]
fn morale_moves_as_worked_out_by_hand() {
    let of_climate = || Climate::still().set_point(0.6).recovery(0.25).frustration(0.1).overload(0.08);
    let late = chain(Service::new(3.0).standard(ripple_effect::hours(2.0)), 4.0)
        .climate(|_| of_climate().recognition(Recognition::new(1.0).lift(0.01).backfire(0.0)))
        .build()
        .unwrap();
    let figures = climate(&late, 300, Detail::Full);
    let (mut ana, mut ben) = (0.6, 0.6);
    for round in &figures.rounds {
        for (person, expected) in round.employees.iter().zip([ana, ben]) {
            let morale = person.morale.estimate.unwrap();
            assert!(
                (morale - expected).abs() < 1e-7,
                "{} in round {}: {morale}, not {expected}",
                person.name,
                round.round
            );
        }
        let both = round.organization.morale.estimate.unwrap();
        assert!((both - (ana + ben) / 2.0).abs() < 1e-7);
        // Ana needs nothing, and works 3 hours for 2; Ben gets the list late every time, and works as planned.
        ana += 0.25 * (0.6 - ana) - 0.08 * 0.5 + 0.01;
        ben += 0.25 * (0.6 - ben) - 0.1 + 0.01;
    }
    // Ben works longer the worse he feels.
    let slower = with(&late, Some(of_climate().overload(0.0).pace(1.0)));
    let trace = slower.simulate().unwrap().trace(0).unwrap();
    for round in &trace.rounds {
        let morale = round.posts[1].morale;
        assert!((round.services[1].pace - (1.0 + (0.6 - morale))).abs() < 1e-9);
    }
    assert!(trace.rounds[11].services[1].pace > 1.2);
}

/// What moved morale adds up to how far it went.
#[test]
fn what_moved_morale_adds_up() {
    let organization = chain(Service::new(Distribution::exponential(2.0)).error_rate(0.3), 1.0)
        .climate(|c| c.frustration(0.5).overload(0.5).recognition(Recognition::new(0.5).lift(0.4)))
        .build()
        .unwrap();
    let of = |rounds: u32| {
        let run = organization.simulate().unwrap().replications(700).detail(Detail::Full).rounds(rounds);
        run.run().unwrap().summary().climate.unwrap()
    };
    let (before, after) = (of(9), of(10));
    for (moved, then) in before.employees.iter().zip(&after.rounds[9].employees) {
        let figure = |estimate: ripple_effect::Estimate| estimate.estimate.unwrap();
        let sum = figure(moved.recovery) - figure(moved.frustration) - figure(moved.overload)
            + figure(moved.recognition)
            + figure(moved.cut);
        let went = figure(then.morale) - before.set_point;
        assert!((9.0 * sum - went).abs() < 1e-9, "{}: {} and {went}", moved.name, 9.0 * sum);
        assert!(figure(moved.cut) != 0.0);
    }
}

/// The hours of an empty post fall on the colleague who is there, and the backup does the work of one that is backed up.
#[test]
fn colleagues_share_the_work_of_an_empty_post() {
    let turnover = || Turnover::new(0.3, 0.3).morale(0.0).cover(2.0).shared(0.5);
    let organization =
        chain(Service::new(3.0), 0.0).climate(|_| Climate::still().turnover(turnover())).build().unwrap();
    let trace = organization.simulate().unwrap().rounds(200).trace(0).unwrap();
    let mut seen = [0; 4];
    for round in &trace.rounds {
        let [ana, ben] = [0, 1].map(|post| round.posts[post].filled);
        let expected = match (ana, ben) {
            (true, true) => [1.0, 1.0],
            // Ana's 3 hours beside Ben's 1, half of them shared; and the other way round.
            (false, true) => [2.0, 1.0 + 0.5 * 3.0],
            (true, false) => [1.0 + 0.5 * (1.0 / 3.0), 2.0],
            (false, false) => [2.0, 2.0],
        };
        assert_eq!([0, 1].map(|service| round.services[service].pace), expected);
        seen[usize::from(ana) + 2 * usize::from(ben)] += 1;
    }
    assert!(seen.iter().all(|count| *count > 5), "{seen:?}");

    let backed = chain(Service::new(3.0).backed_up_by("Ben"), 0.0)
        .climate(|_| Climate::still().turnover(turnover()))
        .build()
        .unwrap();
    let trace = backed.simulate().unwrap().rounds(200).trace(0).unwrap();
    for round in &trace.rounds {
        let [ana, ben] = [0, 1].map(|post| round.posts[post].filled);
        let (by, pace) = match (ana, ben) {
            (false, true) => ("Ben", 1.0),
            (false, false) => ("Ana", 2.0),
            (true, true) => ("Ana", 1.0),
            (true, false) => ("Ana", 1.0 + 0.5 * (1.0 / 3.0)),
        };
        assert_eq!((round.services[0].done_by.as_str(), round.services[0].pace), (by, pace), "round {}", round.round);
    }
}

/// Neglect costs morale, and morale costs people; thanks give some of it back.
#[test]
fn neglect_drives_people_out_and_recognition_keeps_some() {
    let with_climate = |silence: f64, thanks: f64| {
        let climate = Climate::default()
            .frustration(0.1)
            .recognition(Recognition::new(thanks))
            .turnover(Turnover::new(0.02, 0.2).morale(5.0).cover(1.0));
        let organization = Organization::builder("Branch")
            .employee("Ana", |e| e.provides("list", 1.0))
            .employee("Ben", |e| e.provides("answer", 1.0))
            .customer("Guests", |c| c)
            .serves_with("Ana", "Ben", "list", |d| d.silent(silence, 8.0))
            .serves("Ben", "Guests", "answer")
            .climate(|_| climate)
            .with(|whole| whole.rounds(52u32).cadence(40.0))
            .build()
            .unwrap();
        self::climate(&organization, 4_000, Detail::Services)
    };
    let (well, neglected, thanked) = (with_climate(0.0, 0.0), with_climate(0.5, 0.0), with_climate(0.5, 0.3));
    let ben = |figures: &ClimateFigures| figures.employees[1].clone();
    let figure = |estimate: ripple_effect::Estimate| estimate.estimate.unwrap();
    assert_eq!(ben(&well).name, "Ben");
    assert_eq!(figure(ben(&well).frustration), 0.0);
    assert!((figure(ben(&neglected).frustration) - 0.05).abs() < 0.001);
    assert!(ben(&neglected).morale.high < ben(&thanked).morale.low);
    assert!(ben(&thanked).morale.high < ben(&well).morale.low);
    assert!(ben(&neglected).excess_leavers.low > ben(&thanked).excess_leavers.high);
    let usual = ben(&well).excess_leavers;
    assert!(usual.low.unwrap() < 0.0 && usual.high.unwrap() > 0.0, "{usual:?}");
}

proptest! {
    #![proptest_config(cases(12))]

    #[test]
    fn parts_merge_to_the_whole_and_threads_cannot_be_seen(organization in organizations_in_a_climate(), warmup in 0u32..2) {
        for detail in [Detail::Customers, Detail::Services, Detail::Full] {
            let run = organization.simulate().unwrap().replications(900).rounds(4).warmup(warmup).detail(detail);
            let whole = run.clone().threads(1).run().unwrap();
            prop_assert_eq!(run.clone().threads(3).run().unwrap().to_json(), whole.to_json());
            let part = |index| Outcome::from_json(&run.clone().shard(index, 2).run().unwrap().to_json()).unwrap();
            let mut merged = part(1);
            merged.merge(&part(0)).unwrap();
            prop_assert_eq!(merged.to_json(), whole.to_json());
        }
    }

    /// The order of the file cannot be seen.
    #[test]
    fn the_order_of_the_file_does_not_matter(organization in organizations_in_a_climate()) {
        let mut description = organization.description().clone();
        description.employees.reverse();
        description.departments.reverse();
        description.dependencies.reverse();
        let other = Organization::new(description).unwrap();
        let of = |organization: &Organization| {
            run(organization, 300, Detail::Full).climate.map(|mut climate| {
                climate.employees.sort_by(|a, b| a.name.cmp(&b.name));
                climate.departments.sort_by(|a, b| a.name.cmp(&b.name));
                (climate.organization, climate.departments, climate.employees)
            })
        };
        prop_assert_eq!(of(&organization), of(&other));
    }

    /// Explanations still add up exactly; derivatives are left out, as morale would change with the hours.
    #[test]
    fn explanations_add_up_and_leave_derivatives_out(organization in organizations_in_a_climate()) {
        let has_climate = organization.description().climate.is_some();
        let explained = organization.simulate().unwrap().replications(300).explain().unwrap();
        for customer in &explained.customers {
            prop_assert_eq!(customer.unexplained, 0);
            if has_climate {
                prop_assert!(customer.services.iter().all(|service| service.derivative.is_none()));
            }
        }
    }
}

/// A climate is written as it was read, tells models apart, and can be set by name.
#[test]
fn climates_are_part_of_the_model() {
    let plain = chain(Service::new(2.0), 0.0).build().unwrap();
    let thanked = with(&plain, Some(Climate::default().recognition(Recognition::new(0.2).backfire(0.1))));
    let read = Organization::from_json(&thanked.to_json()).unwrap();
    assert_eq!(read.description(), thanked.description());
    assert_ne!(plain.fingerprint(), thanked.fingerprint());
    assert!(!plain.to_json().contains("climate"));
    let mut description = thanked.description().clone();
    description.set("climate.recognition.probability", "0.5").unwrap();
    let description_climate = description.climate;
    assert_eq!(description_climate.as_ref().unwrap().recognition.as_ref().unwrap().probability.get(), 0.5);
    let changed = |organization: &Organization| {
        let change = Selection::all().set(Parameter::Recognition, 0.5);
        organization.apply(&[change]).unwrap().organization().description().climate.clone().unwrap()
    };
    assert_eq!(Some(changed(&thanked)), description_climate);
    assert_eq!(changed(&plain), Climate::still().recognition(Recognition::new(0.5)));
    let (_, findings) = Organization::examine(with(&plain, Some(Climate::default())).description().clone());
    assert!(findings.is_empty(), "{findings:?}");
    let once = chain(Service::new(2.0), 0.0).climate(|c| c).with(|whole| whole.rounds(1u32)).into_description();
    let (_, findings) = Organization::examine(once);
    assert_eq!(findings.len(), 1, "{findings:?}");
    let simulation = |organization: &Organization| organization.simulate().unwrap().threads(1).memory().unwrap();
    assert!(simulation(&thanked) > simulation(&plain));
}
