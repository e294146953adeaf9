//! Shapes, written as SVG: attributes only, no styles, no scripts, nothing from elsewhere.

use super::Picture;
use super::palette::{INK, PAPER};

const FONT: &str = "Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif";

/// Where a text is held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Hold {
    Left,
    Middle,
    Right,
}

/// A text's look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) colour: &'static str,
    pub(super) hold: Hold,
}

pub(super) const fn plain(size: f64) -> Type {
    Type { size, bold: false, colour: INK, hold: Hold::Left }
}

impl Type {
    pub(super) const fn bold(mut self) -> Self {
        self.bold = true;
        self
    }

    pub(super) const fn colour(mut self, colour: &'static str) -> Self {
        self.colour = colour;
        self
    }

    pub(super) const fn held(mut self, hold: Hold) -> Self {
        self.hold = hold;
        self
    }
}

/// A line's look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) dashed: bool,
}

pub(super) const fn stroke(colour: &'static str, width: f64) -> Stroke {
    Stroke { colour, width, dashed: false }
}

#[derive(Debug, Default)]
pub(super) struct Scene {
    body: String,
}

impl Scene {
    pub(super) fn text(&mut self, x: f64, y: f64, look: Type, text: &str) {
        let anchor = match look.hold {
            Hold::Left => "",
            Hold::Middle => " text-anchor=\"middle\"",
            Hold::Right => " text-anchor=\"end\"",
        };
        let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
        self.body.push_str(&format!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{weight}{anchor}>{}</text>\n",
            number(x),
            number(y),
            number(look.size),
            look.colour,
            escaped(text)
        ));
    }

    pub(super) fn rect(&mut self, at: (f64, f64), size: (f64, f64), round: f64, fill: &str, edge: Option<Stroke>) {
        let round = if round > 0.0 { format!(" rx=\"{}\"", number(round)) } else { String::new() };
        self.body.push_str(&format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{round} fill=\"{fill}\"{}/>\n",
            number(at.0),
            number(at.1),
            number(size.0),
            number(size.1),
            edge.map_or(String::new(), drawn)
        ));
    }

    pub(super) fn circle(&mut self, at: (f64, f64), radius: f64, fill: &str, edge: Option<Stroke>) {
        self.body.push_str(&format!(
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{fill}\"{}/>\n",
            number(at.0),
            number(at.1),
            number(radius),
            edge.map_or(String::new(), drawn)
        ));
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), look: Stroke) {
        self.body.push_str(&format!(
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>\n",
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            drawn(look)
        ));
    }

    /// A closed shape through these points.
    pub(super) fn shape(&mut self, points: &[(f64, f64)], fill: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
        self.body.push_str(&format!("<polygon points=\"{}\" fill=\"{fill}\"/>\n", points.join(" ")));
    }

    /// A smooth line that leaves, passes and reaches all these points horizontally.
    pub(super) fn curve(&mut self, points: &[(f64, f64)], look: Stroke) {
        let mut path = String::new();
        for (index, &(x, y)) in points.iter().enumerate() {
            if index == 0 {
                path.push_str(&format!("M{} {}", number(x), number(y)));
                continue;
            }
            let (before_x, before_y) = points[index - 1];
            if before_y == y {
                path.push_str(&format!("H{}", number(x)));
            } else {
                let middle = before_x + (x - before_x) / 2.0;
                path.push_str(&format!(
                    "C{} {} {} {} {} {}",
                    number(middle),
                    number(before_y),
                    number(middle),
                    number(y),
                    number(x),
                    number(y)
                ));
            }
        }
        self.path(&path, look);
    }

    pub(super) fn path(&mut self, path: &str, look: Stroke) {
        self.body.push_str(&format!("<path d=\"{path}\" fill=\"none\"{}/>\n", drawn(look)));
    }

    /// The picture, with its title and a description for those who cannot see it.
    pub(super) fn finish(self, width: f64, height: f64, title: &str, description: &str) -> Picture {
        let (w, h) = (number(width.ceil()), number(height.ceil()));
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
             font-family=\"{FONT}\">\n<title>{}</title>\n<desc>{}</desc>\n<rect width=\"{w}\" height=\"{h}\" \
             fill=\"{PAPER}\"/>\n{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        );
        Picture { svg }
    }
}

fn drawn(look: Stroke) -> String {
    let dashes = if look.dashed { " stroke-dasharray=\"5 4\"" } else { "" };
    format!(" stroke=\"{}\" stroke-width=\"{}\"{dashes}", look.colour, number(look.width))
}

/// To a tenth, and the same text on every machine.
pub(super) fn number(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let sign = if tenths < 0 { "-" } else { "" };
    if rest == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// Text for XML: what has a meaning there is escaped, and what may not stand there at all is shown as a gap.
pub(super) fn escaped(text: &str) -> String {
    quick_xml::escape::escape(allowed(text).as_str()).into_owned()
}

/// XML 1.0 has no place for most control characters.
pub(crate) fn allowed(text: &str) -> String {
    let fits = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && c != '\u{FFFE}';
    text.chars().map(|c| if fits(c) { c } else { '\u{FFFD}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers_and_text_safely() {
        assert_eq!(number(-0.04), "0");
        assert_eq!(number(-1.25), "-1.3");
        assert_eq!(number(12.0), "12");
        assert_eq!(escaped("R&D <\"x\">\u{0}"), "R&amp;D &lt;&quot;x&quot;&gt;\u{FFFD}");
    }
}
