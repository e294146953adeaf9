//! Where each figure is kept: flat lists of proportions, averages and histograms, so that merging is one loop.

use super::things::{Detail, Things};

macro_rules! figures {
    ($(#[$doc:meta])* $name:ident: $($(#[$fdoc:meta])* $figure:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$fdoc])* $figure),+ }

        impl $name {
            pub(crate) const COUNT: usize = [$($name::$figure),+].len();
        }
    };
}

figures! {
    /// Proportions of a customer's engagements.
    CustomerEvent: OnTime, ErrorFree, Perfect
}
figures! {
    /// Proportions of a customer's direct inputs.
    InputEvent:
    /// Of the late engagements: it arrived last.
    LastWhenLate,
    /// Of all engagements: it brought an error.
    BroughtError
}
figures! {
    /// Averages over a customer's engagements; the wait is kept as the difference to the planned wait.
    CustomerSum: Wait, Lateness, Quality, Satisfaction
}
figures! {
    /// Distributions over a customer's engagements.
    CustomerSpread: Wait, Lateness
}
figures! {
    /// Proportions of a service's rounds.
    ServiceEvent: OnTime, ErrorFree, OwnError, StartedLate
}
figures! {
    /// Averages over a service's rounds; the delay is finish - planned finish.
    ServiceSum: Delay, Waiting, Queued, Quality
}
figures! {
    /// Proportions of a dependency's rounds.
    DependencyEvent:
    /// Of all rounds from its lag on.
    Needed,
    /// Of the rounds that needed it, as all below but for `Caught`.
    OnTime, PromiseKept, Silent, ErrorIn,
    /// Of the errors that came in.
    Caught,
    ErrorPassed
}
figures! {
    /// Averages over the rounds that needed a dependency: arrival - planned arrival, response - promise.
    DependencySum: Delay, Response
}
figures! {
    /// Proportions of a person's or a department's rounds.
    PersonEvent:
    /// Of their services' rounds.
    OnTime,
    /// Of the people's rounds.
    Absent
}
figures! {
    /// Averages over a person's or a department's rounds.
    PersonSum:
    /// Over their services' rounds.
    Delay,
    /// Per round, as all below.
    ErrorsMade, ErrorsPassedOn, ErrorsCaught, Work, Waiting, MakingWait
}
figures! {
    /// Averages over a customer's engagements in one round.
    RoundSum: Wait, Lateness
}

figures! {
    /// Averages of a climate over the whole run, for everybody, a department or an employee.
    ClimateSum:
    /// Over filled posts, as all below but for the last three.
    Morale, Newness, Back, Frustration, Overload, Recognition, Cut,
    /// Filled posts, per round.
    Headcount,
    /// In a replication, as the next.
    Leavers,
    /// Leavers beyond those that the hazard at the set point would give.
    Excess
}
figures! {
    /// Averages of a climate in one round: over filled posts, then per replication.
    ClimateRoundSum: Morale, Newness, Headcount, Leavers
}
figures! {
    /// Proportions of a customer's engagements in one round, where there is a climate.
    ClimateCustomerEvent: OnTime, Perfect
}
figures! {
    /// Averages over a customer's engagements in one round, where there is a climate.
    ClimateCustomerSum: Wait, Satisfaction
}

impl ClimateSum {
    /// The means over filled posts.
    pub(crate) const MEANS: [Self; 7] =
        [Self::Morale, Self::Newness, Self::Back, Self::Frustration, Self::Overload, Self::Recognition, Self::Cut];
}

/// The places of the figures of a climate, counted from the first of them. A scope is everybody, a department or an
/// employee, in this order; the one event of each is a filled post.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ClimateLayout {
    /// Where they begin among all proportions and averages.
    pub(crate) first: [usize; 2],
    /// Scopes of the whole run, and of a round.
    pub(crate) scopes: usize,
    pub(crate) round_scopes: usize,
    customers: usize,
    rounds: usize,
    pub(crate) events: usize,
    pub(crate) sums: usize,
}

impl ClimateLayout {
    fn of(things: &Things, detail: Detail, rounds: u32, first: [usize; 2]) -> Self {
        let scopes = 1 + things.departments.len() + things.employees.len();
        let round_scopes = if detail >= Detail::Full { scopes } else { 1 + things.departments.len() };
        let (customers, rounds) = (things.customers.len(), rounds as usize);
        Self {
            first,
            scopes,
            round_scopes,
            customers,
            rounds,
            events: scopes + rounds * (round_scopes + customers * ClimateCustomerEvent::COUNT),
            sums: scopes * ClimateSum::COUNT
                + rounds * (round_scopes * ClimateRoundSum::COUNT + customers * ClimateCustomerSum::COUNT),
        }
    }

    pub(crate) fn event(&self, scope: usize) -> usize {
        scope
    }

    pub(crate) fn sum(&self, scope: usize, sum: ClimateSum) -> usize {
        scope * ClimateSum::COUNT + sum as usize
    }

    pub(crate) fn round_event(&self, round: u32, scope: usize) -> usize {
        self.scopes + round as usize * self.round_scopes + scope
    }

    pub(crate) fn round_sum(&self, round: u32, scope: usize, sum: ClimateRoundSum) -> usize {
        let place = round as usize * self.round_scopes + scope;
        self.scopes * ClimateSum::COUNT + place * ClimateRoundSum::COUNT + sum as usize
    }

    pub(crate) fn customer_event(&self, round: u32, customer: usize, event: ClimateCustomerEvent) -> usize {
        let place = round as usize * self.customers + customer;
        self.scopes + self.rounds * self.round_scopes + place * ClimateCustomerEvent::COUNT + event as usize
    }

    pub(crate) fn customer_sum(&self, round: u32, customer: usize, sum: ClimateCustomerSum) -> usize {
        let before = self.scopes * ClimateSum::COUNT + self.rounds * self.round_scopes * ClimateRoundSum::COUNT;
        let place = round as usize * self.customers + customer;
        before + place * ClimateCustomerSum::COUNT + sum as usize
    }
}

/// The places of all figures of an outcome.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    customers: Vec<CustomerPlaces>,
    services: [usize; 3],
    dependencies: [usize; 3],
    employees: [usize; 2],
    departments: [usize; 2],
    rounds: [usize; 2],
    /// Last of all, where there is a climate.
    pub(crate) climate: Option<ClimateLayout>,
    /// How many proportions, averages and histograms there are.
    pub(crate) counts: [usize; 3],
    pub(crate) detail: Detail,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct CustomerPlaces {
    events: usize,
    sums: usize,
    spreads: usize,
}

impl Layout {
    pub(crate) fn of(things: &Things, detail: Detail, rounds: u32) -> Self {
        let [mut events, mut sums, mut spreads] = [0; 3];
        let mut take = |[e, s, h]: [usize; 3]| {
            let from = [events, sums, spreads];
            events += e;
            sums += s;
            spreads += h;
            from
        };
        let mut customers = Vec::with_capacity(things.customers.len());
        for customer in &things.customers {
            let [events, sums, spreads] = take([
                CustomerEvent::COUNT + InputEvent::COUNT * customer.inputs.len(),
                CustomerSum::COUNT + customer.stages.len(),
                CustomerSpread::COUNT + customer.stages.len(),
            ]);
            customers.push(CustomerPlaces { events, sums, spreads });
        }
        let spread = |count: usize| if detail >= Detail::Full { count } else { 0 };
        let n = things.services.len();
        let services = take([ServiceEvent::COUNT * n, ServiceSum::COUNT * n, spread(n)]);
        let n = things.dependencies.len();
        let dependencies = take([DependencyEvent::COUNT * n, DependencySum::COUNT * n, spread(n)]);
        let n = things.employees.len();
        let [event, sum, _] = take([PersonEvent::COUNT * n, PersonSum::COUNT * n, 0]);
        let employees = [event, sum];
        let n = things.departments.len();
        let [event, sum, _] = take([PersonEvent::COUNT * n, PersonSum::COUNT * n, 0]);
        let departments = [event, sum];
        let n = spread(rounds as usize) * things.customers.len();
        let [event, sum, _] = take([CustomerEvent::COUNT * n, RoundSum::COUNT * n, 0]);
        let places = [event, sum];
        let climate = things.climate.as_ref().map(|_| ClimateLayout::of(things, detail, rounds, [events, sums]));
        if let Some(climate) = &climate {
            events += climate.events;
            sums += climate.sums;
        }
        Self {
            customers,
            services,
            dependencies,
            employees,
            departments,
            rounds: places,
            climate,
            counts: [events, sums, spreads],
            detail,
        }
    }

    /// How many proportions and averages there are without those of a climate.
    pub(crate) fn plain_counts(&self) -> [usize; 2] {
        let [events, sums, _] = self.counts;
        self.climate.as_ref().map_or([events, sums], |climate| climate.first)
    }

    /// How many proportions may have several trials in a replication (those of people, and all where several rounds are
    /// counted), and how many averages may be of values off the time grid (quality, satisfaction, morale).
    pub(crate) fn boxed(&self, counted_rounds: u32) -> [usize; 2] {
        let ([all_events, all_sums, _], [events, sums]) = (self.counts, self.plain_counts());
        let of_people = self.rounds[0] - self.employees[0] + all_events - events;
        let services = (self.dependencies[1] - self.services[1]) / ServiceSum::COUNT;
        let off_grid = services + 2 * self.customers.len() + all_sums - sums;
        [if counted_rounds > 1 { all_events } else { of_people }, off_grid]
    }

    pub(crate) fn customer_event(&self, customer: usize, event: CustomerEvent) -> usize {
        self.customers[customer].events + event as usize
    }

    pub(crate) fn input_event(&self, customer: usize, input: usize, event: InputEvent) -> usize {
        self.customers[customer].events + CustomerEvent::COUNT + InputEvent::COUNT * input + event as usize
    }

    pub(crate) fn customer_sum(&self, customer: usize, sum: CustomerSum) -> usize {
        self.customers[customer].sums + sum as usize
    }

    pub(crate) fn stage_sum(&self, customer: usize, stage: usize) -> usize {
        self.customers[customer].sums + CustomerSum::COUNT + stage
    }

    pub(crate) fn customer_spread(&self, customer: usize, spread: CustomerSpread) -> usize {
        self.customers[customer].spreads + spread as usize
    }

    pub(crate) fn stage_spread(&self, customer: usize, stage: usize) -> usize {
        self.customers[customer].spreads + CustomerSpread::COUNT + stage
    }

    pub(crate) fn service_event(&self, service: usize, event: ServiceEvent) -> usize {
        self.services[0] + ServiceEvent::COUNT * service + event as usize
    }

    pub(crate) fn service_sum(&self, service: usize, sum: ServiceSum) -> usize {
        self.services[1] + ServiceSum::COUNT * service + sum as usize
    }

    pub(crate) fn service_spread(&self, service: usize) -> usize {
        self.services[2] + service
    }

    pub(crate) fn dependency_event(&self, dependency: usize, event: DependencyEvent) -> usize {
        self.dependencies[0] + DependencyEvent::COUNT * dependency + event as usize
    }

    pub(crate) fn dependency_sum(&self, dependency: usize, sum: DependencySum) -> usize {
        self.dependencies[1] + DependencySum::COUNT * dependency + sum as usize
    }

    pub(crate) fn dependency_spread(&self, dependency: usize) -> usize {
        self.dependencies[2] + dependency
    }

    pub(crate) fn employee_event(&self, employee: usize, event: PersonEvent) -> usize {
        self.employees[0] + PersonEvent::COUNT * employee + event as usize
    }

    pub(crate) fn employee_sum(&self, employee: usize, sum: PersonSum) -> usize {
        self.employees[1] + PersonSum::COUNT * employee + sum as usize
    }

    pub(crate) fn department_event(&self, department: usize, event: PersonEvent) -> usize {
        self.departments[0] + PersonEvent::COUNT * department + event as usize
    }

    pub(crate) fn department_sum(&self, department: usize, sum: PersonSum) -> usize {
        self.departments[1] + PersonSum::COUNT * department + sum as usize
    }

    pub(crate) fn round_event(&self, round: u32, customer: usize, event: CustomerEvent) -> usize {
        let place = round as usize * self.customers.len() + customer;
        self.rounds[0] + CustomerEvent::COUNT * place + event as usize
    }

    pub(crate) fn round_sum(&self, round: u32, customer: usize, sum: RoundSum) -> usize {
        let place = round as usize * self.customers.len() + customer;
        self.rounds[1] + RoundSum::COUNT * place + sum as usize
    }
}
