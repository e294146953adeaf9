//! What must not change any bit: the order of the file, names, people whom nobody needs, threads, writing and reading.

use std::collections::HashMap;

use proptest::prelude::*;
use proptest::sample::Index;
use ripple_effect::organization::{Dependency, Description, Employee, Service};
use ripple_effect::{Detail, Organization, Outcome};
use serde_json::Value;

use crate::organizations::{cases, organizations};

/// Beyond one block, so that blocks are merged.
const REPLICATIONS: u64 = 300;

fn outcome(organization: &Organization, seed: u64) -> Outcome {
    let simulation = organization.simulate().expect("circles were mended");
    simulation.seed(seed).replications(REPLICATIONS).detail(Detail::Full).run().expect("runs")
}

/// All figures, by list and name. JSON keeps every bit of a number but those of NaN.
fn figures(outcome: &Outcome) -> HashMap<(String, String), Value> {
    let mut summary = serde_json::to_value(outcome.summary()).expect("JSON");
    let mut figures = HashMap::new();
    for list in ["customers", "services", "dependencies", "employees", "departments"] {
        for thing in summary[list].take().as_array().expect("a list") {
            let name = thing.get("id").or_else(|| thing.get("name")).and_then(Value::as_str).expect("a name");
            let before = figures.insert((list.to_owned(), name.to_owned()), thing.clone());
            assert!(before.is_none(), "{name} stands twice among {list}");
        }
    }
    for round in summary["rounds"].as_array().expect("a list") {
        for customer in round["customers"].as_array().expect("a list") {
            let key = format!("{} in round {}", customer["name"], round["round"]);
            assert!(figures.insert(("rounds".to_owned(), key), customer.clone()).is_none());
        }
    }
    figures
}

/// By text, as 0 and -0 are equal numbers and different bits.
fn assert_same(before: &HashMap<(String, String), Value>, after: &HashMap<(String, String), Value>) {
    for (key, value) in before {
        let (value, other) = (value.to_string(), after.get(key).map(Value::to_string));
        assert_eq!(Some(&value), other.as_ref(), "{key:?} changed");
    }
}

fn shuffled(description: &Description, keys: &[u32]) -> Description {
    let mut keys = keys.iter().cycle().copied();
    let mut description = description.clone();
    description.departments.sort_by_cached_key(|_| keys.next());
    description.customers.sort_by_cached_key(|_| keys.next());
    description.dependencies.sort_by_cached_key(|_| keys.next());
    description.employees.sort_by_cached_key(|_| keys.next());
    for employee in &mut description.employees {
        employee.services.sort_by_cached_key(|_| keys.next());
    }
    description
}

/// What a thing called `name` is called after the renaming: names come in another order then.
fn renamed(name: &str) -> String {
    let letter = name.bytes().last().map_or('a', |last| char::from(b'a' + (255 - last) % 26));
    format!("{letter}~{name}")
}

fn renamed_reference(reference: &str) -> String {
    reference.split('/').map(renamed).collect::<Vec<_>>().join("/")
}

/// Another name for everybody and everything, the ids as they were.
fn all_renamed(description: &Description) -> Description {
    let mut description = description.clone();
    for department in &mut description.departments {
        department.id.get_or_insert_with(|| department.name.clone());
        department.name = renamed(&department.name);
    }
    for employee in &mut description.employees {
        let id = employee.id.get_or_insert_with(|| employee.name.clone()).clone();
        employee.name = renamed(&employee.name);
        employee.department = employee.department.as_deref().map(renamed);
        for service in &mut employee.services {
            let default_id = service.name.as_ref().map_or_else(|| id.clone(), |name| format!("{id}/{name}"));
            service.id.get_or_insert(default_id);
            service.name = service.name.as_deref().map(renamed);
            if let Some(backup) = &mut service.backup {
                backup.employee = renamed(&backup.employee);
            }
        }
    }
    for customer in &mut description.customers {
        customer.id.get_or_insert_with(|| customer.name.clone());
        customer.name = renamed(&customer.name);
        for stage in customer.journey.iter_mut().flatten() {
            *stage = renamed_reference(stage);
        }
    }
    for dependency in &mut description.dependencies {
        dependency.provider = renamed_reference(&dependency.provider);
        dependency.receiver = renamed_reference(&dependency.receiver);
        dependency.need = Some("spelt otherwise".to_owned());
    }
    description
}

/// Takes the new names out of figures again.
fn with_old_names(figures: HashMap<(String, String), Value>) -> HashMap<(String, String), Value> {
    fn old(text: &str) -> String {
        let part = |part: &str| part.split_once('~').map_or(part, |(_, name)| name).to_owned();
        text.split('/').map(part).collect::<Vec<_>>().join("/")
    }
    fn walk(value: &mut Value) {
        match value {
            Value::String(text) => *text = old(text),
            Value::Array(list) => list.iter_mut().for_each(walk),
            Value::Object(fields) => {
                fields.values_mut().for_each(walk);
                if let Some(need) = fields.get_mut("need") {
                    *need = Value::Null;
                }
            }
            _ => {}
        }
    }
    figures
        .into_iter()
        .map(|((list, name), mut value)| {
            walk(&mut value);
            let name = match list.as_str() {
                "rounds" => {
                    let (quoted, round) = name.rsplit_once(" in round ").expect("a round");
                    format!("\"{}\" in round {round}", old(quoted.trim_matches('"')))
                }
                "dependencies" => name,
                _ => old(&name),
            };
            ((list, name), value)
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn the_order_of_the_file_changes_no_bit(
        organization in organizations(),
        keys in proptest::collection::vec(any::<u32>(), 20..60),
        seed in 0u64..1_000,
    ) {
        let other = Organization::new(shuffled(organization.description(), &keys)).expect("the same in another order");
        let (before, after) = (outcome(&organization, seed), outcome(&other, seed));
        prop_assert_eq!(&before.meta().model_hash, &after.meta().model_hash);
        let (before, after) = (figures(&before), figures(&after));
        prop_assert_eq!(before.len(), after.len());
        assert_same(&before, &after);
    }

    #[test]
    fn names_change_no_bit_where_ids_are_kept(organization in organizations(), seed in 0u64..1_000) {
        let other = Organization::new(all_renamed(organization.description())).expect("the same under other names");
        let before = figures(&outcome(&organization, seed));
        let after = with_old_names(figures(&outcome(&other, seed)));
        prop_assert_eq!(before.len(), after.len());
        assert_same(&before, &after);
    }

    /// A department that gets a new colleague has other figures; nobody else has.
    #[test]
    fn an_employee_whom_nobody_needs_changes_nobodys_figures(
        organization in organizations(),
        provider in any::<Index>(),
        joins in any::<Option<Index>>(),
        lag in proptest::option::of(0u32..3),
        first in any::<bool>(),
        seed in 0u64..1_000,
    ) {
        let mut description = organization.description().clone();
        let mut trainee = Employee::new("0 Trainee");
        trainee.department = joins
            .filter(|_| !description.departments.is_empty())
            .map(|index| index.get(&description.departments).name.clone());
        let trainee = trainee.service(Service::new(ripple_effect::Distribution::exponential(9.0)).error_rate(0.5));
        let providers: Vec<&str> = description.dependencies.iter().map(|d| d.provider.as_str()).collect();
        let mut watches = Dependency::new(*provider.get(&providers), "0 Trainee").silent(0.5, 5.0).inspected(0.5, 2.0);
        watches.lag = lag;
        watches.strength = Some(1.0.into());
        if first {
            description.employees.insert(0, trainee);
            description.dependencies.insert(0, watches);
        } else {
            description.employees.push(trainee);
            description.dependencies.push(watches);
        }
        let other = Organization::new(description).expect("a new colleague is welcome");
        let mut before = figures(&outcome(&organization, seed));
        before.retain(|(list, _), _| list != "departments");
        assert_same(&before, &figures(&outcome(&other, seed)));
    }

    #[test]
    fn threads_change_no_bit(organization in organizations(), seed in 0u64..1_000) {
        let run = |threads: usize| {
            let simulation = organization.simulate().expect("circles were mended").seed(seed);
            simulation.replications(1_000).detail(Detail::Full).threads(threads).run().expect("runs")
        };
        let one = run(1);
        for threads in [2, 7] {
            let other = run(threads);
            prop_assert!(one == other, "{} threads", threads);
            prop_assert_eq!(one.to_json(), other.to_json());
        }
    }

    #[test]
    fn an_outcome_is_read_as_it_was_written(organization in organizations(), seed in 0u64..1_000) {
        let written = outcome(&organization, seed);
        let read = Outcome::from_json(&written.to_json()).expect("what was written can be read");
        prop_assert!(written == read);
        prop_assert_eq!(written.to_json(), read.to_json());
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn an_organization_is_read_as_it_was_written(organization in organizations()) {
        let read = Organization::from_json(&organization.to_json()).expect("what was written can be read");
        prop_assert_eq!(read.description(), organization.description());
        prop_assert_eq!(read.fingerprint(), organization.fingerprint());
        prop_assert_eq!(read.to_json(), organization.to_json());
    }
}
