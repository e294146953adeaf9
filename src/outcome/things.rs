//! Who and what the figures are about, so that an outcome can be read without its model.

use serde::{Deserialize, Serialize};

use crate::Plan;

/// How much is kept.
///
/// | detail | what is kept |
/// |---|---|
/// | `Customers` | all figures of customers and of the stages of their journeys |
/// | `Services` | the same, and counts and first two moments of every service, dependency, employee and department |
/// | `Full` | the same, and quantiles of services and dependencies, and customers round by round |
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Detail {
    /// What customers feel.
    #[default]
    Customers,
    /// And what everybody does to everybody.
    Services,
    /// And how it is spread, and how it goes round by round.
    Full,
}

impl Detail {
    /// As it stands in outcomes and on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Services => "services",
            Self::Full => "full",
        }
    }
}

/// All lists are in the order of the plan; `at` is the place in the file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Things {
    pub(crate) customers: Vec<CustomerThing>,
    pub(crate) services: Vec<ServiceThing>,
    pub(crate) dependencies: Vec<DependencyThing>,
    pub(crate) employees: Vec<EmployeeThing>,
    pub(crate) departments: Vec<DepartmentThing>,
    /// The climate, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) climate: Option<ClimateThing>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClimateThing {
    pub(crate) posts: u32,
    pub(crate) set_point: f64,
    /// Probability to leave at the set point.
    pub(crate) hazard: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CustomerThing {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) planned: f64,
    pub(crate) promise: f64,
    pub(crate) value: f64,
    pub(crate) inputs: Vec<InputThing>,
    pub(crate) stages: Vec<StageThing>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct InputThing {
    pub(crate) provider: String,
    pub(crate) need: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct StageThing {
    pub(crate) service: String,
    pub(crate) planned: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ServiceThing {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) employee: String,
    pub(crate) department: Option<String>,
    pub(crate) planned: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DependencyThing {
    pub(crate) at: usize,
    pub(crate) id: String,
    pub(crate) provider: String,
    pub(crate) receiver: String,
    pub(crate) need: Option<String>,
    pub(crate) lag: usize,
    pub(crate) planned: f64,
    pub(crate) promise: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct EmployeeThing {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) department: Option<String>,
    pub(crate) capacity: usize,
    pub(crate) services: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct DepartmentThing {
    pub(crate) at: usize,
    pub(crate) name: String,
    pub(crate) people: u32,
    pub(crate) capacity: usize,
    pub(crate) services: u32,
}

impl Things {
    /// What an outcome of this detail speaks of.
    pub(crate) fn of(plan: &Plan, detail: Detail) -> Self {
        let description = plan.organization.description();
        let need = |dependency: usize| description.dependencies[plan.dependencies[dependency].at].need.clone();
        let customer = |customer: &crate::plan::PlannedCustomer| CustomerThing {
            at: customer.at,
            name: plan.customer_name(customer).to_owned(),
            planned: customer.ready,
            promise: customer.promise,
            value: customer.value,
            inputs: customer
                .inputs
                .clone()
                .map(|index| InputThing {
                    provider: plan.service_label(plan.dependencies[index].provider).to_owned(),
                    need: need(index),
                })
                .collect(),
            stages: customer
                .journey
                .iter()
                .map(|&service| StageThing {
                    service: plan.service_label(service).to_owned(),
                    planned: plan.services[service].finish,
                })
                .collect(),
        };
        let climate = plan.climate.as_ref().map(|climate| ClimateThing {
            posts: plan.employees.len() as u32,
            set_point: climate.set_point,
            hazard: climate.coefficients.hazard,
        });
        let mut things = Self { customers: plan.customers.iter().map(customer).collect(), climate, ..Self::default() };
        if detail < Detail::Services {
            return things;
        }
        let department_of = |employee: usize| {
            plan.employees[employee].department.map(|department| plan.department_name(department).to_owned())
        };
        let mut services_of = vec![0u32; plan.employees.len()];
        for (index, service) in plan.services.iter().enumerate() {
            services_of[service.employee] += 1;
            things.services.push(ServiceThing {
                at: service.at,
                name: plan.service_label(index).to_owned(),
                employee: plan.employee_name(service.employee).to_owned(),
                department: department_of(service.employee),
                planned: service.finish,
            });
        }
        for (index, dependency) in plan.dependencies.iter().enumerate() {
            things.dependencies.push(DependencyThing {
                at: dependency.at,
                id: plan.dependency_id(index).to_owned(),
                provider: plan.service_label(dependency.provider).to_owned(),
                receiver: plan.receiver_name(dependency.receiver).to_owned(),
                need: need(index),
                lag: dependency.lag,
                planned: dependency.arrival,
                promise: dependency.promise,
            });
        }
        for (index, department) in plan.departments.iter().enumerate() {
            things.departments.push(DepartmentThing {
                at: department.at,
                name: plan.department_name(index).to_owned(),
                people: 0,
                capacity: 0,
                services: 0,
            });
        }
        for (index, employee) in plan.employees.iter().enumerate() {
            if let Some(department) = employee.department {
                let department = &mut things.departments[department];
                department.people += 1;
                department.capacity += employee.capacity;
                department.services += services_of[index];
            }
            things.employees.push(EmployeeThing {
                at: employee.at,
                name: plan.employee_name(index).to_owned(),
                department: department_of(index),
                capacity: employee.capacity,
                services: services_of[index],
            });
        }
        things
    }
}
