//! A parameter read from and written to one thing of a description. Reading gives what holds, defaults included.

use super::parameter::Parameter;
use crate::organization::resolve::{Receiver, Resolved};
use crate::organization::{Climate, Defaults, Description, Recognition, Silence};
use crate::{Distribution, Hours, Probability};

/// One thing, by its place in a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    Organization,
    Department(usize),
    Employee(usize),
    /// An employee, and which of its services.
    Service(usize, usize),
    Customer(usize),
    Dependency(usize),
}

/// What a parameter holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Number(f64),
    Spread(Distribution),
}

impl Thing {
    /// The name that people give it.
    pub(crate) fn name(self, description: &Description) -> String {
        match self {
            Self::Organization => description.name.clone(),
            Self::Department(index) => description.departments[index].name.clone(),
            Self::Employee(index) => description.employees[index].name.clone(),
            Self::Service(employee, service) => {
                let employee = &description.employees[employee];
                match &employee.services[service].name {
                    Some(name) => format!("{}/{name}", employee.name),
                    None => employee.name.clone(),
                }
            }
            Self::Customer(index) => description.customers[index].name.clone(),
            Self::Dependency(index) => {
                let dependency = &description.dependencies[index];
                let ends = || format!("{} -> {}", dependency.provider, dependency.receiver);
                dependency.id.clone().unwrap_or_else(ends)
            }
        }
    }

    /// Its path in the description, with a field of it.
    pub(crate) fn path(self, field: &str) -> String {
        match self {
            Self::Organization => field.to_owned(),
            Self::Department(index) => format!("departments[{index}].{field}"),
            Self::Employee(index) => format!("employees[{index}].{field}"),
            Self::Service(employee, service) => format!("employees[{employee}].services[{service}].{field}"),
            Self::Customer(index) => format!("customers[{index}].{field}"),
            Self::Dependency(index) => format!("dependencies[{index}].{field}"),
        }
    }
}

fn hours(of: Option<Hours>) -> Value {
    Value::Number(of.map_or(0.0, Hours::get))
}

fn chance(of: Option<Probability>, otherwise: f64) -> Value {
    Value::Number(of.map_or(otherwise, Probability::get))
}

fn spread(of: Option<&Distribution>, otherwise: f64) -> Value {
    Value::Spread(of.cloned().unwrap_or(Distribution::Constant { value: otherwise }))
}

/// What the department of an employee says of its services.
pub(super) fn defaults<'d>(description: &'d Description, resolved: &Resolved, employee: usize) -> Option<&'d Defaults> {
    description.departments[resolved.employee_departments[employee]?].defaults.as_ref()
}

/// What holds; `None` where things of this kind have no such parameter.
pub(crate) fn read(
    description: &Description,
    resolved: &Resolved,
    thing: Thing,
    parameter: Parameter,
) -> Option<Value> {
    use Parameter as P;
    Some(match thing {
        Thing::Organization => match parameter {
            P::Cadence => spread(description.cadence.as_ref(), 0.0),
            P::Recognition => {
                let recognition = description.climate.as_ref().and_then(|climate| climate.recognition.as_ref());
                chance(recognition.map(|recognition| recognition.probability), 0.0)
            }
            _ => return None,
        },
        Thing::Department(index) => match parameter {
            P::Pace => spread(description.departments[index].pace.as_ref(), 1.0),
            _ => return None,
        },
        Thing::Employee(index) => {
            let employee = &description.employees[index];
            let capacity = employee.capacity.unwrap_or(1);
            match parameter {
                P::Pace => spread(employee.pace.as_ref(), 1.0),
                P::Absence => chance(employee.absence, 0.0),
                P::Capacity => Value::Number(f64::from(capacity)),
                P::PlannedCapacity => Value::Number(f64::from(employee.planned_capacity.unwrap_or(capacity))),
                _ => return None,
            }
        }
        Thing::Service(employee, index) => {
            let service = &description.employees[employee].services[index];
            let defaults = defaults(description, resolved, employee);
            match parameter {
                P::Duration => Value::Spread(service.duration.clone()),
                P::Standard => hours(service.standard),
                P::ErrorRate => chance(service.error_rate.or(defaults.and_then(|all| all.error_rate)), 0.0),
                P::Rush => chance(service.rush.or(defaults.and_then(|all| all.rush)), 0.0),
                P::Workmanship => {
                    spread(service.workmanship.as_ref().or(defaults.and_then(|all| all.workmanship.as_ref())), 1.0)
                }
                P::Buffer => hours(service.buffer.or(defaults.and_then(|all| all.buffer))),
                _ => return None,
            }
        }
        Thing::Customer(index) => {
            let customer = &description.customers[index];
            match parameter {
                P::Promise => hours(customer.promise),
                P::CustomerValue => Value::Number(customer.value.unwrap_or(0.0)),
                P::PerfectQuality => chance(customer.perfect_quality, 0.8),
                _ => return None,
            }
        }
        Thing::Dependency(index) => {
            let dependency = &description.dependencies[index];
            let silence = dependency.silence.as_ref();
            let into_customer = matches!(resolved.dependencies[index].1, Receiver::Customer(_));
            match parameter {
                P::Standard => hours(dependency.standard),
                P::Promise => hours(dependency.promise),
                P::Needed => chance(dependency.needed, 1.0),
                P::Handoff => spread(dependency.handoff.as_ref(), 0.0),
                P::SilenceProbability => chance(silence.map(|silence| silence.probability), 0.0),
                P::SilenceChase => spread(silence.map(|silence| &silence.chase), 0.0),
                P::Detection => chance(dependency.detection, 0.0),
                P::Rework => spread(dependency.rework.as_ref(), 0.0),
                P::Transmission => chance(dependency.transmission, 1.0),
                P::Strength => chance(dependency.strength, if into_customer { 1.0 } else { 0.0 }),
                P::Criticality => chance(dependency.criticality, 1.0),
                _ => return None,
            }
        }
    })
}

/// Writes a number or a distribution, whichever the parameter takes; what the thing does not have is left alone.
pub(super) fn write(description: &mut Description, thing: Thing, parameter: Parameter, value: Value) {
    use Parameter as P;
    let (number, spread) = match value {
        Value::Number(number) => (number, Distribution::Constant { value: number }),
        Value::Spread(spread) => (spread.as_constant().unwrap_or(f64::NAN), spread),
    };
    let (hours, chance) = (Some(Hours::from(number)), Some(Probability::from(number)));
    match thing {
        Thing::Organization => match parameter {
            P::Cadence => description.cadence = Some(spread),
            P::Recognition => {
                let climate = description.climate.get_or_insert_with(Climate::still);
                climate.recognition.get_or_insert_with(|| Recognition::new(0.0)).probability = number.into();
            }
            _ => {}
        },
        Thing::Department(index) => {
            if parameter == P::Pace {
                description.departments[index].pace = Some(spread);
            }
        }
        Thing::Employee(index) => {
            let employee = &mut description.employees[index];
            match parameter {
                P::Pace => employee.pace = Some(spread),
                P::Absence => employee.absence = chance,
                P::Capacity => employee.capacity = Some(number as u32),
                P::PlannedCapacity => employee.planned_capacity = Some(number as u32),
                _ => {}
            }
        }
        Thing::Service(employee, index) => {
            let service = &mut description.employees[employee].services[index];
            match parameter {
                P::Duration => service.duration = spread,
                P::Standard => service.standard = hours,
                P::ErrorRate => service.error_rate = chance,
                P::Rush => service.rush = chance,
                P::Workmanship => service.workmanship = Some(spread),
                P::Buffer => service.buffer = hours,
                _ => {}
            }
        }
        Thing::Customer(index) => {
            let customer = &mut description.customers[index];
            match parameter {
                P::Promise => customer.promise = hours,
                P::CustomerValue => customer.value = Some(number),
                P::PerfectQuality => customer.perfect_quality = chance,
                _ => {}
            }
        }
        Thing::Dependency(index) => {
            let dependency = &mut description.dependencies[index];
            let never = || Silence { probability: 0.0.into(), chase: 0.0.into() };
            match parameter {
                P::Standard => dependency.standard = hours,
                P::Promise => dependency.promise = hours,
                P::Needed => dependency.needed = chance,
                P::Handoff => dependency.handoff = Some(spread),
                P::SilenceProbability => dependency.silence.get_or_insert_with(never).probability = number.into(),
                P::SilenceChase => dependency.silence.get_or_insert_with(never).chase = spread,
                P::Detection => dependency.detection = chance,
                P::Rework => dependency.rework = Some(spread),
                P::Transmission => dependency.transmission = chance,
                P::Strength => dependency.strength = chance,
                P::Criticality => dependency.criticality = chance,
                _ => {}
            }
        }
    }
}
