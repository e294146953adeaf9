//! The random streams as a run uses them: they are those of the document, and draws that stand side by side in a run have
//! nothing to do with each other. `benches/streams/run` asks the second question of far more words.

use std::sync::LazyLock;

use ripple_effect::organization::Description;
use ripple_effect::{Distribution, Observer, Organization, Sample, Sampler};

use crate::oracle::on_grid;

#[allow(dead_code, reason = "the battery uses the rest")]
#[path = "../../benches/streams/contract.rs"]
mod contract;

use contract::{
    CHASE, DEPARTMENT, DEPENDENCY, EMPLOYEE, FAULT, LANES, RELEASE, SECOND, SERVICE, SILENCE, Stream, THIRD, TIME,
    Thing,
};

/// Every draw of whole replications is what the second implementation of the contract gives for its address.
#[test]
fn draws_are_those_of_the_document() {
    contract::check();
    // Observations take a whole word, all else half a one.
    let observed = Distribution::empirical([0.5, 1.0, 1.75, 2.5]);
    let hours = Distribution::uniform(0.5, 2.5);
    let pace = Distribution::triangular(0.8, 1.0, 1.4);
    let workmanship = Distribution::pert(0.3, 0.7, 1.0);
    let organization = Organization::builder("Office")
        .with(|all| all.cadence(hours.clone()).rounds(3_u32))
        .department_with("Back office", |department| department.pace(pace.clone()))
        .employee("Zoë", |e| {
            e.department("Back office").pace(pace.clone()).absence(0.3).provides_with("forms", hours.clone(), |s| {
                s.id("first").error_rate(0.6).workmanship(workmanship.clone())
            })
        })
        .employee("Ana", |e| e.provides_with("answers", observed.clone(), |s| s.id("s0")))
        .customer("Guests", |c| c.promise(4.0))
        .serves_with("Zoë", "Ana", "forms", |d| {
            d.id("forms")
                .handoff(hours.clone())
                .needed(0.8)
                .inspected(0.4, hours.clone())
                .silent(0.5, hours.clone())
                .transmission(0.5)
        })
        .serves("Ana", "Guests", "answers")
        .build()
        .unwrap();
    let [hours, observed, pace, workmanship] =
        [&hours, &observed, &pace, &workmanship].map(|one| Sampler::new(one).unwrap());
    let mut seen = [false; 4];
    for seed in [0, 7, u64::MAX] {
        let simulation = organization.simulate().unwrap().seed(seed);
        let thing = |kind, id| Thing::new(seed, kind, id);
        for replication in (0..600).step_by(7).chain([255, 256, (1 << 40) - 1]) {
            let trace = simulation.trace(replication).unwrap();
            let (block, lane) = (replication / LANES, replication % LANES);
            let mut release = 0.0;
            for round in &trace.rounds {
                let of = |kind, id| thing(kind, id).stream(block, round.round);
                let drawn =
                    |from: &Sampler, stream: Stream, facet| from.sample(u64::from(stream.half(facet, lane)) << 32);
                let drawn_hours = |stream, facet| on_grid(drawn(&hours, stream, facet));
                if round.round > 0 {
                    release += drawn_hours(of(RELEASE, ""), TIME);
                }
                assert_eq!(round.release, release);
                assert_eq!(!round.absent.is_empty(), of(EMPLOYEE, "Zoë").happens(FAULT, lane, 0.3));

                let find = |label| round.services.iter().find(|one| one.service == label).unwrap();
                let (zoe, ana, stream) = (find("Zoë/forms"), find("Ana/answers"), of(SERVICE, "first"));
                assert_eq!(ana.duration, on_grid(observed.sample(of(SERVICE, "s0").word(TIME, lane))));
                assert_eq!(zoe.duration, drawn_hours(stream, TIME));
                assert_eq!(zoe.own_error, stream.happens(FAULT, lane, 0.6));
                assert_eq!(zoe.workmanship, drawn(&workmanship, stream, SECOND));
                let paces = [of(EMPLOYEE, "Zoë"), of(DEPARTMENT, "Back office")];
                assert_eq!(zoe.pace, paces.map(|stream| drawn(&pace, stream, TIME)).iter().product::<f64>());

                let forms = round.dependencies.iter().find(|one| one.dependency == "forms").unwrap();
                let stream = of(DEPENDENCY, "forms");
                assert_eq!(forms.needed, stream.happens(THIRD, lane, 0.8));
                if forms.needed {
                    assert_eq!(forms.handoff, drawn_hours(stream, TIME));
                    assert_eq!(forms.silent, stream.happens(SILENCE, lane, 0.5));
                }
                if forms.silent {
                    assert_eq!(forms.chase, drawn_hours(stream, CHASE));
                }
                if forms.error_in {
                    assert_eq!(forms.caught, stream.happens_above(FAULT, lane, 0.4));
                    if forms.caught {
                        assert_eq!(forms.rework, drawn_hours(stream, SECOND));
                    } else if forms.used {
                        assert_eq!(forms.passed, stream.happens(FAULT, lane, 0.6 * 0.5));
                    }
                }
                seen = [
                    seen[0] || !round.absent.is_empty(),
                    seen[1] || forms.silent,
                    seen[2] || forms.caught,
                    seen[3] || forms.passed,
                ];
            }
        }
    }
    assert_eq!(seen, [true; 4], "absent, silent, caught, passed");
}

const SEEDS: usize = 8;
const ROUNDS: usize = 16;
const REPLICATIONS: usize = 1024;
const IDS: usize = 8;
const DRAWS: usize = SEEDS * ROUNDS * REPLICATIONS * IDS;

/// Draws of a run that an observer sees, for neighbouring seeds: each customer is served by one person, so its wait is a
/// draw of hours between 0 and 1, and whether an error arrives is a chance.
struct Draws {
    hours: Vec<f64>,
    errors: Vec<bool>,
}

const ERROR_RATE: f64 = 0.3;

/// The directions in which draws have neighbours, and how far apart these are.
const DIRECTIONS: [(&str, usize, usize); 9] = [
    ("ids", 1, 1),
    ("rounds", IDS, 1),
    ("lanes", IDS * ROUNDS, 1),
    ("lanes two apart", IDS * ROUNDS, 2),
    ("lanes of two words of a chance", IDS * ROUNDS, 64),
    ("lanes half a block apart", IDS * ROUNDS, 128),
    ("blocks", IDS * ROUNDS, 256),
    ("blocks two apart", IDS * ROUNDS, 512),
    ("seeds", IDS * ROUNDS * REPLICATIONS, 1),
];

static MADE: LazyLock<Draws> = LazyLock::new(Draws::make);

struct Waits(Draws);

impl Observer for Waits {
    fn wants_samples(&self) -> bool {
        true
    }

    fn samples(&mut self, samples: &[Sample]) {
        self.0.hours.extend(samples.iter().map(|sample| sample.wait));
        self.0.errors.extend(samples.iter().map(|sample| sample.error));
    }
}

impl Draws {
    /// In the order of seed, replication, round, id; the last runs fastest.
    fn make() -> Self {
        let all = |all: Description| all.cadence(4.0).rounds(ROUNDS as u32);
        let mut builder = Organization::builder("Neighbours").with(all);
        for number in 0..IDS {
            let (person, customer) = (format!("s{number}"), format!("c{number}"));
            builder = builder
                .employee(&person, |e| {
                    e.provides_with("answers", Distribution::uniform(0.0, 1.0), |s| s.error_rate(ERROR_RATE))
                })
                .customer(&customer, |c| c.promise(1.0))
                .serves(person, customer, "answers");
        }
        let plan = builder.build().unwrap().plan().unwrap();
        let mut waits = Waits(Self { hours: Vec::new(), errors: Vec::new() });
        for seed in 0..SEEDS as u64 {
            let simulation = plan.simulate().seed(seed).replications(REPLICATIONS as u64);
            simulation.run_observed(&mut waits).unwrap();
        }
        assert_eq!(waits.0.hours.len(), DRAWS);
        waits.0
    }

    /// Places of neighbours: every place that has one so far ahead.
    fn pairs(stride: usize, distance: usize) -> impl Iterator<Item = (usize, usize)> {
        let length = DIRECTIONS.iter().map(|one| one.1).chain([DRAWS]).filter(|&size| size > stride).min().unwrap();
        let ahead = stride * distance;
        (0..DRAWS).filter(move |place| place % length + ahead < length).map(move |place| (place, place + ahead))
    }

    /// All draws in an order in which the given direction runs fastest.
    fn along(&self, stride: usize) -> Vec<f64> {
        let length = DIRECTIONS.iter().map(|one| one.1).chain([DRAWS]).filter(|&size| size > stride).min().unwrap();
        let starts = (0..DRAWS).filter(|place| place % length < stride);
        starts.flat_map(|start| (start..start + length).step_by(stride)).map(|place| self.hours[place]).collect()
    }
}

/// Draws of neighbours are uncorrelated, and so are their distances from the middle, and chances with chances and with
/// hours: |r| < 5 / sqrt(n). The pairs fill a square evenly: chi-squared over 16 x 16 within 5 standard deviations.
#[test]
fn neighbours_have_nothing_to_do_with_each_other() {
    let draws = &*MADE;
    let centred: Vec<f64> = draws.hours.iter().map(|hours| (hours - 0.5) * 12_f64.sqrt()).collect();
    let spread: Vec<f64> =
        draws.hours.iter().map(|hours| ((hours - 0.5).powi(2) - 1.0 / 12.0) * 180_f64.sqrt()).collect();
    let sd = (ERROR_RATE * (1.0 - ERROR_RATE)).sqrt();
    let errors: Vec<f64> = draws.errors.iter().map(|&error| (f64::from(u8::from(error)) - ERROR_RATE) / sd).collect();
    let uncorrelated = |what: &str, pairs: &mut dyn Iterator<Item = f64>| {
        let (count, sum) = pairs.fold((0.0, 0.0), |(count, sum), product: f64| (count + 1.0, sum + product));
        let r: f64 = sum / count;
        assert!(r.abs() < 5.0 / f64::sqrt(count), "{what}: r = {r} over {count} pairs");
    };
    uncorrelated("hours and chances of one service", &mut (0..DRAWS).map(|place| centred[place] * errors[place]));
    for (direction, stride, distance) in DIRECTIONS {
        for (what, a, b) in [
            ("hours", &centred, &centred),
            ("distances from the middle", &spread, &spread),
            ("chances", &errors, &errors),
            ("hours and chances", &centred, &errors),
            ("chances and hours", &errors, &centred),
        ] {
            let mut products = Draws::pairs(stride, distance).map(|(place, next)| a[place] * b[next]);
            uncorrelated(&format!("{what} of neighbouring {direction}"), &mut products);
        }

        const SIDE: usize = 16;
        let mut cells = [0.0; SIDE * SIDE];
        let cell = |hours: f64| ((hours * SIDE as f64) as usize).min(SIDE - 1);
        let mut count = 0.0;
        for (place, next) in Draws::pairs(stride, distance) {
            cells[SIDE * cell(draws.hours[place]) + cell(draws.hours[next])] += 1.0;
            count += 1.0;
        }
        let expected = count / cells.len() as f64;
        let chi_squared: f64 = cells.iter().map(|found| (found - expected).powi(2) / expected).sum();
        let free = cells.len() as f64 - 1.0;
        let z = (chi_squared - free) / (2.0 * free).sqrt();
        assert!(z.abs() < 5.0, "pairs of neighbouring {direction}: chi-squared {chi_squared}, z = {z}");
    }
}

/// Birthday spacings (Marsaglia 1985): of 2^12 birthdays in a year of 2^30 days, sorted, n^3 / 4k = 16 spacings are
/// expected to come again, with a variance of as many; here within 5 standard deviations over all sets.
#[test]
fn birthdays_lie_no_closer_than_by_chance() {
    const BIRTHDAYS: usize = 1 << 12;
    const DAYS: u64 = 1 << 30;
    let draws = &*MADE;
    for (direction, stride, distance) in DIRECTIONS {
        if distance > 1 {
            continue;
        }
        let mut again = 0.0;
        let along = draws.along(stride);
        for set in along.chunks_exact(BIRTHDAYS) {
            let mut days: Vec<u64> = set.iter().map(|hours| (hours * DAYS as f64) as u64 % DAYS).collect();
            days.sort_unstable();
            let mut spacings: Vec<u64> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
            spacings.push(days[0] + DAYS - days[BIRTHDAYS - 1]);
            spacings.sort_unstable();
            again += spacings.windows(2).filter(|pair| pair[0] == pair[1]).count() as f64;
        }
        let expected = (DRAWS / BIRTHDAYS) as f64 * (BIRTHDAYS as f64).powi(3) / (4 * DAYS) as f64;
        let z = (again - expected) / expected.sqrt();
        assert!(z.abs() < 5.0, "{direction}: {again} spacings came again where {expected} are expected, z = {z}");
    }
}

/// Collisions (Knuth, The Art of Computer Programming, volume 2, 3.3.2): 2^20 draws thrown into 2^24 cells by the upper 24
/// bits of their fractions, and by the lower 24 of 30: as many meet as do by chance, within 5 standard deviations.
#[test]
fn draws_meet_no_more_often_than_by_chance() {
    const CELLS: f64 = (1 << 24) as f64;
    let draws = &*MADE;
    let n = DRAWS as f64;
    let empty = CELLS * (n * (-1.0 / CELLS).ln_1p()).exp();
    let expected = n - (CELLS - empty);
    // The variance of the number of empty cells.
    let two_empty = CELLS * (CELLS - 1.0) * (n * (-2.0 / CELLS).ln_1p()).exp();
    let variance = two_empty + empty - empty * empty;
    for (what, shift) in [("upper", 6), ("lower", 0)] {
        let mut taken = vec![false; 1 << 24];
        let mut met = 0.0;
        for hours in &draws.hours {
            let cell = ((hours * f64::from(1 << 30)) as usize >> shift) & ((1 << 24) - 1);
            if std::mem::replace(&mut taken[cell], true) {
                met += 1.0;
            }
        }
        let z = (met - expected) / variance.sqrt();
        assert!(z.abs() < 5.0, "{what} bits: {met} draws met others where {expected} are expected, z = {z}");
    }
}
