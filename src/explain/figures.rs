//! From sums to an explanation.

use super::Cause;
use super::drive::{Context, Tally};
use super::explanation::{
    CauseFigures, CustomerExplanation, DependencyExplanation, Explanation, FloatFigures, MistakeAt, MistakeBy,
    MistakesExplained, PersonExplanation, ServiceExplanation,
};
use super::layout::{CustomerFigure, DependencyFigure, ServiceFigure};
use super::moments::Moments;
use super::sums::{Size, Sums};
use crate::plan::{PlannedKind, To};
use crate::{Estimate, Plan};

/// More engagements than this share with a wait of the promise exactly: there is no density there.
const ATOM: f64 = 1e-4;

pub(super) fn explanation(context: &Context<'_>, tally: &Tally) -> Explanation {
    let Context { plan, size, .. } = context;
    let description = plan.organization.description();
    let mut customers: Vec<(usize, CustomerExplanation)> = plan
        .customers
        .iter()
        .enumerate()
        .map(|(customer, planned)| (planned.at, Of::new(context, tally, customer).customer()))
        .collect();
    customers.sort_by_key(|(at, _)| *at);
    let (services, dependencies) = anybody(context, tally);
    Explanation {
        model: description.name.clone(),
        model_hash: plan.fingerprint(),
        seed: size.seed,
        replications: tally.size.replications,
        rounds: size.rounds,
        warmup: size.warmup,
        cut: tally.cut,
        intervals: "95 %: by Student's t over batches of 64 replications; shares of engagements by \
                    Wilson's score where a replication has one; null where none can be given"
            .to_owned(),
        hours_per_day: description.hours_per_day,
        customers: customers.into_iter().map(|(_, customer)| customer).collect(),
        services,
        dependencies,
    }
}

/// Those that ever had no float, for any customer.
fn anybody(context: &Context<'_>, tally: &Tally) -> (Vec<FloatFigures>, Vec<FloatFigures>) {
    let Context { plan, layout, .. } = context;
    let of = |name: String, figure: usize| {
        let is_ever = tally.anybody.total(figure) > 0;
        is_ever.then(|| FloatFigures { name, criticality: tally.size.share(&tally.anybody, figure) })
    };
    let sorted = |mut found: Vec<FloatFigures>| {
        found.sort_by(|a, b| more(a.criticality, b.criticality).then_with(|| a.name.cmp(&b.name)));
        found
    };
    let services = (0..plan.services.len()).filter_map(|service| {
        of(plan.service_label(service).to_owned(), layout.service(service, ServiceFigure::Critical))
    });
    let dependencies = (0..plan.dependencies.len()).filter_map(|index| {
        of(plan.dependency_id(index).to_owned(), layout.dependency(index, DependencyFigure::Critical))
    });
    (sorted(services.collect()), sorted(dependencies.collect()))
}

/// The larger first.
fn more(a: Estimate, b: Estimate) -> std::cmp::Ordering {
    b.estimate.unwrap_or(0.0).total_cmp(&a.estimate.unwrap_or(0.0))
}

/// What there is to know of one customer.
struct Of<'a> {
    context: &'a Context<'a>,
    plan: &'a Plan,
    size: Size,
    sums: &'a Sums,
    moments: &'a Moments,
    customer: usize,
    is_reached: Vec<bool>,
    /// Whether derivatives hold, and those of P(late) too.
    derivatives: bool,
    late_derivatives: bool,
}

impl<'a> Of<'a> {
    fn new(context: &'a Context<'a>, tally: &'a Tally, customer: usize) -> Self {
        let (sums, moments) = &tally.customers[customer];
        let (plan, layout) = (context.plan, context.layout);
        let mut is_reached = vec![false; plan.services.len()];
        moments.services.iter().for_each(|&service| is_reached[service] = true);
        let total = |figure| sums.total(layout.customer(figure));
        // Hours that a shock costs are no part of anybody's duration.
        let is_plain = plan.disturbances.is_empty();
        let derivatives = is_plain && total(CustomerFigure::Tied) == 0 && holds(context, &is_reached, customer);
        let at_promise = total(CustomerFigure::AtPromise) as f64 / tally.size.engagements() as f64;
        let late_derivatives = derivatives && context.windows[customer] > 0.0 && at_promise <= ATOM;
        let size = tally.size;
        Self { context, plan, size, sums, moments, customer, is_reached, derivatives, late_derivatives }
    }

    fn figure(&self, figure: CustomerFigure) -> usize {
        self.context.layout.customer(figure)
    }

    fn customer(&self) -> CustomerExplanation {
        let planned = &self.plan.customers[self.customer];
        CustomerExplanation {
            name: self.plan.customer_name(planned).to_owned(),
            promise: planned.promise,
            planned_wait: planned.ready,
            beyond_plan: self.size.hours(self.sums, self.figure(CustomerFigure::BeyondPlan)),
            late: self.size.share(self.sums, self.figure(CustomerFigure::Late)),
            unexplained: self.sums.total(self.figure(CustomerFigure::Unexplained)) as u64,
            ties: self.size.share(self.sums, self.figure(CustomerFigure::Tied)),
            causes: self.causes(|cause| Some(self.context.layout.cause(cause))),
            people: self.people(),
            services: self.services(),
            dependencies: self.dependencies(),
            mistakes: self.mistakes(),
            window: self.context.windows[self.customer],
        }
    }

    /// The causes that ever added anything, or took it off.
    fn causes(&self, place: impl Fn(Cause) -> Option<usize>) -> Vec<CauseFigures> {
        let of = |cause| {
            let figure = place(cause).filter(|&figure| self.sums.is_known(figure))?;
            Some(CauseFigures { cause, hours: self.size.hours(self.sums, figure) })
        };
        Cause::ALL.into_iter().filter_map(of).collect()
    }

    fn people(&self) -> Vec<PersonExplanation> {
        let layout = &self.context.layout;
        let person = |(employee, planned): (usize, &crate::plan::PlannedEmployee)| {
            let causes = self.causes(|cause| Some(layout.person(employee, cause)));
            (!causes.is_empty()).then(|| PersonExplanation {
                name: self.plan.employee_name(employee).to_owned(),
                department: planned.department.map(|at| self.plan.department_name(at).to_owned()),
                hours: self.size.hours(self.sums, layout.person_in_all(employee)),
                causes,
            })
        };
        let mut people: Vec<_> = self.plan.employees.iter().enumerate().filter_map(person).collect();
        people.sort_by(|a, b| more(a.hours, b.hours).then_with(|| a.name.cmp(&b.name)));
        people
    }

    fn services(&self) -> Vec<ServiceExplanation> {
        let mut services: Vec<_> =
            self.moments.services.iter().enumerate().map(|(place, &service)| self.service(place, service)).collect();
        services.sort_by(|a, b| more(a.criticality, b.criticality).then_with(|| a.name.cmp(&b.name)));
        services
    }

    fn service(&self, place: usize, service: usize) -> ServiceExplanation {
        let Self { plan, size, sums, .. } = self;
        let planned = &plan.services[service];
        let figure = |figure| self.context.layout.service(service, figure);
        let at = &plan.organization.resolved().services[planned.at];
        let mean = plan.organization.description().employees[at.employee].services[at.service].duration.mean();
        let criticality = size.share(sums, figure(ServiceFigure::Critical));
        let together = self.moments.together(place);
        let window = 2.0 * self.context.windows[self.customer];
        let scaled = |estimate: Estimate, holds: bool| (holds && mean > 0.0).then(|| estimate.scale(1.0 / mean));
        let close = |estimate: Estimate| if window > 0.0 { estimate.scale(1.0 / window) } else { estimate };
        let when_close = close(size.hours(sums, figure(ServiceFigure::WorkWhenClose)));
        ServiceExplanation {
            name: plan.service_label(service).to_owned(),
            employee: plan.employee_name(planned.employee).to_owned(),
            causes: self.causes(|cause| {
                Some(figure(match cause {
                    Cause::Work => ServiceFigure::Overrun,
                    Cause::Absence => ServiceFigure::Absence,
                    Cause::Queue => ServiceFigure::Queue,
                    Cause::Slack => ServiceFigure::Slack,
                    _ => return None,
                }))
            }),
            on_chain: size.times(sums, figure(ServiceFigure::Steps)),
            criticality,
            derivative: scaled(size.hours(sums, figure(ServiceFigure::Work)), self.derivatives),
            derivative_to_shift: self.derivatives.then(|| size.times(sums, figure(ServiceFigure::Steps))),
            late_derivative: scaled(when_close, self.late_derivatives),
            late_derivative_to_shift: self
                .late_derivatives
                .then(|| close(size.times(sums, figure(ServiceFigure::StepsWhenClose)))),
            cruciality: together.correlation,
            rank_cruciality: together.of_ranks,
            sensitivity: together.ratio.zip(criticality.estimate).map(|(ratio, criticality)| criticality * ratio),
        }
    }

    fn dependencies(&self) -> Vec<DependencyExplanation> {
        let of = |(index, dependency): (usize, &crate::plan::PlannedDependency)| {
            let figure = |figure| self.context.layout.dependency(index, figure);
            let is_known = |of| self.sums.is_known(figure(of));
            if !is_known(DependencyFigure::Critical) && !is_known(DependencyFigure::Mistakes) {
                return None;
            }
            let described = &self.plan.organization.description().dependencies[dependency.at];
            let mean = described.handoff.as_ref().map_or(0.0, crate::Distribution::mean);
            let hours = self.size.hours(self.sums, figure(DependencyFigure::Handoff));
            Some(DependencyExplanation {
                id: self.plan.dependency_id(index).to_owned(),
                provider: self.plan.service_label(dependency.provider).to_owned(),
                receiver: self.plan.receiver_name(dependency.receiver).to_owned(),
                need: described.need.clone(),
                causes: self.causes(|cause| {
                    Some(figure(match cause {
                        Cause::Handoff => DependencyFigure::Overrun,
                        Cause::Silence => DependencyFigure::Silence,
                        Cause::Rework => DependencyFigure::Rework,
                        Cause::Fallback => DependencyFigure::Fallback,
                        Cause::RoundTooEarly => DependencyFigure::RoundTooEarly,
                        Cause::Slack => DependencyFigure::Slack,
                        _ => return None,
                    }))
                }),
                on_chain: self.size.times(self.sums, figure(DependencyFigure::Steps)),
                criticality: self.size.share(self.sums, figure(DependencyFigure::Critical)),
                derivative: (self.derivatives && mean > 0.0).then(|| hours.scale(1.0 / mean)),
            })
        };
        let mut dependencies: Vec<_> = self.plan.dependencies.iter().enumerate().filter_map(of).collect();
        dependencies.sort_by(|a, b| more(a.criticality, b.criticality).then_with(|| a.id.cmp(&b.id)));
        dependencies
    }

    fn mistakes(&self) -> MistakesExplained {
        let layout = &self.context.layout;
        let share = |figure: usize| self.sums.is_known(figure).then(|| self.size.share(self.sums, figure));
        let mut made_by: Vec<MistakeBy> = (0..self.plan.services.len())
            .filter(|&service| self.is_reached[service])
            .filter_map(|service| {
                Some(MistakeBy {
                    service: self.plan.service_label(service).to_owned(),
                    employee: self.plan.employee_name(self.plan.services[service].employee).to_owned(),
                    share: share(layout.service(service, ServiceFigure::Mistakes))?,
                })
            })
            .collect();
        made_by.sort_by(|a, b| more(a.share, b.share).then_with(|| a.service.cmp(&b.service)));
        let description = self.plan.organization.description();
        let mut passed_at: Vec<MistakeAt> = self
            .plan
            .dependencies
            .iter()
            .enumerate()
            .filter_map(|(index, dependency)| {
                let detection = description.dependencies[dependency.at].detection;
                Some(MistakeAt {
                    dependency: self.plan.dependency_id(index).to_owned(),
                    provider: self.plan.service_label(dependency.provider).to_owned(),
                    receiver: self.plan.receiver_name(dependency.receiver).to_owned(),
                    detection: detection.map_or(0.0, crate::Probability::get),
                    share: share(layout.dependency(index, DependencyFigure::Mistakes))?,
                })
            })
            .collect();
        passed_at.sort_by(|a, b| more(a.share, b.share).then_with(|| a.dependency.cmp(&b.dependency)));
        let share = self.size.share(self.sums, self.figure(CustomerFigure::Mistakes));
        MistakesExplained { share, made_by, passed_at }
    }
}

/// Whether a small change of hours changes nothing but hours: there is no climate that it moves, nobody upstream makes more mistakes in a rush, and where
/// mistakes are reworked, which inputs are used does not depend on when they come.
fn holds(context: &Context<'_>, is_reached: &[bool], customer: usize) -> bool {
    let Context { plan, program, .. } = context;
    let rushed = plan.services.iter().zip(is_reached).any(|(service, reached)| *reached && service.rush > 0.0);
    let upstream = plan.dependencies.iter().zip(&program.inputs).filter(|(dependency, _)| match dependency.receiver {
        To::Service(service) => is_reached[service],
        To::Customer(receiver) => receiver == customer,
    });
    let (mut reworked, mut chosen) = (false, false);
    for (dependency, compiled) in upstream.filter(|(_, compiled)| compiled.may_err) {
        reworked |= !dependency.detection.is_never() && dependency.rework.constant() != Some(0.0);
        chosen |= compiled.may_err && dependency.kind != PlannedKind::Required;
    }
    plan.climate.is_none() && !(rushed || reworked && chosen)
}
