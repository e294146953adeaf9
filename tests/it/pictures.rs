//! Pictures: those in the documents are what is drawn, to the byte; nothing overlaps; any name can be drawn; what is left
//! out is said.
//!
//! After a change that was meant, draw those of the documents again, and look at them:
//!
//!     cargo run --features pictures --example telling_the_story -- docs/pictures
//!     cargo run --features pictures --example domino -- docs/pictures

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::Event;
use ripple_effect::change::{Parameter, Scenario, Selection};
use ripple_effect::compare::Figure;
use ripple_effect::picture::{
    Forest, FrontierPicture, Grouping, Hit, OrganizationPicture, OverlaidWaits, Picture, Tornado, WaitsPicture,
};
use ripple_effect::shock::Shock;
use ripple_effect::{Detail, ErrorKind, Organization};

#[path = "../../examples/telling_the_story.rs"]
#[allow(dead_code)]
mod telling_the_story;

#[path = "../../examples/domino.rs"]
#[allow(dead_code)]
mod domino;

const EVERY_FACET: &str = include_str!("../golden/every_facet.json");
const MANAGERS: &str = include_str!("../../examples/organizations/high_tech_managers.json");

#[derive(Debug)]
struct Label {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    text: String,
}

/// The size of a picture and its labels, by a measure of words of its own: what a letter of English takes on average in
/// DejaVu Sans (0.53 of the size, 0.57 in bold).
fn labels(picture: &Picture) -> ((f64, f64), Vec<Label>) {
    let mut reader = Reader::from_str(picture.svg());
    let mut size = (0.0, 0.0);
    let mut labels: Vec<Label> = Vec::new();
    let mut open: Option<(f64, f64, f64, f64, String, String)> = None;
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(element) => {
                let value = |name: &str| {
                    let attribute = element.try_get_attribute(name).unwrap()?;
                    Some(attribute.value.into_owned())
                };
                let number = |name: &str| value(name).and_then(|value| value.parse().ok()).unwrap_or(0.0);
                match element.name().as_ref() {
                    "svg" => size = (number("width"), number("height")),
                    "text" => {
                        let hold = value("text-anchor").unwrap_or_default();
                        let letter = if value("font-weight").is_some() { 0.57 } else { 0.53 };
                        open = Some((number("x"), number("y"), number("font-size"), letter, hold, String::new()));
                    }
                    _ => {}
                }
            }
            Event::Text(text) => {
                if let Some(label) = &mut open {
                    label.5.push_str(&text);
                }
            }
            Event::GeneralRef(_) => {
                if let Some(label) = &mut open {
                    label.5.push('&');
                }
            }
            Event::End(element) if element.name().as_ref() == "text" => {
                let (x, y, size, letter, hold, text) = open.take().unwrap();
                let width = letter * size * text.chars().count() as f64;
                let left = match hold.as_str() {
                    "middle" => x - width / 2.0,
                    "end" => x - width,
                    _ => x,
                };
                labels.push(Label { left, right: left + width, top: y - 0.75 * size, bottom: y + 0.2 * size, text });
            }
            _ => {}
        }
    }
    (size, labels)
}

fn no_overlap(name: &str, picture: &Picture) {
    let ((width, height), labels) = labels(picture);
    assert!(!labels.is_empty());
    for (index, a) in labels.iter().enumerate() {
        assert!(a.left >= 0.0 && a.right <= width && a.top >= 0.0 && a.bottom <= height, "{name}: {a:?} is outside");
        for b in &labels[..index] {
            let apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
            assert!(apart, "{name}: {a:?} lies on {b:?}");
        }
    }
}

#[test]
fn the_documents_show_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    let mut pictures = telling_the_story::pictures().unwrap();
    pictures.extend(domino::pictures().unwrap());
    for (name, picture) in &pictures {
        let shown = fs::read_to_string(folder.join(format!("{name}.svg"))).unwrap().replace("\r\n", "\n");
        assert!(shown == picture.svg(), "docs/pictures/{name}.svg is not what is drawn: see the head of this file");
        no_overlap(name, picture);
    }
    let stored = fs::read_dir(folder).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_str().is_some_and(|name| name.ends_with(".svg"))
    });
    assert_eq!(stored.count(), pictures.len());
}

#[test]
fn nothing_overlaps_in_other_pictures() {
    for (model, grouping) in [
        (EVERY_FACET, Grouping::Readable),
        (EVERY_FACET, Grouping::Departments),
        (MANAGERS, Grouping::Services),
        (MANAGERS, Grouping::Departments),
    ] {
        let organization = Organization::from_json(model).unwrap();
        let mut picture = OrganizationPicture::new(&organization).grouping(grouping);
        for employee in &organization.description().employees {
            picture = picture.hit(&employee.name, Hit::new(0.9).label("late 90 in 100").ring(3));
        }
        no_overlap(&format!("{grouping:?}"), &picture.draw());
    }
    let mut tornado =
        Tornado::new("A title that is rather long, so long indeed that it has to be set on more than one line");
    let mut forest = Forest::new("Differences", "hours");
    for index in 0..40 {
        let hours = f64::from(index) - 19.5;
        tornado =
            tornado.cause(format!("cause number {index} with a long name, longer than fits beside the bars"), hours);
        forest = forest.row(format!("change {index}"), hours, Some((hours - 7.0, hours + 8.0)));
    }
    let mut overlaid = OverlaidWaits::new("Guests", 9.0);
    let mut frontier = FrontierPicture::new("What money buys", "EUR", "more perfect, of 100")
        .names((0..40).map(|n| format!("way {n}")));
    for index in 0..40 {
        let slower = f64::from(index) / 10.0;
        let waits = (0..=200).map(|step| f64::from(step) * (0.05 + slower / 100.0)).collect();
        overlaid = overlaid.quantiles(format!("scenario {index}"), waits);
        let bought: Vec<usize> = (0..index as usize % 16).collect();
        frontier = frontier.step(100.0 * f64::from(index), f64::from(index).sqrt(), &bought);
    }
    no_overlap("overlaid", &overlaid.draw());
    no_overlap("frontier", &frontier.draw());
    no_overlap("tornado", &tornado.draw());
    no_overlap("forest", &forest.draw());
    for picture in [
        Tornado::new("Nothing").draw(),
        Forest::new("Nothing", "hours").row("not known", f64::NAN, None).draw(),
        WaitsPicture::new("Nobody", 4.0, Vec::new()).draw(),
        OverlaidWaits::new("Nobody", 4.0).quantiles("none", Vec::new()).draw(),
        OverlaidWaits::new("At once", 0.0).quantiles("always", vec![0.0, 0.0]).draw(),
        FrontierPicture::new("Nothing", "EUR", "more").draw(),
        FrontierPicture::new("For nothing", "EUR", "more").names(["a"]).step(0.0, -1.0, &[0, 7]).draw(),
        WaitsPicture::new("Everybody at once", 0.0, vec![0.0; 10]).draw(),
        WaitsPicture::new("A long tail", 1e-3, (0..1000).map(|n| f64::from(n * n)).collect()).draw(),
    ] {
        no_overlap("an extreme", &picture);
    }
}

#[test]
fn pictures_are_saved_as_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let picture = Forest::new("x", "h").row("a", 1.0, None).draw();
    for name in ["a.svg", "a.SVG", "a.b.svg"] {
        picture.save(folder.path().join(name)).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), picture.svg());
    }
    for (name, found) in [
        ("a.png", "the ending .png"),
        ("a.svg.pdf", "the ending .pdf"),
        ("a.dot", "the ending .dot"),
        ("a", "a file name without an ending"),
    ] {
        let path = folder.path().join(name);
        let error = picture.save(&path).unwrap_err();
        assert_eq!((error.kind(), error.found(), error.path()), (ErrorKind::Name, found, path.to_str().unwrap()));
        assert!(error.allowed().contains(".svg") && error.mend().contains(".svg"), "{error}");
        assert!(!path.exists(), "{name}");
    }
}

/// Before time is spent: a run of so many replications would not end today, and is ended after a minute.
#[cfg(feature = "cli")]
#[test]
fn commands_refuse_other_pictures_at_once() {
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    let folder = tempfile::tempdir().unwrap();
    let ripple = |arguments: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ripple"));
        let piped = command.current_dir(folder.path()).args(arguments.split(' ')).stderr(Stdio::piped());
        let mut child = piped.stdout(Stdio::null()).spawn().unwrap();
        let from = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if from.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        child.wait_with_output().unwrap()
    };
    assert!(ripple("new shop").status.success());
    let bank = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/organizations/regional_bank.json");
    fs::copy(bank, folder.path().join("bank.json")).unwrap();
    for command in [
        "shock shop/model.json --on Ana --late 6 --replications 9000000000 --picture",
        "shock shop/model.json --rank employees --late 6 --replications 9000000000 --picture",
        "explain shop/model.json --replications 9000000000 --picture",
        "story shop/model.json --picture",
        "improve bank.json --budget 1 --picture",
        "compare bank.json --picture",
        "compare bank.json --waits",
    ] {
        let output = ripple(&format!("{command} drawn.png"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && said.starts_with("error: drawn.png\n"), "{command}: {said}");
        assert!(said.contains("found    the ending .png\n") && said.contains("\"drawn.svg\""), "{command}: {said}");
        assert!(!folder.path().join("drawn.png").exists());
    }
}

#[test]
fn late_is_told_as_it_is() {
    let picture = WaitsPicture::new("Guests", 2.0, vec![1.0, 2.0, 2.0, 3.0]).draw();
    // At the promise is on time.
    assert!(picture.svg().contains("25 in 100 late"));
    let picture = Forest::new("x", "h").row("a", 1.0, Some((-1.0, 3.0))).row("b", -2.0, Some((-3.0, -1.0))).draw();
    assert!(picture.svg().contains("−2.0  (−3.0 to −1.0)"), "{picture}");
}

#[test]
fn intervals_are_spoken_of_where_there_are_any() {
    let forest = || Forest::new("x", "hours");
    let drawn = |forest: Forest| forest.draw().svg().to_owned();
    let all = drawn(forest().row("a", 1.0, Some((-1.0, 3.0))).row("b", 2.0, Some((1.0, 3.0))));
    assert!(all.contains(">hours (95 % intervals)<"), "{all}");
    let some = drawn(forest().row("a", 1.0, Some((-1.0, 3.0))).row("b", 2.0, None));
    assert!(some.contains(">hours (lines: 95 % intervals, where they are known)<"), "{some}");
    for none in [drawn(forest().row("a", 1.0, None).row("b", 2.0, None)), drawn(forest())] {
        assert!(none.contains(">hours<") && !none.contains("95 %"), "{none}");
    }
    // Of one replication nothing has an interval.
    let shop = Organization::builder("Shop")
        .employee("Ana", |e| e.provides("stock list", 2.0))
        .customer("Guests", |c| c.promise(4.0))
        .serves_with("Ana", "Guests", "stock list", |d| d.silent(0.2, 8.0))
        .build()
        .unwrap();
    let answers = Scenario::new("Answers").change(Selection::all().scale(Parameter::SilenceProbability, 0.5));
    let comparison = shop.compare(&[answers]).unwrap().replications(1).run().unwrap();
    let picture = drawn(comparison.forest(Figure::Wait, None));
    assert!(picture.contains("Answers") && !picture.contains("95 %"), "{picture}");
}

/// Ana leaves Ben without an answer; Cleo waits for Ana, too, and Dora for nobody.
#[test]
fn a_ripple_is_drawn_where_it_went() {
    let office = Organization::builder("Office")
        .department("Back")
        .department("Front")
        .employee("Ana", |e| e.department("Back").provides("list", 2.0))
        .employee("Ben", |e| e.department("Front").provides("advice", 1.0))
        .employee("Cleo", |e| e.department("Front").provides("prices", 1.0))
        .employee("Dora", |e| e.department("Back").provides("archive", 1.0))
        .customer("Guests", |c| c.promise(9.0))
        .serves("Ana", "Ben", "list")
        .serves("Ana", "Cleo", "list")
        .serves("Ben", "Guests", "advice")
        .serves("Cleo", "Guests", "prices")
        .serves("Dora", "Guests", "papers")
        .build()
        .unwrap();
    let silence = Shock::new("No answer").on(Selection::dependency("Ana -> Ben")).unanswered_for(4.0);
    let ripple = office.simulate().unwrap().replications(300).ripple(&[silence]).unwrap();
    let drawn = OrganizationPicture::new(&office).ripple(&ripple).draw();
    // Ana -> Ben and Ben -> Guests, and the line of the legend.
    assert_eq!(drawn.svg().matches("stroke=\"#D55E00\"").count(), 3, "{drawn}");
    assert_eq!(drawn.svg().matches("always, +4.0 h").count(), 2);
    no_overlap("a ripple", &drawn);
    let texts: Vec<String> = labels(&drawn).1.into_iter().map(|label| label.text).collect();
    for ring in ["0", "1", "2"] {
        assert_eq!(texts.iter().filter(|text| *text == ring).count(), 1, "{ring}");
    }
    let together = OrganizationPicture::new(&office).grouping(Grouping::Departments).ripple(&ripple).draw();
    assert!(together.svg().contains("always, +4.0 h together"));
    no_overlap("departments of a ripple", &together);
}

#[test]
fn any_name_can_be_drawn_and_exported() {
    let shop = Organization::builder("R&D <\"'> \\")
        .department("口座 & <b>")
        .employee("Ana \"the\" <i>", |e| e.department("口座 & <b>").provides("a\\b & c", 1.0))
        .employee("Ben", |e| e.provides("advice", 1.0))
        .customer("Guests & <co>", |c| c.promise(4.0))
        .serves("Ana \"the\" <i>", "Ben", "tabs\tand\u{1}controls\u{FFFE} ]]>")
        .serves("Ben", "Guests & <co>", "<>")
        .build()
        .unwrap();
    let summary = shop.simulate().unwrap().replications(300).detail(Detail::Services).run().unwrap().summary();
    let picture = OrganizationPicture::new(&shop).draw();
    let graphml = shop.to_graphml(Some(&summary));
    for text in [picture.svg(), &graphml] {
        let mut reader = Reader::from_str(text);
        while reader.read_event().unwrap() != Event::Eof {}
        assert!(!text.chars().any(|c| c.is_control() && !c.is_whitespace()));
    }
    assert!(graphml.contains("key=\"e_promise_kept\"") && graphml.contains("key=\"n_perfect\""));
    let dot = shop.to_dot(Some(&summary));
    assert!(dot.contains(r#"label="Ana \"the\" <i>/a\\b & c""#), "{dot}");
    assert!(dot.contains("n0 -> n1 [") && dot.contains("perfect="));
}

#[test]
fn what_is_left_out_is_said() {
    let mut builder = Organization::builder("Large").customer("Guests", |c| c.promise(400.0));
    for index in 0..120 {
        builder = builder.employee(format!("P{index}"), |e| e.provides("work", 1.0));
    }
    for index in 1..120u32 {
        builder = builder.serves(format!("P{}", index / 2), format!("P{index}"), "it");
    }
    let large = builder.serves("P119", "Guests", "all").build();
    // P0 would need itself: begin at 1.
    let large = large.unwrap();
    let picture = OrganizationPicture::new(&large).draw();
    assert!(picture.svg().contains("81 boxes with the fewest dependencies are not drawn."), "{picture}");
    no_overlap("large", &picture);
    let all = OrganizationPicture::new(&large).grouping(Grouping::Services).draw();
    let boxes: BTreeSet<String> =
        labels(&all).1.into_iter().map(|label| label.text).filter(|t| t.starts_with('P')).collect();
    assert_eq!(boxes.len(), 120);
}
