//! Stories: the hours add up exactly, whatever the organisation; each kind of event where it must be; the page.

use ripple_effect::story::{Engagement, Story, StoryKind};
use ripple_effect::{Organization, Simulation};

const EVERY_FACET: &str = include_str!("../golden/every_facet.json");
const MANAGERS: &str = include_str!("../../examples/organizations/high_tech_managers.json");
const DESK: &str = include_str!("../../examples/organizations/service_desk.json");

fn run(model: &str, seed: u64) -> Simulation {
    Organization::from_json(model).unwrap().simulate().unwrap().seed(seed)
}

/// Every customer in every round of these replications.
fn stories(run: &Simulation, replications: std::ops::Range<u64>, mut look: impl FnMut(&Story)) {
    let customers = run.plan().customer_waits();
    for replication in replications {
        let trace = run.trace(replication).unwrap();
        for round in 0..trace.rounds.len() as u32 {
            for (customer, ..) in &customers {
                look(&Story::of(run.plan(), &trace, customer, round).unwrap());
            }
        }
    }
}

#[test]
fn hours_add_up_exactly_in_every_story() {
    let mut kinds = std::collections::BTreeSet::new();
    for (model, replications) in [(EVERY_FACET, 600), (MANAGERS, 12), (DESK, 200)] {
        let mut told = 0;
        stories(&run(model, 11), 0..replications, |story| {
            let added: f64 = story.events().iter().map(|event| event.adds).sum();
            assert_eq!(added, story.wait - story.planned_wait, "{}", story.report());
            let caused: f64 = story.causes().iter().map(|cause| cause.hours).sum();
            assert_eq!(caused, added);
            let last = story.events().last().unwrap();
            assert_eq!((last.kind, last.behind), (StoryKind::Received, Some(added)));
            kinds.extend(story.events().iter().map(|event| event.kind));
            told += 1;
        });
        assert!(told >= 200);
    }
    for kind in [StoryKind::Absent, StoryKind::Timetable, StoryKind::Busy, StoryKind::TooClose, StoryKind::Mistake] {
        assert!(kinds.contains(&kind), "{kind:?} never happened");
    }
}

#[test]
fn look() {
    let run = run(EVERY_FACET, 11);
    for which in [Engagement::LongestWait, Engagement::MedianWait, Engagement::MedianLate, Engagement::LeastSatisfied] {
        println!("{}", run.clone().replications(500).story("Guests", which).unwrap().report());
    }
}
