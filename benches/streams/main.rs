//! Words of the random streams, as a battery of statistical tests reads them: `benches/streams/run` pipes them to TestU01
//! and dieharder.
//!
//! - `streams names` lists the interleavings; `control` is one more, which must fail.
//! - `streams words mixed whole 1` writes raw words of one from seed 1 on until the reader has enough; then the error
//!   output tells how many bytes that were.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

#[allow(dead_code, reason = "tests/it/streams.rs uses the rest")]
mod contract;
mod interleavings;

use interleavings::{CONTROL, INTERLEAVINGS, Reading};

fn main() -> ExitCode {
    contract::check();
    // Cargo adds `--bench` to what is asked of a bench.
    let asked: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    match ask(&asked) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("streams: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn ask(asked: &[&str]) -> Result<(), String> {
    match *asked {
        ["names"] => {
            for interleaving in INTERLEAVINGS {
                println!("{:<10}  {}", interleaving.name, interleaving.what);
            }
            Ok(())
        }
        ["words", name, reading, seed] => {
            let interleaving = INTERLEAVINGS
                .iter()
                .chain([&CONTROL])
                .find(|interleaving| interleaving.name == name)
                .ok_or_else(|| format!("{name}: `streams names` lists the interleavings"))?;
            let reading =
                Reading::named(reading).ok_or_else(|| format!("{reading}: whole, reversed, lower or upper"))?;
            let seed = seed.parse().map_err(|error| format!("{seed}: {error}"))?;
            let mut out = Counted { bytes: 0, to: io::stdout() };
            let mut buffer = BufWriter::with_capacity(1 << 16, &mut out);
            let end = (interleaving.words)(seed, &mut |word| reading.write(word, &mut buffer));
            // What the reader did not take.
            drop(buffer.into_parts());
            match end {
                Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.to_string()),
                _ => {
                    eprintln!("{} bytes", out.bytes);
                    Ok(())
                }
            }
        }
        // A plain `cargo bench` runs every bench; this one has something to say only when it is asked.
        _ => Ok(()),
    }
}

/// Counts what was taken.
struct Counted<W> {
    bytes: u64,
    to: W,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, from: &[u8]) -> io::Result<usize> {
        let taken = self.to.write(from)?;
        self.bytes += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
