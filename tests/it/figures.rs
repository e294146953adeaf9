//! The figures of a run are what the traces of its replications give, by the definitions of the figures.

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use ripple_effect::outcome::Summary;
use ripple_effect::{Detail, Estimate, Organization, TracedDependency, TracedRound, TracedService};

use crate::oracle::{Model, Plan};
use crate::organizations::{cases, organizations};

/// Hits or hours, and how often they were counted.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: f64,
    least: Option<f64>,
    most: Option<f64>,
}

/// Means by (who or what, figure).
#[derive(Default)]
struct Means(BTreeMap<(String, &'static str), Mean>);

impl Means {
    fn hours(&mut self, who: &str, figure: &'static str, value: f64) {
        let mean = self.0.entry((who.to_owned(), figure)).or_default();
        mean.sum += value;
        mean.count += 1.0;
        mean.least = Some(mean.least.map_or(value, |least| least.min(value)));
        mean.most = Some(mean.most.map_or(value, |most| most.max(value)));
    }

    fn event(&mut self, who: &str, figure: &'static str, happened: bool) {
        self.hours(who, figure, f64::from(u8::from(happened)));
    }

    /// What is counted in every round, whether it happens or not.
    fn per_round(&mut self, who: &str, figure: &'static str, values: impl Iterator<Item = f64>) {
        self.hours(who, figure, values.sum());
    }

    fn check(&self, who: &str, figure: &'static str, found: Estimate) {
        let mean = self.0.get(&(who.to_owned(), figure));
        let expected = mean.filter(|mean| mean.count > 0.0).map(|mean| mean.sum / mean.count);
        match (expected, found.estimate) {
            (None, None) => {}
            (Some(expected), Some(found)) => assert!(
                (found - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
                "{figure} of {who} is given as {found}, where traces give {expected}"
            ),
            (expected, found) => panic!("{figure} of {who} is given as {found:?}, where traces give {expected:?}"),
        }
        if let (Some(low), Some(value)) = (found.low, found.estimate) {
            assert!(low <= value, "{figure} of {who}: the interval begins at {low}, above {value}");
        }
        if let (Some(high), Some(value)) = (found.high, found.estimate) {
            assert!(value <= high, "{figure} of {who}: the interval ends at {high}, below {value}");
        }
    }

    fn most(&self, who: &str, figure: &'static str) -> Option<f64> {
        self.0[&(who.to_owned(), figure)].most
    }
}

fn count_round(model: &Model, plan: &Plan, round: &TracedRound, past: &[TracedRound], means: &mut Means) {
    for one in &round.services {
        let who = one.service.as_str();
        means.event(who, "on time", one.finish <= one.planned_finish);
        means.event(who, "error free", !one.error);
        means.event(who, "own error", one.own_error);
        means.event(who, "started late", one.start > one.planned_start);
        means.hours(who, "delay", one.finish - one.planned_finish);
        means.hours(who, "time", one.finish - round.release);
        means.hours(who, "waiting", (one.ready - one.allowed.max(one.server_free)).max(0.0));
        means.hours(who, "queued", (one.server_free - one.ready.max(one.allowed)).max(0.0));
        means.hours(who, "quality", one.quality);
    }
    let by_label: HashMap<&str, _> = round.services.iter().map(|one| (one.service.as_str(), one)).collect();
    for one in &round.dependencies {
        let (who, written) = (one.dependency.as_str(), &model.dependencies[&one.dependency]);
        // Before the first delivery of a lag nothing is asked.
        if past.len() >= written.lag {
            means.event(who, "needed", one.needed);
        }
        if !one.delivered {
            continue;
        }
        let provider = match written.lag {
            0 => by_label[one.provider.as_str()],
            lag => past[past.len() - lag].services.iter().find(|s| s.service == one.provider).unwrap(),
        };
        // Nobody has to begin before the plan says so.
        let released = provider.planned_start - plan.services[&provider.service].start;
        let response = one.arrival - provider.ready.max(released + plan.services[&provider.service].ready);
        means.event(who, "on time", one.arrival <= one.planned_arrival);
        means.event(who, "promise kept", response <= plan.response_promises[who]);
        means.event(who, "silent", one.silent);
        means.event(who, "error in", one.error_in);
        if one.error_in {
            means.event(who, "caught", one.caught);
        }
        means.event(who, "error passed", one.passed);
        means.hours(who, "delay", one.arrival - one.planned_arrival);
        means.hours(who, "response", response);
    }
    for customer in &round.customers {
        let who = customer.customer.as_str();
        means.event(who, "on time", customer.lateness == 0.0);
        means.event(who, "error free", !customer.error);
        means.event(who, "perfect", customer.perfect);
        means.hours(who, "wait", customer.wait);
        means.hours(who, "lateness", customer.lateness);
        means.hours(who, "quality", customer.quality);
        means.hours(who, "satisfaction", customer.satisfaction);
        let in_round = format!("{who} in round {}", round.round);
        means.event(&in_round, "on time", customer.lateness == 0.0);
        means.event(&in_round, "error free", !customer.error);
        means.event(&in_round, "perfect", customer.perfect);
        means.hours(&in_round, "wait", customer.wait);
        means.hours(&in_round, "lateness", customer.lateness);
    }
    for name in model.employees.keys() {
        let done = || round.services.iter().filter(|one| &one.done_by == name);
        let person = format!("person {name}");
        means.event(&person, "absent", round.absent.contains(name));
        means.per_round(&person, "work", done().map(|one| one.work));
        means.per_round(&person, "errors made", done().map(|one| f64::from(u8::from(one.own_error))));
        let waited = |one: &TracedService| (one.ready - one.allowed.max(one.server_free)).max(0.0);
        means.per_round(&person, "waiting", done().map(waited));
        let received = |one: &&TracedDependency| {
            by_label.get(one.receiver.as_str()).is_some_and(|receiver| &receiver.done_by == name)
        };
        let caught = round.dependencies.iter().filter(received).map(|one| f64::from(u8::from(one.caught)));
        means.per_round(&person, "errors caught", caught);
        // Whether the plan is kept is asked of whose work it is; what it costs, of who does it.
        for one in round.services.iter().filter(|one| &model.services[&one.service].employee == name) {
            means.event(&person, "on time", one.finish <= one.planned_finish);
            means.hours(&person, "delay", one.finish - one.planned_finish);
        }
    }
}

fn check(model: &Model, organization: &Organization, summary: &Summary, means: &Means) {
    for one in &summary.services {
        let who = one.name.as_str();
        means.check(who, "on time", one.on_time);
        means.check(who, "error free", one.error_free);
        means.check(who, "own error", one.own_error);
        means.check(who, "started late", one.started_late);
        means.check(who, "delay", one.delay.mean);
        means.check(who, "waiting", one.waiting);
        means.check(who, "queued", one.queued);
        means.check(who, "quality", one.quality);
        let time = one.time.as_ref().expect("full detail");
        means.check(who, "time", time.mean);
        assert_eq!(time.max, means.most(who, "time"), "the longest time of {who}");
    }
    for one in &summary.dependencies {
        let who = one.id.as_str();
        means.check(who, "needed", one.needed);
        means.check(who, "on time", one.on_time);
        means.check(who, "promise kept", one.promise_kept);
        means.check(who, "silent", one.silent);
        means.check(who, "error in", one.error_in);
        means.check(who, "caught", one.caught);
        means.check(who, "error passed", one.error_passed);
        means.check(who, "delay", one.delay.mean);
        means.check(who, "response", one.response);
    }
    for one in &summary.customers {
        let who = one.name.as_str();
        means.check(who, "on time", one.on_time);
        means.check(who, "error free", one.error_free);
        means.check(who, "perfect", one.perfect);
        means.check(who, "wait", one.wait.mean);
        means.check(who, "lateness", one.lateness.mean);
        means.check(who, "quality", one.quality);
        means.check(who, "satisfaction", one.satisfaction);
        assert_eq!(one.wait.max, means.most(who, "wait"), "the longest wait of {who}");
        assert_eq!(one.lateness.max, means.most(who, "lateness"), "the largest lateness of {who}");
        for stage in &one.stages {
            means.check(&stage.service, "time", stage.time.mean);
            assert_eq!(stage.time.max, means.most(&stage.service, "time"), "the longest stage {}", stage.service);
        }
        let perfect = one.perfect.estimate.expect("an estimate");
        let lost = one.value_lost_per_1000.estimate.expect("an estimate");
        assert!((lost - 1000.0 * one.value * (1.0 - perfect)).abs() < 1e-6, "value lost at {who}");
    }
    for round in summary.rounds.iter().filter(|round| !round.warmup) {
        for one in &round.customers {
            let who = format!("{} in round {}", one.name, round.round);
            means.check(&who, "on time", one.on_time);
            means.check(&who, "error free", one.error_free);
            means.check(&who, "perfect", one.perfect);
            means.check(&who, "wait", one.wait);
            means.check(&who, "lateness", one.lateness);
        }
    }
    let cadence = organization.plan().expect("planned").cadence();
    for one in &summary.employees {
        let who = format!("person {}", one.name);
        means.check(&who, "absent", one.absent);
        means.check(&who, "work", one.work);
        means.check(&who, "errors made", one.errors_made);
        means.check(&who, "errors caught", one.errors_caught);
        means.check(&who, "waiting", one.waiting);
        means.check(&who, "on time", one.on_time);
        means.check(&who, "delay", one.delay.mean);
        let hours = model.employees[&one.name].capacity as f64 * cadence;
        let utilisation = one.work.estimate.filter(|_| hours > 0.0).map(|work| work / hours);
        match (utilisation, one.utilisation.estimate) {
            (Some(expected), Some(found)) => {
                assert!((found - expected).abs() <= 1e-9 * (1.0 + expected), "utilisation of {}", one.name);
            }
            (expected, found) => assert_eq!(found, expected, "utilisation of {}", one.name),
        }
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn figures_are_what_traces_give(
        organization in organizations(),
        seed in 0u64..1_000,
        replications in prop_oneof![Just(1u64), 2u64..20, 250u64..300],
        warmup in 0u32..3,
    ) {
        let model = Model::new(organization.description());
        let plan = Plan::new(&model);
        let warmup = warmup.min(model.rounds - 1);
        let simulation = organization.simulate().expect("circles were mended").seed(seed).warmup(warmup);
        let simulation = simulation.replications(replications).detail(Detail::Full);
        let mut means = Means::default();
        for replication in 0..replications {
            let rounds = simulation.trace(replication).expect("a trace").rounds;
            for number in warmup as usize..rounds.len() {
                count_round(&model, &plan, &rounds[number], &rounds[..number], &mut means);
            }
        }
        let outcome = simulation.run().expect("runs");
        prop_assert_eq!(outcome.meta().cut, 0);
        check(&model, &organization, &outcome.summary(), &means);
    }
}
