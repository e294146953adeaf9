//! What an organisation decides once, written out as numbers, so that no change moves it unless it names it.

use crate::organization::Description;
use crate::{Distribution, Error, Organization};

/// The description with nothing left to decide that depends on anything else: standards of services and hand-offs,
/// promises of customers and dependencies, cadence, rounds, the order of work, the capacity that plans count with, and the
/// error rates of backups. The organisation that it describes gives the same bits. Written out twice is written out once.
///
/// # Errors
/// As [`Organization::plan`].
pub(super) fn written_out(organization: &Organization) -> Result<Description, Error> {
    let (plan, resolved) = (organization.plan()?, organization.resolved());
    let mut description = organization.description().clone();
    for planned in &plan.services {
        let at = &resolved.services[planned.at];
        let service = &mut description.employees[at.employee].services[at.service];
        service.standard.get_or_insert((planned.finish - planned.start).into());
        if let Some(backup) = &mut service.backup {
            backup.error_rate.get_or_insert(planned.error_rate.into());
        }
    }
    for employee in &plan.employees {
        let written = &mut description.employees[employee.at].planned_capacity;
        written.get_or_insert(u32::try_from(employee.planned_capacity).unwrap_or(u32::MAX));
    }
    for planned in &plan.dependencies {
        let dependency = &mut description.dependencies[planned.at];
        dependency.standard.get_or_insert((planned.arrival - plan.services[planned.provider].finish).into());
        dependency.promise.get_or_insert(planned.promise.into());
    }
    for planned in &plan.customers {
        description.customers[planned.at].promise.get_or_insert(planned.promise.into());
    }
    description.cadence.get_or_insert(Distribution::Constant { value: plan.cadence_mean });
    description.rounds.get_or_insert(plan.rounds);
    let label = |index: usize| resolved.services[plan.services[index].at].label.clone();
    description.order = Some((0..plan.services.len()).map(label).collect());
    Ok(description)
}
