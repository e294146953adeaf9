//! The random streams, written a second time from `docs/reference/streams.md` alone: nothing of the crate is called here.
//! The golden words below, and `tests/it/streams.rs`, which compares whole runs draw by draw, hold the two together.

/// Replications in a block, and words in a facet.
pub(crate) const LANES: u64 = 256;
/// Facets of which the batteries read.
pub(crate) const FACETS: u64 = 7;

const STREAM_VERSION: u64 = 2;

/// Tags of the kinds of things.
pub(crate) const SERVICE: u8 = 1;
pub(crate) const DEPENDENCY: u8 = 2;
pub(crate) const EMPLOYEE: u8 = 3;
pub(crate) const DEPARTMENT: u8 = 4;
pub(crate) const RELEASE: u8 = 6;

/// Numbers of facets.
pub(crate) const TIME: u64 = 0;
pub(crate) const FAULT: u64 = 1;
pub(crate) const SECOND: u64 = 2;
pub(crate) const THIRD: u64 = 3;
pub(crate) const SILENCE: u64 = 4;
pub(crate) const CHASE: u64 = 5;

/// SipHash-2-4 with 128 bits of output (Aumasson & Bernstein 2012), as its two halves.
fn siphash(key: [u64; 2], message: &[u8]) -> [u64; 2] {
    let mut v = [
        key[0] ^ 0x736f_6d65_7073_6575,
        key[1] ^ 0x646f_7261_6e64_6f6d ^ 0xee,
        key[0] ^ 0x6c79_6765_6e65_7261,
        key[1] ^ 0x7465_6462_7974_6573,
    ];
    let mut absorb = |word: u64| {
        v[3] ^= word;
        rounds(&mut v, 2);
        v[0] ^= word;
    };
    let mut pieces = message.chunks_exact(8);
    for piece in &mut pieces {
        absorb(u64::from_le_bytes(piece.try_into().expect("a piece has 8 bytes")));
    }
    let mut last = [0; 8];
    last[..pieces.remainder().len()].copy_from_slice(pieces.remainder());
    last[7] = message.len() as u8;
    absorb(u64::from_le_bytes(last));
    v[2] ^= 0xee;
    rounds(&mut v, 4);
    let low = v[0] ^ v[1] ^ v[2] ^ v[3];
    v[1] ^= 0xdd;
    rounds(&mut v, 4);
    [low, v[0] ^ v[1] ^ v[2] ^ v[3]]
}

fn rounds(v: &mut [u64; 4], count: usize) {
    for _ in 0..count {
        v[0] = v[0].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(13) ^ v[0];
        v[0] = v[0].rotate_left(32);
        v[2] = v[2].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(16) ^ v[2];
        v[0] = v[0].wrapping_add(v[3]);
        v[3] = v[3].rotate_left(21) ^ v[0];
        v[2] = v[2].wrapping_add(v[1]);
        v[1] = v[1].rotate_left(17) ^ v[2];
        v[2] = v[2].rotate_left(32);
    }
}

/// Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011).
fn philox(key: [u32; 2], counter: [u32; 4]) -> [u32; 4] {
    let [mut k0, mut k1] = key;
    let [mut a, mut b, mut c, mut d] = counter;
    for _ in 0..10 {
        let (left, right) = (0xD251_1F53 * u64::from(a), 0xCD9E_8D57 * u64::from(c));
        (a, c) = ((right >> 32) as u32 ^ b ^ k0, (left >> 32) as u32 ^ d ^ k1);
        (b, d) = (right as u32, left as u32);
        k0 = k0.wrapping_add(0x9E37_79B9);
        k1 = k1.wrapping_add(0xBB67_AE85);
    }
    [a, b, c, d]
}

/// A service, dependency, employee, ... under a seed.
#[derive(Clone, Copy)]
pub(crate) struct Thing {
    key: [u32; 2],
    tail: u32,
}

impl Thing {
    pub(crate) fn new(seed: u64, kind: u8, id: &str) -> Self {
        let mut message = [0; 64];
        message[0] = kind;
        message[1..=id.len()].copy_from_slice(id.as_bytes());
        let [h1, h2] = siphash([seed, STREAM_VERSION], &message[..=id.len()]);
        Self { key: [h1 as u32, (h1 >> 32) as u32], tail: h2 as u32 }
    }

    pub(crate) fn stream(self, block: u64, round: u32) -> Stream {
        let [a, b, c, d] = philox(self.key, [block as u32, (block >> 32) as u32, round, self.tail]);
        Stream { base: u64::from(a) + (u64::from(b) << 32), twist: u64::from(c) + (u64::from(d) << 32) }
    }
}

/// The words of a thing in a block and round.
#[derive(Clone, Copy)]
pub(crate) struct Stream {
    base: u64,
    twist: u64,
}

impl Stream {
    /// Word `place` (0..256) of a facet.
    pub(crate) fn word(self, facet: u64, place: u64) -> u64 {
        let mut z = self.base.wrapping_add((LANES * facet + place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = z.wrapping_add(self.twist);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Half a word for a distribution that needs no more: 128 words serve 256 lanes, their lower halves the even ones.
    pub(crate) fn half(self, facet: u64, lane: u64) -> u32 {
        let word = self.word(facet, lane / 2);
        (if lane.is_multiple_of(2) { word } else { word >> 32 }) as u32
    }

    /// Whether the event that a facet decides happens.
    pub(crate) fn happens(self, facet: u64, lane: u64, probability: f64) -> bool {
        let limit = (probability * (1u64 << 53) as f64).ceil() as u64;
        self.number(facet, lane) >> 11 < limit
    }

    /// Whether the other one does, where a facet decides which of two events happens: that with the greatest numbers. The one with the
    /// lowest has no more of them than this one leaves.
    pub(crate) fn happens_above(self, facet: u64, lane: u64, probability: f64) -> bool {
        let limit = (probability * (1u64 << 53) as f64).ceil() as u64;
        !self.number(facet, lane) >> 11 < limit
    }

    /// The number that a chance compares with its probability, in units of 2^-64: bit `r` from the top is bit `lane % 64`
    /// of word `4 r + lane / 64`. A chance reads the upper 53 bits of it.
    pub(crate) fn number(self, facet: u64, lane: u64) -> u64 {
        (0..64).fold(0, |number, row| number << 1 | (self.word(facet, 4 * row + lane / 64) >> (lane % 64) & 1))
    }
}

/// Words that the crate's own unit test holds it to.
pub(crate) fn check() {
    let stream = Thing::new(42, DEPENDENCY, "Ana -> Ben").stream(3, 7);
    assert_eq!(stream.word(TIME, 0), 7_209_020_557_428_355_560);
    assert_eq!(stream.word(CHASE, 255), 16_571_192_549_510_135_409);
}
