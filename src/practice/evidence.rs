//! Where the sizes come from: what was published, and what it found as far as it matters here.

use super::kind::Source;

const fn source(authors: &'static str, year: u16, published: &'static str, found: &'static str) -> Source {
    Source { authors, year, published, found }
}

pub(super) const GITTELL: Source = source(
    "Gittell et al.",
    2000,
    "Medical Care 38:807-819",
    "in 9 hospitals, frequent, timely and accurate communication between functions, with shared goals and respect, went with better quality of care and shorter stays",
);
pub(super) const STAJKOVIC: Source = source(
    "Stajkovic & Luthans",
    2003,
    "Personnel Psychology 56:155-194",
    "72 studies of behavioural management: d .47, task performance +16 %; social recognition alone +17 %",
);
pub(super) const DEBRIEF: Source = source(
    "Tannenbaum & Cerasoli",
    2013,
    "Human Factors 55:231-245",
    "46 samples: teams that debrief in a structured way do 20-25 % better (d .67)",
);
pub(super) const CROSS: Source = source(
    "Salas, Nichols & Driskell",
    2007,
    "Small Group Research 38:471-488",
    "team training works a little to moderately; cross-training less than training to coordinate",
);

pub(super) const FROST: Source = source(
    "Frost & Kumar",
    2000,
    "Journal of Services Marketing 14:358-377",
    "responsiveness and reliability are dimensions by which front-line staff judge those who support them",
);
pub(super) const STARMER_2014: Source = source(
    "Starmer et al.",
    2014,
    "New England Journal of Medicine 371:1803-1812",
    "a standard hand-off programme in 9 hospitals (10,740 admissions): medical errors -23 %",
);
pub(super) const STARMER_2023: Source = source(
    "Starmer et al.",
    2023,
    "Journal of Hospital Medicine",
    "with mentors, in 32 hospitals: adverse events around hand-offs -47 %; use of all elements from 20 to 66 %",
);
pub(super) const ARTHUR: Source = source(
    "Arthur, Bennett, Edens & Bell",
    2003,
    "Journal of Applied Psychology 88:234-245",
    "training changes behaviour at work and results by d .62 (behaviour: 122 effects, 15,627 people)",
);
pub(super) const MCEWAN: Source = source(
    "McEwan et al.",
    2017,
    "PLoS ONE 12:e0169604",
    "72 teamwork interventions (8,439 people): significant medium effects on teamwork and performance",
);
pub(super) const SCHOONARD: Source = source(
    "Schoonard, Gould & Miller",
    1973,
    "Ergonomics 16:365-379",
    "trained inspectors of small circuits missed 23 % of the faults and refused 2 % of what was good",
);
pub(super) const BRADLER: Source = source(
    "Bradler, Dur, Neckermann & Non",
    2016,
    "Management Science 62:3085-3099",
    "public recognition in a field experiment with over 300 workers raised performance, mostly of those not recognised",
);
pub(super) const GELADE: Source = source(
    "Gelade & Young",
    2005,
    "Journal of Occupational and Organizational Psychology 78:1-22",
    "in retail banks, the way from staff attitudes through customers to sales was too weak to matter in practice",
);
pub(super) const KLUGER: Source = source(
    "Kluger & DeNisi",
    1996,
    "Psychological Bulletin 119:254-284",
    "607 effects of feedback (23,663 observations): d .41 on average, and more than a third made performance worse",
);
pub(super) const HERROELEN: Source = source(
    "Herroelen & Leus",
    2001,
    "Journal of Operations Management 19:559-577",
    "on the merits and pitfalls of planning with buffers",
);
pub(super) const BOUSHEY: Source = source(
    "Boushey & Glynn",
    2012,
    "Center for American Progress",
    "30 case studies: to replace somebody costs 21 % of the yearly salary, which the cost of hiring is taken from",
);
pub(super) const BROOKS: Source = source(
    "Brooks",
    1975,
    "The Mythical Man-Month",
    "people added to late work make it later, as others have to teach and talk to them",
);
