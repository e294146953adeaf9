//! Who depends on whom, from providers on the left to customers on the right; hits and chains on top.

use std::collections::{BTreeMap, BTreeSet};

use super::contents::{self, Boxed, Contents, Drawn};
use super::layers::{self, Arrow, Laid, Room};
use super::palette::{ACCENT, FAINT, GROUPS, INK, LINE, PAPER, SOFT, ink_on, ramp};
use super::svg::{Hold, Scene, Stroke, plain, stroke};
use super::{Picture, text};
use crate::organization::resolve::Receiver;
use crate::{Organization, Story};

const MARGIN: f64 = 20.0;
const NAME: f64 = 13.0;
const SMALL: f64 = 11.0;
const LINE_HEIGHT: f64 = 15.0;
const WIDEST: f64 = 204.0;
/// Pictures are at least so wide: titles and legends need it.
const NARROWEST: f64 = 480.0;

/// What is a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Grouping {
    /// Every service while they can be read (40 boxes, 100 lines), else departments; what then is still too much is left
    /// out, and the picture says how much.
    #[default]
    Readable,
    /// Every service, however many.
    Services,
    /// Every department.
    Departments,
}

/// How hard one was hit.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    value: f64,
    label: Option<String>,
    ring: Option<u32>,
}

impl Hit {
    /// From 0, not at all, to 1.
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self { value: if value.is_finite() { value.clamp(0.0, 1.0) } else { 0.0 }, label: None, ring: None }
    }

    /// What to write into the box, e.g. `31 in 100 late`.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// How many hops from where it began, drawn as a number at the corner.
    #[must_use]
    pub fn ring(mut self, ring: u32) -> Self {
        self.ring = Some(ring);
        self
    }
}

/// An organisation as a picture.
///
/// Boxes are services (or departments: [`Grouping`]), with the colour of their department at the left edge and its name in
/// the box; customers stand at the right. A line runs from the right side of who provides to the left side of who needs it;
/// a dashed one is for work of an earlier round, and may run back.
///
/// ```
/// use ripple_effect::{Organization, picture::{Hit, OrganizationPicture}};
///
/// let shop = Organization::builder("Shop")
///     .employee("Ana", |e| e.provides("stock list", 2.0))
///     .employee("Ben", |e| e.provides("advice", 1.0))
///     .customer("Guests", |c| c.promise(4.0))
///     .serves("Ana", "Ben", "what is in stock")
///     .serves("Ben", "Guests", "advice")
///     .build()?;
/// let picture = OrganizationPicture::new(&shop).hit("Guests", Hit::new(0.4).label("40 in 100 late").ring(2)).draw();
/// assert!(picture.svg().contains("40 in 100 late"));
/// # Ok::<(), ripple_effect::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct OrganizationPicture {
    organization: Organization,
    title: Option<String>,
    grouping: Grouping,
    hits: BTreeMap<String, Hit>,
    shade_means: String,
    marked: BTreeSet<String>,
    marked_means: String,
}

impl OrganizationPicture {
    /// A picture of this organisation.
    #[must_use]
    pub fn new(organization: &Organization) -> Self {
        Self {
            organization: organization.clone(),
            title: None,
            grouping: Grouping::default(),
            hits: BTreeMap::new(),
            shade_means: "the darker, the harder hit".to_owned(),
            marked: BTreeSet::new(),
            marked_means: String::new(),
        }
    }

    /// The title; the organisation's name unless said.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// What is a box; whatever can be read unless said.
    #[must_use]
    pub fn grouping(mut self, grouping: Grouping) -> Self {
        self.grouping = grouping;
        self
    }

    /// How hard a service (named as dependencies name it), a customer or a department was hit: the darker the harder.
    /// Names that are not in the picture are left out.
    #[must_use]
    pub fn hit(mut self, name: impl Into<String>, hit: Hit) -> Self {
        self.hits.insert(name.into(), hit);
        self
    }

    /// What the legend says that the shade of hits means; `the darker, the harder hit` unless said.
    #[must_use]
    pub fn shaded_by(mut self, means: impl Into<String>) -> Self {
        self.shade_means = means.into();
        self
    }

    /// The id, the provider and the receiver of each dependency.
    pub(super) fn dependencies(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let (description, resolved) = (self.organization.description(), self.organization.resolved());
        resolved.dependency_ids.iter().zip(&resolved.dependencies).map(|(id, (provider, receiver))| {
            let receiver = match receiver {
                Receiver::Service(service) => resolved.services[*service].label.as_str(),
                Receiver::Customer(customer) => description.customers[*customer].name.as_str(),
            };
            (id, resolved.services[*provider].label.as_str(), receiver)
        })
    }

    /// Draws these dependencies, by their ids, as thick lines, and says in the legend what that means.
    #[must_use]
    pub fn mark<I: IntoIterator<Item: Into<String>>>(mut self, dependencies: I, means: impl Into<String>) -> Self {
        self.marked.extend(dependencies.into_iter().map(Into::into));
        self.marked_means = means.into();
        self
    }

    /// Marks the chain of a story.
    #[must_use]
    pub fn story(self, story: &Story) -> Self {
        let means = format!("what {} waited for", story.customer);
        self.mark(story.dependencies(), means)
    }

    /// Draws it. O(sweeps * (boxes + lines * layers) * log).
    #[must_use]
    pub fn draw(&self) -> Picture {
        let contents = contents::of(&self.organization, self.grouping);
        let box_size = self.box_size(&contents);
        let room =
            Room { box_width: box_size.0, box_height: box_size.1, between_boxes: 16.0, between_lines: 9.0, gap: 56.0 };
        let arrows: Vec<Arrow> =
            contents.arrows.iter().map(|a| Arrow { from: a.from, to: a.to, ranks: !a.lagged }).collect();
        let last: Vec<bool> = contents.boxes.iter().map(|boxed| boxed.is_customer).collect();
        let laid = layers::lay_out(contents.boxes.len(), &last, &arrows, room);

        let title = self.title.as_deref().unwrap_or(&self.organization.description().name);
        let width = (laid.width + 2.0 * MARGIN).max(NARROWEST);
        let mut scene = Scene::default();
        let mut y = MARGIN + 4.0;
        for line in text::wrapped(title, 16.0 * 1.12, width - 2.0 * MARGIN) {
            y += 12.0;
            scene.text(MARGIN, y, plain(16.0).bold(), &line);
            y += 8.0;
        }
        let origin = ((width - laid.width) / 2.0, y + 16.0);
        self.lines(&mut scene, &contents, &laid, origin, box_size);
        for (boxed, &at) in contents.boxes.iter().zip(&laid.boxes) {
            self.one_box(&mut scene, &contents, boxed, (origin.0 + at.0, origin.1 + at.1 - box_size.1 / 2.0), box_size);
        }
        let bottom = self.legend(&mut scene, &contents, origin.1 + laid.height + 26.0, width);
        let said = format!(
            "{} boxes and {} lines, from those who provide on the left to customers on the right. {}",
            contents.boxes.len(),
            contents.arrows.len(),
            contents.notes.join(" ")
        );
        scene.finish(width, bottom + MARGIN, title, said.trim())
    }

    /// The name, on two lines where one is too narrow.
    fn name_lines(boxed: &Boxed) -> Vec<String> {
        let room = WIDEST - 34.0;
        let mut lines = text::wrapped(&boxed.title, NAME * 1.12, room);
        if lines.len() > 2 {
            let rest = lines.split_off(1).join(" ");
            lines.push(text::fitted(&rest, NAME * 1.12, room));
        }
        lines
    }

    /// What stands in a box below its name.
    fn small_print(&self, contents: &Contents, boxed: &Boxed) -> Vec<String> {
        let mut lines: Vec<String> = boxed.detail.iter().cloned().collect();
        if let (Some(group), false) = (boxed.group, contents.by_department) {
            lines.push(contents.groups[group].clone());
        }
        if let Some(label) = self.hits.get(&boxed.name).and_then(|hit| hit.label.clone()) {
            lines.push(label);
        }
        lines
    }

    fn box_size(&self, contents: &Contents) -> (f64, f64) {
        let mut width: f64 = 70.0;
        let mut lines = 0;
        for boxed in &contents.boxes {
            let name = Self::name_lines(boxed);
            width = name.iter().map(|line| text::bold_width(line, NAME)).fold(width, f64::max);
            let small = self.small_print(contents, boxed);
            lines = lines.max(name.len() + small.len());
            width = small.iter().map(|line| text::width(line, SMALL)).fold(width, f64::max);
        }
        ((width + 34.0).min(WIDEST), 16.0 + LINE_HEIGHT * lines as f64)
    }

    fn one_box(&self, scene: &mut Scene, contents: &Contents, boxed: &Boxed, at: (f64, f64), size: (f64, f64)) {
        let hit = self.hits.get(&boxed.name);
        let value = hit.map_or(0.0, |hit| hit.value);
        let edge = if boxed.is_customer { stroke(INK, 2.0) } else { stroke(LINE, 1.0) };
        let round = if boxed.is_customer { size.1 / 2.0 } else { 3.0 };
        scene.rect(at, size, round, &ramp(value), Some(edge));
        if let Some(group) = boxed.group {
            scene.rect(at, (8.0, size.1), 0.0, GROUPS[group % GROUPS.len()], None);
        }
        let ink = ink_on(value);
        let small = self.small_print(contents, boxed);
        let room = size.0 - 28.0;
        let middle = at.0 + size.0 / 2.0 + if boxed.group.is_some() { 4.0 } else { 0.0 };
        let name = Self::name_lines(boxed);
        let mut y = at.1 + (size.1 - LINE_HEIGHT * (small.len() + name.len()) as f64) / 2.0 + 11.5;
        for line in name {
            scene.text(middle, y, plain(NAME).bold().colour(ink).held(Hold::Middle), &line);
            y += LINE_HEIGHT;
        }
        for line in small {
            let line = text::fitted(&line, SMALL, room);
            scene.text(middle, y, plain(SMALL).colour(ink).held(Hold::Middle), &line);
            y += LINE_HEIGHT;
        }
        if let Some(ring) = hit.and_then(|hit| hit.ring) {
            let corner = (at.0 + size.0 - 5.0, at.1 + 2.0);
            scene.circle(corner, 9.0, PAPER, Some(stroke(INK, 1.2)));
            let look = plain(if ring > 99 { 8.0 } else { 10.0 }).bold().held(Hold::Middle);
            scene.text(corner.0, corner.1 + 3.6, look, &ring.to_string());
        }
    }

    fn lines(&self, scene: &mut Scene, contents: &Contents, laid: &Laid, origin: (f64, f64), size: (f64, f64)) {
        let ids = &self.organization.resolved().dependency_ids;
        let is_marked = |arrow: &Drawn| arrow.dependencies.iter().any(|&index| self.marked.contains(ids.at(index)));
        let most = contents.arrows.iter().map(|arrow| arrow.dependencies.len()).max().unwrap_or(1);
        let mut order: Vec<usize> = (0..contents.arrows.len()).collect();
        order.sort_by_key(|&index| (is_marked(&contents.arrows[index]), index));
        for index in order {
            let arrow = &contents.arrows[index];
            let mut look = if is_marked(arrow) {
                stroke(ACCENT, 3.0)
            } else if contents.by_department {
                stroke(LINE, 1.0 + 4.0 * arrow.dependencies.len() as f64 / most as f64)
            } else {
                stroke(LINE, 1.1)
            };
            look.dashed = arrow.lagged;
            let points: Vec<(f64, f64)> =
                laid.arrows[index].iter().map(|point| (origin.0 + point.0, origin.1 + point.1)).collect();
            one_line(scene, arrow, &points, look, size);
        }
    }

    fn legend(&self, scene: &mut Scene, contents: &Contents, top: f64, width: f64) -> f64 {
        let mut entries: Vec<(Sign, String)> = Vec::new();
        let used: BTreeSet<usize> = contents.boxes.iter().filter_map(|boxed| boxed.group).collect();
        if !contents.by_department {
            entries.extend(
                used.into_iter()
                    .map(|group| (Sign::Group(GROUPS[group % GROUPS.len()]), contents.groups[group].clone())),
            );
        }
        let plain_line = Stroke { colour: LINE, width: 1.5, dashed: false };
        if contents.arrows.iter().any(|arrow| arrow.lagged) {
            entries.push((Sign::Line(plain_line), "needs it in the same round".to_owned()));
            entries
                .push((Sign::Line(Stroke { dashed: true, ..plain_line }), "uses work of an earlier round".to_owned()));
        }
        if !self.marked.is_empty() {
            entries.push((Sign::Line(stroke(ACCENT, 3.0)), self.marked_means.clone()));
        }
        if !self.hits.is_empty() {
            entries.push((Sign::Ramp, self.shade_means.clone()));
        }
        if self.hits.values().any(|hit| hit.ring.is_some()) {
            entries.push((Sign::Ring, "hops from where it began".to_owned()));
        }
        let (mut x, mut y) = (MARGIN, top);
        for (sign, words) in entries {
            let words = text::fitted(&words, SMALL, width - 2.0 * MARGIN - 34.0);
            let needs = 34.0 + text::width(&words, SMALL);
            if x + needs > width - MARGIN && x > MARGIN {
                (x, y) = (MARGIN, y + 19.0);
            }
            sign.draw(scene, x, y);
            scene.text(x + 32.0, y + 4.0, plain(SMALL).colour(SOFT), &words);
            x += needs + 16.0;
        }
        if x > MARGIN {
            y += 21.0;
        }
        for line in contents.notes.iter().flat_map(|note| text::wrapped(note, SMALL, width - 2.0 * MARGIN)) {
            scene.text(MARGIN, y + 4.0, plain(SMALL).colour(SOFT), &line);
            y += 16.0;
        }
        y - 12.0
    }
}

fn one_line(scene: &mut Scene, arrow: &Drawn, points: &[(f64, f64)], look: Stroke, size: (f64, f64)) {
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return };
    let head = 4.5 + look.width;
    if arrow.from == arrow.to || first.0 == last.0 {
        // To oneself, or to somebody in the same layer: around the right side.
        let reach = if arrow.from == arrow.to { 26.0 } else { 14.0 } + (first.1 - last.1).abs() / 6.0;
        let out = first.0 + reach.min(size.0 / 3.0);
        let d = super::svg::number;
        let (ends, last) =
            if arrow.from == arrow.to { ((first.0, first.1 - 8.0), (last.0, last.1 + 8.0)) } else { (first, last) };
        scene.path(
            &format!(
                "M{} {}C{} {} {} {} {} {}",
                d(ends.0),
                d(ends.1),
                d(out),
                d(ends.1),
                d(out),
                d(last.1),
                d(last.0 + head),
                d(last.1)
            ),
            look,
        );
        point(scene, last, -1.0, head, look.colour);
        return;
    }
    let before = points[points.len() - 2];
    let direction = if last.0 > before.0 { 1.0 } else { -1.0 };
    let mut shortened = points.to_vec();
    let end = shortened.len() - 1;
    shortened[end].0 -= direction * head;
    scene.curve(&shortened, look);
    point(scene, last, direction, head, look.colour);
}

fn point(scene: &mut Scene, tip: (f64, f64), direction: f64, head: f64, colour: &str) {
    let back = tip.0 - direction * (head + 1.0);
    scene.shape(&[tip, (back, tip.1 - head / 2.0), (back, tip.1 + head / 2.0)], colour);
}

enum Sign {
    Group(&'static str),
    Line(Stroke),
    Ramp,
    Ring,
}

impl Sign {
    fn draw(&self, scene: &mut Scene, x: f64, y: f64) {
        match self {
            Self::Group(colour) => scene.rect((x + 8.0, y - 6.0), (12.0, 12.0), 0.0, colour, None),
            Self::Line(look) => scene.line((x, y), (x + 26.0, y), *look),
            Self::Ramp => {
                for (index, value) in [0.0, 0.33, 0.66, 1.0].into_iter().enumerate() {
                    scene.rect(
                        (x + 6.5 * index as f64, y - 6.0),
                        (6.5, 12.0),
                        0.0,
                        &ramp(value),
                        Some(stroke(FAINT, 0.5)),
                    );
                }
            }
            Self::Ring => scene.circle((x + 14.0, y), 7.0, PAPER, Some(stroke(INK, 1.2))),
        }
    }
}
