//! Shocks as data: what is read is what was written, and what cannot strike is refused at its path. What the engines do with
//! them is tested elsewhere.

use ripple_effect::change::{Parameter, Selection, Things};
use ripple_effect::shock::{Shock, Unanswered};
use ripple_effect::{Distribution, Error, ErrorKind, Organization, Severity};
use serde_json::{Value, json};

/// Two departments, two colleagues, a team and a customer, with these shocks.
fn model(shocks: Value) -> Value {
    json!({
        "format": "ripple-effect/1",
        "name": "Shop",
        "rounds": 3,
        "departments": [{"name": "Back"}, {"name": "Front"}, {"name": "Empty"}],
        "employees": [
            {"name": "Ana", "department": "Back", "services": [{"name": "list", "duration": 2.0}, {"name": "count", "duration": 1.0}]},
            {"name": "Ben", "department": "Front", "tags": ["clerk"], "services": [{"duration": {"uniform": {"min": 1.0, "max": 3.0}}}]},
            {"name": "Ute", "services": []}
        ],
        "customers": [{"name": "Guests", "promise": 8.0}],
        "dependencies": [
            {"provider": "Ana/list", "receiver": "Ben", "silence": {"probability": 0.1, "chase": 4.0}},
            {"provider": "Ana/count", "receiver": "Ben"},
            {"provider": "Ben", "receiver": "Guests"}
        ],
        "shocks": shocks
    })
}

fn shop(shocks: Value) -> Organization {
    Organization::from_json(&model(shocks).to_string()).expect("nothing is wrong")
}

fn errors(shocks: Value) -> Vec<Error> {
    let (_, findings) = Organization::examine_json(&model(shocks).to_string());
    findings.into_iter().filter(|one| one.severity == Severity::Error).map(|one| one.problem).collect()
}

/// Every field once.
fn written() -> Value {
    json!([
        {"name": "A bad start", "select": {"employee": "Ana"}, "round": 2, "rounds": 4, "late": {"pert": {"min": 1.0, "mode": 2.0, "max": 6.0}}},
        {"name": "A wrong list", "select": {"dependency": "Ana/list -> Ben"}, "late": 2.0, "wrong": true, "unanswered": true},
        {"name": "Flu", "select": {"tag": "clerk"}, "absent": true, "pace": 2.0, "quality": 0.5, "notes": {"source": "a guess"}},
        {"name": "No answer", "select": {"kind": "employees", "department": "Back"}, "unanswered": {"chase": {"exponential": {"mean": 8.0}}}},
        {"name": "A bad day", "pace": 1.5}
    ])
}

#[test]
fn what_is_read_is_what_is_written_in_rust_and_is_written_back() {
    let shop = shop(written());
    let chased = Shock::new("No answer")
        .on(Selection::department("Back").of(Things::Employees))
        .unanswered_for(Distribution::exponential(8.0));
    let mut flu = Shock::new("Flu").on(Selection::all().tagged("clerk")).absent().pace(2.0).quality(0.5);
    flu.notes = Some(json!({"source": "a guess"}));
    let expected = [
        Shock::new("A bad start")
            .on(Selection::employee("Ana"))
            .late(Distribution::pert(1.0, 2.0, 6.0))
            .in_round(2)
            .for_rounds(4),
        Shock::new("A wrong list").on(Selection::dependency("Ana/list -> Ben")).late(2.0).wrong().unanswered(),
        flu,
        chased,
        Shock::new("A bad day").pace(1.5),
    ];
    assert_eq!(shop.shocks(), expected);
    let back: Value = serde_json::from_str(&shop.to_json()).unwrap();
    // A selection of everything is left out, or empty.
    assert_eq!(back["shocks"], written());
    assert_eq!(Organization::from_json(&shop.to_json()).unwrap().shocks(), expected);
    assert_eq!(shop.shock("Flu").unwrap(), &expected[2]);
    let error = shop.shock("Flue").unwrap_err();
    assert_eq!((error.kind(), error.path(), error.mend()), (ErrorKind::Name, "shocks", "Did you mean \"Flu\"?"));
}

#[test]
fn null_and_false_are_as_if_left_out() {
    let nulls = json!([{"name": "x", "select": {"employee": "Ana"}, "round": null, "rounds": null, "late": 1.0, "wrong": null,
        "absent": false, "unanswered": null, "quality": null, "pace": null, "notes": null}]);
    let expected = Shock::new("x").on(Selection::employee("Ana")).late(1.0);
    assert_eq!(shop(nulls).shocks(), std::slice::from_ref(&expected));
    let not = json!([{"name": "x", "select": {"employee": "Ana"}, "late": 1.0, "wrong": false, "unanswered": false}]);
    assert_eq!(shop(not).shocks(), [expected]);
    assert_eq!(serde_json::from_str::<Unanswered>("true").unwrap(), Unanswered::default());
    assert!(serde_json::from_str::<Unanswered>("false").is_err());
}

#[test]
fn a_name_is_one_however_its_accents_are_typed() {
    let shop = shop(json!([{"name": "Ze\u{301}ro", "select": {"employee": "Ana"}, "late": 0}]));
    assert_eq!(shop.shocks()[0].name, "Z\u{e9}ro");
    assert!(shop.shock("Ze\u{301}ro").is_ok() && shop.shock("Z\u{e9}ro").is_ok());
    let twice = json!([
        {"name": "Ze\u{301}ro", "select": {"employee": "Ana"}, "late": 0},
        {"name": "Z\u{e9}ro", "select": {"employee": "Ana"}, "late": 0}
    ]);
    assert_eq!(errors(twice)[0].kind(), ErrorKind::Duplicate);
}

#[test]
fn each_problem_is_said_at_its_path() {
    let good = |field: &str, value: Value| {
        let mut shock = json!({"name": "x", "select": {"employee": "Ana"}, "late": 1.0});
        shock[field] = value;
        shock
    };
    let on = |select: Value, field: &str, value: Value| json!({"name": "x", "select": select, field: value});
    let cases = [
        // Names and numbers.
        (good("name", json!(" ")), ErrorKind::Name, "name"),
        (good("name", json!("a\u{1f}b")), ErrorKind::Name, "name"),
        (json!({"name": "x"}), ErrorKind::Shape, ""),
        (json!({"name": "x", "wrong": false}), ErrorKind::Shape, ""),
        (good("late", json!(-1.0)), ErrorKind::Range, "late"),
        (good("late", json!({"uniform": {"min": 3, "max": 1}})), ErrorKind::Range, "late.uniform.max"),
        (good("late", json!(2e6)), ErrorKind::Range, "late"),
        (good("unanswered", json!({"chase": -2})), ErrorKind::Range, "unanswered.chase"),
        (good("quality", json!(1.5)), ErrorKind::Range, "quality"),
        (good("quality", json!(-0.1)), ErrorKind::Range, "quality"),
        (good("pace", json!(0)), ErrorKind::Range, "pace"),
        (good("pace", json!(1001)), ErrorKind::Range, "pace"),
        (good("round", json!(1_000_000)), ErrorKind::Range, "round"),
        (good("rounds", json!(0)), ErrorKind::Range, "rounds"),
        (json!({"name": "x", "wrong": true, "round": 999_999, "rounds": 2}), ErrorKind::Range, "rounds"),
        // Shape.
        (good("lat", json!(1.0)), ErrorKind::Shape, "lat"),
        (good("round", json!(-1)), ErrorKind::Shape, "round"),
        (good("round", json!(1.5)), ErrorKind::Shape, "round"),
        (good("late", json!("soon")), ErrorKind::Shape, "late"),
        (good("late", json!({"pert": {"min": 1.0, "mod": 2.0, "max": 3.0}})), ErrorKind::Shape, "late.pert.mod"),
        (good("wrong", json!(1)), ErrorKind::Shape, "wrong"),
        (good("unanswered", json!("never")), ErrorKind::Shape, "unanswered"),
        (good("unanswered", json!({"chas": 1})), ErrorKind::Shape, "unanswered.chas"),
        (good("unanswered", json!({"chase": {"pert": {"min": 1}}})), ErrorKind::Shape, "unanswered.chase.pert.mode"),
        (good("select", json!({"emploee": "Ana"})), ErrorKind::Shape, "select.emploee"),
        (json!({"late": 1}), ErrorKind::Shape, "name"),
        // Whom it strikes.
        (on(json!({"employee": "Anna"}), "late", json!(1)), ErrorKind::Name, "select.employee"),
        (on(json!({"dependency": "Ben -> Ana"}), "unanswered", json!(true)), ErrorKind::Name, "select.dependency"),
        (on(json!({"tag": "clerks"}), "late", json!(1)), ErrorKind::Name, "select"),
        (on(json!({"tag": "clerk"}), "unanswered", json!({"chase": 1})), ErrorKind::Name, "select"),
        (on(json!({"employee": "Ute"}), "late", json!(1)), ErrorKind::Name, "select"),
        (on(json!({"employee": "Ute"}), "wrong", json!(true)), ErrorKind::Name, "select"),
        (
            on(json!({"kind": "employees", "employee": "Ute"}), "unanswered", json!({"chase": 1})),
            ErrorKind::Name,
            "select",
        ),
        (on(json!({"kind": "departments", "department": "Empty"}), "pace", json!(2)), ErrorKind::Name, "select"),
        (on(json!({"department": "Empty"}), "absent", json!(true)), ErrorKind::Name, "select"),
        (on(json!({"service": "Ben"}), "absent", json!(true)), ErrorKind::Shape, "absent"),
        (on(json!({"dependency": "Ben -> Guests"}), "absent", json!(true)), ErrorKind::Shape, "absent"),
        (on(json!({"customer": "Guests"}), "absent", json!(true)), ErrorKind::Shape, "absent"),
        (on(json!({"kind": "customers"}), "late", json!(1)), ErrorKind::Shape, "late"),
        (on(json!({"kind": "organization"}), "pace", json!(2)), ErrorKind::Shape, "pace"),
        (on(json!({"customer": "Guests"}), "quality", json!(0.5)), ErrorKind::Shape, "quality"),
        (on(json!({"from": "Ana"}), "pace", json!(2)), ErrorKind::Shape, "pace"),
        (on(json!({"employee": "Ana"}), "unanswered", json!(true)), ErrorKind::Shape, "unanswered"),
    ];
    let mut wrong = Vec::new();
    for (shock, kind, field) in cases {
        let mut shocks = json!([{"name": "First", "select": {"employee": "Ana"}, "wrong": true}]);
        shocks.as_array_mut().unwrap().push(shock.clone());
        let found = errors(shocks);
        let path = if field.is_empty() { "shocks[1]".to_owned() } else { format!("shocks[1].{field}") };
        let as_expected = found.first().is_some_and(|one| (one.kind(), one.path()) == (kind, path.as_str()));
        if !as_expected {
            wrong.push(format!("{shock}: {found:?} in place of {kind:?} at {path}"));
            continue;
        }
        assert!(!found[0].mend().is_empty() && !found[0].allowed().is_empty());
        // What Rust is told is the same.
        if kind != ErrorKind::Shape || found[0].found().contains(" of ") {
            let read: Shock = serde_json::from_value(shock.clone()).expect("its shape is right");
            let error = shop(json!([])).simulate().unwrap().shocked(&[Shock::new("First").wrong(), read]).unwrap_err();
            if error != found[0] {
                wrong.push(format!("{shock}: {error:?} in place of {:?}", found[0]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_problems_come_at_once_and_say_how_to_mend_them() {
    let found = errors(json!([
        {"name": "x", "late": -1, "quality": 2},
        {"name": "x", "pace": 0}
    ]));
    let said: Vec<_> = found.iter().map(Error::path).collect();
    assert_eq!(said, ["shocks[0].late", "shocks[0].quality", "shocks[1].name", "shocks[1].pace"]);
    let found = errors(json!([
        {"name": "x", "select": {"employee": "Bem"}, "late": 1, "wrong": true},
        {"name": "y", "select": {"department": "Back"}, "unanswered": true}
    ]));
    let said: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "shocks[0].select.employee: found \"Bem\", which is no employee; allowed: the name of an employee. Did you mean \"Ben\"?",
            "shocks[1].unanswered: found true, of \"Ana/count -> Ben\", which does not say what chasing costs; allowed: the \
         hours that are lost, here or in the `silence` of the dependency. Write them here, e.g. {\"chase\": 8} in place of \
         true, or give the dependency a `silence`.",
        ]
    );
    let nan = Shock::new("x").late(f64::NAN).quality(f64::NAN).pace(f64::INFINITY);
    let error = shop(json!([])).simulate().unwrap().shocked(&[nan]).unwrap_err();
    assert_eq!((error.path(), error.and_more().len()), ("shocks[0].late", 2));
}

#[test]
fn nothing_of_it_happens_unless_it_is_asked_for() {
    let (with, without) = (shop(written()), shop(json!([])));
    assert_eq!(with.fingerprint(), without.fingerprint());
    let run = |organization: &Organization| organization.simulate().unwrap().replications(300).seed(5).run().unwrap();
    assert_eq!(run(&with), run(&without));
    // No shocks are no shocks.
    assert_eq!(with.simulate().unwrap().replications(300).seed(5).shocked(&[]).unwrap().run().unwrap(), run(&with));
}

#[test]
fn shocked_and_other_runs_never_merge() {
    let shop = shop(written());
    let run = || shop.simulate().unwrap().replications(1_000).seed(5);
    let late = |hours: f64| Shock::new("x").on(Selection::service("Ben")).late(hours);
    let mut plain = run().shard(0, 2).run().unwrap();
    let part = |shocks: &[Shock], index| run().shocked(shocks).unwrap().shard(index, 2).run().unwrap();
    let error = plain.merge(&part(&[late(1.0)], 1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatch);
    let mut one = part(&[late(1.0)], 0);
    assert_eq!(one.merge(&part(&[late(2.0)], 1)).unwrap_err().kind(), ErrorKind::Mismatch);
    assert!(one.merge(&part(&[late(1.0)], 1)).is_ok());
    let explained = |simulation: ripple_effect::Simulation| simulation.explain().unwrap().model_hash.clone();
    assert_ne!(explained(run()), explained(run().shocked(&[late(1.0)]).unwrap()));
}

#[test]
fn shocks_after_the_last_round_are_refused_when_it_runs_and_warned_of_before() {
    let shop = shop(json!([{"name": "x", "select": {"employee": "Ana"}, "late": 1, "round": 5}]));
    let warned = shop.plan().unwrap().warnings();
    assert!(warned.iter().any(|one| one.severity == Severity::Warning && one.problem.path() == "shocks[0].round"));
    let shocked = || shop.simulate().unwrap().replications(10).shocked(shop.shocks()).unwrap();
    for error in [shocked().run().unwrap_err(), shocked().check().unwrap_err(), shocked().trace(0).unwrap_err()] {
        assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "shocks[0].round"));
        assert_eq!(error.found(), "round 5 of 3, counted from 0");
    }
    assert!(shocked().rounds(6).run().is_ok());
    assert!(shop.simulate().unwrap().rounds(6).shocked(shop.shocks()).unwrap().run().is_ok());
    // More than a run can bear is refused, not tried.
    let ever = Shock::new("ever").pace(2.0).for_rounds(1_000_000);
    let error = shop.simulate().unwrap().rounds(1_000_000).shocked(&[ever]).unwrap().run().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "shocks"));
}

#[test]
fn shocks_gather_and_have_names_of_their_own() {
    let shop = shop(json!([]));
    let one = |name: &str| Shock::new(name).on(Selection::employee("Ana")).late(1.0);
    let both = shop.simulate().unwrap().shocked(&[one("a")]).unwrap().shocked(&[one("b")]).unwrap();
    assert_eq!(both.shocks(), [one("a"), one("b")]);
    let at_once = shop.simulate().unwrap().shocked(&[one("a"), one("b")]).unwrap();
    assert_eq!(both.run().unwrap(), at_once.run().unwrap());
    let error = both.shocked(&[one("b")]).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Duplicate, "shocks[2].name"));
}

#[test]
fn changes_mending_and_settings_keep_what_still_strikes() {
    let shop = shop(written());
    let changed = shop.apply(&[Selection::employee("Ana").scale(Parameter::Duration, 0.5)]).unwrap();
    assert_eq!(changed.organization().shocks(), shop.shocks());
    let without = shop.apply(&[Selection::dependency("Ana/list -> Ben").remove()]).unwrap();
    let left: Vec<_> = without.organization().shocks().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(left, ["A bad start", "Flu", "No answer", "A bad day"]);
    assert_eq!(shop.mend_cycles().unwrap().0.shocks(), shop.shocks());
    let mut description = shop.description().clone();
    description.set("Ben.error_rate", "0.1").unwrap();
    description.set("cadence", "9").unwrap();
    assert_eq!(Organization::new(description.clone()).unwrap().shocks(), shop.shocks());
    let error = description.set("shocks", "[]").unwrap_err();
    assert_eq!(error.found(), "a whole list");
}
