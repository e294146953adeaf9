//! The engine does what the model says: every figure of a trace is that of the oracle, to the last bit.

use std::collections::HashSet;

use proptest::prelude::*;
use ripple_effect::{
    Detail, Observer, Organization, Sample, Trace, TracedCustomer, TracedDependency, TracedRound, TracedService,
};

use crate::oracle::{CustomerGot, Draws, InputCame, Model, Plan, Round, ServiceDone, on_grid, run};
use crate::organizations::{cases, organizations};

/// Compares two figures by name.
macro_rules! same {
    ($where:expr, $($what:ident: $engine:expr => $oracle:expr),+ $(,)?) => {
        $( assert_eq!($engine, $oracle, "{} of {} (left: engine, right: oracle)", stringify!($what), $where); )+
    };
}

fn compare_plan(organization: &Organization, model: &Model, oracle: &Plan) {
    let engine = organization.plan().expect("circles were mended");
    let timetable = engine.timetable();
    let order: Vec<&str> = timetable.iter().map(|planned| planned.service.as_str()).collect();
    assert_eq!(order, oracle.order, "the order of work (left: engine, right: oracle)");
    for planned in &timetable {
        let (expected, service) = (&oracle.services[&planned.service], &model.services[&planned.service]);
        same!(planned.service, employee: planned.employee => service.employee, ready: planned.ready => expected.ready,
            start: planned.start => expected.start, finish: planned.finish => expected.finish);
    }
    let waits = engine.customer_waits();
    assert_eq!(waits.len(), model.customers.len());
    for (name, wait, promise) in waits {
        same!(name, planned_wait: wait => oracle.waits[&name], promise: promise => oracle.promises[&name]);
    }
    assert_eq!(engine.rounds(), model.rounds, "rounds (left: engine, right: oracle)");
    if let Some(cadence) = oracle.cadence {
        // It is given as it was written; releases lie on the grid.
        assert_eq!(on_grid(engine.cadence()), cadence, "cadence (left: engine, right: oracle)");
    }
    let run = engine.simulate().replications(1).detail(Detail::Services).run().expect("runs");
    for figures in run.summary().dependencies {
        let id = &figures.id;
        same!(id, planned_arrival: figures.planned_arrival => oracle.arrivals[id],
            promise: figures.promise => oracle.response_promises[id]);
    }
}

fn compare_service(traced: &TracedService, oracle: &ServiceDone, at: &str) {
    same!(at, done_by: traced.done_by => oracle.done_by,
        planned_start: traced.planned_start => oracle.planned_start,
        planned_finish: traced.planned_finish => oracle.planned_finish,
        ready: traced.ready => oracle.ready, allowed: traced.allowed => oracle.allowed,
        server_free: traced.server_free => oracle.server_free, start: traced.start => oracle.start,
        work: traced.work => oracle.work, finish: traced.finish => oracle.finish,
        own_error: traced.own_error => oracle.own_error, error: traced.error => oracle.error,
        quality: traced.quality => oracle.quality);
}

fn compare_dependency(traced: &TracedDependency, oracle: &InputCame, at: &str) {
    same!(at, needed: traced.needed => oracle.needed, delivered: traced.delivered => oracle.delivered,
        silent: traced.silent => oracle.silent, error_in: traced.error_in => oracle.error_in,
        caught: traced.caught => oracle.caught, arrival: traced.arrival => oracle.arrival,
        used: traced.used => oracle.used, passed: traced.passed => oracle.passed);
    if let Some(planned_arrival) = oracle.planned_arrival {
        same!(at, planned_arrival: traced.planned_arrival => planned_arrival);
    }
}

fn compare_customer(traced: &TracedCustomer, oracle: &CustomerGot, at: &str) {
    same!(at, wait: traced.wait => oracle.wait, lateness: traced.lateness => oracle.lateness,
        error: traced.error => oracle.error, quality: traced.quality => oracle.quality,
        satisfaction: traced.satisfaction => oracle.satisfaction, perfect: traced.perfect => oracle.perfect);
}

fn compare_round(model: &Model, plan: &Plan, traced: &TracedRound, oracle: &Round) {
    let at = |name: &str| format!("{name} in round {}", traced.round);
    same!(format!("round {}", traced.round), release: traced.release => oracle.release);
    let order: Vec<&str> = traced.services.iter().map(|service| service.service.as_str()).collect();
    assert_eq!(order, plan.order, "{}", at("the order of work"));
    for service in &traced.services {
        // What a service is made of comes first, so that the first difference is the cause of the others.
        for dependency in traced.dependencies.iter().filter(|d| d.receiver == service.service) {
            compare_input(model, dependency, oracle, &at(&dependency.dependency));
        }
        compare_service(service, &oracle.services[&service.service], &at(&service.service));
    }
    for customer in &traced.customers {
        for dependency in traced.dependencies.iter().filter(|d| d.receiver == customer.customer) {
            compare_input(model, dependency, oracle, &at(&dependency.dependency));
        }
        compare_customer(customer, &oracle.customers[&customer.customer], &at(&customer.customer));
    }
    let ids: HashSet<&str> = traced.dependencies.iter().map(|d| d.dependency.as_str()).collect();
    assert_eq!(ids.len(), model.dependencies.len(), "every dependency is traced once");
    assert_eq!(traced.dependencies.len(), ids.len(), "every dependency is traced once");
    assert_eq!(traced.customers.len(), model.customers.len(), "every customer is traced once");
}

fn compare_input(model: &Model, traced: &TracedDependency, oracle: &Round, at: &str) {
    let dependency = &model.dependencies[&traced.dependency];
    same!(at, provider: traced.provider => dependency.provider, receiver: traced.receiver => dependency.receiver,
        waited_for: traced.waited_for => !dependency.is_helpful());
    match oracle.inputs.get(&traced.dependency) {
        Some(came) => compare_dependency(traced, came, at),
        None => {
            let engine = (traced.needed, traced.delivered, traced.used, traced.passed);
            same!(at, never_needed: engine => (false, false, false, false));
        }
    }
}

/// One replication by the engine and by the oracle; gives the engine's trace.
fn compare_replication(organization: &Organization, model: &Model, plan: &Plan, seed: u64, replication: u64) -> Trace {
    let simulation = organization.simulate().expect("circles were mended").seed(seed);
    let trace = simulation.trace(replication).expect("a trace");
    let rounds = trace.rounds.len();
    assert_eq!(rounds, model.rounds as usize);
    let oracle = [16u32, 64, 256]
        .into_iter()
        .find_map(|ahead| {
            let longer = simulation.clone().rounds(model.rounds + ahead).trace(replication).expect("a longer trace");
            assert!(longer.rounds[..rounds] == trace.rounds, "more rounds change what happens in the first ones");
            run(model, plan, &Draws::of(&longer), rounds)
        })
        .expect("nobody is absent for ever");
    for (traced, expected) in trace.rounds.iter().zip(&oracle) {
        compare_round(model, plan, traced, expected);
    }
    trace
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn every_figure_of_a_trace_is_the_oracles(organization in organizations(), seed in 0u64..1_000) {
        let model = Model::new(organization.description());
        let plan = Plan::new(&model);
        compare_plan(&organization, &model, &plan);
        for replication in [0, 1, 2, 255, 256, 1_000_000_007] {
            compare_replication(&organization, &model, &plan, seed, replication);
        }
    }
}

/// Keeps every engagement.
#[derive(Default)]
struct Keep(Vec<Sample>);

impl Observer for Keep {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        self.0.extend_from_slice(samples);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    /// A run sees what traces show, and counts it: no engagement is lost, doubled or moved.
    #[test]
    fn runs_count_what_traces_show(organization in organizations(), seed in 0u64..1_000, replications in 1u64..300) {
        let simulation = organization.simulate().expect("circles were mended").seed(seed).replications(replications);
        let mut seen = Keep::default();
        let outcome = simulation.run_observed(&mut seen).expect("runs");
        let customers = &organization.description().customers;
        let mut samples = seen.0.iter();
        let mut counts = vec![[0u32; 4]; customers.len()];
        for replication in 0..replications {
            for round in simulation.trace(replication).expect("a trace").rounds {
                for (index, customer) in customers.iter().enumerate() {
                    let traced = round.customers.iter().find(|traced| traced.customer == customer.name).unwrap();
                    let sample = samples.next().expect("an engagement is missing");
                    prop_assert_eq!((sample.replication, sample.round, sample.customer), (replication, round.round, index));
                    prop_assert_eq!(
                        (sample.wait, sample.lateness, sample.error, sample.quality, sample.satisfaction, sample.perfect),
                        (traced.wait, traced.lateness, traced.error, traced.quality, traced.satisfaction, traced.perfect)
                    );
                    let happened = [traced.lateness == 0.0, !traced.error, traced.perfect, true];
                    for (count, happened) in counts[index].iter_mut().zip(happened) {
                        *count += u32::from(happened);
                    }
                }
            }
        }
        prop_assert!(samples.next().is_none(), "an engagement too many");
        for (customer, [on_time, error_free, perfect, all]) in customers.iter().zip(counts) {
            let figures = outcome.customer(&customer.name).expect("every customer has figures");
            for (estimate, count) in
                [(figures.on_time, on_time), (figures.error_free, error_free), (figures.perfect, perfect)]
            {
                let share = f64::from(count) / f64::from(all);
                let found = estimate.estimate.expect("an estimate");
                prop_assert!((found - share).abs() < 1e-12, "{}: {found}, where {share} was seen", customer.name);
            }
        }
    }
}
