//! Departments and employees, planned.

use std::sync::Mutex;

use rayon::prelude::*;

use super::samplers::Samplers;
use super::sorted::{by_id, places};
use super::{PlannedDepartment, PlannedEmployee};
use crate::distribution::Tables;
use crate::organization::Description;
use crate::organization::resolve::Resolved;
use crate::streams::Chance;
use crate::{Probability, threads};

/// Departments and employees, each by id, and the places of the file's employees.
pub(super) struct People {
    pub(super) departments: Vec<PlannedDepartment>,
    pub(super) employees: Vec<PlannedEmployee>,
    pub(super) places: Vec<usize>,
}

impl People {
    pub(super) fn of(description: &Description, resolved: &Resolved, tables: &Mutex<&mut Tables>) -> Self {
        let departments = by_id(&resolved.department_ids);
        let employees = by_id(&resolved.employee_ids);
        let (department_places, places) = (places(&departments), places(&employees));
        let mut samplers = Samplers::new(tables);
        let department =
            |at: usize| PlannedDepartment { at, pace: samplers.of(description.departments[at].pace.as_ref(), 1.0) };
        let employee = |samplers: &mut Samplers<'_, '_>, at: usize| {
            let employee = &description.employees[at];
            PlannedEmployee {
                at,
                department: resolved.employee_departments[at].map(|department| department_places[department]),
                capacity: employee.capacity.unwrap_or(1) as usize,
                planned_capacity: employee.planned_capacity.or(employee.capacity).unwrap_or(1) as usize,
                pace: samplers.of(employee.pace.as_ref(), 1.0),
                absence: Chance::new(employee.absence.map_or(0.0, Probability::get)),
            }
        };
        Self {
            departments: departments.into_iter().map(department).collect(),
            employees: threads::collect(employees.into_par_iter().map_init(|| Samplers::new(tables), employee)),
            places,
        }
    }
}
