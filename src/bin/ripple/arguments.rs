//! What can be asked.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// How one person's late, wrong or half-done work travels through an organisation and lands on a customer.
#[derive(Debug, Parser)]
#[command(name = "ripple", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a small model to start from, and a README that explains it
    New {
        /// The folder to write into; it is made if need be
        folder: PathBuf,
    },
    /// Say everything that is wrong or odd with a model, and how to mend it
    Check {
        /// The model, a JSON file; - is standard input
        model: PathBuf,
    },
    /// Break circles of people who wait for each other within one round, by a lag of one round here and there
    Mend {
        /// The model, a JSON file; - is standard input
        model: PathBuf,
        /// Where to write the mended model [default: standard output]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Show who is to work when, what is promised, and who sets the pace
    Plan {
        /// The model, a JSON file; - is standard input
        model: PathBuf,
        /// Change a figure of the model, e.g. 'Ana.standard=3'; may be given again
        #[arg(long, value_name = "NAME.FIELD=VALUE")]
        set: Vec<String>,
        /// How to write it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Run a model and show what its customers feel
    Run(Box<Run>),
    /// Put the parts of a run together, in any order, and show what its customers feel
    Merge(Merge),
    /// Show everything that happens in one replication
    Trace {
        /// The model, a JSON file; - is standard input
        model: PathBuf,
        /// Which replication, from 0
        #[arg(long, value_name = "I")]
        replication: u64,
        /// The seed of the run
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Rounds [default: those of the model]
        #[arg(long, value_name = "K")]
        rounds: Option<u32>,
        /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
        #[arg(long, value_name = "NAME.FIELD=VALUE")]
        set: Vec<String>,
        /// How to write it
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Tell one engagement as a story: who did what, and whose overrun became the customer's wait
    Story(Tell),
    /// Put the scenarios of a model beside it as it is: what each adds, and how sure that is
    Compare(Box<Compare>),
    /// Choose the best set of a model's scenarios for a budget
    Improve(Box<Improve>),
    /// Drop a stone: let somebody be late, wrong, away or silent, and show who is hit, how hard, and where it stops
    Shock(Box<crate::shock::Drop>),
    /// Explain why customers waited: whose overrun, through which requests, and who has no slack
    Explain(crate::explain::Explain),
    /// Print the JSON Schema of the model format
    Schema,
    /// Make a synthetic organisation: a hierarchy, a small world, a scale-free network or a layered process
    Generate(crate::generate::Generate),
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The model, a JSON file; - is standard input
    pub(crate) model: PathBuf,
    /// Independent replications
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub(crate) replications: u64,
    /// Rounds in each replication [default: those of the model]
    #[arg(long, value_name = "K")]
    pub(crate) rounds: Option<u32>,
    /// Rounds at the start of each replication that figures leave out [default: those of the model]
    #[arg(long, value_name = "W")]
    pub(crate) warmup: Option<u32>,
    /// The seed: the same model, seed and replications give the same bits, on any machine and any number of threads
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(crate) seed: u64,
    /// How much to keep [default: services, up to 5,000 of them]
    #[arg(long, value_enum)]
    pub(crate) detail: Option<Detail>,
    /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to write it [default: text; part with --shard]
    #[arg(long, value_enum)]
    pub(crate) format: Option<OutcomeFormat>,
    /// Write every engagement to a CSV file
    #[arg(long, value_name = "FILE")]
    pub(crate) samples: Option<PathBuf>,
    /// Where to write the outcome [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Run one of N parts, e.g. 1/8 to 8/8; `ripple merge` puts them together to the bits of the whole
    #[arg(long, value_name = "I/N", requires = "out", conflicts_with = "until_precision")]
    pub(crate) shard: Option<Shard>,
    /// End when the 95 % interval of a customer's figure is no wider than that to either side, e.g.
    /// 'Customers.wait.mean=0.05'; --replications is then the most that is run. May be given again
    #[arg(long, value_name = "FIGURE=HALF_WIDTH")]
    pub(crate) until_precision: Vec<String>,
    /// Keep what is done in a file, and go on from it if it is there; removed when the outcome is written
    #[arg(long, value_name = "FILE", conflicts_with = "samples")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Seconds between two checkpoints at least
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, requires = "checkpoint")]
    pub(crate) checkpoint_every: f64,
    /// Threads [default: one a core]
    #[arg(long, value_name = "T")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// Files that `ripple run --shard` or `--format part` wrote
    #[arg(required = true, value_name = "PART")]
    pub(crate) parts: Vec<PathBuf>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: OutcomeFormat,
    /// Where to write the outcome [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Show the figures of what is there, though replications are missing
    #[arg(long)]
    pub(crate) partial: bool,
}

/// One of so many parts of a run, as people count: from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    pub(crate) number: u64,
    pub(crate) of: u64,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        let Some((number, of)) = parts else {
            return Err("write I/N, e.g. 3/8 for the third of eight parts".to_owned());
        };
        match (number, of) {
            (_, 0) => Err("there is one part at least: 1/1".to_owned()),
            (0, of) => {
                Err(format!("parts are counted from 1: 1/{of} to {of}/{of} (where a scheduler counts from 0, add 1)"))
            }
            (number, of) if number > of => Err(format!("there are {of} parts: 1/{of} to {of}/{of}")),
            (number, of) => Ok(Self { number, of }),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutcomeFormat {
    /// Plain words and aligned tables
    #[default]
    Text,
    /// JSON
    Json,
    /// A tidy table: one figure a row
    Csv,
    /// All that figures are drawn from, with a checksum: for `ripple merge`
    Part,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    /// Plain words and aligned tables
    #[default]
    Text,
    /// JSON
    Json,
    /// A tidy table: one figure a row
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Detail {
    /// What customers feel
    Customers,
    /// And every service, dependency, employee and department
    Services,
    /// And their quantiles, and customers round by round
    Full,
}

impl From<Detail> for ripple_effect::Detail {
    fn from(detail: Detail) -> Self {
        match detail {
            Detail::Customers => Self::Customers,
            Detail::Services => Self::Services,
            Detail::Full => Self::Full,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Tell {
    /// The model, a JSON file; - is standard input
    pub(crate) model: PathBuf,
    /// Whose engagement [default: that of the first customer of the model]
    #[arg(long, value_name = "NAME")]
    pub(crate) customer: Option<String>,
    /// Which engagement of all that are looked at
    #[arg(long, value_enum, default_value_t)]
    pub(crate) which: Which,
    /// This replication, from 0, instead of one that is looked for
    #[arg(long, value_name = "I", conflicts_with = "which")]
    pub(crate) replication: Option<u64>,
    /// This round of it, from 0 [default: 0]
    #[arg(long, value_name = "K", requires = "replication")]
    pub(crate) round: Option<u32>,
    /// How many replications are looked at
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    pub(crate) replications: u64,
    /// Rounds in each replication [default: those of the model]
    #[arg(long, value_name = "K")]
    pub(crate) rounds: Option<u32>,
    /// The seed of the run
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(crate) seed: u64,
    /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: StoryFormat,
    /// Draw the organisation with the chain of the story, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// Write the replication as an event log for process mining (XES, IEEE 1849)
    #[arg(long, value_name = "FILE")]
    pub(crate) events: Option<PathBuf>,
    /// Where to write the story [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Which {
    /// The one in the middle of those that came later than promised
    #[default]
    Late,
    /// The one with the longest wait
    Longest,
    /// The one in the middle of all, by wait
    Median,
    /// The one that satisfied least
    Unhappiest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum StoryFormat {
    /// Plain words
    #[default]
    Text,
    /// JSON: the engagement, its events and its causes
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Compare {
    /// The model, a JSON file; - is standard input
    pub(crate) model: PathBuf,
    /// Which of its scenarios, by name [default: all of them]
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenarios: Vec<String>,
    /// Independent replications of each
    #[arg(long, default_value_t = 10_000, value_name = "N")]
    pub(crate) replications: u64,
    /// Rounds in each replication [default: those of the model]
    #[arg(long, value_name = "K")]
    pub(crate) rounds: Option<u32>,
    /// Rounds at the start of each replication that figures leave out [default: those of the model]
    #[arg(long, value_name = "W")]
    pub(crate) warmup: Option<u32>,
    /// The seed: the same days for all of them
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(crate) seed: u64,
    /// What practices do where only a range is known
    #[arg(long, value_enum, default_value_t)]
    pub(crate) effects: Effect,
    /// Put every scenario beside every other one, too
    #[arg(long)]
    pub(crate) each_with_each: bool,
    /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Draw the differences with their intervals, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// Which figure --picture shows
    #[arg(long, value_enum, default_value_t)]
    pub(crate) figure: Of,
    /// Draw how long customers wait in all of them, one over the other, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) waits: Option<PathBuf>,
    /// Whose figures the pictures show [default: all customers together; of --waits, the first]
    #[arg(long, value_name = "NAME")]
    pub(crate) customer: Option<String>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "T")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Effect {
    /// A draw for each block of 256 replications: what is not known is part of the figures
    #[default]
    Drawn,
    /// All at their mean
    Mean,
    /// All as good as one in twenty
    Best,
    /// All as bad as one in twenty
    Worst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Of {
    /// Perfect engagements
    #[default]
    Perfect,
    /// Those on time
    OnTime,
    /// Those free of error
    ErrorFree,
    /// The mean wait
    Wait,
    /// The median wait; of all customers together the mean of theirs
    P50,
    /// The wait that 95 of 100 do not exceed; of all customers together the mean of theirs
    P95,
    /// The mean lateness
    Lateness,
    /// Quality
    Quality,
    /// Satisfaction
    Satisfaction,
    /// Value lost
    Value,
}

#[derive(Debug, Args)]
pub(crate) struct Improve {
    /// The model, a JSON file; - is standard input. Each of its scenarios is a candidate, taken up as a whole or not
    pub(crate) model: PathBuf,
    /// Which of its scenarios, by name, in the order in which they are taken up [default: all of them]
    #[arg(value_name = "CANDIDATE")]
    pub(crate) candidates: Vec<String>,
    /// What may be spent, in the currency of the model
    #[arg(long, value_name = "AMOUNT", allow_hyphen_values = true)]
    pub(crate) budget: f64,
    /// What for, all customers together
    #[arg(long, value_enum, default_value_t)]
    pub(crate) goal: For,
    /// Leave out sets by which any customer is worse off, by the figure of the goal
    #[arg(long)]
    pub(crate) no_one_worse: bool,
    /// Independent replications of each set
    #[arg(long, default_value_t = 4_096, value_name = "N")]
    pub(crate) replications: u64,
    /// Fresh ones of the best set, under the next seed
    #[arg(long, default_value_t = 16_384, value_name = "N")]
    pub(crate) fresh_replications: u64,
    /// Rounds in each replication [default: those of the model]
    #[arg(long, value_name = "K")]
    pub(crate) rounds: Option<u32>,
    /// Rounds at the start of each replication that figures leave out [default: those of the model]
    #[arg(long, value_name = "W")]
    pub(crate) warmup: Option<u32>,
    /// The seed: the same days for all sets
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub(crate) seed: u64,
    /// Run all sets up to as many as N candidates have, 2^N; beyond, it is searched. 24 at most
    #[arg(long, default_value_t = 15, value_name = "N")]
    pub(crate) exact_up_to: usize,
    /// Work out what it is worth to know uncertain effects, with so many draws of them, 20 or more, e.g. 256
    #[arg(long, default_value_t = 0, value_name = "DRAWS")]
    pub(crate) knowing: u64,
    /// Only say how many sets there are and how long it will take
    #[arg(long)]
    pub(crate) foretell: bool,
    /// Change a figure of the model, e.g. 'Ana.error_rate=0.1'; may be given again
    #[arg(long, value_name = "NAME.FIELD=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    /// Draw what each amount of money buys, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) picture: Option<PathBuf>,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Threads [default: one a core]
    #[arg(long, value_name = "T")]
    pub(crate) threads: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum For {
    /// The most perfect engagements
    #[default]
    Perfect,
    /// The least value lost
    Value,
    /// The shortest wait that 95 of 100 do not exceed, as the mean over customers
    P95,
    /// The highest satisfaction
    Satisfaction,
}
