//! Published and exactly derived figures that the library must give, at a million replications, within 4 standard
//! errors; exactly where nothing is random.

use ripple_effect::outcome::{CustomerFigures, ServiceFigures, Spread};
use ripple_effect::{Detail, Distribution, Estimate, Observer, Organization, OrganizationBuilder, Sample, Summary};

const REPLICATIONS: u64 = 1 << 20;

fn run(organization: &Organization) -> Summary {
    simulate(organization, Detail::Services)
}

fn simulate(organization: &Organization, detail: Detail) -> Summary {
    organization.simulate().unwrap().replications(REPLICATIONS).seed(20_260_101).detail(detail).run().unwrap().summary()
}

fn customer<'s>(summary: &'s Summary, name: &str) -> &'s CustomerFigures {
    summary.customers.iter().find(|customer| customer.name == name).unwrap()
}

fn service<'s>(summary: &'s Summary, name: &str) -> &'s ServiceFigures {
    summary.services.iter().find(|service| service.name == name).unwrap()
}

/// Within 4 standard errors, of which the 95 % interval is 1.96 to each side (2.1 for exact binomial ones).
fn agrees(what: &str, found: Estimate, exact: f64) {
    let (estimate, low, high) = (found.estimate.unwrap(), found.low.unwrap(), found.high.unwrap());
    let standard_error = (high - low) / 2.0 / 1.96;
    assert!(
        (estimate - exact).abs() <= 4.0 * standard_error + 1e-15,
        "{what}: {estimate} is {:.1} standard errors from {exact}",
        (estimate - exact).abs() / standard_error
    );
}

/// The same for a probability of which the exact value, and so the standard error, is known.
fn agrees_with_probability(what: &str, found: Estimate, exact: f64) {
    let standard_error = (exact * (1.0 - exact) / REPLICATIONS as f64).sqrt();
    let estimate = found.estimate.unwrap();
    assert!((estimate - exact).abs() <= 4.0 * standard_error + 1e-15, "{what}: {estimate} for {exact}");
}

/// One wait of one customer, all of them.
struct Waits {
    customer: usize,
    waits: Vec<f64>,
}

impl Observer for Waits {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        self.waits.extend(samples.iter().filter(|sample| sample.customer == self.customer).map(|sample| sample.wait));
    }
}

/// The standard deviation of the first customer's wait, by its own fourth moment, and the sum of squares.
fn agrees_in_spread(organization: &Organization, found: &Spread, exact_mean: f64, exact_variance: f64) {
    let mut waits = Waits { customer: 0, waits: Vec::new() };
    organization.simulate().unwrap().replications(REPLICATIONS).seed(20_260_101).run_observed(&mut waits).unwrap();
    let n = waits.waits.len() as f64;
    let fourth = waits.waits.iter().map(|wait| (wait - exact_mean).powi(4)).sum::<f64>() / n;
    let error_of_variance = ((fourth - exact_variance * exact_variance) / n).sqrt();
    let variance = found.sd.estimate.unwrap().powi(2);
    assert!((variance - exact_variance).abs() <= 4.0 * error_of_variance, "{variance} for {exact_variance}");
}

/// Services that each have an employee of their own, and activities before each.
fn network(activities: &[(&str, Distribution, &[&str])], ends: &[&str], promises: &[(String, f64)]) -> Organization {
    let mut builder = Organization::builder("network");
    for (name, duration, _) in activities {
        builder = builder.employee(*name, |e| e.service(ripple_effect::organization::Service::new(duration.clone())));
    }
    for (name, _, before) in activities {
        for before in *before {
            builder = builder.serves(*before, *name, "");
        }
    }
    for (name, promise) in promises {
        builder = builder.customer(name, |c| c.promise(*promise));
        for end in ends {
            builder = builder.serves(*end, name, "");
        }
    }
    builder.build().unwrap()
}

/// Nelson (2013), Foundations and Methods of Stochastic Simulation: five Exp(1) activities in a bridge; P(T > 5) is
/// published, the other figures are derived exactly from the Markov chain of its 12 states.
#[test]
fn nelsons_stochastic_activity_network() {
    let exp = Distribution::exponential(1.0);
    let cdf = [
        (1.0, 0.02192915324504509),
        (2.0, 0.19263535941913096),
        (3.0, 0.45852173100834437),
        (4.0, 0.6862797562838482),
        (5.0, 0.8346702930063912),
        (6.0, 0.9181827303029704),
        (8.0, 0.9822210433592891),
        (10.0, 0.9965042404478068),
    ];
    let promises: Vec<(String, f64)> = cdf.iter().map(|(t, _)| (format!("by {t}"), *t)).collect();
    let organization = network(
        &[
            ("X1", exp.clone(), &[]),
            ("X2", exp.clone(), &[]),
            ("X3", exp.clone(), &["X1"]),
            ("X4", exp.clone(), &["X1"]),
            ("X5", exp, &["X2", "X3"]),
        ],
        &["X4", "X5"],
        &promises,
    );
    let summary = run(&organization);
    for (name, exact) in promises.iter().map(|(name, _)| name).zip(cdf.map(|(_, f)| f)) {
        agrees_with_probability(name, customer(&summary, name).on_time, exact);
    }
    let wait = &customer(&summary, "by 5").wait;
    agrees("mean", wait.mean, 83.0 / 24.0);
    agrees("p50", wait.p50, 3.1611665471844095);
    agrees("p80", wait.p80, 4.7145196748519815);
    agrees("p90", wait.p90, 5.721887465956783);
    agrees("p95", wait.p95, 6.664456582928603);
    agrees_in_spread(&organization, wait, 83.0 / 24.0, 1663.0 / 576.0);
}

fn discrete(values: &[(f64, f64)]) -> Distribution {
    Distribution::weighted(values.iter().map(|(value, _)| *value), values.iter().map(|(_, weight)| *weight))
}

fn agrees_with_pmf(
    organization: &Organization,
    pmf: &[(f64, f64)],
    mean: f64,
    variance: f64,
    quantiles: [Option<f64>; 5],
) {
    let summary = run(organization);
    for &(t, f) in pmf {
        agrees_with_probability(&format!("P(T <= {t})"), customer(&summary, &format!("by {t}")).on_time, f);
    }
    let wait = &summary.customers[0].wait;
    agrees("mean", wait.mean, mean);
    agrees_in_spread(organization, wait, mean, variance);
    for (found, exact) in [&wait.p50, &wait.p80, &wait.p90, &wait.p95, &wait.p99].into_iter().zip(quantiles) {
        if let Some(exact) = exact {
            assert_eq!(found.estimate, Some(exact));
        }
    }
    assert_eq!(wait.max, pmf.last().map(|(t, _)| *t));
}

/// Derived by full enumeration with exact rationals.
#[test]
fn discrete_activity_networks() {
    let pmf = [
        (7.0, 0.046875),
        (8.0, 0.0703125),
        (10.0, 0.0859375),
        (11.0, 0.4296875),
        (12.0, 0.515625),
        (13.0, 0.5625),
        (14.0, 0.59375),
        (15.0, 0.796875),
        (16.0, 0.859375),
        (17.0, 0.96875),
        (20.0, 1.0),
    ];
    let promises: Vec<(String, f64)> = pmf.iter().map(|(t, _)| (format!("by {t}"), *t)).collect();
    let bridge = network(
        &[
            ("A", discrete(&[(2.0, 1.0), (6.0, 1.0)]), &[]),
            ("B", discrete(&[(4.0, 1.0), (8.0, 1.0)]), &[]),
            ("C", discrete(&[(1.0, 3.0), (5.0, 1.0)]), &["A"]),
            ("D", discrete(&[(5.0, 1.0), (9.0, 1.0)]), &["A"]),
            ("E", discrete(&[(3.0, 2.0), (4.0, 1.0), (9.0, 1.0)]), &["B", "C"]),
        ],
        &["D", "E"],
        &promises,
    );
    let quantiles = [Some(12.0), Some(16.0), Some(17.0), Some(17.0), Some(20.0)];
    agrees_with_pmf(&bridge, &pmf, 209.0 / 16.0, 2191.0 / 256.0, quantiles);

    let pmf = [
        (9.0, 0.05),
        (10.0, 0.1),
        (11.0, 0.3375),
        (12.0, 0.6),
        (13.0, 0.8),
        (15.0, 0.9),
        (17.0, 0.9055555555555556),
        (18.0, 0.9111111111111111),
        (19.0, 0.9375),
        (20.0, 0.9666666666666667),
        (21.0, 0.9888888888888889),
        (23.0, 1.0),
    ];
    let promises: Vec<(String, f64)> = pmf.iter().map(|(t, _)| (format!("by {t}"), *t)).collect();
    let merge = network(
        &[
            ("A", discrete(&[(3.0, 1.0), (5.0, 1.0)]), &[]),
            ("B", discrete(&[(4.0, 2.0), (7.0, 1.0)]), &[]),
            ("C", discrete(&[(2.0, 1.0), (8.0, 1.0)]), &[]),
            ("D", discrete(&[(4.0, 1.0), (5.0, 1.0)]), &["A"]),
            ("E", discrete(&[(2.0, 2.0), (6.0, 1.0)]), &["B"]),
            ("F", discrete(&[(1.0, 1.0), (3.0, 1.0)]), &["C"]),
            ("G", discrete(&[(2.0, 9.0), (10.0, 1.0)]), &["D", "E", "F"]),
        ],
        &["G"],
        &promises,
    );
    // P(T <= 13) is .8 and P(T <= 15) is .9 exactly: those two quantiles are ties, and chance decides them.
    let quantiles = [Some(12.0), None, None, Some(20.0), Some(23.0)];
    agrees_with_pmf(&merge, &pmf, 4613.0 / 360.0, 1032671.0 / 129600.0, quantiles);
}

/// Closed forms: the largest of n exponentials has mean sum 1/i and variance sum 1/i^2; a series adds means and variances.
#[test]
fn parallel_and_serial_exponentials() {
    for n in [1usize, 2, 3, 4, 5, 6, 8, 10, 20, 50, 100] {
        let names: Vec<String> = (0..n).map(|i| format!("X{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let activities: Vec<(&str, Distribution, &[&str])> =
            names.iter().map(|name| (*name, Distribution::exponential(1.0), [].as_slice())).collect();
        let organization = network(&activities, &names, &[("T".into(), 1.0)]);
        let summary = simulate(&organization, Detail::Customers);
        let mean: f64 = (1..=n).map(|i| 1.0 / i as f64).sum();
        let variance: f64 = (1..=n).map(|i| 1.0 / (i * i) as f64).sum();
        agrees(&format!("max of {n}"), summary.customers[0].wait.mean, mean);
        agrees_in_spread(&organization, &summary.customers[0].wait, mean, variance);
    }
    let series = network(
        &[
            ("A", Distribution::exponential(2.0), &[]),
            ("B", Distribution::exponential(3.0), &["A"]),
            ("C", Distribution::exponential(5.0), &["B"]),
        ],
        &["C"],
        &[("T".into(), 10.0)],
    );
    let summary = simulate(&series, Detail::Customers);
    agrees("series", summary.customers[0].wait.mean, 10.0);
    agrees_in_spread(&series, &summary.customers[0].wait, 10.0, 38.0);
}

/// Closed forms of triangular and Beta-PERT durations, through the engine.
#[test]
fn triangular_and_pert_durations() {
    for (distribution, mean, variance) in [
        (Distribution::triangular(1.0, 3.0, 5.0), 3.0, 0.6666666666666666),
        (Distribution::triangular(10.0, 13.0, 19.0), 14.0, 3.5),
        (Distribution::triangular(2.0, 5.0, 14.0), 7.0, 6.5),
        (Distribution::pert(1.0, 3.0, 5.0), 3.0, 0.5714285714285714),
        (Distribution::pert(10.0, 13.0, 19.0), 13.5, 2.75),
        (Distribution::pert(2.0, 5.0, 14.0), 6.0, 4.571428571428571),
    ] {
        let organization = network(&[("A", distribution, &[])], &["A"], &[("T".into(), 1.0)]);
        let summary = simulate(&organization, Detail::Customers);
        agrees("mean", summary.customers[0].wait.mean, mean);
        agrees_in_spread(&organization, &summary.customers[0].wait, mean, variance);
    }
}

/// Errors as contagion: who is reached from the first with independent chances on each edge, by enumeration.
#[test]
fn contagion_of_errors() {
    let contagion = |edges: &[(&str, &str, f64)], seed: &str, customer: &str| {
        let mut builder = Organization::builder("contagion");
        let mut names: Vec<&str> = edges.iter().flat_map(|(from, to, _)| [*from, *to]).collect();
        names.sort_unstable();
        names.dedup();
        for name in names.iter().filter(|name| **name != customer) {
            builder = builder.employee(*name, |e| {
                let error_rate = if *name == seed { 1.0 } else { 0.0 };
                e.service(ripple_effect::organization::Service::new(1.0).error_rate(error_rate))
            });
        }
        builder = builder.customer(customer, |c| c);
        for (from, to, p) in edges {
            builder = builder.serves_with(*from, *to, "", |d| d.transmission(*p));
        }
        run(&builder.build().unwrap())
    };
    let bridge = [("s", "a", 0.9), ("s", "b", 0.9), ("a", "b", 0.9), ("a", "t", 0.9), ("b", "t", 0.9)];
    let summary = contagion(&bridge, "s", "t");
    assert_eq!(service(&summary, "s").error_free.estimate, Some(0.0));
    agrees_with_probability("a", service(&summary, "a").error_free.complement(), 0.9);
    agrees_with_probability("b", service(&summary, "b").error_free.complement(), 0.981);
    agrees_with_probability("t", customer(&summary, "t").error_free.complement(), 0.97119);

    let cascade = [
        ("data", "ops", 0.5),
        ("data", "fin", 0.4),
        ("it", "ops", 0.3),
        ("it", "fin", 0.6),
        ("ops", "sales", 0.7),
        ("fin", "sales", 0.25),
        ("ops", "care", 0.8),
        ("sales", "cust", 0.5),
        ("care", "cust", 0.6),
    ];
    let summary = contagion(&cascade, "data", "cust");
    assert_eq!(service(&summary, "it").error_free.estimate, Some(1.0));
    for (name, exact) in [("ops", 0.5), ("fin", 0.4), ("sales", 0.415), ("care", 0.4)] {
        agrees_with_probability(name, service(&summary, name).error_free.complement(), exact);
    }
    agrees_with_probability("cust", customer(&summary, "cust").error_free.complement(), 0.3599);
}

/// k of n work with probability p each: the binomial tail, by silence and any-k.
#[test]
fn k_of_n_by_silence_and_any_k() {
    for (k, n, p, reliability) in [
        (2, 3, 0.9, 0.972),
        (3, 5, 0.9, 0.99144),
        (2, 4, 0.8, 0.9728),
        (5, 8, 0.7, 0.80589565),
        (7, 10, 0.75, 0.7758750915527344),
    ] {
        let mut builder = Organization::builder("k of n").customer("C", |c| c.promise(1.0));
        for member in 0..n {
            let name = format!("M{member}");
            builder = builder
                .employee(&name, |e| e.service(ripple_effect::organization::Service::new(1.0)))
                .serves_with(&name, "C", "", |d| d.any(k, "members").silent(1.0 - p, 100.0));
        }
        let summary = run(&builder.build().unwrap());
        agrees_with_probability(&format!("{k} of {n}"), summary.customers[0].on_time, reliability);
    }
}

/// Lindley (1952): D(1) = X(1), D(k+1) = max(D(k) - s, 0) + X(k+1), by numeric integration (step 5e-4).
#[test]
fn delay_along_a_chain_of_handoffs_with_slack() {
    let cases: [(f64, &[(usize, f64)]); 2] = [
        (
            1.2,
            &[
                (1, 1.0),
                (2, 1.3011942119122022),
                (3, 1.5007737158017913),
                (4, 1.652693612472135),
                (5, 1.7758764664815694),
                (6, 1.8794883081272418),
                (8, 2.0470275686618016),
                (10, 2.1788488832256254),
                (15, 2.4165308259088136),
                (20, 2.577875197854385),
                (30, 2.783742087721997),
                (50, 2.9875692143447683),
            ],
        ),
        (
            1.5,
            &[
                (1, 1.0),
                (2, 1.22313016014843),
                (3, 1.3475978362352572),
                (4, 1.4295266857915934),
                (5, 1.4877773620723647),
                (6, 1.5311210288471904),
                (8, 1.5904279122540554),
                (10, 1.6279697099478856),
                (15, 1.6765806842565598),
                (20, 1.6969739766412442),
                (30, 1.7109191799422598),
                (50, 1.7153976779651186),
            ],
        ),
    ];
    for (slack, means) in cases {
        let mut builder = Organization::builder("chain")
            .with(|o| o.start(ripple_effect::organization::Start::Planned))
            .customer("C", |c| c)
            .serves("S50", "C", "");
        for k in 1..=50usize {
            builder = builder.employee(format!("S{k}"), |e| {
                let duration = Distribution::exponential(1.0);
                e.service(ripple_effect::organization::Service::new(duration).standard(0.0).buffer(slack))
            });
            if k > 1 {
                builder = builder.serves(format!("S{}", k - 1), format!("S{k}"), "");
            }
        }
        let summary = run(&builder.build().unwrap());
        for (k, mean) in means {
            agrees(&format!("delay after {k} hand-offs"), service(&summary, &format!("S{k}")).delay.mean, *mean);
        }
    }
}

/// Garvey & Pinto (2009), functional dependency network analysis, on a scale of 0 to 1: exact.
#[test]
fn quality_follows_the_weakest_link() {
    let link = |strength: f64, criticality: f64| {
        move |d: ripple_effect::organization::Dependency| d.strength(strength).criticality(criticality)
    };
    let quality = |workmanship: f64, links: &[(f64, f64)]| {
        let made = |q: f64| ripple_effect::organization::Service::new(1.0).workmanship(q);
        let mut builder: OrganizationBuilder =
            Organization::builder("links").employee("L0", |e| e.service(made(workmanship))).customer("C", |c| c);
        for (index, (strength, criticality)) in links.iter().enumerate() {
            let (from, to) = (format!("L{index}"), format!("L{}", index + 1));
            builder = builder.employee(&to, |e| e.service(made(1.0))).serves_with(
                from,
                to,
                "",
                link(*strength, *criticality),
            );
        }
        let last = format!("L{}", links.len());
        let summary = run(&builder.serves(&last, "C", "").build().unwrap());
        (1..=links.len()).map(|index| service(&summary, &format!("L{index}")).quality).collect::<Vec<_>>()
    };
    for (workmanship, links, exact) in [
        (0.5, vec![(0.9, 0.6)], vec![0.55]),
        (0.4, vec![(0.3, 0.2)], vec![0.6]),
        (0.3, vec![(0.6, 0.4), (0.9, 0.15)], vec![0.58, 0.622]),
    ] {
        for (found, exact) in quality(workmanship, &links).into_iter().zip(exact) {
            assert!((found.estimate.unwrap() - exact).abs() < 1e-12, "{found} for {exact}");
            assert!(found.high.unwrap() - found.low.unwrap() < 1e-9);
        }
    }
}

/// Rounds after which the customer of an M/M/1 queue of load r that began empty waits as in the long run, to 1e-4.
fn warmup(load: f64) -> u32 {
    (1e-4f64.ln() / (4.0 * load / (1.0 + load).powi(2)).ln()).ceil() as u32
}

/// One round after the warm-up: waiting in all, in the queue, and the chance to wait at all.
fn queue(arrivals: f64, servers: &[(&str, Distribution, u32)], load: f64) -> Summary {
    let mut builder = Organization::builder("queue")
        .with(|o| o.cadence(Distribution::exponential(1.0 / arrivals)).rounds(warmup(load) + 1).warmup(warmup(load)));
    for (name, duration, capacity) in servers {
        let customer = format!("customer of {name}");
        builder = builder
            .employee(*name, |e| {
                e.capacity(*capacity).service(ripple_effect::organization::Service::new(duration.clone()))
            })
            .customer(&customer, |c| c)
            .serves(*name, &customer, "");
    }
    run(&builder.build().unwrap())
}

/// Erlang C (1917) and Pollaczek-Khinchine (1930-32).
#[test]
fn queues_in_the_long_run() {
    let bank = queue(0.2, &[("clerks", Distribution::exponential(10.0), 3)], 2.0 / 3.0);
    agrees("M/M/3 W", bank.customers[0].wait.mean, 130.0 / 9.0);
    agrees("M/M/3 Wq", bank.services[0].queued, 40.0 / 9.0);
    agrees_with_probability("M/M/3 P(wait)", bank.services[0].started_late, 4.0 / 9.0);

    let one = queue(5.0, &[("clerk", Distribution::exponential(0.125), 1)], 0.625);
    agrees("M/M/1 W", one.customers[0].wait.mean, 1.0 / 3.0);
    agrees("M/M/1 Wq", one.services[0].queued, 5.0 / 24.0);
    agrees_with_probability("M/M/1 P(wait)", one.services[0].started_late, 0.625);

    let servers = [("steady", Distribution::constant(1.0), 1), ("varying", Distribution::exponential(1.0), 1)];
    let both = queue(0.8, &servers, 0.8);
    agrees("M/D/1 Wq", service(&both, "steady").queued, 2.0);
    agrees("M/M/1 Wq", service(&both, "varying").queued, 4.0);
    agrees_with_probability("M/D/1 P(wait)", service(&both, "steady").started_late, 0.8);
    agrees_with_probability("M/M/1 P(wait)", service(&both, "varying").started_late, 0.8);
}
