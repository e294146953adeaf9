//! The naive twin: what a competent user of Rust would write first for the mixed workload. A petgraph graph is walked in
//! topological order, a replication at a time, with the samplers of rand_distr and rand's standard generator; draws are
//! made where they are needed, and nowhere else.

use petgraph::Direction;
use petgraph::algo::toposort;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution as _, Exp, Gamma, LogNormal, Pert, Triangular, Uniform};
use ripple_effect::Distribution;

use crate::workload::{Input, Workload};

/// A distribution of hours, ready to be drawn from.
enum Hours {
    Constant(f64),
    Uniform(Uniform<f64>),
    Triangular(Triangular<f64>),
    Pert(Pert<f64>),
    Exponential(Exp<f64>),
    Gamma(Gamma<f64>),
    Lognormal(LogNormal<f64>),
}

impl Hours {
    fn of(distribution: &Distribution) -> Self {
        match *distribution {
            Distribution::Constant { value } => Self::Constant(value),
            Distribution::Uniform { min, max } => Self::Uniform(Uniform::new(min, max).unwrap()),
            Distribution::Triangular { min, mode, max } => Self::Triangular(Triangular::new(min, max, mode).unwrap()),
            Distribution::Pert { min, mode, max } => Self::Pert(Pert::new(min, max).with_mode(mode).unwrap()),
            Distribution::Exponential { mean } => Self::Exponential(Exp::new(1.0 / mean).unwrap()),
            Distribution::Gamma { shape, scale } => Self::Gamma(Gamma::new(shape, scale).unwrap()),
            Distribution::Lognormal(_) => {
                let (mean, sd) = (distribution.mean(), distribution.variance().sqrt());
                Self::Lognormal(LogNormal::from_mean_cv(mean, sd / mean).unwrap())
            }
            ref other => panic!("{other:?}: the twin was not taught this distribution"),
        }
    }

    fn draw(&self, random: &mut StdRng) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform(hours) => hours.sample(random),
            Self::Triangular(hours) => hours.sample(random),
            Self::Pert(hours) => hours.sample(random),
            Self::Exponential(hours) => hours.sample(random),
            Self::Gamma(hours) => hours.sample(random),
            Self::Lognormal(hours) => hours.sample(random),
        }
    }
}

enum Node {
    Service { duration: Hours, error_rate: f64 },
    Customer,
}

struct Edge {
    handoff: Option<Hours>,
    detection: f64,
    rework: Hours,
    transmission: f64,
}

impl Edge {
    fn of(input: &Input) -> Self {
        Self {
            handoff: (input.handoff.mean() > 0.0).then(|| Hours::of(&input.handoff)),
            detection: input.detection,
            rework: Hours::of(&input.rework),
            transmission: input.transmission,
        }
    }
}

/// Mean and variance of numbers that come one by one (Welford 1962).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Moments {
    count: f64,
    /// The mean.
    pub(crate) mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, x: f64) {
        self.count += 1.0;
        let distance = x - self.mean;
        self.mean += distance / self.count;
        self.squares += distance * (x - self.mean);
    }

    /// The standard error of the mean.
    pub(crate) fn standard_error(&self) -> f64 {
        (self.squares / (self.count - 1.0) / self.count).sqrt()
    }
}

/// What the customer felt.
#[derive(Debug, Default)]
pub(crate) struct Felt {
    pub(crate) wait: Moments,
    pub(crate) lateness: Moments,
    pub(crate) error: Moments,
    /// Every wait, for quantiles.
    waits: Vec<f64>,
}

impl Felt {
    /// The wait that this share of the engagements does not exceed.
    pub(crate) fn quantile(&mut self, share: f64) -> f64 {
        let at = ((self.waits.len() as f64 * share).ceil() as usize).clamp(1, self.waits.len()) - 1;
        *self.waits.select_nth_unstable_by(at, f64::total_cmp).1
    }
}

/// The workload as a graph.
pub(crate) struct Twin {
    graph: DiGraph<Node, Edge>,
    order: Vec<NodeIndex>,
    promise: f64,
}

impl Twin {
    pub(crate) fn of(workload: &Workload) -> Self {
        let mut graph = DiGraph::new();
        for service in 0..workload.services {
            let duration = Hours::of(workload.duration(service));
            graph.add_node(Node::Service { duration, error_rate: workload.error_rate });
        }
        let customer = graph.add_node(Node::Customer);
        for (receiver, providers) in workload.inputs.iter().enumerate() {
            for (&provider, fields) in providers.iter().zip(&workload.fields) {
                graph.add_edge(NodeIndex::new(provider), NodeIndex::new(receiver), Edge::of(fields));
            }
        }
        for &provider in &workload.serving {
            graph.add_edge(NodeIndex::new(provider), customer, Edge::of(&workload.delivery));
        }
        let order = toposort(&graph, None).expect("layers have no cycle");
        Self { graph, order, promise: workload.promise }
    }

    /// Runs it, and takes the usual quantiles.
    pub(crate) fn run(&self, replications: u64, seed: u64) -> Felt {
        let mut random = StdRng::seed_from_u64(seed);
        let mut finish = vec![0.0; self.graph.node_count()];
        let mut error = vec![false; self.graph.node_count()];
        let mut felt = Felt::default();
        for _ in 0..replications {
            for &node in &self.order {
                let mut ready: f64 = 0.0;
                let mut wrong = false;
                for edge in self.graph.edges_directed(node, Direction::Incoming) {
                    let provider = edge.source().index();
                    let mut arrival = finish[provider];
                    if let Some(handoff) = &edge.weight().handoff {
                        arrival += handoff.draw(&mut random);
                    }
                    if error[provider] {
                        if edge.weight().detection > 0.0 && random.random_bool(edge.weight().detection) {
                            arrival += edge.weight().rework.draw(&mut random);
                        } else if random.random_bool(edge.weight().transmission) {
                            wrong = true;
                        }
                    }
                    ready = ready.max(arrival);
                }
                match &self.graph[node] {
                    Node::Service { duration, error_rate } => {
                        finish[node.index()] = ready + duration.draw(&mut random);
                        error[node.index()] = random.random_bool(*error_rate) || wrong;
                    }
                    Node::Customer => {
                        felt.wait.add(ready);
                        felt.lateness.add((ready - self.promise).max(0.0));
                        felt.error.add(f64::from(u8::from(wrong)));
                        felt.waits.push(ready);
                    }
                }
            }
        }
        for share in [0.5, 0.8, 0.9, 0.95, 0.99] {
            std::hint::black_box(felt.quantile(share));
        }
        felt
    }
}
