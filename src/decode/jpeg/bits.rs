//! Bits out of entropy-coded data (T.81, B.1.1.5 and F.2.2.5): stuffed zeros are dropped, a marker ends the data.

use super::lanes::big_endian;

/// Reads bits from the most significant end.
///
/// Behind the last byte of data there are zeros without end, so that a reader needs no check per bit;
/// [`Self::is_exhausted`] says whether any of them was used.
#[derive(Clone, Copy)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Next byte to be loaded.
    at: usize,
    /// The next bits, from the top.
    window: u64,
    /// How many bits of the window may be taken.
    available: u32,
    /// How many of them are zeros of our own.
    made_up: u32,
    /// No byte from the next one up to here is 0xFF.
    calm_until: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, window: 0, available: 0, made_up: 0, calm_until: 0 }
    }

    /// Makes at least 56 bits available: the longest code with the bits that follow it, and two short ones before it.
    ///
    /// Always reads, because whether it has to is as good as chance: a branch that is guessed wrongly costs more.
    #[inline(always)]
    pub(super) fn refill(&mut self) {
        let chunk = self.bytes.get(self.at..).and_then(|rest| rest.first_chunk::<8>());
        if let Some(chunk) = chunk
            && self.at + 8 <= self.calm_until
        {
            // Bits below the last whole byte are the true next ones; they are added once more with the next refill, which
            // changes nothing.
            self.window |= big_endian(*chunk) >> self.available;
            self.at += ((63 - self.available) >> 3) as usize;
            self.available |= 56;
        } else {
            *self = self.refilled_slowly();
        }
    }

    /// By value, like everything that is not inlined into the loop over coefficients: a reader whose address is taken
    /// lives in memory instead of registers.
    #[cold]
    #[inline(never)]
    fn refilled_slowly(mut self) -> Self {
        while self.available < 56 {
            let (byte, next) = self.next_byte();
            self.window |= u64::from(byte) << (56 - self.available);
            self.available += 8;
            match next {
                Some(next) => self.at = next,
                None => self.made_up = self.made_up.saturating_add(8),
            }
        }
        if self.at >= self.calm_until {
            self.calm_until = self.at + calm(self.bytes.get(self.at..).unwrap_or_default());
        }
        self
    }

    /// The byte at hand and the place behind it, `None` at a marker and at the end.
    fn next_byte(&self) -> (u8, Option<usize>) {
        match self.bytes.get(self.at) {
            Some(0xFF) if self.bytes.get(self.at + 1) == Some(&0) => (0xFF, Some(self.at + 2)),
            Some(0xFF) => {
                let fill = self.bytes.iter().skip(self.at + 1).take_while(|&&byte| byte == 0xFF).count();
                let code_at = self.at + 1 + fill;
                if self.bytes.get(code_at) == Some(&0) { (0xFF, Some(code_at + 1)) } else { (0, None) }
            }
            Some(&byte) => (byte, Some(self.at + 1)),
            None => (0, None),
        }
    }

    /// The next `N` bits, which stay.
    #[inline(always)]
    pub(super) fn peek<const N: u32>(&self) -> usize {
        (self.window >> (64 - N)) as usize
    }

    #[inline(always)]
    pub(super) fn skip(&mut self, bits: u32) {
        self.window <<= bits;
        self.available = self.available.wrapping_sub(bits);
    }

    /// Up to 16 bits as a number. The caller has refilled.
    #[inline(always)]
    pub(super) fn take(&mut self, bits: u32) -> u32 {
        // Two shifts, because one by 64 is undefined.
        let value = (self.window >> 1 >> (63 - bits)) as u32;
        self.skip(bits);
        value
    }

    #[inline(always)]
    pub(super) fn take_bit(&mut self) -> bool {
        let bit = self.window >> 63 == 1;
        self.skip(1);
        bit
    }

    /// Whether bits were used that the data do not have.
    #[inline(always)]
    pub(super) fn is_exhausted(&self) -> bool {
        self.made_up > self.available
    }

    /// About where the next bit stands: the last byte that was loaded, or a little before.
    pub(super) fn byte_offset(&self) -> usize {
        self.at.saturating_sub((self.available.saturating_sub(self.made_up) / 8) as usize)
    }

    /// Drops what is left of the current byte and everything loaded; the place of the next marker at or behind it.
    pub(super) fn seek_marker(&mut self) -> Option<usize> {
        let mut at = self.byte_offset();
        loop {
            at += self.bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
            let code = *self.bytes.get(at + 1)?;
            if code != 0 && code != 0xFF {
                self.restart(at);
                return Some(at);
            }
            at += 1;
        }
    }

    /// Starts anew at a place.
    pub(super) fn restart(&mut self, at: usize) {
        *self = Self::new(self.bytes, at);
    }
}

/// How many bytes there are before one of 0xFF; up to seven at the end are not looked at.
fn calm(bytes: &[u8]) -> usize {
    let mut calm = 0;
    for chunk in bytes.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*chunk);
        // The top bit of the first byte that is 0xFF; those of bytes before it are 0.
        let found = (!word).wrapping_sub(0x0101_0101_0101_0101) & word & 0x8080_8080_8080_8080;
        if found != 0 {
            return calm + found.trailing_zeros() as usize / 8;
        }
        calm += 8;
    }
    calm
}

#[cfg(test)]
mod tests {
    use super::{BitReader, calm};

    #[test]
    fn bits_come_out_in_order_and_without_stuffing() {
        let bytes: Vec<u8> = (0..600u32).map(|n| (n * n * 37 + 11) as u8).collect();
        let stuffed: Vec<u8> =
            bytes.iter().flat_map(|&byte| if byte == 0xFF { vec![0xFF, 0] } else { vec![byte] }).collect();
        assert!(stuffed.len() > bytes.len());
        let mut reader = BitReader::new(&stuffed, 0);
        let mut at_bit = 0;
        for round in 0u32.. {
            let bits = 1 + round * 7 % 16;
            if at_bit + bits as usize > bytes.len() * 8 {
                break;
            }
            reader.refill();
            let expect = (at_bit..at_bit + bits as usize)
                .fold(0, |value, bit| value << 1 | u32::from(bytes[bit / 8] >> (7 - bit % 8) & 1));
            assert_eq!(reader.take(bits), expect);
            at_bit += bits as usize;
        }
        assert!(!reader.is_exhausted());
    }

    #[test]
    fn a_marker_ends_the_data() {
        let mut reader = BitReader::new(b"\xA5\xFF\x00\xFF\xD9\x12", 0);
        reader.refill();
        assert_eq!((reader.take(8), reader.take(8)), (0xA5, 0xFF));
        assert!(!reader.is_exhausted());
        assert!(!reader.take_bit());
        assert!(reader.is_exhausted());
        assert_eq!(reader.seek_marker(), Some(3));
        assert!(!reader.is_exhausted());
    }

    #[test]
    fn ff_is_seen_at_every_place() {
        for place in 0..24 {
            let mut bytes =
                *b"\xFE\x7F\x80\xFE\x01\xFE\x81\x00\x00\xFE\x7F\x80\xFE\x01\xFE\x81\x80\xFE\x01\xFE\x81\x00\x01\x02";
            assert_eq!(calm(&bytes), 24);
            bytes[place] = 0xFF;
            assert_eq!(calm(&bytes), place);
            assert_eq!(calm(&bytes[place..]), 0);
        }
    }
}
