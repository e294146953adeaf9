//! Changes applied: a new organisation, and what moved.

use super::access::{self, Thing};
use super::account::Moved;
use super::action::{Action, Change, Values};
use super::arithmetic::Step;
use super::parameter::{Parameter, Things};
use super::scenario::Scenario;
use super::selection::Selection;
use super::structure;
use super::written_out::written_out;
use crate::organization::cycles;
use crate::organization::{Description, resolve::Resolved};
use crate::practice::Practice;
use crate::shock::Shock;
use crate::{Error, ErrorKind, Organization};

/// An organisation after changes, and what moved.
#[derive(Debug, Clone)]
pub struct Changed {
    organization: Organization,
    moved: Vec<Moved>,
}

impl Changed {
    /// The organisation as it is now. Where nothing moved, the one that it was.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// The organisation as it is now, without the account.
    #[must_use]
    pub fn into_organization(self) -> Organization {
        self.organization
    }

    /// What moved, in the order of the changes, and within a change in the order of the file.
    #[must_use]
    pub fn moved(&self) -> &[Moved] {
        &self.moved
    }

    /// What moved, a line each; `nothing changes` where nothing did.
    #[must_use]
    pub fn account(&self) -> String {
        if self.moved.is_empty() {
            return "nothing changes\n".to_owned();
        }
        self.moved.iter().map(|moved| format!("{moved}\n")).collect()
    }
}

impl Organization {
    /// The organisation as it is after these changes, made one after the other.
    ///
    /// Nothing outside a selection moves. Before anything is changed, all that is decided once is written out as it was:
    /// standards of services and hand-offs, promises to customers and of providers, cadence, rounds, the order of work,
    /// the capacity that plans count with, and the error rates of backups. A change of `standard`, `buffer` or
    /// `planned_capacity`, or of who depends on whom, moves planned times and nothing else of these. Random draws hang on
    /// ids and stay in step: what is not changed draws the same bits. Where nothing moves (a factor of 1, a cap that
    /// nothing reaches) the organisation is the same, to the last bit of its fingerprint.
    ///
    /// The scenarios of the file ([`scenarios`](Self::scenarios)) are not part of the new organisation. Its
    /// [shocks](Self::shocks) are, but for those that strike nothing in it any more.
    ///
    /// # Errors
    /// - [`ErrorKind::Name`]: a name points to nothing, or nothing fits a selection.
    /// - [`ErrorKind::Shape`]: a parameter that what is selected does not have.
    /// - [`ErrorKind::Range`]: a value would leave its range. Nothing is cut unless by `cap` or `at_least`.
    /// - [`ErrorKind::Cycle`]: people wait for each other within one round, before or after the changes.
    /// - What [`Organization::new`] finds in the new organisation: a customer whom nobody serves any more.
    ///
    /// Paths begin with `changes[0]`.
    ///
    /// # Complexity
    /// Making the [`plan`](Self::plan) once, and O(size of the description) for each change.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// use ripple_effect::change::{Parameter, Selection};
    ///
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let same = shop.apply(&[Selection::all().scale(Parameter::Duration, 1.0)])?;
    /// assert_eq!(same.organization().fingerprint(), shop.fingerprint());
    ///
    /// let error = shop.apply(&[Selection::employee("Anna").scale(Parameter::Duration, 0.8)]).unwrap_err();
    /// assert_eq!(error.path(), "changes[0].select.employee");
    /// assert_eq!(error.mend(), "Did you mean \"Ana\"?");
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    pub fn apply(&self, changes: &[Change]) -> Result<Changed, Error> {
        let mut workshop = Workshop::new(self)?;
        for (place, change) in changes.iter().enumerate() {
            workshop.change(change, &format!("changes[{place}]"))?;
        }
        workshop.done()
    }
}

/// An organisation that is being changed. A copy of one goes on from there: what is decided once is written out once.
#[derive(Debug, Clone)]
pub(crate) struct Workshop {
    original: Organization,
    /// Whom names and places in `description` are looked up in: as of the last change of structure.
    resolved: Organization,
    pub(super) description: Description,
    pub(super) moved: Vec<Moved>,
    /// Kept aside while names may come and go.
    shocks: Option<Vec<Shock>>,
}

impl Workshop {
    pub(crate) fn new(organization: &Organization) -> Result<Self, Error> {
        let mut description = written_out(organization)?;
        description.changes = None;
        let shocks = description.shocks.take();
        let (original, resolved) = (organization.clone(), organization.clone());
        let mut workshop = Self { original, resolved, description, moved: Vec::new(), shocks };
        workshop.settle("")?;
        Ok(workshop)
    }

    pub(crate) fn description(&self) -> &Description {
        &self.description
    }

    pub(crate) fn resolved(&self) -> &Resolved {
        self.resolved.resolved()
    }

    /// Looks up names and places again after a change of structure.
    pub(super) fn settle(&mut self, path: &str) -> Result<(), Error> {
        let description = std::mem::replace(&mut self.description, Description::new(""));
        self.resolved = Organization::new(description).map_err(|error| follows(path, &error))?;
        self.description = self.resolved.description().clone();
        if let Some(error) = cycles::error(&self.description, self.resolved()) {
            return Err(follows(path, &error));
        }
        Ok(())
    }

    pub(crate) fn things(&self, select: &Selection, kind: Things, path: &str) -> Result<Vec<Thing>, Error> {
        select.things(kind, &self.description, self.resolved(), &format!("{path}.select"))
    }

    pub(crate) fn change(&mut self, change: &Change, path: &str) -> Result<(), Error> {
        let select = &change.select;
        match &change.action {
            Action::Set(values) => self.all(select, "set", values, Step::Set, path),
            Action::Scale(values) => self.all(select, "scale", values, |factor| Step::Scale(*factor), path),
            Action::Add(values) => self.all(select, "add", values, |more| Step::Add(*more), path),
            Action::Cap(values) => self.all(select, "cap", values, |most| Step::Cap(*most), path),
            Action::AtLeast(values) => self.all(select, "at_least", values, |least| Step::AtLeast(*least), path),
            Action::Toward(values) => self.all(select, "toward", values, |toward| Step::Toward(*toward), path),
            Action::Backup(backup) => structure::back_up(self, select, backup, path),
            Action::Hire(colleague) => structure::hire(self, select, colleague, path),
            Action::Depend(dependency) => structure::depend(self, select, dependency, path),
            Action::Remove => structure::remove(self, select, path),
        }
    }

    fn all<'v, V>(
        &mut self,
        select: &Selection,
        action: &str,
        values: &'v Values<V>,
        step: impl Fn(&'v V) -> Step<'v>,
        path: &str,
    ) -> Result<(), Error> {
        if values.0.is_empty() {
            let mend = "Name a parameter, e.g. {\"duration\": 0.8}, or leave the change out.";
            let path = format!("{path}.do.{action}");
            return Err(Error::new(ErrorKind::Shape, path, "no parameter", "at least one", mend));
        }
        for (&parameter, value) in &values.0 {
            let at = format!("{path}.do.{action}.{}", parameter.name());
            self.parameter(select, parameter, &step(value), path, &at)?;
        }
        Ok(())
    }

    fn parameter(
        &mut self,
        select: &Selection,
        parameter: Parameter,
        step: &Step<'_>,
        path: &str,
        at: &str,
    ) -> Result<(), Error> {
        let kind = select.kind_for(parameter, at)?;
        for thing in self.things(select, kind, path)? {
            let Some(before) = access::read(&self.description, self.resolved(), thing, parameter) else { continue };
            let what = format!("{} of {}", parameter.name(), thing.name(&self.description));
            let after = step.take(&before, parameter.measure(), &what, at)?;
            if after != before {
                self.moved.push(Moved::parameter(&self.description, thing, parameter, &before, &after));
                access::write(&mut self.description, thing, parameter, after);
            }
        }
        Ok(())
    }

    /// Takes up a practice with this effect.
    pub(crate) fn practice(&mut self, practice: &Practice, effect: f64, path: &str) -> Result<(), Error> {
        for change in practice.changes_in(self, effect, path)? {
            self.change(&change, path)?;
        }
        Ok(())
    }

    /// Makes the changes of a scenario, then takes up its practices, each with the effect of its place.
    pub(crate) fn scenario(
        &mut self,
        scenario: &Scenario,
        mut effect: impl FnMut(usize, &Practice) -> f64,
    ) -> Result<(), Error> {
        for (place, change) in scenario.changes.iter().enumerate() {
            self.change(change, &format!("changes[{place}]"))?;
        }
        for (place, practice) in scenario.practices.iter().enumerate() {
            self.practice(practice, effect(place, practice), &format!("practices[{place}]"))?;
        }
        Ok(())
    }

    pub(crate) fn done(self) -> Result<Changed, Error> {
        if self.moved.is_empty() {
            return Ok(Changed { organization: self.original, moved: self.moved });
        }
        let changed = Organization::new(self.description)?;
        let organization = match self.shocks {
            Some(shocks) => changed.with_shocks(shocks),
            None => changed,
        };
        Ok(Changed { organization, moved: self.moved })
    }
}

/// A problem of the organisation that a change would make.
fn follows(path: &str, error: &Error) -> Error {
    if path.is_empty() {
        return error.clone();
    }
    let at = if error.path().is_empty() { String::new() } else { format!(" at {}", error.path()) };
    let found = format!("a change after which the organisation has a problem{at}: {}", error.found());
    Error::new(error.kind(), path, found, error.allowed(), error.mend())
}
