//! Stories: the hours add up exactly, whatever the organisation; each kind of event where it must be; the page.

use ripple_effect::story::{Engagement, Story, StoryKind};
use ripple_effect::{ErrorKind, Organization, Simulation};

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
fn the_guide_shows_what_is_told() {
    let bank = include_str!("../../examples/organizations/regional_bank.json");
    let run = run(bank, 7).rounds(4).replications(2_000);
    let page = run.story("Business customers", Engagement::MedianLate).unwrap().report();
    let guide = include_str!("../../docs/guides/telling-the-story.md").replace("\r\n", "\n");
    assert!(guide.contains(&page), "docs/guides/telling-the-story.md shows another page than\n{page}");
}

/// Ana works 5 h where 2 h are planned; Ben has 1 h to spare before his own 2 h; the guests are promised 6 h.
fn two_people() -> Organization {
    Organization::builder("Shop")
        .department("Back")
        .with(|shop| shop.hours_per_day(8.0))
        .employee("Ana", |e| e.department("Back").provides_with("stock list", 5.0, |s| s.standard(2.0).error_rate(1.0)))
        .employee("Ben", |e| e.provides_with("advice", 2.0, |s| s.buffer(1.0)))
        .customer("Guests", |c| c.promise(6.0))
        .serves_with("Ana", "Ben", "what is in stock", |d| d.silent(1.0, 4.0).inspected(1.0, 0.5))
        .serves_with("Ben", "Guests", "advice", |d| d.handoff(0.25))
        .build()
        .unwrap()
}

#[test]
fn is_what_one_works_out_by_hand() {
    let story = two_people().simulate().unwrap().story("Guests", Engagement::At { replication: 0, round: 0 }).unwrap();
    let told: Vec<_> =
        story.events().iter().map(|event| (event.kind, event.who.as_str(), event.time, event.adds)).collect();
    assert_eq!(
        told,
        [
            (StoryKind::Began, "Ana", 0.0, 0.0),
            (StoryKind::Worked, "Ana", 5.0, 3.0),
            (StoryKind::HandedOver, "Ana", 5.0, 0.0),
            (StoryKind::Unanswered, "Ana", 9.0, 4.0),
            (StoryKind::Caught, "Ben", 9.5, 0.5),
            (StoryKind::Arrived, "Ana", 9.5, 0.0),
            (StoryKind::Slack, "Ben", 9.5, -1.0),
            (StoryKind::Worked, "Ben", 11.5, 0.0),
            (StoryKind::HandedOver, "Ben", 11.75, 0.0),
            (StoryKind::Arrived, "Ben", 11.75, 0.0),
            (StoryKind::Received, "Guests", 11.75, 0.0),
        ]
    );
    assert_eq!((story.wait, story.planned_wait, story.lateness, story.error), (11.75, 5.25, 5.75, false));
    assert_eq!(story.dependencies(), ["Ana/stock list -> Ben/advice", "Ben/advice -> Guests"]);
    let arrived = &story.events()[5];
    assert_eq!((arrived.hours, arrived.planned_hours, arrived.need.as_deref()), (9.5, 2.0, Some("what is in stock")));
    let page = story.report();
    for line in [
        "Guests waited 11.8 h = 1.5 working days, 5.8 h = 0.7 working days late.",
        "Ana did not answer Ben, who lost 4.0 h asking again.",
        "Ben found a mistake in what is in stock from Ana, and put it right: 0.5 h lost.",
        "Ben had 1.0 h to spare, which took up part of the delay.",
        "+4.0 h  Ana did not answer",
    ] {
        let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(page.contains(&line), "{line}\n{page}");
    }
}

#[test]
fn finds_the_engagement_that_is_asked_for() {
    let run = run(EVERY_FACET, 3).replications(400);
    let mut waits = Vec::new();
    let warmup = run.plan().warmup();
    stories(&run, 0..400, |story| {
        if story.customer == "Guests" && story.round >= warmup {
            waits.push(story.wait);
        }
    });
    waits.sort_by(f64::total_cmp);
    let late: Vec<f64> = waits.iter().copied().filter(|wait| *wait > 9.0).collect();
    let wait = |which| run.story("Guests", which).unwrap().wait;
    assert_eq!(wait(Engagement::LongestWait), *waits.last().unwrap());
    assert_eq!(wait(Engagement::MedianWait), waits[(waits.len() - 1) / 2]);
    assert_eq!(wait(Engagement::MedianLate), late[(late.len() - 1) / 2]);
    assert!(!run.story("Guests", Engagement::LeastSatisfied).unwrap().perfect);
}

#[test]
fn mistakes_are_told_where_they_reached_the_customer() {
    let (mut with, mut without) = (0, 0);
    stories(&run(EVERY_FACET, 2), 0..300, |story| {
        let made = story.events().iter().filter(|event| event.kind == StoryKind::Mistake).count();
        assert_eq!(made > 0, story.error, "{}", story.report());
        let half_done = story.events().iter().any(|event| event.kind == StoryKind::HalfDone);
        assert_eq!(half_done, story.quality < story.perfect_quality, "{}", story.report());
        if story.error { with += 1 } else { without += 1 }
    });
    assert!(with > 50 && without > 50);
}

#[test]
fn a_long_chain_is_told_in_few_lines() {
    let mut builder = Organization::builder("Long").customer("Guests", |c| c.promise(50.0));
    for index in 0..60 {
        let hours = ripple_effect::Distribution::exponential(1.0);
        builder = builder.employee(format!("P{index:02}"), |e| e.provides("work", hours));
    }
    for index in 1..60 {
        builder = builder.serves(format!("P{:02}", index - 1), format!("P{index:02}"), "it");
    }
    let long = builder.serves("P59", "Guests", "all").build().unwrap();
    let story = long.simulate().unwrap().story("Guests", Engagement::At { replication: 1, round: 0 }).unwrap();
    assert!(story.events().len() > 120);
    let page = story.report();
    assert!(page.lines().count() < 90 && page.contains("smaller steps") && page.contains("smaller causes"), "{page}");
    assert!(page.lines().all(|line| line.chars().count() <= 100), "{page}");
}

#[test]
fn refuses_what_does_not_belong_together() {
    let run = run(EVERY_FACET, 1);
    let trace = run.trace(0).unwrap();
    let of = |customer: &str, round: u32| Story::of(run.plan(), &trace, customer, round).unwrap_err();
    assert_eq!(of("Guest", 0).kind(), ErrorKind::Name);
    assert!(of("Guest", 0).mend().contains("Guests"));
    assert_eq!(of("Guests", 5).kind(), ErrorKind::Range);
    let other = two_people().plan().unwrap();
    assert_eq!(Story::of(&other, &trace, "Guests", 0).unwrap_err().kind(), ErrorKind::Mismatch);
    let mut torn = trace.clone();
    torn.rounds[1].services[0].done_by = "Nobody".to_owned();
    assert_eq!(Story::of(run.plan(), &torn, "Guests", 1).unwrap_err().kind(), ErrorKind::Mismatch);
    let always = two_people().simulate().unwrap().replications(50);
    assert!(always.story("Guests", Engagement::MedianLate).is_ok());
    let mut patient = two_people().description().clone();
    patient.set("Guests.promise", "100").unwrap();
    let patient = Organization::new(patient).unwrap().simulate().unwrap().replications(50);
    assert_eq!(patient.story("Guests", Engagement::MedianLate).unwrap_err().kind(), ErrorKind::Range);
}

#[cfg(feature = "xes")]
mod xes {
    use super::{EVERY_FACET, run, two_people};
    use ripple_effect::story::EventLog;

    fn log(log: &EventLog) -> String {
        let mut text = Vec::new();
        log.write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn holds_each_engagement_and_its_work() {
        let text = log(&EventLog::new(&two_people().simulate().unwrap()).replications(0..3).begins(2024, 2, 29));
        assert_eq!(text.matches("<trace>").count(), 3);
        // Two services, one chase and one rework, each with start and completion; asks and has everything.
        assert_eq!(text.matches("<event>").count(), 3 * (4 * 2 + 2));
        assert_eq!(text.matches("value=\"start\"").count(), 3 * 4);
        assert!(text.contains("2024-02-29T11:45:00.000+00:00"));
        assert!(EventLog::new(&two_people().simulate().unwrap()).begins(2023, 2, 29).write(&mut Vec::new()).is_err());
    }

    /// Reads a log with pm4py, where that is installed.
    #[test]
    fn opens_in_pm4py() {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("every_facet.xes");
        std::fs::write(&path, log(&EventLog::new(&run(EVERY_FACET, 4)).replications(0..20))).unwrap();
        let script = "import sys\n\
            try:\n    import pm4py\n\
            except ImportError:\n    print('no pm4py'); sys.exit()\n\
            log = pm4py.read_xes(sys.argv[1])\n\
            print(log['case:concept:name'].nunique(), len(log['org:resource'].unique()) > 3, log['time:timestamp'].is_monotonic_increasing or 'by case')";
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let Ok(output) = std::process::Command::new(python).arg("-c").arg(script).arg(&path).output() else {
            println!("skipped: no Python");
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout);
        if said.contains("no pm4py") {
            println!("skipped: pm4py is not installed");
            return;
        }
        // 20 replications, 5 rounds, 2 customers.
        assert!(said.contains("200 True"), "{said}{}", String::from_utf8_lossy(&output.stderr));
    }
}
