//! From sums to figures.

use super::layout::{
    CustomerEvent, CustomerSpread, CustomerSum, DependencyEvent, DependencySum, InputEvent, Layout, PersonEvent,
    PersonSum, RoundSum, ServiceEvent, ServiceSum,
};
use super::summary::{
    CustomerFigures, DependencyFigures, InputFigures, Moments, OutcomeFormat, PersonFigures, RoundCustomerFigures,
    RoundFigures, ServiceFigures, Spread, StageFigures, Summary,
};
use super::{Detail, Outcome};
use crate::Estimate;

const QUANTILES: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];

pub(super) fn summary(outcome: &Outcome) -> Summary {
    let layout = outcome.layout();
    let things = &outcome.things;
    let cadence = outcome.meta.cadence;
    Summary {
        format: OutcomeFormat::V1,
        meta: outcome.meta.clone(),
        customers: in_file_order(&things.customers, |c| c.at, |index| customer(outcome, &layout, index)),
        // Services stay in the order of work.
        services: (0..things.services.len()).map(|index| service(outcome, &layout, index)).collect(),
        dependencies: in_file_order(&things.dependencies, |d| d.at, |index| dependency(outcome, &layout, index)),
        employees: in_file_order(
            &things.employees,
            |e| e.at,
            |index| {
                let employee = &things.employees[index];
                let event = |event| layout.employee_event(index, event);
                let sum = |sum| layout.employee_sum(index, sum);
                let mut figures = person(outcome, &employee.name, employee.capacity as f64 * cadence, event, sum);
                figures.department.clone_from(&employee.department);
                figures
            },
        ),
        departments: in_file_order(
            &things.departments,
            |d| d.at,
            |index| {
                let department = &things.departments[index];
                let event = |event| layout.department_event(index, event);
                let sum = |sum| layout.department_sum(index, sum);
                person(outcome, &department.name, department.capacity as f64 * cadence, event, sum)
            },
        ),
        rounds: if outcome.meta.detail >= Detail::Full {
            (0..outcome.meta.rounds).map(|round| one_round(outcome, &layout, round)).collect()
        } else {
            Vec::new()
        },
        climate: super::climate_figures::climate(outcome, &layout),
        exact: None,
    }
}

fn in_file_order<T, F>(things: &[T], at: impl Fn(&T) -> usize, figures: impl Fn(usize) -> F) -> Vec<F> {
    let mut order: Vec<usize> = (0..things.len()).collect();
    order.sort_by_key(|&index| at(&things[index]));
    order.into_iter().map(figures).collect()
}

fn proportion(outcome: &Outcome, place: usize) -> Estimate {
    outcome.tally.events[place].estimate()
}

fn mean(outcome: &Outcome, place: usize, offset: f64) -> Estimate {
    outcome.tally.sums[place].mean_plus(offset)
}

fn moments(outcome: &Outcome, place: usize) -> Moments {
    Moments { mean: mean(outcome, place, 0.0), sd: outcome.tally.sums[place].sd_estimate() }
}

fn spread(outcome: &Outcome, sum: usize, offset: f64, spread: usize) -> Spread {
    let histogram = &outcome.tally.spreads[spread];
    let mut quantiles = histogram.quantile_estimates(&QUANTILES).into_iter();
    let mut next = || quantiles.next().unwrap_or_default();
    Spread {
        mean: mean(outcome, sum, offset),
        sd: outcome.tally.sums[sum].sd_estimate(),
        p50: next(),
        p80: next(),
        p90: next(),
        p95: next(),
        p99: next(),
        max: histogram.pooled().max(),
    }
}

pub(super) fn customer(outcome: &Outcome, layout: &Layout, index: usize) -> CustomerFigures {
    let thing = &outcome.things.customers[index];
    let event = |event| proportion(outcome, layout.customer_event(index, event));
    let sum = |sum| mean(outcome, layout.customer_sum(index, sum), 0.0);
    let perfect = event(CustomerEvent::Perfect);
    let stage = |(number, stage): (usize, &super::things::StageThing)| StageFigures {
        service: stage.service.clone(),
        planned: stage.planned,
        time: spread(outcome, layout.stage_sum(index, number), stage.planned, layout.stage_spread(index, number)),
    };
    let input = |(number, input): (usize, &super::things::InputThing)| InputFigures {
        provider: input.provider.clone(),
        need: input.need.clone(),
        last_when_late: proportion(outcome, layout.input_event(index, number, InputEvent::LastWhenLate)),
        brought_error: proportion(outcome, layout.input_event(index, number, InputEvent::BroughtError)),
    };
    CustomerFigures {
        name: thing.name.clone(),
        promise: thing.promise,
        planned_wait: thing.planned,
        value: thing.value,
        on_time: event(CustomerEvent::OnTime),
        error_free: event(CustomerEvent::ErrorFree),
        perfect,
        wait: spread(
            outcome,
            layout.customer_sum(index, CustomerSum::Wait),
            thing.planned,
            layout.customer_spread(index, CustomerSpread::Wait),
        ),
        lateness: spread(
            outcome,
            layout.customer_sum(index, CustomerSum::Lateness),
            0.0,
            layout.customer_spread(index, CustomerSpread::Lateness),
        ),
        quality: sum(CustomerSum::Quality),
        satisfaction: sum(CustomerSum::Satisfaction),
        value_lost_per_1000: perfect.complement().scale(1000.0 * thing.value),
        stages: thing.stages.iter().enumerate().map(stage).collect(),
        inputs: thing.inputs.iter().enumerate().map(input).collect(),
    }
}

fn service(outcome: &Outcome, layout: &Layout, index: usize) -> ServiceFigures {
    let thing = &outcome.things.services[index];
    let event = |event| proportion(outcome, layout.service_event(index, event));
    let sum = |sum| layout.service_sum(index, sum);
    let delay = sum(ServiceSum::Delay);
    ServiceFigures {
        name: thing.name.clone(),
        employee: thing.employee.clone(),
        department: thing.department.clone(),
        planned_finish: thing.planned,
        on_time: event(ServiceEvent::OnTime),
        error_free: event(ServiceEvent::ErrorFree),
        own_error: event(ServiceEvent::OwnError),
        started_late: event(ServiceEvent::StartedLate),
        delay: moments(outcome, delay),
        waiting: mean(outcome, sum(ServiceSum::Waiting), 0.0),
        queued: mean(outcome, sum(ServiceSum::Queued), 0.0),
        quality: mean(outcome, sum(ServiceSum::Quality), 0.0),
        time: (layout.detail >= Detail::Full)
            .then(|| spread(outcome, delay, thing.planned, layout.service_spread(index))),
    }
}

fn dependency(outcome: &Outcome, layout: &Layout, index: usize) -> DependencyFigures {
    let thing = &outcome.things.dependencies[index];
    let event = |event| proportion(outcome, layout.dependency_event(index, event));
    let response = layout.dependency_sum(index, DependencySum::Response);
    DependencyFigures {
        id: thing.id.clone(),
        provider: thing.provider.clone(),
        receiver: thing.receiver.clone(),
        need: thing.need.clone(),
        lag: thing.lag,
        planned_arrival: thing.planned,
        promise: thing.promise,
        needed: event(DependencyEvent::Needed),
        on_time: event(DependencyEvent::OnTime),
        promise_kept: event(DependencyEvent::PromiseKept),
        silent: event(DependencyEvent::Silent),
        error_in: event(DependencyEvent::ErrorIn),
        caught: event(DependencyEvent::Caught),
        error_passed: event(DependencyEvent::ErrorPassed),
        delay: moments(outcome, layout.dependency_sum(index, DependencySum::Delay)),
        response: mean(outcome, response, thing.promise),
        response_time: (layout.detail >= Detail::Full)
            .then(|| spread(outcome, response, thing.promise, layout.dependency_spread(index))),
    }
}

fn person(
    outcome: &Outcome,
    name: &str,
    hours_a_round: f64,
    event: impl Fn(PersonEvent) -> usize,
    sum: impl Fn(PersonSum) -> usize,
) -> PersonFigures {
    let mean = |figure| mean(outcome, sum(figure), 0.0);
    let work = mean(PersonSum::Work);
    PersonFigures {
        name: name.to_owned(),
        department: None,
        on_time: proportion(outcome, event(PersonEvent::OnTime)),
        absent: proportion(outcome, event(PersonEvent::Absent)),
        delay: moments(outcome, sum(PersonSum::Delay)),
        errors_made: mean(PersonSum::ErrorsMade),
        errors_passed_on: mean(PersonSum::ErrorsPassedOn),
        errors_caught: mean(PersonSum::ErrorsCaught),
        work,
        utilisation: if hours_a_round > 0.0 { work.scale(1.0 / hours_a_round) } else { Estimate::default() },
        waiting: mean(PersonSum::Waiting),
        making_wait: mean(PersonSum::MakingWait),
    }
}

fn one_round(outcome: &Outcome, layout: &Layout, round: u32) -> RoundFigures {
    let customers = &outcome.things.customers;
    RoundFigures {
        round,
        warmup: round < outcome.meta.warmup,
        customers: in_file_order(
            customers,
            |c| c.at,
            |index| {
                let event = |event| proportion(outcome, layout.round_event(round, index, event));
                RoundCustomerFigures {
                    name: customers[index].name.clone(),
                    on_time: event(CustomerEvent::OnTime),
                    error_free: event(CustomerEvent::ErrorFree),
                    perfect: event(CustomerEvent::Perfect),
                    wait: mean(outcome, layout.round_sum(round, index, RoundSum::Wait), customers[index].planned),
                    lateness: mean(outcome, layout.round_sum(round, index, RoundSum::Lateness), 0.0),
                }
            },
        ),
    }
}
