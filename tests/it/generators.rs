//! Generated organisations: what is known of each kind of network, promises about seeds and growth, and what is refused.

use std::collections::{HashMap, HashSet, VecDeque};

use ripple_effect::organization::{Description, Node};
use ripple_effect::{Distribution, Error, ErrorKind, Organization, generate};

/// Links inside, within a round: provider and receiver, as numbers of services from 0 (each employee provides one).
fn links(organization: &Organization) -> Vec<(usize, usize)> {
    let (graph, description) = (organization.graph(), organization.description());
    let links = graph.edge_indices().filter(|&edge| description.dependencies[graph[edge]].lag.is_none());
    let ends = links.filter_map(|edge| graph.edge_endpoints(edge));
    ends.filter(|(_, to)| matches!(graph[*to], Node::Service { .. })).map(|(a, b)| (a.index(), b.index())).collect()
}

fn joined(services: usize, links: &[(usize, usize)]) -> Vec<HashSet<usize>> {
    let mut joined = vec![HashSet::new(); services];
    for &(a, b) in links {
        joined[a].insert(b);
        joined[b].insert(a);
    }
    joined
}

/// The mean over services of the share of pairs of neighbours who are joined themselves (Watts & Strogatz 1998).
fn clustering(joined: &[HashSet<usize>]) -> f64 {
    let local = |neighbours: &HashSet<usize>| {
        let degree = neighbours.len();
        let pairs = neighbours.iter().map(|&a| neighbours.intersection(&joined[a]).count()).sum::<usize>();
        if degree < 2 { 0.0 } else { pairs as f64 / (degree * (degree - 1)) as f64 }
    };
    joined.iter().map(local).sum::<f64>() / joined.len() as f64
}

/// The mean number of links between a few services and all others, and how many others are reached from the first.
fn path_length(joined: &[HashSet<usize>]) -> (f64, usize) {
    let (mut total, mut pairs, mut reached_first) = (0, 0, 0);
    for start in (0..joined.len()).step_by((joined.len() / 20).max(1)) {
        let mut far = vec![usize::MAX; joined.len()];
        far[start] = 0;
        let mut queue = VecDeque::from([start]);
        let mut reached = 0;
        while let Some(at) = queue.pop_front() {
            for &next in &joined[at] {
                if far[next] == usize::MAX {
                    far[next] = far[at] + 1;
                    reached += 1;
                    total += far[next];
                    queue.push_back(next);
                }
            }
        }
        pairs += reached;
        if start == 0 {
            reached_first = reached;
        }
    }
    (total as f64 / pairs as f64, reached_first)
}

fn all_kinds(services: u32, seed: u64) -> [Result<Organization, Error>; 4] {
    [
        generate::hierarchy(services).seed(seed).organization(),
        generate::small_world(services).seed(seed).organization(),
        generate::scale_free(services).seed(seed).organization(),
        generate::layered(services).seed(seed).organization(),
    ]
}

/// So many are generated, checked and planned by all threads, and come out as by one.
#[test]
fn any_number_of_threads_loads_the_same() {
    let load = || {
        let organization =
            generate::layered(40_000).services_each(2).handoffs(0.5, 1.0).feedback(0.1).organization().unwrap();
        let plan = organization.plan().unwrap();
        let times: Vec<_> = plan.timetable();
        (organization.description().clone(), times, plan.customer_waits(), plan.cadence())
    };
    let by = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(load);
    let (one, three) = (by(1), by(3));
    assert!(one.0 == three.0, "descriptions");
    assert!(one.1 == three.1, "planned times");
    assert_eq!((one.2, one.3), (three.2, three.3));
    assert_eq!(
        one.0.dependencies.len(),
        one.0.dependencies.iter().map(|d| (&d.provider, &d.receiver)).collect::<HashSet<_>>().len()
    );
}

#[test]
fn a_hierarchy_has_exact_spans() {
    // 1 + 6 + 36 + 216 services: every manager leads exactly 6.
    let organization = generate::hierarchy(259).span(6).customers(2).organization().unwrap();
    let links = links(&organization);
    assert_eq!(links.len(), 258);
    for manager in 0..43 {
        assert_eq!(links.iter().filter(|(from, _)| *from == manager).count(), 6, "{manager}");
    }
    let lagged = organization.description().dependencies.iter().filter(|d| d.lag == Some(1));
    assert_eq!(lagged.count(), 258, "every report comes back");
    let serving = organization.description().dependencies.len() - 2 * 258;
    assert_eq!(serving, 216, "the lowest serve customers");
    assert_eq!(organization.plan().unwrap().rounds(), 12);
}

#[test]
fn a_ring_is_clustered_as_watts_and_strogatz_say() {
    for dependencies in [2u32, 3, 5] {
        let organization =
            generate::small_world(500).dependencies(dependencies).rewiring(0.0).seed(3).organization().unwrap();
        let links = links(&organization);
        assert_eq!(links.len(), 500 * dependencies as usize);
        let joined = joined(500, &links);
        let k = f64::from(2 * dependencies);
        assert!(joined.iter().all(|neighbours| neighbours.len() as f64 == k));
        assert!((clustering(&joined) - 3.0 * (k - 2.0) / (4.0 * (k - 1.0))).abs() < 1e-12);
    }
}

/// Watts & Strogatz 1998, figure 2: a few shortcuts make paths short and leave the clustering; C(p) is about C(0) (1 - p)^3
/// (Barrat & Weigt 2000).
#[test]
fn shortcuts_make_a_small_world() {
    let with = |rewiring: f64| {
        let organization =
            generate::small_world(1_000).dependencies(5).rewiring(rewiring).seed(9).organization().unwrap();
        let links = links(&organization);
        let pairs: HashSet<(usize, usize)> = links.iter().map(|&(a, b)| (a.min(b), a.max(b))).collect();
        assert_eq!(pairs.len(), 5_000, "no link twice, none lost");
        joined(1_000, &links)
    };
    let [ring, small, random] = [0.0, 0.1, 1.0].map(with);
    let c0 = clustering(&ring);
    assert!((clustering(&small) / c0 - 0.9f64.powi(3)).abs() < 0.05, "{}", clustering(&small) / c0);
    assert!(clustering(&random) < 0.03);
    let [(far, _), (near, reached), (nearest, _)] = [&ring, &small, &random].map(|joined| path_length(joined));
    // On a ring the mean distance is about n / 2k = 50; of a random graph ln n / ln k = 3.0.
    assert!((far - 50.0).abs() < 1.0, "{far}");
    assert!(near < 0.12 * far && nearest < 3.6, "{near} {nearest}");
    assert_eq!(reached, 999);
}

/// The share of services with k links tends to 2 m (m + 1) / (k (k + 1) (k + 2)).
#[test]
fn a_scale_free_network_has_the_known_degrees() {
    let (services, m) = (50_000usize, 3usize);
    let organization = generate::scale_free(services as u32).dependencies(3).seed(5).organization().unwrap();
    let links = links(&organization);
    assert_eq!(links.len(), m * (m + 1) / 2 + (services - m - 1) * m);
    let mut needs = vec![0usize; services];
    let mut degrees = vec![0usize; services];
    for &(provider, receiver) in &links {
        assert!(provider < receiver);
        needs[receiver] += 1;
        degrees[provider] += 1;
        degrees[receiver] += 1;
    }
    assert!(needs.iter().enumerate().all(|(service, &needs)| needs == service.min(m)));
    let mut counts: HashMap<usize, f64> = HashMap::new();
    for degree in &degrees {
        *counts.entry(*degree).or_default() += 1.0;
    }
    let share = |k: usize| (2 * m * (m + 1)) as f64 / (k * (k + 1) * (k + 2)) as f64;
    for k in m..m + 8 {
        let (expected, found) = (share(k) * services as f64, counts[&k]);
        assert!(
            (found - expected).abs() < 6.0 * expected.sqrt() + 0.01 * expected,
            "{k}: {found}, expected {expected}"
        );
    }
    // The tail: P(degree >= k) = m (m + 1) / (k (k + 1)).
    for k in [20, 50, 100] {
        let expected = services as f64 * (m * (m + 1)) as f64 / (k * (k + 1)) as f64;
        let found = degrees.iter().filter(|&&degree| degree >= k).count() as f64;
        assert!(
            (found - expected).abs() < 6.0 * expected.sqrt() + 0.02 * expected,
            "{k}: {found}, expected {expected}"
        );
    }
}

#[test]
fn tiers_need_exactly_the_tier_before() {
    for (services, tiers, dependencies) in [(1_000u32, 10, 4), (1_003, 10, 4), (47, 5, 9), (10, 2, 5)] {
        let organization =
            generate::layered(services).tiers(tiers).dependencies(dependencies).seed(1).organization().unwrap();
        let links = links(&organization);
        let mut needs: HashMap<usize, HashSet<usize>> = HashMap::new();
        for (provider, receiver) in links {
            assert_eq!(provider % tiers as usize + 1, receiver % tiers as usize);
            assert!(needs.entry(receiver).or_default().insert(provider), "nobody is needed twice");
        }
        for service in 0..services as usize {
            let first = service % tiers as usize == 0;
            assert_eq!(needs.get(&service).map_or(0, HashSet::len), if first { 0 } else { dependencies as usize });
            assert!(first || needs[&service].contains(&(service - 1)), "its own line");
        }
    }
}

#[test]
fn everybody_reaches_a_customer_and_everything_can_be_run() {
    for services in [10, 11, 57, 1_000] {
        for organization in all_kinds(services, 4) {
            let (again, findings) = Organization::examine(organization.unwrap().description().clone());
            assert_eq!(findings, [], "{services}");
            let organization = again.unwrap();
            assert_eq!(organization.description().employees.len(), services as usize);
            assert_eq!(organization.description().customers.len(), 3);
            let outcome = organization.simulate().unwrap().replications(64).run().unwrap();
            assert!(outcome.summary().customers.iter().all(|customer| customer.perfect.estimate.is_some()));
            let read = Organization::from_json(&organization.to_json()).unwrap();
            assert_eq!(read.description(), organization.description());
        }
    }
}

#[test]
fn some_serve_nobody_if_asked() {
    let description = generate::layered(1_000).serving(0.5).seed(2).description().unwrap();
    let (organization, findings) = Organization::examine(description);
    assert!(organization.is_some());
    // About half of the 100 services of the last tier; those before them are needed by others.
    assert!((30..=80).contains(&findings.len()), "{}", findings.len());
    assert!(findings.iter().all(|finding| finding.problem.kind() == ErrorKind::Unreachable));
}

#[test]
fn options_do_what_they_say() {
    let organization = generate::scale_free(400)
        .name("Agency")
        .services_each(3)
        .departments(20)
        .customers(12)
        .feedback(0.25)
        .durations([(1.0, 1.0)])
        .allowance(1.0)
        .handoffs(0.0, 0.0)
        .error_rate(0.0)
        .inspected(1.0, 0.5, 2.0)
        .silent(0.1, 0.2, Distribution::exponential(3.0))
        .touches(1e6)
        .seed(8)
        .organization()
        .unwrap();
    let description = organization.description();
    assert_eq!(description.name, "Agency");
    assert_eq!(
        (description.employees.len(), description.departments.len(), description.customers.len()),
        (134, 20, 12)
    );
    assert_eq!(description.employees[133].services.len(), 1);
    assert!(
        description.employees.iter().flat_map(|e| &e.services).all(|s| s.error_rate.is_none() && s.standard.is_none())
    );
    let inside: Vec<_> = description.dependencies.iter().filter(|d| d.detection.is_some()).collect();
    let back = inside.iter().filter(|d| d.lag == Some(1)).count();
    let within = inside.len() - back;
    assert_eq!(within, 4 * 5 / 2 + 395 * 4);
    // Binomial: 5 standard deviations.
    let near = |count: usize, of: usize, p: f64| {
        (count as f64 - of as f64 * p).abs() < 5.0 * (of as f64 * p * (1.0 - p)).sqrt()
    };
    assert!(near(back, within, 0.25), "{back}");
    let silent = inside.iter().filter(|d| d.silence.is_some()).count();
    assert!(near(silent, inside.len(), 0.1), "{silent}");
    assert!(description.dependencies.iter().all(|d| d.handoff.is_none() && d.needed.is_none()));
    assert!(organization.plan().is_ok());
    assert_eq!(description.notes.as_ref().unwrap()["generator"], "scale_free");
}

/// Whatever grows keeps its people; hierarchies and scale-free networks keep every dependency between them, and a layered
/// process all but a few.
#[test]
fn growing_keeps_what_was_there() {
    let inside = |description: &Description| -> HashMap<String, String> {
        let people: HashSet<&str> = description.employees.iter().map(|e| e.name.as_str()).collect();
        let inside = description.dependencies.iter().filter(|d| people.contains(d.receiver.as_str()));
        inside.map(|d| (format!("{} {}", d.provider, d.receiver), format!("{d:?}"))).collect()
    };
    let grown = |small: Result<Description, Error>, large: Result<Description, Error>| {
        let (small, large) = (small.unwrap(), large.unwrap());
        assert_eq!(small.employees, large.employees[..small.employees.len()]);
        let (before, after) = (inside(&small), inside(&large));
        let kept = before.iter().filter(|(ends, dependency)| after.get(*ends) == Some(dependency)).count();
        kept as f64 / before.len() as f64
    };
    let of = [500, 530];
    let [small, large] = of.map(|n| generate::hierarchy(n).description());
    assert_eq!(grown(small, large), 1.0);
    let [small, large] = of.map(|n| generate::scale_free(n).description());
    assert_eq!(grown(small, large), 1.0);
    let [small, large] = of.map(|n| generate::layered(n).description());
    assert!(grown(small, large) > 0.9);
    let [small, large] = of.map(|n| generate::small_world(n).description());
    assert!(grown(small, large) > 0.5);
}

#[test]
fn a_seed_means_the_same_for_ever() {
    let fingerprints = all_kinds(200, 7).map(|organization| organization.unwrap().fingerprint()[..16].to_owned());
    assert_eq!(fingerprints, FINGERPRINTS);
    for (one, other) in all_kinds(200, 7).into_iter().zip(all_kinds(200, 8)) {
        assert_ne!(one.unwrap().fingerprint(), other.unwrap().fingerprint());
    }
}

#[test]
fn what_is_outside_of_its_range_is_named() {
    let refused = |made: Result<Organization, Error>| {
        let error = made.unwrap_err();
        let all: Vec<&Error> = std::iter::once(&error).chain(error.and_more()).collect();
        assert!(
            all.iter().all(|e| !e.found().is_empty() && !e.allowed().is_empty() && !e.mend().is_empty()),
            "{all:?}"
        );
        all.iter().map(|e| e.path().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(refused(generate::layered(9).organization()), ["services"]);
    assert_eq!(refused(generate::layered(u32::MAX).organization()), ["services"]);
    assert_eq!(refused(generate::layered(100).tiers(1).organization()), ["tiers"]);
    assert_eq!(refused(generate::layered(100).tiers(20).dependencies(6).organization()), ["dependencies"]);
    assert_eq!(
        refused(generate::small_world(10).dependencies(5).rewiring(1.5).organization()),
        ["dependencies", "rewiring"]
    );
    assert_eq!(refused(generate::scale_free(20).dependencies(0).organization()), ["dependencies"]);
    assert_eq!(refused(generate::scale_free(1_000_000).dependencies(64).organization()), ["dependencies"]);
    assert_eq!(
        refused(generate::hierarchy(20).span(0).departments(21).customers(0).organization()),
        ["departments", "customers", "span"]
    );
    assert_eq!(refused(generate::hierarchy(20).services_each(0).organization()), ["services_each"]);
    let odd = generate::hierarchy(20).silent(0.1, 2.0, -1.0).touches(f64::NAN).allowance(0.0).name(" ");
    assert_eq!(refused(odd.organization()), ["name", "silent.probability", "touches", "allowance", "silent.chase"]);
    let none: [(f64, f64); 0] = [];
    assert_eq!(refused(generate::hierarchy(20).durations(none).organization()), ["durations"]);
    assert_eq!(refused(generate::hierarchy(20).durations([(1.0, f64::NAN)]).organization()), ["durations[0]"]);
}

const FINGERPRINTS: [&str; 4] = ["de17040bc1e34688", "e618b056dbf56c0f", "3ba7d6c9d6152b82", "eb1c5fba4ea91715"];
