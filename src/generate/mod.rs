//! Organisations made by rule and seed: to test, to teach, and to study how structure and silence shape what customers feel.
//!
//! | file | what lives there |
//! |---|---|
//! | `generator` | [`Generator`]: the sentence that says what to make, and its options |
//! | `settings` | the options as numbers, their ranges, and what is said of one outside of them |
//! | `hierarchy`, `small_world`, `scale_free`, `layered` | who needs whom within a round, one kind of network each |
//! | `furnish` | people, names, hours, errors and customers, put on a network |
//! | `scaled` | a distribution times a factor |
//! | `draws` | the small keyed generator of random words that decides everything |
//!
//! ```
//! use ripple_effect::generate;
//!
//! let organization = generate::layered(2_000).dependencies(4).departments(8).customers(3).seed(7).organization()?;
//! assert_eq!(organization.description().employees.len(), 2_000);
//! let outcome = organization.simulate()?.replications(256).run()?;
//! assert!(outcome.customer("Retail customers").is_some());
//! # Ok::<(), ripple_effect::Error>(())
//! ```
//!
//! # The kinds
//!
//! Each kind first gives an acyclic network of who needs whom within a round. Whoever nobody inside needs serves an external
//! customer, so that every service reaches one. Work that flows back is [`feedback`](Generator::feedback): it is used a
//! round later (lag 1), so that every generated organisation can be run as it is.
//!
//! | kind | within a round | source |
//! |---|---|---|
//! | [`hierarchy`] | direction flows from each manager to `span` people; reports flow back | - |
//! | [`small_world`] | a ring of neighbours, some links thrown far; each link runs from the earlier to the later of the two in a random order of work | Watts & Strogatz 1998 |
//! | [`scale_free`] | newcomers need colleagues in proportion to how connected those are: a few are needed by very many | Barabási & Albert 1999 |
//! | [`layered`] | tiers of a process; each service needs `dependencies` services of the tier before | - |
//!
//! # Determinism
//!
//! The kind, its options and the seed decide the organisation to the last bit, on every platform and with every version of
//! every dependency: all draws come from a keyed generator of integers that is part of this module. Each draw is addressed by
//! what it decides. Growing an organisation therefore keeps names and ids, and changes as few dependencies as the kind allows:
//! none among the old in a hierarchy or a scale-free network, few in a layered process; in a small world the ring has to close
//! elsewhere. Who serves customers changes where somebody is newly needed inside.

mod draws;
mod furnish;
mod generator;
mod hierarchy;
mod layered;
mod scale_free;
mod scaled;
mod settings;
mod small_world;

pub use generator::{Generator, Hierarchy, Layered, ScaleFree, SmallWorld};

use settings::Network;

/// A tree of managers and reports: each manager leads `span` people (6 unless said), whose reports come back a round later.
/// The lowest in the tree serve the customers.
///
/// Services are numbered from the top, level by level: the manager of service `i` is `(i - 1) / span`.
///
/// ```
/// use ripple_effect::generate;
/// let organization = generate::hierarchy(43).span(6).seed(7).organization()?;
/// let within = organization.description().dependencies.iter().filter(|d| d.lag.is_none() && d.receiver.contains(' '));
/// assert!(within.count() >= 42);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
pub fn hierarchy(services: u32) -> Generator<Hierarchy> {
    Generator::new(services, Network::Hierarchy { span: 6 })
}

/// A small world: services on a ring, each joined with its `2 * dependencies` nearest neighbours (8 unless said), each link
/// thrown to a random service with probability `rewiring` (0.1 unless said). Every link is one dependency, from whoever comes
/// earlier in a random order of work, so that a service has `dependencies` of them on average and nobody waits in a circle.
///
/// Source: Watts & Strogatz (1998), "Collective dynamics of 'small-world' networks". Clustering without rewiring is
/// `3 (k - 2) / (4 (k - 1))` with `k = 2 * dependencies`.
///
/// ```
/// use ripple_effect::generate;
/// let organization = generate::small_world(100).dependencies(3).rewiring(0.05).seed(7).organization()?;
/// assert!(organization.description().dependencies.len() > 300);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
pub fn small_world(services: u32) -> Generator<SmallWorld> {
    Generator::new(services, Network::SmallWorld { dependencies: None, rewiring: 0.1 })
}

/// A scale-free network: services come one by one, and each needs `dependencies` different earlier ones (4 unless said),
/// chosen in proportion to how many links those have. The first `dependencies + 1` all need each other's earlier ones.
///
/// Source: Barabási & Albert (1999), "Emergence of scaling in random networks", directed from the old to the new. The share
/// of services with `k` links tends to `2 m (m + 1) / (k (k + 1) (k + 2))`, `m` being `dependencies` (Dorogovtsev, Mendes &
/// Samukhin 2000; Krapivsky, Redner & Leyvraz 2000).
///
/// ```
/// use ripple_effect::generate;
/// let organization = generate::scale_free(100).dependencies(3).seed(7).organization()?;
/// assert!(organization.plan().is_ok());
/// # Ok::<(), ripple_effect::Error>(())
/// ```
pub fn scale_free(services: u32) -> Generator<ScaleFree> {
    Generator::new(services, Network::ScaleFree { dependencies: None })
}

/// A process in tiers (10 unless said), the shape of organisations that work through cases: service `i` stands in tier
/// `i mod tiers`, and needs `dependencies` different services (4 unless said) of the tier before: the step before it on its own
/// line, service `i - 1`, and others drawn evenly. The last tier serves the customers.
///
/// ```
/// use ripple_effect::generate;
/// let organization = generate::layered(100).tiers(5).dependencies(3).seed(7).organization()?;
/// let within = organization.description().dependencies.iter().filter(|d| !d.receiver.contains("customers"));
/// assert!(within.count() >= 80 * 3);
/// # Ok::<(), ripple_effect::Error>(())
/// ```
pub fn layered(services: u32) -> Generator<Layered> {
    Generator::new(services, Network::Layered { tiers: None, dependencies: None })
}
