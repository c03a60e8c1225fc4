//! Everything random of an emulator, from one seed: a request's number decides its RequestId and its faults, whatever came before.

use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

/// What to draw for a request.
#[derive(Clone, Copy)]
pub struct Draw {
    /// Which kind of fault.
    pub kind: u8,
    /// Which rule of this kind.
    pub rule: u32,
}

/// The draws of one seed.
#[derive(Clone, Copy)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance { seed }
    }

    /// The seed.
    pub fn seed(self) -> u64 {
        self.seed
    }

    /// A seed that nobody chose, short enough to be typed again. Without randomness it is 0.
    pub fn any_seed() -> u64 {
        let mut bytes = [0; 4];
        let _ = SystemRandom::new().fill(&mut bytes);
        u64::from(u32::from_le_bytes(bytes))
    }

    /// `Id-<32 hexadecimal digits>-O-Seq-<number>`, as in the vendor's samples.
    pub fn request_id(self, number: u64) -> String {
        let id = data_encoding::HEXLOWER.encode(&self.bytes(number, "id").to_le_bytes());
        format!("Id-{id}-O-Seq-{number}")
    }

    /// A number from 0 to 1, without 1.
    pub fn fraction(self, number: u64, draw: Draw) -> f64 {
        const BITS: u32 = 53;
        let bytes = self.bytes(number, &format!("{}/{}", draw.kind, draw.rule));
        (bytes >> (u128::BITS - BITS)) as f64 / (1_u64 << BITS) as f64
    }

    fn bytes(self, number: u64, purpose: &str) -> u128 {
        let text = format!("{}/{number}/{purpose}", self.seed);
        let hash = digest(&SHA256, text.as_bytes());
        hash.as_ref().iter().take(16).fold(0, |bytes, byte| bytes << 8 | u128::from(*byte))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_always_gives_the_same_draws_and_another_seed_or_request_others() {
        let draw = Draw { kind: 1, rule: 0 };
        let ten =
            |seed| (1..=10).map(|n| Chance::new(seed).fraction(n, draw) < 0.3).collect::<Vec<_>>();
        assert_eq!(ten(1), ten(1));
        assert_ne!(ten(1), ten(2));
        assert!((1..=1000).all(|n| (0.0..1.0).contains(&Chance::new(7).fraction(n, draw))));
        assert_ne!(Chance::new(1).request_id(1)[..35], Chance::new(1).request_id(2)[..35]);
        assert_ne!(Chance::new(1).request_id(1)[..35], Chance::new(2).request_id(1)[..35]);
    }
}
