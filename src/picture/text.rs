//! How wide words are. Which font a reader's machine takes is not known, so these are the widths of a wide one (DejaVu
//! Sans, Verdana): in Helvetica or Arial the words have room to spare.

/// The width of a text in a font of this size, in the same unit.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The same in bold.
pub(super) fn bold_width(text: &str, size: f64) -> f64 {
    width(text, size) * 1.12
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '\'' | '.' | ',' | ':' | ';' | '|' | 'I' | ' ' => 0.33,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '/' | '!' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' => 1.0,
        'a'..='z' | '0'..='9' => 0.63,
        'A'..='Z' => 0.79,
        '+' | '=' | '#' | '^' | '<' | '>' | '~' | '−' => 0.84,
        '\u{0300}'..='\u{036F}' => 0.0,
        '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' => 1.05,
        '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FF60}' | '\u{1F300}'..='\u{1FAFF}' => 1.3,
        _ => 0.78,
    }
}

/// The text, or as much of it as fits with an ellipsis.
pub(super) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let mut kept = String::new();
    let mut used = 0.0;
    for c in text.chars() {
        used += em(c) * size;
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// Words on lines that fit; a word that alone is too long is cut.
pub(super) fn wrapped(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fitted(word, size, room)),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_fitted_fits() {
        for text in ["account history", "WWWWWWWWWWWW", "口座開設の履歴", "", "é"] {
            for room in [20.0, 60.0, 200.0] {
                assert!(width(&fitted(text, 12.0, room), 12.0) <= room + 1e-9, "{text} in {room}");
                assert!(wrapped(text, 12.0, room).iter().all(|line| width(line, 12.0) <= room + 1e-9));
            }
        }
        assert_eq!(fitted("account history", 12.0, 200.0), "account history");
        assert_eq!(wrapped("to be or not", 10.0, 40.0).join(" "), "to be or not");
    }
}
