//! Ripples and rankings: the difference of the run with shocks and the run without, who is hit, and where it stops.

use proptest::prelude::*;
use ripple_effect::change::{Selection, Things};
use ripple_effect::organization::Dependency;
use ripple_effect::shock::Shock;
use ripple_effect::{Distribution, ErrorKind, Organization, Ripple, Simulation};

use crate::organizations::{cases, organizations};

fn zero(ripple: &Ripple) -> bool {
    let people = ripple.people.iter().map(|person| &person.figures);
    let services = ripple.services.iter().map(|service| &service.figures);
    let customers = ripple.customers.iter().map(|customer| &customer.figures);
    ripple.hit.estimate == Some(0.0)
        && people.chain(services).chain(customers).all(|figures| {
            let sums = [figures.hit, figures.extra_hours, figures.extra_errors, figures.quality_lost];
            let rest = [figures.absorbed_hours, figures.errors_caught, figures.covered];
            sums.into_iter().chain(rest).all(|estimate| estimate.estimate == Some(0.0))
        })
}

/// Shocks on whatever a random organisation has.
pub(crate) fn shocks(organization: &Organization) -> Vec<Shock> {
    let description = organization.description();
    let mut providers = description.employees.iter().filter(|employee| !employee.services.is_empty());
    let first = &providers.next().unwrap().name;
    let last = providers.next_back().map_or(first, |employee| &employee.name);
    let on = |name: &str| Selection::employee(name);
    let mut shocks = vec![
        Shock::new("late").on(on(first)).late(Distribution::exponential(3.0)),
        Shock::new("wrong").on(on(last)).wrong(),
        Shock::new("away").on(on(first)).absent(),
        Shock::new("slow").on(on(last)).pace(2.5),
        Shock::new("poor").on(on(first)).quality(0.4),
    ];
    let silences = Shock::new("silent").unanswered_for(5.0).on_each(organization, Things::Dependencies).unwrap();
    shocks.extend(silences.into_iter().take(1));
    shocks
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_shock_of_zero_changes_nothing(organization in organizations(), seed in 0u64..1_000) {
        let nothing = [
            Shock::new("late").late(0.0).on(Selection::all().of(Things::Services)),
            Shock::new("quality").quality(1.0),
            Shock::new("pace").pace(1.0),
        ];
        let run = organization.simulate().unwrap().seed(seed).replications(300);
        prop_assert!(zero(&run.ripple(&nothing).unwrap()));
        // To the bit, in every figure of the run.
        let (plain, shocked) = (run.run().unwrap(), run.shocked(&nothing).unwrap().run().unwrap());
        for customer in &organization.description().customers {
            prop_assert_eq!(plain.customer(&customer.name), shocked.customer(&customer.name));
        }
    }

    #[test]
    fn a_ripple_is_the_difference_of_two_runs(organization in organizations(), seed in 0u64..1_000) {
        let run = organization.simulate().unwrap().seed(seed).replications(300);
        let plain = run.run().unwrap();
        let shocks = shocks(&organization);
        let together = [&shocks[..], &shocks[..1], &shocks[1..2]];
        for shocks in together {
            let ripple = run.ripple(shocks).unwrap();
            let shocked = run.clone().shocked(shocks).unwrap().run().unwrap();
            let rounds = f64::from(ripple.rounds);
            for customer in &ripple.customers {
                let (before, after) = (plain.customer(&customer.name).unwrap(), shocked.customer(&customer.name).unwrap());
                let close = |estimate: ripple_effect::Estimate, expected: f64, what: &str| {
                    let found = estimate.estimate.unwrap();
                    prop_assert!((found - expected).abs() <= 1e-9 * (1.0 + expected.abs()), "{what}: {found} {expected}");
                    Ok(())
                };
                if plain.meta().warmup == 0 {
                    let mean = |of: &ripple_effect::Estimate| of.estimate.unwrap();
                    let (b, a) = (before, after);
                    close(customer.figures.extra_hours, rounds * (mean(&a.wait.mean) - mean(&b.wait.mean)), "wait")?;
                    close(customer.late, rounds * (mean(&b.on_time) - mean(&a.on_time)), "late")?;
                    close(customer.late_before, rounds * (1.0 - mean(&b.on_time)), "late before")?;
                    close(customer.perfect_lost, rounds * (mean(&b.perfect) - mean(&a.perfect)), "perfect")?;
                    close(customer.perfect_before, rounds * mean(&b.perfect), "perfect before")?;
                    close(customer.figures.extra_errors, rounds * (mean(&b.error_free) - mean(&a.error_free)), "errors")?;
                    close(customer.figures.quality_lost, rounds * (mean(&b.quality) - mean(&a.quality)), "quality")?;
                    let lost = rounds * (mean(&b.satisfaction) - mean(&a.satisfaction));
                    close(customer.satisfaction_lost, lost, "satisfaction")?;
                }
            }
        }
    }

    #[test]
    fn each_of_many_is_as_it_is_alone(organization in organizations(), seed in 0u64..1_000) {
        let run = organization.simulate().unwrap().seed(seed).replications(300);
        let mut all = shocks(&organization);
        all.extend(Shock::new("late").late(2.0).on_each(&organization, Things::Services).unwrap());
        let ranking = run.rank(&all).unwrap();
        prop_assert_eq!(&ranking, &run.clone().threads(3).rank(&all).unwrap());
        for (shock, ranked) in all.iter().zip(&ranking.shocks) {
            let alone = run.ripple(std::slice::from_ref(shock)).unwrap();
            prop_assert_eq!(&alone, &run.clone().threads(2).ripple(std::slice::from_ref(shock)).unwrap());
            for (customer, (name, harm)) in alone.customers.iter().zip(&ranked.customers) {
                prop_assert_eq!(&customer.name, name);
                prop_assert_eq!(customer.figures.extra_hours, harm.extra_wait);
                prop_assert_eq!((customer.late, customer.perfect_lost), (harm.late, harm.perfect_lost));
                prop_assert_eq!((customer.figures.hit, customer.figures.extra_errors), (harm.hit, harm.extra_errors));
                prop_assert_eq!(customer.satisfaction_lost, harm.satisfaction_lost);
            }
        }
    }
}

/// Ana, who lists; Ben, who waits for her; Cleo, who waits for nobody; Dora, who waits for Ben and Cleo.
fn office() -> Organization {
    Organization::builder("Office")
        .employee("Ana", |e| e.provides("list", 2.0))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .employee("Cleo", |e| e.provides("prices", 7.0))
        .employee("Dora", |e| e.provides("offer", 1.0))
        .employee("Emil", |e| e.provides("archive", 3.0))
        .customer("Guests", |c| c.promise(9.0).value(50.0))
        .serves("Ana", "Ben", "list")
        .serves("Ben", "Dora", "advice")
        .serves("Cleo", "Dora", "prices")
        .serves("Ana", "Emil", "a copy")
        .serves("Dora", "Guests", "offer")
        .build()
        .unwrap()
}

fn run() -> Simulation {
    office().simulate().unwrap().replications(300)
}

fn figure(estimate: ripple_effect::Estimate) -> f64 {
    estimate.estimate.unwrap()
}

#[test]
fn slack_takes_up_what_it_can() {
    // Ben is there at 3, Cleo at 7: four hours of slack at Dora. The promise leaves one more.
    for (late, waits, breaks) in [(3.0, 0.0, 0.0), (4.5, 0.5, 0.0), (6.0, 2.0, 1.0)] {
        let ripple = run().ripple(&[Shock::new("late").on(Selection::employee("Ana")).late(late)]).unwrap();
        let (ben, dora) = (ripple.person("Ben").unwrap(), ripple.service("Dora/offer").unwrap());
        assert_eq!((figure(ben.figures.extra_hours), figure(ben.figures.absorbed_hours)), (late, 0.0));
        assert_eq!((figure(dora.figures.extra_hours), figure(dora.figures.absorbed_hours)), (waits, late - waits));
        let guests = ripple.customer("Guests").unwrap();
        assert_eq!((figure(guests.figures.extra_hours), figure(guests.late)), (waits, breaks));
        assert_eq!((figure(guests.perfect_lost), figure(guests.value_lost)), (breaks, 50.0 * breaks));
        assert_eq!((figure(guests.wait_before), figure(guests.perfect_before)), (8.0, 1.0));
        let rings: Vec<Option<u32>> = ripple.people.iter().map(|person| person.ring).collect();
        assert_eq!(rings, [Some(0), Some(1), None, Some(2), Some(1)]);
        assert_eq!((ripple.rings[1].people, figure(ripple.rings[1].people_hit)), (2, 2.0));
        assert_eq!((guests.ring, ripple.rings[3].customers), (Some(3), 1));
        assert_eq!(ripple.where_it_stops()[0].name, "Dora/offer");
        let exposed: Vec<&str> = ripple.most_exposed().iter().map(|person| person.name.as_str()).collect();
        assert_eq!(exposed, if waits > 0.0 { vec!["Ben", "Emil", "Dora"] } else { vec!["Ben", "Emil"] });
        assert_eq!(figure(ripple.hit), 1.0);
    }
    // What is tolerated is no hit; the hours are there all the same.
    let late = [Shock::new("late").on(Selection::employee("Ana")).late(4.5)];
    let ripple = run().ripple_beyond(0.5, &late).unwrap();
    let guests = ripple.customer("Guests").unwrap();
    assert_eq!((figure(guests.figures.hit), figure(guests.figures.extra_hours)), (0.0, 0.5));
    assert_eq!((figure(guests.figures.later), guests.figures.extra_hours_when_later.estimate), (0.0, None));
    // A mistake is no lateness: hours that are tolerated are not divided by how often there is one.
    let both = [Shock::new("both").on(Selection::employee("Ana")).late(Distribution::uniform(0.0, 9.0)).wrong()];
    let ripple = run().ripple_beyond(8.0, &both).unwrap();
    let ben = &ripple.person("Ben").unwrap().figures;
    assert_eq!((figure(ben.hit), figure(ben.wrong)), (1.0, 1.0));
    assert!(figure(ben.later) > 0.0 && figure(ben.later) < 0.3 && figure(ben.extra_hours_when_later) > 8.0);
    for tolerance in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(run().ripple_beyond(tolerance, &late).unwrap_err().kind(), ErrorKind::Range);
    }
}

#[test]
fn whom_nobody_needs_reaches_no_one() {
    let shocks = [Shock::new("late").on(Selection::employee("Emil")).late(100.0).wrong().quality(0.0)];
    let ripple = run().ripple(&shocks).unwrap();
    for person in &ripple.people {
        assert_eq!(figure(person.figures.hit), if person.name == "Emil" { 1.0 } else { 0.0 }, "{}", person.name);
    }
    assert!(ripple.customers.iter().all(|customer| figure(customer.figures.hit) == 0.0 && customer.ring.is_none()));
    assert!(ripple.most_exposed().is_empty() && ripple.where_it_stops().is_empty());
    let ranking = run().rank(&shocks).unwrap();
    assert_eq!(figure(ranking.shocks[0].total.extra_wait), 0.0);
}

/// A circle over rounds: Ana needs what Ben did the round before. Each round leaves two hours of slack.
#[test]
fn a_ripple_dies_out_where_slack_is_left() {
    let mut description = Organization::builder("Circle")
        .employee("Ana", |e| e.provides("list", 2.0))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .customer("Guests", |c| c)
        .serves("Ana", "Ben", "list")
        .serves("Ben", "Guests", "advice")
        .build()
        .unwrap()
        .description()
        .clone();
    description.dependencies.push(Dependency::new("Ben", "Ana").lag(1u32));
    description.rounds = Some(8);
    for (cadence, out) in [(5.0, Some(4)), (3.0, None)] {
        description.cadence = Some(Distribution::from(cadence));
        let run = Organization::new(description.clone()).unwrap().simulate().unwrap().replications(10);
        let shock = [Shock::new("late").on(Selection::employee("Ana")).late(7.0)];
        let ripple = run.ripple(&shock).unwrap();
        // 7 hours, then 5, 3, 1, and gone.
        let waits: Vec<f64> = ripple.by_round.iter().map(|round| figure(round.extra_wait)).collect();
        let expected = |round: usize| (7.0 - (cadence - 3.0) * round as f64).max(0.0);
        assert_eq!(waits, (0..8).map(expected).collect::<Vec<_>>());
        assert_eq!(ripple.died_out.round_90, out);
        assert_eq!(figure(ripple.died_out.still_there), if out.is_some() { 0.0 } else { 1.0 });
        let by: Vec<f64> = ripple.died_out.by.iter().map(|by| figure(*by)).collect();
        assert_eq!(by, (0..8).map(|round| if expected(round) > 0.0 { 0.0 } else { 1.0 }).collect::<Vec<_>>());
        assert_eq!(figure(ripple.customer("Guests").unwrap().figures.extra_hours), waits.iter().sum::<f64>());
        // In another round: so many rounds later.
        let later = [shock[0].clone().in_round(2)];
        let ripple = run.ripple(&later).unwrap();
        assert_eq!(figure(ripple.by_round[3].extra_wait), expected(1));
        assert_eq!(figure(ripple.by_round[1].hit), 0.0);
    }
}

#[test]
fn what_catches_and_who_covers_is_told() {
    let mut description = office().description().clone();
    description.dependencies[0].detection = Some(1.0.into());
    description.dependencies[0].rework = Some(Distribution::from(0.5));
    let run = Organization::new(description).unwrap().simulate().unwrap().replications(300);
    let ripple = run.ripple(&[Shock::new("wrong").on(Selection::service("Ana")).wrong()]).unwrap();
    let ben = ripple.service("Ben/advice").unwrap();
    assert_eq!((figure(ben.figures.errors_caught), figure(ben.figures.extra_hours)), (1.0, 0.5));
    assert_eq!(figure(ben.figures.extra_errors), 0.0);
    assert_eq!(figure(ripple.service("Emil/archive").unwrap().figures.extra_errors), 1.0);

    let mut description = office().description().clone();
    description.employees[0].services[0].backup = Some(ripple_effect::organization::Backup::new("Emil"));
    let run = Organization::new(description).unwrap().simulate().unwrap().replications(300);
    let ripple = run.ripple(&[Shock::new("away").on(Selection::employee("Ana")).absent()]).unwrap();
    assert_eq!(figure(ripple.service("Ana/list").unwrap().figures.covered), 1.0);
    assert_eq!(figure(ripple.customer("Guests").unwrap().figures.hit), 0.0);
}

#[test]
fn nothing_to_strike_is_refused() {
    assert_eq!(run().ripple(&[]).unwrap_err().kind(), ErrorKind::Shape);
    assert_eq!(run().rank(&[]).unwrap_err().kind(), ErrorKind::Shape);
    let late = Shock::new("late").on(Selection::employee("Ana")).late(1.0);
    let error = run().ripple(&[late.clone().in_round(3)]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "shocks[0].round"));
    assert!(late.on_each(&office(), Things::Customers).is_err());
}

#[test]
fn shocks_that_strike_anyhow_are_in_both() {
    let late = |hours: f64| Shock::new(format!("late {hours}")).on(Selection::employee("Ana")).late(hours);
    let ripple = run().shocked(&[late(4.0)]).unwrap().ripple(&[late(1.0)]).unwrap();
    assert_eq!(figure(ripple.customer("Guests").unwrap().figures.extra_hours), 1.0);
    let ranking = run().shocked(&[late(4.0)]).unwrap().rank(&[late(1.0), late(2.0)]).unwrap();
    assert_eq!(figure(ranking.worst()[0].total.extra_wait), 2.0);
}

#[test]
fn hops_begin_at_what_makes_the_difference() {
    let rings = |ripple: &Ripple| ripple.people.iter().map(|person| person.ring).collect::<Vec<_>>();
    // Only Ben is asked in vain: Emil, who asks Ana too, is not on the way.
    let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(8.0);
    let ripple = run().ripple(std::slice::from_ref(&silence)).unwrap();
    assert_eq!(rings(&ripple), [Some(0), Some(1), None, Some(2), None]);
    assert_eq!(ripple.customer("Guests").unwrap().ring, Some(3));
    assert_eq!(ripple.struck_dependencies, ["Ana/list -> Ben/advice"]);
    // Cleo is late anyhow: that is no part of the difference.
    let anyhow = run().shocked(&[Shock::new("late").on(Selection::employee("Cleo")).late(1.0)]).unwrap();
    let ripple = anyhow.ripple(&[silence]).unwrap();
    assert_eq!(rings(&ripple), [Some(0), Some(1), None, Some(2), None]);
    assert_eq!(ripple.struck_dependencies, ["Ana/list -> Ben/advice"]);
}

#[test]
fn each_is_each_that_can_be_struck() {
    let mut description = office().description().clone();
    description.dependencies[1] = Dependency::new("Ben", "Dora").silent(0.1, 8.0);
    description.employees.push(ripple_effect::organization::Employee::new("Trainee"));
    let office = Organization::new(description).unwrap();
    let names = |shock: Shock, things: Things| {
        let each = shock.on_each(&office, things).unwrap();
        each.into_iter().map(|shock| shock.name).collect::<Vec<_>>()
    };
    assert_eq!(names(Shock::new("no answer").unanswered(), Things::Dependencies), ["no answer: Ben -> Dora"]);
    assert_eq!(names(Shock::new("no answer").unanswered_for(8.0), Things::Dependencies).len(), 5);
    assert_eq!(names(Shock::new("late").late(1.0), Things::Employees).len(), 5);
    assert_eq!(names(Shock::new("away").absent(), Things::Employees).len(), 6);
    let error = Shock::new("away").absent().on_each(&office, Things::Services).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Shape);
}

#[test]
fn what_cannot_be_struck_is_named() {
    let mut description = office().description().clone();
    description.dependencies[1] = Dependency::new("Ben", "Dora").silent(0.1, 8.0);
    description.employees.push(ripple_effect::organization::Employee::new("Trainee"));
    let office = Organization::new(description).unwrap();
    let run = office.simulate().unwrap().replications(10);
    let ranked = |shock: Shock, things: Things| run.rank_each(&shock, things).unwrap();
    let silent = ranked(Shock::new("no answer").unanswered(), Things::Dependencies);
    let left: Vec<(&str, &str)> = silent.left_out.iter().map(|one| (one.name.as_str(), one.why.as_str())).collect();
    let unsaid = "nothing says what chasing costs";
    let names = ["Ana -> Ben", "Cleo -> Dora", "Ana -> Emil", "Dora -> Guests"];
    assert_eq!(left, names.map(|name| (name, unsaid)));
    assert_eq!(silent.shocks.len() + silent.left_out.len(), 5);
    let late = ranked(Shock::new("late").late(1.0), Things::Employees);
    assert_eq!((late.left_out.len(), late.left_out[0].name.as_str()), (1, "Trainee"));
    let asked = ranked(Shock::new("no answer").unanswered_for(1.0), Things::Employees);
    let left: Vec<&str> = asked.left_out.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(left, ["Emil", "Trainee"]);
    assert!(asked.left_out.iter().all(|one| one.why == "nobody asks for anything there"));
    assert!(ranked(Shock::new("away").absent(), Things::Employees).left_out.is_empty());
    let written = serde_json::to_value(&silent).unwrap();
    assert_eq!(written["left_out"][0], serde_json::json!({"name": "Ana -> Ben", "why": unsaid}));
    #[cfg(feature = "report")]
    {
        let page = silent.report();
        let line =
            "Left out, as nothing says what chasing costs: 4 (Ana -> Ben, Cleo -> Dora, Ana -> Emil, Dora -> Guests).";
        assert!(page.lines().any(|one| one == line), "{page}");
    }
}

#[test]
fn an_error_of_one_of_many_says_of_which() {
    let late = |name: &str| Shock::new(name).late(1.0);
    let shocks = [late("good").on(Selection::employee("Ana")), late("bad").on(Selection::employee("Anna"))];
    assert_eq!(run().rank(&shocks).unwrap_err().path(), "shocks[\"bad\"].select.employee");
    let shocks = [shocks[0].clone(), late("after").on(Selection::employee("Ana")).in_round(9)];
    assert_eq!(run().rank(&shocks).unwrap_err().path(), "shocks[\"after\"].round");
    // What is wrong with the shock itself is said once.
    let error = run().rank_each(&late("late").late(-6.0), Things::Services).unwrap_err();
    assert_eq!((error.path(), error.and_more().len()), ("shock.late", 0));
    let error = Shock::new("away").absent().on_each(&office(), Things::Services).unwrap_err();
    assert_eq!(error.path(), "shocks[\"away: Ana/list\"].absent");
}

/// Names found by an index strike what names found in lists do: few shocks are found one way, many the other.
#[test]
fn many_shocks_strike_what_each_of_them_does() {
    let large = ripple_effect::generate::layered(60).organization().unwrap();
    let run = large.simulate().unwrap().replications(20);
    for things in [Things::Services, Things::Dependencies, Things::Employees] {
        let all = Shock::new("late").late(3.0).on_each(&large, things).unwrap();
        assert!(all.len() > 16);
        let together = run.rank(&all).unwrap();
        for (shock, ranked) in all.iter().zip(&together.shocks).step_by(7) {
            assert_eq!(&run.rank(std::slice::from_ref(shock)).unwrap().shocks[0], ranked);
        }
    }
}

#[test]
fn who_stands_in_is_where_it_stops() {
    let mut description = office().description().clone();
    description.employees[0].services[0].backup = Some(ripple_effect::organization::Backup::new("Emil"));
    let run = Organization::new(description).unwrap().simulate().unwrap().replications(300);
    let ripple = run.ripple(&[Shock::new("away").on(Selection::employee("Ana")).absent()]).unwrap();
    assert_eq!(ripple.where_it_stops()[0].name, "Ana/list");
}

#[cfg(feature = "report")]
#[test]
fn pages_say_what_happens() {
    let ripple = run().ripple(&[Shock::new("A bad start").on(Selection::employee("Ana")).late(6.0)]).unwrap();
    let page = ripple.report();
    for line in [
        "A bad start: Ana is 6 h late.",
        "  In every run Ben is later, by 6.0 h on average.",
        "  In every run Guests wait longer, by 2.0 h on average.",
        "  Guests       3  always  8.0 h -> 10.0 h  never -> always  never -> always          50",
        "     2       1         1.00              +2.0 h          4.0 h",
        "  Dora/offer          4.0 h                0                  0",
    ] {
        assert!(page.lines().any(|one| one == line), "{line:?} in\n{page}");
    }
    let quiet = run().ripple(&[Shock::new("late").on(Selection::employee("Emil")).late(6.0)]).unwrap().report();
    assert!(quiet.contains("  No colleague feels anything of it.\n  No customer feels anything of it.\n"), "{quiet}");
    let ranking = run().rank(&Shock::new("late").late(6.0).on_each(&office(), Things::Employees).unwrap()).unwrap();
    let page = ranking.report();
    for line in [
        "5 shocks (late), each alone, over the same 300 runs of everyone's work (seed 1).",
        "No customer feels anything of 1 of them: Emil.",
    ] {
        assert!(page.lines().any(|one| one == line), "{line:?} in\n{page}");
    }
}

#[test]
fn a_customer_takes_up_nothing() {
    // Ana's list is wanted three hours after it is there: the customer feels nothing, and has no slack of their own either.
    let mut description = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", 2.0))
        .employee("Dev", |e| e.provides("prices", 5.0))
        .customer("Guests", |c| c)
        .serves("Ana", "Guests", "list")
        .serves("Dev", "Guests", "prices")
        .build()
        .unwrap()
        .description()
        .clone();
    description.dependencies[0].detection = Some(1.0.into());
    let run = Organization::new(description).unwrap().simulate().unwrap().replications(10);
    let ripple = run.ripple(&[Shock::new("both").on(Selection::employee("Ana")).late(2.0).wrong()]).unwrap();
    let guests = &ripple.customer("Guests").unwrap().figures;
    assert_eq!((figure(guests.extra_hours), figure(guests.absorbed_hours), figure(guests.covered)), (0.0, 0.0, 0.0));
    // A mistake may be caught on the way to them, which is their figure, and no service's.
    assert_eq!(figure(guests.errors_caught), 1.0);
    assert!(ripple.where_it_stops().is_empty());
}

#[test]
fn a_ring_holds_what_its_people_and_customers_do() {
    let ripple = run().ripple(&[Shock::new("late").on(Selection::employee("Ana")).late(6.0)]).unwrap();
    for ring in &ripple.rings {
        let people = ripple.people.iter().filter(|one| one.ring == Some(ring.ring)).map(|one| &one.figures);
        let customers = ripple.customers.iter().filter(|one| one.ring == Some(ring.ring)).map(|one| &one.figures);
        let all: Vec<_> = people.chain(customers).collect();
        let sum = |of: fn(&ripple_effect::ripple::RippleFigures) -> ripple_effect::Estimate| {
            all.iter().map(|one| figure(of(one))).sum::<f64>()
        };
        assert_eq!(figure(ring.figures.extra_hours), sum(|one| one.extra_hours));
        assert_eq!(figure(ring.figures.absorbed_hours), sum(|one| one.absorbed_hours));
    }
}

#[test]
fn names_are_suggested_of_the_sort_that_is_asked_for() {
    let office = Organization::builder("Office")
        .department("Guest room")
        .employee("Ana", |e| e.department("Guest room").provides("list", 2.0))
        .customer("Guests", |c| c)
        .serves("Ana", "Guests", "list")
        .build()
        .unwrap();
    let mend = |select: Selection| {
        let error = office.simulate().unwrap().shocked(&[Shock::new("x").on(select).pace(2.0)]).unwrap_err();
        error.mend().to_owned()
    };
    assert_eq!(mend(Selection::employee("Guest")), "Look at the names in the model.");
    assert_eq!(mend(Selection::employee("Anna")), "Did you mean \"Ana\"?");
    assert_eq!(mend(Selection::department("Guests")), "Did you mean \"Guest room\"?");
    assert_eq!(mend(Selection::service("Ana/lst")), "Did you mean \"Ana/list\"?");
}
