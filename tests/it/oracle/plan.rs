//! The order of work and the planned offsets: the same in every round.

use std::collections::HashMap;

use ripple_effect::Distribution;
use ripple_effect::organization::Kind;

use super::Model;
use super::on_grid;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Offsets {
    pub(crate) ready: f64,
    pub(crate) start: f64,
    pub(crate) finish: f64,
}

pub(crate) struct Plan {
    /// Labels of services, in the order in which work is taken.
    pub(crate) order: Vec<String>,
    /// By label, from the release of the round.
    pub(crate) services: HashMap<String, Offsets>,
    /// By dependency, from the release of the round in which it is delivered; those that are never needed, too.
    pub(crate) arrivals: HashMap<String, f64>,
    /// By dependency: hours from when the provider has all it needs.
    pub(crate) response_promises: HashMap<String, f64>,
    /// By customer.
    pub(crate) waits: HashMap<String, f64>,
    /// By customer.
    pub(crate) promises: HashMap<String, f64>,
    /// Hours between two releases; `None` where they are drawn.
    pub(crate) cadence: Option<f64>,
}

impl Plan {
    pub(crate) fn new(model: &Model) -> Self {
        let order = order(model);
        let mut plan = Self {
            order: order.clone(),
            services: HashMap::new(),
            arrivals: HashMap::new(),
            response_promises: HashMap::new(),
            waits: HashMap::new(),
            promises: HashMap::new(),
            cadence: None,
        };
        // All servers are free at the release.
        let mut servers: HashMap<&str, Vec<f64>> =
            model.employees.iter().map(|(name, employee)| (name.as_str(), vec![0.0; employee.capacity])).collect();
        for label in &order {
            let service = &model.services[label];
            let ready = plan.ready(model, label);
            let server = servers.get_mut(service.employee.as_str()).unwrap();
            let taken = earliest(server);
            let start = ready.max(server[taken]) + service.buffer;
            let finish = start + service.standard;
            server[taken] = finish;
            plan.services.insert(label.clone(), Offsets { ready, start, finish });
            for (id, dependency) in &model.dependencies {
                if &dependency.provider == label {
                    let arrival = finish + dependency.standard;
                    plan.arrivals.insert(id.clone(), arrival);
                    let planned_response = arrival - ready;
                    plan.response_promises.insert(id.clone(), dependency.promise.unwrap_or(planned_response));
                }
            }
        }
        for (name, customer) in &model.customers {
            let wait = plan.ready(model, name);
            plan.waits.insert(name.clone(), wait);
            plan.promises.insert(name.clone(), customer.promise.unwrap_or(wait));
        }
        plan.cadence = match &model.cadence {
            None => Some(plan.waits.values().copied().fold(0.0, f64::max)),
            Some(Distribution::Constant { value }) => Some(on_grid(*value)),
            Some(_) => None,
        };
        plan
    }

    /// When all that is waited for is planned to be there. What an earlier round delivers is there at the release.
    fn ready(&self, model: &Model, receiver: &str) -> f64 {
        let inputs = model.inputs_of(receiver);
        let arrival = |id: &str| if model.dependencies[id].lag > 0 { 0.0 } else { self.arrivals[id] };
        let mut ready: f64 = 0.0;
        for id in &inputs {
            if model.dependencies[*id].kind == Kind::Required {
                ready = ready.max(arrival(id));
            }
        }
        for (count, members) in model.groups_among(&inputs) {
            let mut arrivals: Vec<f64> = members.iter().map(|id| arrival(id)).collect();
            arrivals.sort_by(f64::total_cmp);
            for arrival in arrivals.into_iter().take(count) {
                ready = ready.max(arrival);
            }
        }
        ready
    }
}

/// Ascending in (longest path before the start, depth, id).
fn order(model: &Model) -> Vec<String> {
    let edges: Vec<_> = model
        .dependencies
        .values()
        .filter(|d| d.lag == 0 && d.is_ever_needed() && model.services.contains_key(&d.receiver))
        .collect();
    let mut length: HashMap<&str, f64> =
        model.services.iter().map(|(label, service)| (label.as_str(), service.buffer)).collect();
    let mut depth: HashMap<&str, usize> = model.services.keys().map(|label| (label.as_str(), 0)).collect();
    // No path has more edges than there are services.
    for _ in 0..model.services.len() {
        for edge in &edges {
            let (from, to) = (edge.provider.as_str(), edge.receiver.as_str());
            let through = length[from] + model.services[from].standard + edge.standard + model.services[to].buffer;
            if through > length[to] {
                length.insert(to, through);
            }
            if depth[from] + 1 > depth[to] {
                depth.insert(to, depth[from] + 1);
            }
        }
    }
    let mut order: Vec<&str> = model.services.keys().map(String::as_str).collect();
    order.sort_by(|a, b| {
        length[a]
            .total_cmp(&length[b])
            .then(depth[a].cmp(&depth[b]))
            .then_with(|| model.services[*a].id.cmp(&model.services[*b].id))
    });
    order.into_iter().map(str::to_owned).collect()
}

/// The server that is free earliest; the lowest on ties.
pub(super) fn earliest(free: &[f64]) -> usize {
    let mut best = 0;
    for server in 0..free.len() {
        if free[server] < free[best] {
            best = server;
        }
    }
    best
}
