//! What shocks strike in a plan, read from its disturbances.

use proptest::prelude::*;

use super::{Shock, resolve};
use crate::change::{Selection, Things};
use crate::plan::disturbance::{DependencyDisturbance, Disturbances, EmployeeDisturbance, Lost, ServiceDisturbance};
use crate::{Distribution, ErrorKind, Organization, Plan};

/// Ana does two things for others, Ben one that Dev takes over, Dev one of his own; Ute provides nothing.
fn bank() -> Plan {
    Organization::builder("Bank")
        .department("Operations")
        .department("Branches")
        .employee("Ana", |e| e.department("Operations").provides("history", 2.0).provides("audit", 1.0))
        .employee("Dev", |e| e.department("Operations").tags(vec!["clerk".to_owned()]).provides("check", 1.0))
        .employee("Ben", |e| e.department("Branches").provides_with("answer", 1.0, |s| s.backed_up_by("Dev")))
        .employee("Ute", |e| e.department("Branches"))
        .customer("Retail", |c| c)
        .serves_with("Ana/history", "Ben", "history", |d| d.silent(0.0, Distribution::exponential(4.0)))
        .serves_with("Ana/audit", "Ben", "audit", |d| d.tags(vec!["paper".to_owned()]))
        .serves("Dev", "Ben", "check")
        .serves("Ben", "Retail", "answer")
        .build()
        .and_then(|bank| bank.plan())
        .expect("a model")
}

fn laid(plan: &Plan, shocks: &[Shock], rounds: u32) -> Disturbances {
    resolve(plan, shocks).expect("shocks that fit").laid_over(rounds)
}

/// `hours` of each, or the id of the stream where they are drawn.
fn lost(of: &[Lost], all: &Disturbances) -> String {
    let one = |lost: &Lost| match lost.hours.constant() {
        Some(hours) => format!("{hours} h"),
        None => all.streams()[lost.stream].replace('\u{1f}', " @ "),
    };
    of.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn service(plan: &Plan, round: u32, service: usize, of: &ServiceDisturbance, all: &Disturbances) -> String {
    let said = [
        (!of.lost.is_empty(), format!("late {}", lost(&of.lost, all))),
        (!of.lost_by_employee.is_empty(), format!("employee late {}", lost(&of.lost_by_employee, all))),
        (of.wrong, "wrong".to_owned()),
        (of.wrong_by_employee, "employee wrong".to_owned()),
        (of.quality != 1.0, format!("quality {}", of.quality)),
        (of.quality_by_employee != 1.0, format!("employee quality {}", of.quality_by_employee)),
        (of.pace != 1.0, format!("pace {}", of.pace)),
    ];
    said_of(round, plan.service_id(service), &said)
}

fn dependency(plan: &Plan, round: u32, dependency: usize, of: &DependencyDisturbance, all: &Disturbances) -> String {
    let chase = of.unanswered.as_ref().map(|chase| match chase.constant() {
        Some(hours) => format!("{hours} h"),
        None => "drawn".to_owned(),
    });
    let said = [
        (!of.lost.is_empty(), format!("late {}", lost(&of.lost, all))),
        (of.wrong, "wrong".to_owned()),
        (chase.is_some(), format!("unanswered {}", chase.unwrap_or_default())),
    ];
    said_of(round, plan.dependency_id(dependency), &said)
}

fn employee(plan: &Plan, round: u32, employee: usize, of: &EmployeeDisturbance) -> String {
    let said = [(of.absent, "absent".to_owned()), (of.pace != 1.0, format!("pace {}", of.pace))];
    said_of(round, plan.employee_id(employee), &said)
}

fn said_of(round: u32, id: &str, said: &[(bool, String)]) -> String {
    let said: Vec<&str> = said.iter().filter_map(|(is, words)| is.then_some(words.as_str())).collect();
    format!("{round} {id}: {}", said.join(", "))
}

/// All that is struck, a line each.
fn account(plan: &Plan, shocks: &[Shock], rounds: u32) -> Vec<String> {
    let all = laid(plan, shocks, rounds);
    let mut lines: Vec<String> = all.services().map(|(round, at, of)| service(plan, round, at, of, &all)).collect();
    lines.extend(all.dependencies().map(|(round, at, of)| dependency(plan, round, at, of, &all)));
    lines.extend(all.employees().map(|(round, at, of)| employee(plan, round, at, of)));
    lines
}

fn struck(shock: Shock) -> Vec<String> {
    account(&bank(), &[shock], 9)
}

#[test]
fn late_is_lost_by_a_service_by_an_employee_at_their_first_service_or_on_the_way() {
    let late = |select| struck(Shock::new("Late").on(select).late(6.0));
    assert_eq!(late(Selection::service("Ana/history")), ["0 Ana/history: late 6 h"]);
    // By the total order: both can start at once, and ids decide.
    assert_eq!(late(Selection::employee("Ana")), ["0 Ana/audit: employee late 6 h"]);
    let department = ["0 Ana/audit: employee late 6 h", "0 Dev/check: employee late 6 h"];
    assert_eq!(late(Selection::department("Operations")), department);
    assert_eq!(late(Selection::department("Operations").of(Things::Departments)), department);
    assert_eq!(
        late(Selection::employee("Ana").of(Things::Services)),
        ["0 Ana/audit: late 6 h", "0 Ana/history: late 6 h"]
    );
    assert_eq!(late(Selection::dependency("Dev -> Ben")), ["0 Dev/check -> Ben/answer: late 6 h"]);
    assert_eq!(late(Selection::customer("Retail")), ["0 Ben/answer -> Retail: late 6 h"]);
    // Whoever provides nothing has nothing to be late with; colleagues are struck all the same.
    assert_eq!(late(Selection::department("Branches")), ["0 Ben/answer: employee late 6 h"]);
    assert_eq!(late(Selection::all()).len(), 4);
    assert_eq!(late(Selection::all().tagged("clerk")), ["0 Dev/check: late 6 h"]);
}

#[test]
fn hours_that_are_drawn_have_a_stream_for_each_shock_and_thing_whatever_the_rounds() {
    let (plan, hours) = (bank(), Distribution::exponential(2.0));
    let one = Shock::new("One").on(Selection::department("Operations")).late(hours.clone()).for_rounds(2);
    let two = Shock::new("Two").on(Selection::employee("Dev")).late(hours).in_round(1);
    assert_eq!(
        account(&plan, &[one.clone(), two.clone()], 9),
        [
            "0 Ana/audit: employee late One @ Ana",
            "0 Dev/check: employee late One @ Dev",
            "1 Ana/audit: employee late One @ Ana",
            "1 Dev/check: employee late One @ Dev + Two @ Dev",
        ]
    );
    assert_eq!(laid(&plan, &[one, two], 9).streams().len(), 3);
}

#[test]
fn wrong_quality_and_pace_strike_work_or_whoever_does_it() {
    let service = Selection::service("Ben");
    let (ana, ben) = (Selection::employee("Ana"), Selection::employee("Ben"));
    assert_eq!(struck(Shock::new("x").on(service.clone()).wrong()), ["0 Ben/answer: wrong"]);
    assert_eq!(
        struck(Shock::new("x").on(ana.clone()).wrong()),
        ["0 Ana/audit: employee wrong", "0 Ana/history: employee wrong"]
    );
    assert_eq!(
        struck(Shock::new("x").on(Selection::everything_to("Retail")).wrong()),
        ["0 Ben/answer -> Retail: wrong"]
    );
    assert_eq!(struck(Shock::new("x").on(service.clone()).quality(0.5)), ["0 Ben/answer: quality 0.5"]);
    assert_eq!(struck(Shock::new("x").on(ben).quality(0.5)), ["0 Ben/answer: employee quality 0.5"]);
    assert_eq!(struck(Shock::new("x").on(service).pace(2.0)), ["0 Ben/answer: pace 2"]);
    assert_eq!(struck(Shock::new("x").on(ana).pace(2.0)), ["0 Ana: pace 2"]);
    assert_eq!(
        struck(Shock::new("x").on(Selection::department("Branches")).pace(2.0)),
        ["0 Ben: pace 2", "0 Ute: pace 2"]
    );
}

#[test]
fn people_are_absent_and_requests_go_unanswered() {
    assert_eq!(
        struck(Shock::new("x").on(Selection::department("Operations")).absent().in_round(3).for_rounds(2)),
        ["3 Ana: absent", "3 Dev: absent", "4 Ana: absent", "4 Dev: absent"]
    );
    // The chase of the dependency holds, even where it never goes unanswered by itself.
    let history = Shock::new("x").on(Selection::dependency("Ana/history -> Ben"));
    assert_eq!(struck(history.clone().unanswered()), ["0 Ana/history -> Ben/answer: unanswered drawn"]);
    assert_eq!(struck(history.unanswered_for(3.0)), ["0 Ana/history -> Ben/answer: unanswered 3 h"]);
    let all = ["0 Ana/audit -> Ben/answer: unanswered 3 h", "0 Ana/history -> Ben/answer: unanswered 3 h"];
    for select in [Selection::employee("Ana"), Selection::employee("Ana").of(Things::Employees)] {
        assert_eq!(struck(Shock::new("x").on(select).unanswered_for(3.0)), all);
    }
    for select in [Selection::department("Branches"), Selection::department("Branches").of(Things::Departments)] {
        let unanswered = struck(Shock::new("x").on(select).unanswered_for(3.0));
        assert_eq!(unanswered, ["0 Ben/answer -> Retail: unanswered 3 h"]);
    }
    let paper = Shock::new("x").on(Selection::all().tagged("paper")).unanswered_for(3.0);
    assert_eq!(struck(paper), all[..1]);
}

#[test]
fn several_shocks_add_up() {
    let plan = bank();
    let on = |name: &str| Shock::new(name).on(Selection::service("Ana/history")).late(2.0).quality(0.5).pace(1.5);
    let ana = |name: &str| Shock::new(name).on(Selection::dependency("Ana/history -> Ben")).unanswered();
    let later = ana("Later").unanswered_for(1.0);
    assert_eq!(
        account(&plan, &[on("One"), on("Two"), ana("Three"), later], 9),
        ["0 Ana/history: late 2 h + 2 h, quality 0.25, pace 2.25", "0 Ana/history -> Ben/answer: unanswered 1 h",]
    );
}

#[test]
fn a_shock_ends_with_the_run_and_does_not_begin_after_it() {
    let plan = bank();
    let long = Shock::new("Long").on(Selection::employee("Ana")).absent().in_round(2).for_rounds(900_000);
    assert_eq!(account(&plan, std::slice::from_ref(&long), 4), ["2 Ana: absent", "3 Ana: absent"]);
    let blows = resolve(&plan, &[long]).unwrap();
    assert!(blows.check(3).is_ok());
    let error = blows.check(2).unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Range, "shocks[0].round"));
    assert_eq!(error.found(), "round 2 of 2, counted from 0");
    assert_eq!(error.mend(), "Strike in an earlier round, or run 3 rounds or more.");

    let all = resolve(&plan, &[Shock::new("All").pace(2.0).for_rounds(1_000_000)]).unwrap();
    assert!(all.check(500_000).is_ok());
    assert!(all.check(1_000_000).unwrap_err().found().starts_with("4000000 things struck"));
    assert_eq!(all.laid_over(1_000_000).employees().count(), 0);
}

#[test]
fn the_fingerprint_says_who_is_struck_by_what_and_not_how_it_is_written() {
    let plan = bank();
    let print = |shock: Shock| laid(&plan, &[shock], 9).fingerprint.expect("one");
    let clerk = Shock::new("x").on(Selection::employee("Dev")).absent();
    let mut noted = clerk.clone();
    noted.notes = Some("a note".into());
    assert_eq!(print(noted), print(clerk.clone()));
    assert_eq!(print(clerk.clone().on(Selection::all().tagged("clerk"))), print(clerk.clone()));
    let others = [
        clerk.clone().on(Selection::employee("Ben")),
        clerk.clone().in_round(1),
        clerk.clone().for_rounds(2),
        Shock::new("x").on(Selection::employee("Dev")).pace(2.0),
        Shock::new("x").on(Selection::employee("Dev")).pace(2.0).of_services(),
    ];
    let mut prints: Vec<String> = others.into_iter().map(print).collect();
    prints.extend([print(clerk), plan.fingerprint()]);
    let count = prints.len();
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), count);
}

impl Shock {
    fn of_services(mut self) -> Self {
        self.select.kind = Some(Things::Services);
        self
    }
}

proptest! {
    #[test]
    fn laid_over_more_rounds_is_laid_over_fewer_and_more(first in 0u32..8, lasts in 1u32..9, rounds in 1u32..12) {
        let plan = bank();
        let shock = Shock::new("x").on(Selection::service("Ben")).wrong().in_round(first).for_rounds(lasts);
        let struck: Vec<u32> = laid(&plan, &[shock], rounds).services().map(|(round, ..)| round).collect();
        let expected: Vec<u32> = (0..rounds).filter(|round| (first..first + lasts).contains(round)).collect();
        prop_assert_eq!(struck, expected);
    }
}
