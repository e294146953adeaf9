//! Long and cut-up runs: parts, checkpoints, precision, cancellation. Whatever happens on the way, the bits are those of
//! one run from start to end.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ripple_effect::{Detail, Distribution, ErrorKind, Observer, Organization, Outcome, Sample, Simulation};

const MODEL: &str = include_str!("../golden/every_facet.json");

fn simulation() -> Simulation {
    Organization::from_json(MODEL).unwrap().simulate().unwrap().seed(9).detail(Detail::Full)
}

/// A wait that is exponential with a mean of 2 hours, and nothing else.
fn exponential() -> Simulation {
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", Distribution::exponential(2.0)))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list");
    shop.build().unwrap().simulate().unwrap()
}

/// Stops after so many calls of progress.
struct Stops {
    after: usize,
    seen: Vec<(u64, u64)>,
}

impl Observer for Stops {
    fn progress(&mut self, done: u64, of: u64) {
        self.seen.push((done, of));
    }

    fn wants_to_stop(&self) -> bool {
        self.seen.len() >= self.after
    }
}

#[test]
fn parts_merge_from_files_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let whole = simulation().replications(5_000);
    let parts: Vec<_> = (0..4).map(|index| folder.path().join(format!("part {index}.json"))).collect();
    for (index, part) in (0..).zip(&parts) {
        whole.clone().shard(index, 4).run().unwrap().save(part).unwrap();
    }
    let expected = whole.run().unwrap();
    for order in [[0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]] {
        let merged = Outcome::merge_files(&order.map(|index| &parts[index])).unwrap();
        assert_eq!(merged.to_json(), expected.to_json());
        assert_eq!(merged.summary().report(), expected.summary().report());
        assert!(merged.missing().is_empty());
    }
    // A tree of merges: halves, written again, then both.
    let half = folder.path().join("half.json");
    Outcome::merge_files(&[&parts[3], &parts[1]]).unwrap().save(&half).unwrap();
    let merged = Outcome::merge_files(&[&parts[2], &half, &parts[0]]).unwrap();
    assert_eq!(merged.to_part().unwrap(), expected.to_part().unwrap());
    // Nothing is left beside the files.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
}

#[test]
fn a_part_knows_that_it_is_one() {
    let whole = simulation().replications(5_000);
    let mut merged = whole.clone().shard(2, 3).run().unwrap();
    assert_eq!(merged.missing().as_slice(), std::slice::from_ref(&(0..3_328)));
    assert_eq!((merged.meta().replications, merged.meta().missing), (1_672, 3_328));
    let page = merged.summary().report();
    assert!(page.contains("A PART OF THE RUN ONLY: 3,328 more runs are missing."), "{page}");
    assert!(serde_json::to_string(&merged.summary()).unwrap().contains("\"missing\":3328"));
    merged.merge(&whole.clone().shard(0, 3).run().unwrap()).unwrap();
    assert_eq!(merged.missing().as_slice(), std::slice::from_ref(&(1_536..3_328)));
    merged.merge(&whole.clone().shard(1, 3).run().unwrap()).unwrap();
    assert!(merged.missing().is_empty());
    assert!(!merged.summary().report().contains("A PART"));
    // More parts than blocks: some are empty, and merge all the same.
    let few = simulation().replications(300);
    let mut merged = few.clone().shard(0, 3).run().unwrap();
    assert_eq!(merged.meta().replications, 0);
    for index in [2, 1] {
        merged.merge(&Outcome::from_json(&few.clone().shard(index, 3).run().unwrap().to_json()).unwrap()).unwrap();
    }
    assert_eq!(merged, few.run().unwrap());
}

#[test]
fn parts_that_do_not_belong_are_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let run = || simulation().replications(1_024);
    let save = |name: &str, outcome: Outcome| {
        let path = folder.path().join(name);
        outcome.save(&path).unwrap();
        path
    };
    let mine = save("mine.json", run().shard(0, 2).run().unwrap());
    let other = |simulation: Simulation| save("other.json", simulation.shard(1, 2).run().unwrap());
    let mut renamed: serde_json::Value = serde_json::from_str(MODEL).unwrap();
    renamed["customers"][0]["promise"] = serde_json::json!(1.5);
    let model = Organization::from_json(&renamed.to_string()).unwrap().simulate().unwrap().seed(9).detail(Detail::Full);
    for (simulation, what) in [
        (model.replications(1_024), "model"),
        (run().seed(10), "seed 10"),
        (run().rounds(3), "rounds 3"),
        (run().warmup(0), "warm-up 0"),
        (run().detail(Detail::Services), "detail services"),
        (run().replications(2_048), "replications of the whole run 2048"),
    ] {
        let error = Outcome::merge_files(&[&mine, &other(simulation)]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        assert!(error.path().contains("other.json") && error.found().contains(what), "{what}: {error}");
        assert!(error.allowed().contains("mine.json"), "{error}");
    }
    let twice = save("twice.json", run().shard(0, 4).run().unwrap());
    let error = Outcome::merge_files(&[&mine, &twice]).unwrap_err();
    assert!(error.path().contains("twice.json") && error.found().contains("replications 0 to 255"), "{error}");
    assert!(error.found().contains("mine.json"), "{error}");
    // Another version of the crate or of the streams, with a checksum that holds.
    let text = fs::read_to_string(&mine).unwrap();
    for (field, there) in [("\"version\":\"", env!("CARGO_PKG_VERSION")), ("\"stream_version\":", "1")] {
        let content = text.split_once("\"content\":").unwrap().1.trim_end().strip_suffix('}').unwrap();
        let content = content.replacen(&format!("{field}{there}"), &format!("{field}9"), 1);
        use sha2::Digest;
        let sum: String = sha2::Sha256::digest(content.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        let path = folder.path().join("versions.json");
        fs::write(&path, format!("{{\"format\":\"ripple-part/1\",\"sha256\":\"{sum}\",\"content\":{content}}}"))
            .unwrap();
        let error = Outcome::merge_files(&[&path, &twice]).unwrap_err();
        assert!(error.found().contains("version") && error.path().contains("twice.json"), "{error}");
    }
    assert_eq!(Outcome::merge_files::<&Path>(&[]).unwrap_err().kind(), ErrorKind::Range);
}

/// Every cut and every changed byte is found, and named.
#[test]
fn damaged_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.json");
    simulation().detail(Detail::Customers).replications(300).run().unwrap().save(&path).unwrap();
    let good = fs::read(&path).unwrap();
    assert!(Outcome::load(&path).is_ok());
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let error = Outcome::load(&path).unwrap_err();
        assert!(error.kind() == ErrorKind::Mismatch && error.path().contains("part.json"), "{error}");
    };
    for at in (0..good.len() - 2).step_by(101).chain(0..120) {
        refused(&good[..at]);
        let mut changed = good.clone();
        changed[at] ^= 1 << (at % 8);
        refused(&changed);
    }
    refused(b"");
    let error = Outcome::load(folder.path().join("nothing.json")).unwrap_err();
    assert!(error.kind() == ErrorKind::Io && error.path().contains("nothing.json"), "{error}");
    let error = simulation().run().unwrap().save(folder.path().join("no/such/folder.json")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
}

#[test]
fn a_run_can_be_stopped() {
    for threads in [1, 3] {
        let mut observer = Stops { after: 2, seen: Vec::new() };
        let began = Instant::now();
        let run = simulation().replications(1 << 40).threads(threads);
        let error = run.run_observed(&mut observer).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
        assert!(began.elapsed() < Duration::from_secs(20));
        assert_eq!(observer.seen.len(), 2);
        assert!(observer.seen[0].0 <= observer.seen[1].0 && observer.seen[1].1 == 1 << 40);
    }
}

#[test]
fn progress_ends_with_all() {
    for replications in [1, 5_000] {
        let mut observer = Stops { after: usize::MAX, seen: Vec::new() };
        simulation().replications(replications).run_observed(&mut observer).unwrap();
        assert_eq!(observer.seen.last(), Some(&(replications, replications)));
        assert!(observer.seen.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }
}

/// Many threads and little room: samples come in order, once each, and a stop while others wait for their turn ends.
#[test]
fn samples_come_in_order() {
    struct Order {
        next: (u64, u32, usize),
        count: u64,
        stop_at: u64,
    }
    impl Observer for Order {
        fn wants_samples(&self) -> bool {
            true
        }
        fn wants_to_stop(&self) -> bool {
            self.count >= self.stop_at
        }
        fn samples(&mut self, samples: &[Sample]) {
            for sample in samples {
                let at = (sample.replication, sample.round, sample.customer);
                assert!(at >= self.next, "{at:?} after {:?}", self.next);
                self.next = (at.0, at.1, at.2 + 1);
            }
            self.count += samples.len() as u64;
        }
    }
    let run = exponential().rounds(1_000).threads(6);
    let mut order = Order { next: (0, 0, 0), count: 0, stop_at: u64::MAX };
    let outcome = run.clone().replications(6_000).run_observed(&mut order).unwrap();
    assert_eq!((order.count, outcome.meta().replications), (6_000 * 1_000, 6_000));
    let mut order = Order { next: (0, 0, 0), count: 0, stop_at: 1 };
    let error = run.replications(1 << 40).run_observed(&mut order).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
}

#[test]
fn a_run_that_was_stopped_goes_on_from_its_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let whole = || simulation().detail(Detail::Customers).replications(30_000);
    let until = || whole().until("Guests.wait.mean", 1e-9);
    for (name, run) in [("whole", whole()), ("shard", whole().shard(1, 2)), ("until", until())] {
        let expected = run.run().unwrap();
        let path = folder.path().join(name);
        let run = run.checkpoint(&path).checkpoint_every(Duration::ZERO);
        let mut stops = 0;
        let outcome = loop {
            let mut observer = Stops { after: 1, seen: Vec::new() };
            match run.clone().threads(1 + stops % 3).run_observed(&mut observer) {
                Ok(outcome) => break outcome,
                Err(error) => assert_eq!(error.kind(), ErrorKind::Cancelled),
            }
            stops += 1;
        };
        assert!(stops >= 1, "{name}: done before it was stopped");
        assert_eq!(outcome.to_json(), expected.to_json(), "{name} after {stops} stops");
        // All of it is in the file now.
        let mut observer = Stops { after: usize::MAX, seen: Vec::new() };
        assert_eq!(run.run_observed(&mut observer).unwrap(), expected);
        assert_eq!(observer.seen.len(), 1);
    }
}

#[test]
fn checkpoints_of_other_runs_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.json");
    let run = || simulation().replications(2_000).checkpoint(&path);
    run().run().unwrap();
    for (other, what) in [
        (run().seed(3), "seed"),
        (run().replications(3_000), "replications of the whole run"),
        (run().shard(0, 2), "the whole run"),
        (run().until("Guests.perfect", 0.01), "without a precision"),
        (run().detail(Detail::Customers), "detail"),
        (exponential().replications(2_000).checkpoint(&path), "model"),
    ] {
        let error = other.run().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Mismatch);
        assert!(error.path().contains("checkpoint.json") && error.found().contains(what), "{what}: {error}");
    }
    fs::write(&path, "{}").unwrap();
    assert_eq!(run().run().unwrap_err().kind(), ErrorKind::Mismatch);
    let error = simulation().checkpoint(folder.path().join("no/folder.json")).run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io);
    struct Wants;
    impl Observer for Wants {
        fn wants_samples(&self) -> bool {
            true
        }
    }
    assert_eq!(run().run_observed(&mut Wants).unwrap_err().kind(), ErrorKind::Range);
}

#[test]
fn a_precision_is_reached_at_the_same_replication_everywhere() {
    let run = exponential().replications(1_000_000).until("Guests.wait.mean", 0.02);
    let expected = run.clone().threads(1).run().unwrap();
    // 1.96 * 2 / sqrt(n) is 0.02 at 38,416; the next decision lies at most a quarter further.
    let n = expected.meta().replications;
    assert!((38_000..49_000).contains(&n) && n.is_multiple_of(256), "{n}");
    assert!(expected.meta().precision[0].reached && expected.missing().is_empty());
    for threads in [2, 5] {
        assert_eq!(run.clone().threads(threads).run().unwrap(), expected);
    }
    // The figures are those of a run of so many.
    let plain = exponential().replications(n).run().unwrap();
    assert_eq!(plain.customer("Guests"), expected.customer("Guests"));
    // Several: the last to be reached decides.
    let both = run.clone().until("Guests.wait.p95", 0.1).run().unwrap();
    assert!(both.meta().precision.iter().all(|precision| precision.reached));
    assert!(both.meta().replications >= n);
    // Not reached: all is spent, and it is said.
    let short = run.replications(5_000).run().unwrap();
    assert_eq!(short.meta().replications, 5_000);
    assert!(!short.meta().precision[0].reached);
    assert!(short.summary().report().contains("NOT REACHED"));
    // What has not varied yet never ends a run early, and is exactly known at its end.
    let constant = exponential().replications(5_000).until("Guests.quality", 0.5).run().unwrap();
    assert_eq!((constant.meta().replications, constant.meta().precision[0].reached), (5_000, true));
}

#[test]
fn what_cannot_be_reached_is_refused() {
    let refused = |simulation: Simulation| simulation.run().unwrap_err();
    let error = refused(exponential().until("Guests.wait.meen", 0.1));
    assert_eq!(error.kind(), ErrorKind::Name);
    assert!(error.mend().contains("Guests.wait.mean") && error.allowed().contains("Guests.perfect"), "{error}");
    assert!(refused(exponential().until("wait", 0.1)).allowed().contains("Guests.wait.p95"));
    for half_width in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(exponential().until("Guests.perfect", half_width)).kind(), ErrorKind::Range);
    }
    assert_eq!(refused(exponential().until("Guests.perfect", 0.1).shard(0, 2)).path(), "until");
}

/// Stopping where the interval is narrow takes little from its coverage: 1,000 runs that stop at 2,560 to some 11,000
/// replications. A coverage of 95 % gives 950 of them with a standard deviation of 7; allowed are four of these below.
#[test]
fn intervals_cover_where_the_run_ended() {
    let (mut covered, mut ends) = (0, std::collections::BTreeSet::new());
    for seed in 0..1_000 {
        let run = exponential().seed(seed).replications(1_000_000).until("Guests.wait.mean", 0.045);
        let outcome = run.run().unwrap();
        let mean = outcome.customer("Guests").unwrap().wait.mean;
        covered += usize::from(mean.low.unwrap() <= 2.0 && 2.0 <= mean.high.unwrap());
        ends.insert(outcome.meta().replications);
    }
    assert!(ends.len() > 1, "{ends:?}");
    assert!((922..=978).contains(&covered), "{covered} of 1,000 at {ends:?}");
}

/// Loses the folder of its checkpoints at the first report of progress; may find it again once a checkpoint has failed.
struct Loses<'a> {
    folder: &'a Path,
    lost: bool,
    told: Vec<ErrorKind>,
    finds: bool,
}

impl Observer for Loses<'_> {
    fn progress(&mut self, _: u64, _: u64) {
        if !self.lost {
            // At once: somebody may be writing in it.
            fs::rename(self.folder, self.folder.with_extension("lost")).unwrap();
            self.lost = true;
        }
    }

    fn wants_to_stop(&self) -> bool {
        !self.told.is_empty() && (!self.finds || self.folder.join("checkpoint").exists())
    }

    fn checkpoint_failed(&mut self, error: &ripple_effect::Error) {
        self.told.push(error.kind());
        if self.finds {
            fs::create_dir(self.folder).unwrap();
        }
    }
}

/// A checkpoint that cannot be written does not end a run: it is told once, and tried again; only where the run is stopped
/// and nothing could be kept of it is it the run's error.
#[test]
fn a_checkpoint_may_fail() {
    let run = |replications: u64, every: Duration, finds: bool| {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        let run = simulation().replications(replications).threads(2);
        let run = run.checkpoint(inner.join("checkpoint")).checkpoint_every(every);
        let mut observer = Loses { folder: &inner, lost: false, told: Vec::new(), finds };
        let outcome = run.run_observed(&mut observer);
        assert_eq!(observer.told, [ErrorKind::Io]);
        outcome
    };
    let never = Duration::from_secs(3_600);
    assert_eq!(run(100_000, never, false).unwrap(), simulation().replications(100_000).run().unwrap());
    assert_eq!(run(1 << 40, Duration::ZERO, true).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(run(1 << 40, Duration::ZERO, false).unwrap_err().kind(), ErrorKind::Io);
}

#[test]
fn a_shard_is_named_for_whoever_counts() {
    let folder = tempfile::tempdir().unwrap();
    let run = simulation().replications(600).checkpoint(folder.path().join("checkpoint"));
    run.clone().shard(0, 2).run().unwrap();
    let error = run.shard(1, 2).run().unwrap_err();
    assert_eq!(error.found(), "shard 1/2 (index 0 of 2 in a program)");
    assert!(error.allowed().starts_with("shard 2/2 (index 1 of 2 in a program)"), "{error}");
}

/// 2^24 engagements of a block are kept: 65,536 rounds of 256 replications of one customer, and more of fewer.
#[test]
fn samples_that_no_memory_holds_are_refused() {
    struct Wants(u64);
    impl Observer for Wants {
        fn wants_samples(&self) -> bool {
            true
        }
        fn samples(&mut self, samples: &[Sample]) {
            self.0 += samples.len() as u64;
        }
    }
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("list", 2.0))
        .customer("Guests", |c| c.promise(4.0))
        .serves("Ana", "Guests", "list");
    let run = shop.build().unwrap().simulate().unwrap().rounds(70_000);
    let error = run.run_observed(&mut Wants(0)).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "samples"));
    assert!(error.mend().contains("65536 rounds"), "{error}");
    let mut few = Wants(0);
    run.replications(2).run_observed(&mut few).unwrap();
    assert_eq!(few.0, 140_000);
}

#[test]
fn a_part_is_read_from_its_text() {
    let part = simulation().replications(600).shard(1, 2).run().unwrap();
    let text = part.to_part().unwrap();
    assert_eq!(Outcome::from_part(&text).unwrap(), part);
    assert_eq!(Outcome::from_part(&text[..text.len() / 2]).unwrap_err().kind(), ErrorKind::Mismatch);
    assert_eq!(Outcome::from_part(&part.to_json()).unwrap_err().kind(), ErrorKind::Mismatch);
}

#[cfg(feature = "cli")]
mod killed {
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// SplitMix64 (Steele, Lea & Flood 2014): moments to kill at that are the same in each run of the test.
    struct Moments(u64);

    impl Moments {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    fn ripple(folder: &Path, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripple"));
        command.current_dir(folder).args(["run", "model.json", "--threads", "2"]).args(more);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn ends(child: Child) {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Kills `ripple` (SIGKILL) at 50 random moments before its end, has it run again, and compares bytes with a run that was
    /// left alone: by turns one kill and four kills on the way to one end; whole, one shard, and until a precision.
    #[test]
    fn runs_end_with_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("model.json"), MODEL).unwrap();
        let at = |name: &str| folder.path().join(name);
        // So many replications that a run takes long enough to be hit, on whatever machine.
        let (mut replications, mut time) = (10_000u64, Duration::ZERO);
        while time < Duration::from_millis(250) {
            replications *= 2;
            let began = Instant::now();
            let count = replications.to_string();
            let run = ["--replications", &count, "--format", "json", "--out", "timed.json", "--checkpoint", "timed"];
            ends(ripple(folder.path(), &run).spawn().unwrap());
            time = began.elapsed();
        }
        let (whole, triple) = (replications.to_string(), (3 * replications).to_string());
        let kinds: [&[&str]; 3] = [
            &["--replications", &whole, "--format", "json"],
            &["--replications", &triple, "--shard", "2/3"],
            // Not reached, so that all is run; each decision is made on the way.
            &["--replications", &whole, "--format", "csv", "--until-precision", "Guests.wait.mean=1e-9"],
        ];
        let mut expected = Vec::new();
        for kind in kinds {
            ends(ripple(folder.path(), &[kind, &["--out", "expected"]].concat()).spawn().unwrap());
            expected.push(fs::read(at("expected")).unwrap());
        }
        let mut moments = Moments(2_026);
        let (mut tried, mut kills, mut resumed, mut same) = (0, 0, 0, 0);
        for trial in 0.. {
            if kills >= 50 {
                break;
            }
            let (kind, expected) = (kinds[trial % 3], &expected[trial % 3]);
            let run = [kind, &["--out", "out", "--checkpoint", "checkpoint", "--checkpoint-every", "0.01"]].concat();
            for _ in 0..[1, 4][trial % 2] {
                let mut child = ripple(folder.path(), &run).spawn().unwrap();
                std::thread::sleep(time.mul_f64(0.8 * moments.next()));
                tried += 1;
                child.kill().unwrap();
                if child.wait().unwrap().success() {
                    // It came too late: the machine has less to do than when the time was taken.
                    time = time.mul_f64(0.8);
                    break;
                }
                kills += 1;
                let checkpoint = fs::read_to_string(at("checkpoint")).unwrap_or_default();
                let has_some = checkpoint.contains("\"replications\":") && !checkpoint.contains("\"replications\":0,");
                resumed += usize::from(has_some);
                if !has_some {
                    time = time.mul_f64(1.1);
                }
            }
            ends(ripple(folder.path(), &run).spawn().unwrap());
            assert!(fs::read(at("out")).unwrap() == *expected, "other bytes after {kills} kills");
            same += 1;
            assert!(!at("checkpoint").exists(), "the checkpoint is removed at the end");
            fs::remove_file(at("out")).unwrap();
            assert!(tried <= 150, "{kills} of {tried} kills came before the end");
        }
        assert!(resumed >= 25, "{resumed} of {kills} kills left something to go on from");
        assert!(same >= 18, "{same}");
    }

    /// However a file is spelled, it is not written over by another option, and what was there stays.
    #[cfg(unix)]
    #[test]
    fn one_file_by_two_names_is_refused() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("model.json"), MODEL).unwrap();
        fs::write(at("there"), "old").unwrap();
        symlink("model.json", at("to_model")).unwrap();
        symlink("there", at("to_there")).unwrap();
        symlink("new", at("to_new")).unwrap();
        for (options, why) in [
            (["--out", "out", "--checkpoint", "./out"], "name two files"),
            (["--samples", "out", "--out", "./out"], "name two files"),
            (["--out", "there", "--checkpoint", "to_there"], "name two files"),
            (["--out", "new", "--samples", "to_new"], "name two files"),
            (["--out", "out", "--checkpoint", "to_model"], "what is read"),
            (["--samples", "./model.json", "--out", "out"], "what is read"),
        ] {
            let child = ripple(folder.path(), &[&["--replications", "300"][..], &options].concat()).spawn().unwrap();
            let output = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains(why), "{options:?}: {said}");
        }
        assert_eq!(fs::read_to_string(at("model.json")).unwrap(), MODEL);
        assert_eq!(fs::read_to_string(at("there")).unwrap(), "old");
        assert!(!at("out").exists() && !at("new").exists());
        assert!(fs::symlink_metadata(at("to_new")).unwrap().is_symlink());
        // Through the links, and to what the process was given open.
        let run = ["--replications", "300", "--out", "to_new", "--checkpoint", "checkpoint"];
        ends(ripple(folder.path(), &run).spawn().unwrap());
        assert!(fs::symlink_metadata(at("to_new")).unwrap().is_symlink() && !at("checkpoint").exists());
        let given = ripple(folder.path(), &["--replications", "300", "--out", "/dev/stdout"])
            .stdout(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(given.stdout, fs::read(at("new")).unwrap());
    }

    #[test]
    fn merged_parts_print_what_the_whole_prints() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("model.json"), MODEL).unwrap();
        let output = |arguments: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_ripple"));
            command.current_dir(folder.path()).args(arguments.split(' ')).output().unwrap()
        };
        for part in ["1/3", "2/3", "3/3"] {
            let name = &part[..1];
            assert!(
                output(&format!("run model.json --replications 3000 --shard {part} --out {name}")).status.success()
            );
        }
        for format in ["text", "json", "csv", "part"] {
            let merged = output(&format!("merge 2 3 1 --format {format}"));
            let whole = output(&format!("run model.json --replications 3000 --format {format}"));
            assert!(merged.status.success() && merged.stdout == whole.stdout, "{format}");
        }
        let error = output("merge 3 1");
        let said = String::from_utf8_lossy(&error.stderr).into_owned();
        assert!(!error.status.success() && error.stdout.is_empty(), "{said}");
        assert!(said.contains("replications 1024 to 2047: 1024 in all"), "{said}");
        assert!(output("merge 3 1 --partial").status.success());
    }
}
