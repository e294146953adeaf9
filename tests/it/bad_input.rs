//! What is wrong with a model is said with its path, what was found, what is allowed and how to mend it; nothing panics.

use proptest::prelude::*;
use ripple_effect::organization::{Description, Employee, Service};
use ripple_effect::{Distribution, Error, ErrorKind, Finding, Organization, Severity};
use serde_json::{Value, json};

/// Two colleagues and a customer: nothing is wrong with it.
fn model() -> Value {
    json!({
        "format": "ripple-effect/1",
        "name": "Shop",
        "departments": [{"name": "Back"}],
        "employees": [
            {"name": "Ana", "department": "Back", "services": [{"name": "list", "duration": 2.0}, {"name": "count", "duration": 1.0}]},
            {"name": "Ben", "services": [{"duration": {"pert": {"min": 1.0, "mode": 2.0, "max": 4.0}}}]}
        ],
        "customers": [{"name": "Guests", "promise": 8.0, "journey": ["Ben"]}],
        "dependencies": [
            {"provider": "Ana/list", "receiver": "Ben", "silence": {"probability": 0.1, "chase": 4.0}},
            {"provider": "Ana/count", "receiver": "Ben"},
            {"provider": "Ben", "receiver": "Guests"}
        ]
    })
}

fn errors(model: &Value) -> Vec<Error> {
    let (organization, findings) = Organization::examine_json(&model.to_string());
    let mut errors: Vec<Error> =
        findings.into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.problem).collect();
    if let Some(Err(error)) = organization.map(|organization| organization.plan()) {
        errors.push(error);
    }
    errors
}

/// The model with one value replaced, or added, by its JSON pointer.
fn with(pointer: &str, value: Value) -> Value {
    let mut model = model();
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    match model.pointer_mut(parent).unwrap() {
        Value::Object(object) => {
            object.insert(field.to_owned(), value);
        }
        Value::Array(array) => array.push(value),
        other => panic!("{other} has no fields"),
    }
    model
}

#[test]
fn nothing_is_wrong_with_the_model() {
    let (organization, findings) = Organization::examine_json(&model().to_string());
    assert_eq!(findings, Vec::<Finding>::new());
    assert!(organization.unwrap().plan().is_ok());
}

/// Problems come in the order of the file: so many people are looked at by all threads, so few by one.
#[test]
fn problems_come_in_the_order_of_the_file_however_many_people_there_are() {
    for people in [12, 40_000] {
        let last = people - 1;
        let mut employees: Vec<Value> =
            (0..people).map(|n| json!({"name": format!("E{n}"), "services": [{"duration": 1.0}]})).collect();
        let mut dependencies: Vec<Value> = (0..people)
            .map(|n| json!({"provider": format!("E{n}"), "receiver": if n == last { "C".into() } else { format!("E{}", n + 1) }}))
            .collect();
        employees[2]["id"] = json!(" ");
        employees[2]["name"] = json!("E1");
        employees[last - 2]["department"] = json!("Bakc");
        employees[last - 1]["services"][0]["error_rate"] = json!(2.0);
        employees[last]["id"] = json!("E0");
        dependencies[4]["needed"] = json!(-1.0);
        dependencies[last - 2]["provider"] = json!("E1/count");
        dependencies[last - 1]["receiver"] = json!("Nobody");
        dependencies[last]["id"] = json!("E3 -> E4");
        let model = json!({
            "format": "ripple-effect/1", "name": "Shop", "departments": [{"name": "Back"}],
            "employees": employees, "customers": [{"name": "C"}], "dependencies": dependencies,
        });
        let errors = errors(&model);
        let found: Vec<&str> = errors.iter().map(Error::path).collect();
        let expected = [
            "employees[2].id".to_owned(),
            "employees[2].name".to_owned(),
            format!("employees[{}].department", last - 2),
            format!("employees[{last}].id"),
            format!("employees[{}].services[0].error_rate", last - 1),
            format!("employees[{last}].services[0].id"),
            // Nobody is called E2 any more.
            "dependencies[1].receiver".to_owned(),
            "dependencies[2].provider".to_owned(),
            "dependencies[4].needed".to_owned(),
            format!("dependencies[{}].provider", last - 2),
            format!("dependencies[{}].receiver", last - 1),
            format!("dependencies[{last}].id"),
        ];
        assert_eq!(found, expected, "{people} people");
        assert!(errors[2].mend().contains("\"Back\""), "{}", errors[2].mend());
    }
}

/// Each fault is found alone, at its path, as its kind; and it says what is allowed and how to mend it.
#[test]
fn each_fault_is_named_at_its_path() {
    let any_3_of_2 = {
        let mut model = model();
        for index in 0..2 {
            model["dependencies"][index]["kind"] = json!({"any": {"group": "lists", "count": 3}});
        }
        model
    };
    let climate = |value: Value| with("/climate", value);
    let cycle = with("/dependencies/-", json!({"provider": "Ben", "receiver": "Ana/list"}));
    for (what, model, kind, path) in [
        ("probability", with("/dependencies/0/detection", json!(1.2)), ErrorKind::Range, "dependencies[0].detection"),
        (
            "silence",
            with("/dependencies/0/silence/probability", json!(-0.1)),
            ErrorKind::Range,
            "dependencies[0].silence.probability",
        ),
        (
            "negative",
            with("/employees/1/services/0/duration", json!(-1.0)),
            ErrorKind::Range,
            "employees[1].services[0].duration",
        ),
        (
            "min > max",
            with("/employees/1/services/0/duration", json!({"uniform": {"min": 3.0, "max": 2.0}})),
            ErrorKind::Range,
            "employees[1].services[0].duration.uniform.max",
        ),
        ("1e308 hours", with("/customers/0/promise", json!(1e308)), ErrorKind::Range, "customers[0].promise"),
        (
            "1e308 hours of work",
            with("/employees/1/services/0/duration/pert/max", json!(1e308)),
            ErrorKind::Range,
            "employees[1].services[0].duration.pert.max",
        ),
        (
            "unknown provider",
            with("/dependencies/0/provider", json!("Anna")),
            ErrorKind::Name,
            "dependencies[0].provider",
        ),
        (
            "unknown receiver",
            with("/dependencies/2/receiver", json!("Guest")),
            ErrorKind::Name,
            "dependencies[2].receiver",
        ),
        (
            "ambiguous provider",
            with("/dependencies/0/provider", json!("Ana")),
            ErrorKind::Name,
            "dependencies[0].provider",
        ),
        (
            "unknown department",
            with("/employees/0/department", json!("Bock")),
            ErrorKind::Name,
            "employees[0].department",
        ),
        ("unknown stage", with("/customers/0/journey", json!(["Cleo"])), ErrorKind::Name, "customers[0].journey[0]"),
        ("slash", with("/departments/0/name", json!("Back/office")), ErrorKind::Name, "departments[0].name"),
        ("empty id", with("/employees/1/id", json!("")), ErrorKind::Name, "employees[1].id"),
        ("employee twice", with("/employees/1/name", json!("Ana")), ErrorKind::Duplicate, "employees[1].name"),
        ("customer like employee", with("/customers/0/name", json!("Ben")), ErrorKind::Duplicate, "customers[0].name"),
        (
            "parallel dependencies",
            with("/dependencies/-", json!({"provider": "Ben", "receiver": "Guests"})),
            ErrorKind::Duplicate,
            "dependencies[3].id",
        ),
        ("cycle", cycle, ErrorKind::Cycle, "dependencies[0]"),
        (
            "unreachable customer",
            with("/customers/-", json!({"name": "Nobody's"})),
            ErrorKind::Unreachable,
            "customers[1]",
        ),
        ("any 3 of 2", any_3_of_2, ErrorKind::Range, "dependencies[0].kind.any.count"),
        (
            "unknown field",
            with("/employees/0/services/0/duraton", json!(1)),
            ErrorKind::Shape,
            "employees[0].services[0].duraton",
        ),
        (
            "unknown family",
            with("/employees/1/services/0/duration", json!({"pirt": {}})),
            ErrorKind::Shape,
            "employees[1].services[0].duration.pirt",
        ),
        ("wrong type", with("/customers/0/promise", json!("soon")), ErrorKind::Shape, "customers[0].promise"),
        (
            "missing field",
            with("/dependencies/-", json!({"provider": "Ben"})),
            ErrorKind::Shape,
            "dependencies[3].receiver",
        ),
        ("not a list", with("/customers", json!({})), ErrorKind::Shape, "customers"),
        ("other format", with("/format", json!("ripple-effect/9")), ErrorKind::Shape, "format"),
        ("no rounds", with("/rounds", json!(0)), ErrorKind::Range, "rounds"),
        ("all warm-up", with("/warmup", json!(1)), ErrorKind::Range, "warmup"),
        ("capacity", with("/employees/0/capacity", json!(0)), ErrorKind::Range, "employees[0].capacity"),
        ("absence", with("/employees/0/absence", json!(1.0)), ErrorKind::Range, "employees[0].absence"),
        (
            "quality of 2",
            with("/employees/1/services/0/workmanship", json!(2.0)),
            ErrorKind::Range,
            "employees[1].services[0].workmanship",
        ),
        (
            "own backup",
            with("/employees/1/services/0/backup", json!({"employee": "Ben"})),
            ErrorKind::Name,
            "employees[1].services[0].backup.employee",
        ),
        ("set point", climate(json!({"set_point": 70})), ErrorKind::Range, "climate.set_point"),
        ("recovery", climate(json!({"recovery": -0.1})), ErrorKind::Range, "climate.recovery"),
        ("frustration", climate(json!({"frustration": "much"})), ErrorKind::Shape, "climate.frustration"),
        ("overload", climate(json!({"overload": 2.0})), ErrorKind::Range, "climate.overload"),
        ("pace", climate(json!({"pace": 1.5})), ErrorKind::Range, "climate.pace"),
        ("errors", climate(json!({"errors": -1.0})), ErrorKind::Range, "climate.errors"),
        ("misspelt", climate(json!({"moral": 0.5})), ErrorKind::Shape, "climate.moral"),
        ("how often", climate(json!({"recognition": {}})), ErrorKind::Shape, "climate.recognition.probability"),
        (
            "backfire",
            climate(json!({"recognition": {"probability": 0.1, "backfire": 2.0}})),
            ErrorKind::Range,
            "climate.recognition.backfire",
        ),
        (
            "lift",
            climate(json!({"recognition": {"probability": 0.1, "lift": -0.1, "harm": 7.0}})),
            ErrorKind::Range,
            "climate.recognition.lift",
        ),
        ("no filling", climate(json!({"turnover": {"hazard": 0.1}})), ErrorKind::Shape, "climate.turnover.filled"),
        (
            "hazard",
            climate(json!({"turnover": {"hazard": 1.1, "filled": 0.1}})),
            ErrorKind::Range,
            "climate.turnover.hazard",
        ),
        (
            "slope",
            climate(json!({"turnover": {"hazard": 0.1, "filled": 0.1, "morale": 101.0}})),
            ErrorKind::Range,
            "climate.turnover.morale",
        ),
        (
            "cover",
            climate(json!({"turnover": {"hazard": 0.1, "filled": 0.1, "cover": 0.0}})),
            ErrorKind::Range,
            "climate.turnover.cover",
        ),
        (
            "half-life",
            climate(json!({"turnover": {"hazard": 0.1, "filled": 0.1, "learning": {"half_life": 0}}})),
            ErrorKind::Range,
            "climate.turnover.learning.half_life",
        ),
        (
            "first round",
            climate(json!({"turnover": {"hazard": 0.1, "filled": 0.1, "learning": {"half_life": 4, "duration": 0}}})),
            ErrorKind::Range,
            "climate.turnover.learning.duration",
        ),
        ("no day", with("/hours_per_day", json!(0)), ErrorKind::Range, "hours_per_day"),
    ] {
        let errors = errors(&model);
        let found = errors.iter().find(|error| error.path() == path);
        let error = found.unwrap_or_else(|| panic!("{what}: no error at {path}, but {errors:?}"));
        assert_eq!(error.kind(), kind, "{what}: {error}");
        assert!(
            !error.found().is_empty() && !error.allowed().is_empty() && !error.mend().is_empty(),
            "{what}: {error}"
        );
    }
}

#[test]
fn a_cycle_is_named_by_its_people_and_can_be_mended() {
    let model = with("/dependencies/-", json!({"provider": "Ben", "receiver": "Ana/list"}));
    let organization = Organization::from_json(&model.to_string()).unwrap();
    let error = organization.plan().unwrap_err();
    assert!(error.found().contains("Ana/list -> Ben -> Ana/list"), "{error}");
    let (mended, changes) = organization.mend_cycles().unwrap();
    assert_eq!(changes.len(), 1);
    assert!(mended.plan().is_ok());
    let herself = with("/dependencies/-", json!({"provider": "Ben", "receiver": "Ben"}));
    let (mended, changes) = Organization::from_json(&herself.to_string()).unwrap().mend_cycles().unwrap();
    assert_eq!(changes.len(), 1);
    assert!(mended.plan().is_ok());
}

/// Shape and meaning, several of each: all at once, element by element.
#[test]
fn all_problems_come_at_once() {
    let mut model = model();
    model["employees"][0]["services"][0]["duraton"] = json!(1);
    model["employees"][0]["services"][1]["error_rate"] = json!(4.0);
    model["customers"][0]["promise"] = json!("soon");
    model["dependencies"][2]["provider"] = json!("Benn");
    let errors = errors(&model);
    let paths: Vec<&str> = errors.iter().map(Error::path).collect();
    for path in [
        "employees[0].services[0].duraton",
        "employees[0].services[1].error_rate",
        "customers[0].promise",
        "dependencies[2].provider",
    ] {
        assert!(paths.contains(&path), "{path} is missing among {paths:?}");
    }
    assert_eq!(paths.len(), 4, "{errors:?}");
    assert!(errors.iter().any(|error| error.mend().contains("\"Ben\"")));
}

#[test]
fn what_nobody_needs_is_a_warning() {
    let model = with("/employees/-", json!({"name": "Zoe", "services": [{"duration": 1.0}]}));
    let (organization, findings) = Organization::examine_json(&model.to_string());
    assert!(organization.is_some());
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert_eq!(findings[0].problem.path(), "employees[2].services[0]");
}

#[test]
fn empty_and_broken_texts() {
    for (text, kind) in [
        ("", ErrorKind::Syntax),
        ("   \n", ErrorKind::Syntax),
        ("nonsense", ErrorKind::Syntax),
        ("[1, 2]", ErrorKind::Syntax),
        ("{}", ErrorKind::Shape),
        (r#"{"format": "ripple-effect/1", "name": "Empty"}"#, ErrorKind::Shape),
        (r#"{"format": "ripple-effect/1", "name": "x", "cadence": 1e999}"#, ErrorKind::Syntax),
        (r#"{"format": "ripple-effect/1", "name": "x", "cadence": NaN}"#, ErrorKind::Syntax),
        (r#"{"format": "ripple-effect/1", "name": "x", "name": "y"}"#, ErrorKind::Shape),
    ] {
        let error = Organization::from_json(text).unwrap_err();
        assert_eq!(error.kind(), kind, "{text}: {error}");
    }
    let whole = model().to_string();
    for end in 0..whole.len() {
        let error = Organization::from_json(&whole[..end]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Syntax, "{error}");
    }
}

#[test]
fn enormous_nonsense_is_refused_at_once() {
    let brackets = "[".repeat(200_000);
    assert_eq!(Organization::from_json(&brackets).unwrap_err().kind(), ErrorKind::Syntax);
    let nested = format!("{{\"notes\": {brackets}");
    assert_eq!(Organization::from_json(&nested).unwrap_err().kind(), ErrorKind::Syntax);
    let mixtures = r#"{"mixture":[{"weight":1,"of":"#.repeat(100_000);
    let text = format!(r#"{{"format":"ripple-effect/1","name":"x","cadence":{mixtures}"#);
    assert_eq!(Organization::from_json(&text).unwrap_err().kind(), ErrorKind::Syntax);
    let nonsense = "lorem ipsum ".repeat(200 << 20 >> 4);
    assert_eq!(Organization::from_json(&nonsense).unwrap_err().kind(), ErrorKind::Syntax);
    let mut numbers = String::from(r#"{"format":"ripple-effect/1","name":"x","employees":["#);
    numbers.push_str(&"0,".repeat(100 << 20));
    let error = Organization::from_json(&numbers).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Shape | ErrorKind::Syntax), "{error}");
}

/// What JSON cannot hold, Rust can: a NaN is refused wherever a number stands.
#[test]
fn not_a_number_is_refused() {
    for (path, build) in [
        ("employees[0].services[0].duration", |e: Employee| e.service(Service::new(f64::NAN))),
        ("employees[0].services[0].error_rate", |e: Employee| e.service(Service::new(1.0).error_rate(f64::NAN))),
        ("employees[0].services[0].standard", |e: Employee| e.service(Service::new(1.0).standard(f64::NAN))),
        ("employees[0].absence", |e: Employee| e.absence(f64::NAN).service(Service::new(1.0))),
        ("employees[0].services[0].duration.pert.mode", |e: Employee| {
            e.service(Service::new(Distribution::pert(1.0, f64::NAN, 2.0)))
        }),
    ] as [(&str, fn(Employee) -> Employee); 5]
    {
        let error = Organization::builder("x")
            .employee("Ana", build)
            .customer("C", |c| c)
            .serves("Ana", "C", "")
            .build()
            .unwrap_err();
        assert_eq!((error.kind(), error.path()), (ErrorKind::Range, path), "{error}");
    }
    let error = Organization::builder("x")
        .employee("Ana", |e| e.provides("a", 1.0))
        .customer("C", |c| c.value(f64::INFINITY))
        .serves("Ana", "C", "")
        .build()
        .unwrap_err();
    assert_eq!(error.path(), "customers[0].value");
}

#[test]
fn setting_by_name() {
    let organization = Organization::from_json(&model().to_string()).unwrap();
    let set = |path: &str, value: &str| {
        let mut description: Description = organization.description().clone();
        description.set(path, value).map(|()| description)
    };
    assert_eq!(set("Ana/list.error_rate", "0.1").unwrap().employees[0].services[0].error_rate, Some(0.1.into()));
    assert_eq!(set("Ben.duration", "3").unwrap().employees[1].services[0].duration, Distribution::constant(3.0));
    assert_eq!(set("Ana.capacity", "2").unwrap().employees[0].capacity, Some(2));
    assert_eq!(set("Guests.promise", "3").unwrap().customers[0].promise, Some(3.0.into()));
    assert_eq!(set("Ben -> Guests.need", "an answer").unwrap().dependencies[2].need.as_deref(), Some("an answer"));
    let silence = set("Ana/list -> Ben.silence.probability", "0.9").unwrap().dependencies[0].silence.clone().unwrap();
    assert_eq!(silence.probability.get(), 0.9);
    assert_eq!(set("rounds", "7").unwrap().rounds, Some(7));
    assert_eq!(set("Back.pace", "2").unwrap().departments[0].pace, Some(Distribution::constant(2.0)));
    for (path, kind) in [
        ("Anna/list.error_rate", ErrorKind::Name),
        ("Ben.eror_rate", ErrorKind::Shape),
        ("Ana -> Ben.handoff", ErrorKind::Name),
        ("employees", ErrorKind::Shape),
        ("Ben -> Guests.silence.probability", ErrorKind::Shape),
        ("nonsense", ErrorKind::Shape),
        ("", ErrorKind::Shape),
    ] {
        let error = set(path, "0.1").unwrap_err();
        assert_eq!(error.kind(), kind, "{path}: {error}");
    }
}

/// Problems of shape and meaning in one element, where one path begins like the other.
#[test]
fn a_problem_does_not_hide_its_neighbour() {
    let mut model = model();
    model["dependencies"][0]["need"] = json!(5);
    model["dependencies"][0]["needed"] = json!(1.2);
    let error = Organization::from_json(&model.to_string()).unwrap_err();
    let paths: Vec<&str> = std::iter::once(&error).chain(error.and_more()).map(Error::path).collect();
    assert_eq!(paths, ["dependencies[0].need", "dependencies[0].needed"]);
}

/// Thousands of misspelt names are told in a moment.
#[test]
fn many_misspelt_names() {
    let mut model = model();
    for index in 0..20_000 {
        model["employees"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": format!("E{index}"), "services": [{"duration": 1.0}]}));
        model["dependencies"]
            .as_array_mut()
            .unwrap()
            .push(json!({"provider": format!("E{index}x"), "receiver": "Guests"}));
    }
    assert_eq!(errors(&model).len(), 20_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Any value anywhere: an answer, never a panic; and what is accepted runs without a silent NaN.
    #[test]
    fn any_value_anywhere(place in 0usize..200, value in prop_oneof![
        Just(json!(null)), Just(json!(true)), Just(json!("")), Just(json!([])), Just(json!({})), Just(json!(-1)), Just(json!(1e308)),
        any::<f64>().prop_map(|x| json!(x)), any::<u64>().prop_map(|x| json!(x)), ".{0,8}".prop_map(|x| json!(x)),
    ]) {
        let mut model = model();
        let mut pointers = Vec::new();
        fn walk(value: &Value, at: &str, into: &mut Vec<String>) {
            into.push(at.to_owned());
            match value {
                Value::Object(object) => object.iter().for_each(|(key, inner)| walk(inner, &format!("{at}/{key}"), into)),
                Value::Array(array) => array.iter().enumerate().for_each(|(i, inner)| walk(inner, &format!("{at}/{i}"), into)),
                _ => {}
            }
        }
        walk(&model, "", &mut pointers);
        let pointer = &pointers[place % pointers.len()];
        *model.pointer_mut(pointer).unwrap() = value;
        let (organization, findings) = Organization::examine_json(&model.to_string());
        prop_assert_eq!(organization.is_none(), findings.iter().any(|f| f.severity == Severity::Error));
        if let Some(simulation) = organization.and_then(|organization| organization.simulate().ok())
            && let Ok(outcome) = simulation.replications(10).run()
        {
            let summary = outcome.summary();
            prop_assert!(summary.customers.iter().all(|c| c.wait.mean.estimate.is_some_and(f64::is_finite)));
        }
    }
}
