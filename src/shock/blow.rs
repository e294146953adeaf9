//! Shocks resolved against a plan, and laid over the rounds of a run.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::check::after_the_run;
use super::effect::Effect;
use super::finder::Finder;
use super::target::{Target, unknown_chase};
use super::written::Shock;
use crate::change::Selection;
use crate::plan::disturbance::Disturbances;
use crate::{Distribution, Error, ErrorKind, Plan, Sampler};

/// Things struck, each counted in each round: some hundred megabytes.
const MAX_STRUCK: u64 = 1 << 21;

/// What happens to one thing of the plan in each of the rounds.
#[derive(Debug, Clone)]
enum Hit {
    LateService { service: usize, id: String, hours: Sampler, by_employee: bool },
    LateDependency { dependency: usize, id: String, hours: Sampler },
    WrongService { service: usize, by_employee: bool },
    WrongDependency { dependency: usize },
    Absent { employee: usize },
    Unanswered { dependency: usize, chase: Sampler },
    Quality { service: usize, factor: f64, by_employee: bool },
    ServicePace { service: usize, factor: f64 },
    EmployeePace { employee: usize, factor: f64 },
}

/// One shock.
#[derive(Debug, Clone)]
struct Blow {
    /// Where it stands among what was asked for.
    path: String,
    rounds: Range<u32>,
    hits: Vec<Hit>,
}

/// What shocks do to a plan, whatever the number of rounds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Blows {
    blows: Vec<Blow>,
    fingerprint: Option<String>,
}

impl Blows {
    /// Checks that a run of so many rounds can be struck.
    ///
    /// # Errors
    /// [`ErrorKind::Range`] of a shock after the last round, or of more things than can be kept.
    pub(crate) fn check(&self, rounds: u32) -> Result<(), Error> {
        for blow in &self.blows {
            if blow.rounds.start >= rounds {
                return Err(after_the_run(format!("{}.round", blow.path), blow.rounds.start, rounds));
            }
        }
        let struck = self.struck(rounds);
        if struck <= MAX_STRUCK {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Range,
            "shocks",
            format!("{struck} things struck, each counted in each round"),
            format!("2^21 = {MAX_STRUCK} at most"),
            "Strike for fewer rounds, or fewer things; what holds in every round is a change, not a shock.",
        ))
    }

    fn struck(&self, rounds: u32) -> u64 {
        let of = |blow: &Blow| u64::from(blow.rounds.end.min(rounds).saturating_sub(blow.rounds.start));
        self.blows.iter().map(|blow| of(blow) * blow.hits.len() as u64).sum()
    }

    /// What happens in a run of so many rounds; nothing, where [`check`](Self::check) refuses it.
    pub(crate) fn laid_over(&self, rounds: u32) -> Disturbances {
        let mut laid = Disturbances::of(self.fingerprint.clone());
        if self.struck(rounds) <= MAX_STRUCK {
            for blow in &self.blows {
                for hit in &blow.hits {
                    hit.lay(blow.rounds.start..blow.rounds.end.min(rounds), &mut laid);
                }
            }
        }
        laid
    }
}

impl Hit {
    fn lay(&self, rounds: Range<u32>, over: &mut Disturbances) {
        if rounds.is_empty() {
            return;
        }
        match self {
            Self::LateService { service, id, hours, by_employee } => {
                let lost = over.lost(id.clone(), hours.clone());
                for round in rounds {
                    let struck = over.service_mut(round, *service);
                    let of = if *by_employee { &mut struck.lost_by_employee } else { &mut struck.lost };
                    of.push(lost.clone());
                }
            }
            Self::LateDependency { dependency, id, hours } => {
                let lost = over.lost(id.clone(), hours.clone());
                for round in rounds {
                    over.dependency_mut(round, *dependency).lost.push(lost.clone());
                }
            }
            Self::WrongService { service, by_employee } => {
                for round in rounds {
                    let struck = over.service_mut(round, *service);
                    *(if *by_employee { &mut struck.wrong_by_employee } else { &mut struck.wrong }) = true;
                }
            }
            Self::WrongDependency { dependency } => {
                rounds.for_each(|round| over.dependency_mut(round, *dependency).wrong = true);
            }
            Self::Absent { employee } => rounds.for_each(|round| over.employee_mut(round, *employee).absent = true),
            Self::Unanswered { dependency, chase } => {
                rounds.for_each(|round| over.dependency_mut(round, *dependency).unanswered = Some(chase.clone()));
            }
            Self::Quality { service, factor, by_employee } => {
                for round in rounds {
                    let struck = over.service_mut(round, *service);
                    *(if *by_employee { &mut struck.quality_by_employee } else { &mut struck.quality }) *= factor;
                }
            }
            Self::ServicePace { service, factor } => {
                rounds.for_each(|round| over.service_mut(round, *service).pace *= factor);
            }
            Self::EmployeePace { employee, factor } => {
                rounds.for_each(|round| over.employee_mut(round, *employee).pace *= factor);
            }
        }
    }
}

/// Finds in a plan what checked shocks strike together.
///
/// # Errors
/// All that is wrong with what they select, as one.
pub(crate) fn resolve(plan: &Plan, shocks: &[Shock]) -> Result<Blows, Error> {
    let paths = (0..shocks.len()).map(|place| format!("shocks[{place}]"));
    Resolver::new(plan, shocks.len()).resolve(shocks.iter().zip(paths))
}

/// Finds in a plan what each of these checked shocks strikes, alone, one after the other. Errors say at which of them by its
/// name.
///
/// # Complexity
/// O(size of the organisation + things struck), where each shock selects one thing by its name; O(size of the organisation)
/// for each that selects otherwise.
pub(crate) fn resolve_each<'a>(plan: &'a Plan, shocks: &'a [Shock]) -> impl Iterator<Item = Result<Blows, Error>> + 'a {
    let resolver = Resolver::new(plan, shocks.len());
    shocks.iter().map(move |shock| resolver.resolve(std::iter::once((shock, path_by_name(&shock.name)))))
}

/// The path of a shock that is known by its name.
pub(super) fn path_by_name(name: &str) -> String {
    format!("shocks[{name:?}]")
}

/// What finds in a plan what shocks strike.
struct Resolver<'p> {
    plan: &'p Plan,
    finder: Finder<'p>,
    places: Places,
}

impl<'p> Resolver<'p> {
    fn new(plan: &'p Plan, shocks: usize) -> Self {
        let finder = Finder::new(plan.organization.description(), plan.organization.resolved(), shocks);
        Self { plan, finder, places: Places::of(plan) }
    }

    /// What these shocks strike, each with its path.
    fn resolve<'s>(&self, shocks: impl Iterator<Item = (&'s Shock, String)>) -> Result<Blows, Error> {
        let Self { plan, finder, places } = self;
        let mut fingerprint = Sha256::new();
        fingerprint.update(plan.organization.fingerprint());
        let (mut blows, mut errors) = (Vec::new(), Vec::new());
        for (shock, path) in shocks {
            // Whom a tag selects the fingerprint of an organisation does not say: ids do.
            let said = Shock { select: Selection::all(), notes: None, name: shock.composed_name(), ..shock.clone() };
            fingerprint.update(serde_json::to_string(&said).unwrap_or_default());
            let mut hits = Vec::new();
            for effect in shock.effects() {
                let target = Target::of(shock, effect, finder, &path).map_err(|refusal| refusal.error);
                match target.and_then(|target| places.hits(plan, shock, effect, &target, &path)) {
                    Ok((mut found, ids)) => {
                        hits.append(&mut found);
                        fingerprint.update(format!("\n{}", effect.name()));
                        ids.iter().for_each(|id| fingerprint.update(format!("\u{1f}{id}")));
                    }
                    Err(error) if errors.contains(&error) => {}
                    Err(error) => errors.push(error),
                }
            }
            fingerprint.update("\n");
            blows.push(Blow { path, rounds: shock.round..shock.round.saturating_add(shock.rounds), hits });
        }
        match Error::first_of(errors) {
            Some(error) => Err(error),
            None => {
                let fingerprint = fingerprint.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
                Ok(Blows { blows, fingerprint: Some(fingerprint) })
            }
        }
    }
}

/// Where things of the file stand in a plan.
struct Places {
    services: Vec<usize>,
    employees: Vec<usize>,
    dependencies: Vec<usize>,
    /// The services of each employee of the plan, in the total order.
    own: Vec<Vec<usize>>,
}

impl Places {
    fn of(plan: &Plan) -> Self {
        let inverse = |ats: Vec<usize>| {
            let mut places = vec![0; ats.len()];
            ats.into_iter().enumerate().for_each(|(place, at)| places[at] = place);
            places
        };
        let mut own = vec![Vec::new(); plan.employees.len()];
        for (place, service) in plan.services.iter().enumerate() {
            own[service.employee].push(place);
        }
        Self {
            services: inverse(plan.services.iter().map(|service| service.at).collect()),
            employees: inverse(plan.employees.iter().map(|employee| employee.at).collect()),
            dependencies: inverse(plan.dependencies.iter().map(|dependency| dependency.at).collect()),
            own,
        }
    }

    /// What happens to whatever is struck, and the ids of that, both in the order of the plan.
    fn hits<'p>(
        &self,
        plan: &'p Plan,
        shock: &Shock,
        effect: Effect,
        target: &Target,
        path: &str,
    ) -> Result<(Vec<Hit>, Vec<&'p str>), Error> {
        let sorted = |struck: &[usize], places: &[usize]| {
            let mut struck: Vec<usize> = struck.iter().map(|&at| places[at]).collect();
            struck.sort_unstable();
            struck
        };
        let (struck, by_employee): (Vec<usize>, bool) = match target {
            Target::Services(struck) => (sorted(struck, &self.services), false),
            Target::Employees(struck) => (sorted(struck, &self.employees), true),
            Target::Dependencies(struck) => (sorted(struck, &self.dependencies), false),
        };
        let ids: Vec<&str> = match target {
            Target::Services(_) => struck.iter().map(|&one| plan.service_id(one)).collect(),
            Target::Employees(_) => struck.iter().map(|&one| plan.employee_id(one)).collect(),
            Target::Dependencies(_) => struck.iter().map(|&one| plan.dependency_id(one)).collect(),
        };
        // The services through which it is felt: those that are struck, or all of those people's own.
        let services = || -> Vec<usize> {
            if by_employee { struck.iter().flat_map(|&one| self.own[one].clone()).collect() } else { struck.clone() }
        };
        let on_dependencies = matches!(target, Target::Dependencies(_));
        let hits = match effect {
            Effect::Late => {
                let hours = sampler(shock.late.as_ref())?;
                let name = shock.composed_name();
                let named = struck.iter().zip(&ids).map(|(&one, id)| (one, format!("{name}\u{1f}{id}")));
                let late = |(one, id): (usize, String)| {
                    if on_dependencies {
                        return Some(Hit::LateDependency { dependency: one, id, hours: hours.clone() });
                    }
                    // An employee's hours are lost at the start of the first thing that they do.
                    let service = if by_employee { self.own[one].first().copied()? } else { one };
                    Some(Hit::LateService { service, id, hours: hours.clone(), by_employee })
                };
                named.filter_map(late).collect()
            }
            Effect::Wrong if on_dependencies => {
                struck.iter().map(|&dependency| Hit::WrongDependency { dependency }).collect()
            }
            Effect::Wrong => services().into_iter().map(|service| Hit::WrongService { service, by_employee }).collect(),
            Effect::Absent => struck.iter().map(|&employee| Hit::Absent { employee }).collect(),
            Effect::Unanswered => {
                let given = match shock.unanswered.as_ref().and_then(|unanswered| unanswered.chase.as_ref()) {
                    Some(chase) => Some(Sampler::new(chase)?),
                    None => None,
                };
                let unanswered = |&dependency: &usize| {
                    let planned = &plan.dependencies[dependency];
                    let own = || planned.silence.as_ref().map(|(_, chase)| chase.clone());
                    let unknown = || unknown_chase(planned.at, plan.organization.description(), path);
                    let chase = given.clone().or_else(own).ok_or_else(unknown)?;
                    Ok(Hit::Unanswered { dependency, chase })
                };
                struck.iter().map(unanswered).collect::<Result<_, _>>()?
            }
            Effect::Quality => {
                let factor = shock.quality.unwrap_or(1.0);
                services().into_iter().map(|service| Hit::Quality { service, factor, by_employee }).collect()
            }
            Effect::Pace => {
                let factor = shock.pace.unwrap_or(1.0);
                let pace = |&one: &usize| {
                    if by_employee {
                        Hit::EmployeePace { employee: one, factor }
                    } else {
                        Hit::ServicePace { service: one, factor }
                    }
                };
                struck.iter().map(pace).collect()
            }
        };
        Ok((hits, ids))
    }
}

fn sampler(of: Option<&Distribution>) -> Result<Sampler, Error> {
    of.map_or_else(|| Sampler::new(&Distribution::constant(0.0)), Sampler::new)
}
