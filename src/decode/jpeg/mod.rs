//! JPEG to planes (ITU-T T.81): sequential and progressive Huffman coding with 8 bits per sample.
//!
//! Each component is decoded straight into its own plane at the size it is stored. Damage inside coded data ends a
//! sequential scan, or its current restart interval; a progressive scan that is damaged keeps what it brought.

mod bits;
mod color;
mod frame;
mod huffman;
mod idct;
mod lanes;
mod progressive;
mod sequential;

use self::bits::BitReader;
use self::frame::{Frame, Scan};
use self::huffman::{Table, Use};
use super::DecodeError;
use crate::facts::{Coding, Damage, DamageKind, Ending, PictureFacts};
use crate::limits::{DecodeLimits, MAX_BLOCKS};
use crate::planes::Planes;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

/// Blocks that the scans of a progressive picture may visit before it counts as made to waste time.
///
/// A photo of 40 megapixels in the usual ten scans visits 10 million.
const MAX_BLOCK_VISITS: u64 = 150_000_000;

/// Decodes a JPEG; `bytes` begins with SOI.
pub(super) fn decode(bytes: &[u8], picture: &PictureFacts, limits: &DecodeLimits) -> Result<Planes, DecodeError> {
    let mut decoder = Decoder::new(bytes, picture);
    decoder.run(limits)?;
    let Decoder { frame, damage, .. } = decoder;
    let frame = frame.ok_or(DecodeError::NoPixels)?;
    let quantization = frame.luma_quantization();
    let (decoded_share, scale_denominator) = (frame.decoded_share(), frame.scale);
    let mut planes = color::to_planes(frame, picture)?;
    planes.scale_denominator = scale_denominator;
    planes.luma_quantization = quantization;
    planes.decoded_share = decoded_share;
    planes.damage = damage;
    Ok(planes)
}

/// Huffman tables and scans that a file may have; the most elaborate progressive picture has a few hundred.
const MAX_TABLES_AND_SCANS: u32 = 20_000;

struct Decoder<'a> {
    bytes: &'a [u8],
    picture: &'a PictureFacts,
    quantization: [Option<[u16; 64]>; 4],
    dc_tables: [Option<Table>; 4],
    ac_tables: [Option<Table>; 4],
    restart_interval: u32,
    frame: Option<Frame>,
    damage: Option<Damage>,
    visits_left: u64,
    parts_left: u32,
}

/// What a scan works with.
struct Data<'a, 'b> {
    reader: &'b mut BitReader<'a>,
    bytes: &'a [u8],
    restart_interval: u32,
    damage: &'b mut Option<Damage>,
    /// The file ends early, as its facts already say: that the last scan does so is no damage of its own.
    is_truncated: bool,
}

impl Data<'_, '_> {
    /// Notes damage at the reader's place.
    fn note_damage(&mut self) {
        let at = self.reader.byte_offset();
        if self.is_truncated && at + 2 >= self.bytes.len() {
            return;
        }
        let damage = Damage { kind: DamageKind::InvalidPixelData, byte_offset: at as u64 };
        self.damage.get_or_insert(damage);
    }

    /// Runs `decode` over the MCUs of a scan, interval by interval; it says how many of a range it could decode.
    /// The sum of these.
    fn in_intervals(&mut self, total: u64, mut decode: impl FnMut(&mut BitReader<'_>, u64, u64) -> u64) -> u64 {
        let interval = match self.restart_interval {
            0 => total.max(1),
            interval => u64::from(interval),
        };
        let (mut from, mut decoded) = (0, 0);
        while from < total {
            let to = (from + interval).min(total);
            let done = decode(self.reader, from, to);
            decoded += done;
            if done < to - from {
                self.note_damage();
            }
            if to == total {
                break;
            }
            let Some(ahead) = self.next_interval(to / interval - 1) else {
                self.note_damage();
                break;
            };
            from = (to + ahead * interval).min(total);
        }
        decoded
    }

    /// Goes to the next restart mark; how many intervals it is ahead of the expected one. `None`: there is none.
    fn next_interval(&mut self, expected: u64) -> Option<u64> {
        loop {
            let at = self.reader.seek_marker()?;
            let code = *self.bytes.get(at + 1)?;
            if !matches!(code, 0xD0..=0xD7) {
                return None;
            }
            self.reader.restart(at + 2);
            let ahead = (u64::from(code & 7) + 8 - expected % 8) % 8;
            // Marks of the recent past are remains of damaged data; those of the near future mean that some are lost.
            if ahead <= 5 {
                return Some(ahead);
            }
        }
    }
}

impl<'a> Decoder<'a> {
    fn new(bytes: &'a [u8], picture: &'a PictureFacts) -> Self {
        Self {
            bytes,
            picture,
            quantization: [None; 4],
            dc_tables: [const { None }; 4],
            ac_tables: [const { None }; 4],
            restart_interval: 0,
            frame: None,
            damage: None,
            visits_left: MAX_BLOCK_VISITS,
            parts_left: MAX_TABLES_AND_SCANS,
        }
    }

    /// From marker to marker, as far as there is sense in it.
    fn run(&mut self, limits: &DecodeLimits) -> Result<(), DecodeError> {
        let mut at = 2;
        for _ in 0..MAX_BLOCKS {
            let Some((code, body_at)) = self.next_marker(at) else { break };
            match code {
                EOI => break,
                SOI | 0x01 | 0xD0..=0xD7 => {
                    at = body_at;
                    continue;
                }
                _ => {}
            }
            let Some(&[high, low]) = self.bytes.get(body_at..body_at + 2) else { break };
            let size_bytes = usize::from(u16::from_be_bytes([high, low]));
            let Some(body) = self.bytes.get(body_at + 2..body_at + size_bytes.max(2)) else { break };
            at = body_at + size_bytes.max(2);
            match code {
                0xC4 => self.huffman_tables(body),
                0xC0..=0xC2 if self.frame.is_none() => {
                    self.frame = Some(Frame::new(body, self.picture, code == 0xC2, limits)?);
                }
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if self.frame.is_none() => {
                    return Err(DecodeError::UnsupportedCoding);
                }
                0xDB => self.quantization_tables(body),
                0xDD => {
                    if let &[high, low] = body {
                        self.restart_interval = u32::from(u16::from_be_bytes([high, low]));
                    }
                }
                SOS => at = self.scan(body, at),
                _ => {}
            }
        }
        if let Some(frame) = &mut self.frame {
            frame.finish();
        }
        Ok(())
    }

    /// Code of the next marker at or after `at`, and the place behind it.
    fn next_marker(&self, mut at: usize) -> Option<(u8, usize)> {
        loop {
            at += self.bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)? + 1;
            match *self.bytes.get(at)? {
                0 | 0xFF => {}
                code => return Some((code, at + 1)),
            }
        }
    }

    /// DQT (T.81, B.2.4.1).
    fn quantization_tables(&mut self, mut body: &[u8]) {
        while let Some((&head, rest)) = body.split_first() {
            let mut table = [0u16; 64];
            let Some(slot) = self.quantization.get_mut(usize::from(head & 0x0F)) else { return };
            if head >> 4 == 0 {
                let Some((values, rest)) = rest.split_at_checked(64) else { return };
                for (step, &value) in table.iter_mut().zip(values) {
                    *step = u16::from(value);
                }
                body = rest;
            } else {
                let Some((values, rest)) = rest.split_at_checked(128) else { return };
                for (step, &value) in table.iter_mut().zip(values.as_chunks::<2>().0) {
                    *step = u16::from_be_bytes(value);
                }
                body = rest;
            }
            *slot = Some(table);
        }
    }

    /// DHT (T.81, B.2.4.2).
    fn huffman_tables(&mut self, mut body: &[u8]) {
        while let Some((&head, rest)) = body.split_first() {
            let Some((counts, rest)) = rest.split_first_chunk::<16>() else { return };
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let Some((symbols, rest)) = rest.split_at_checked(total) else { return };
            let (tables, usage) = match head >> 4 {
                0 => (&mut self.dc_tables, Use::Dc),
                1 => (&mut self.ac_tables, Use::Ac),
                _ => return,
            };
            let Some(left) = self.parts_left.checked_sub(1) else { return };
            self.parts_left = left;
            if let Some(slot) = tables.get_mut(usize::from(head & 0x0F)) {
                *slot = Table::new(counts, symbols, usage);
            }
            body = rest;
        }
    }

    /// SOS (T.81, B.2.3) and the coded data behind it; the place of the next marker.
    fn scan(&mut self, body: &[u8], data_at: usize) -> usize {
        let mut reader = BitReader::new(self.bytes, data_at);
        let blocks = self.frame.as_ref().and_then(|frame| Some(Scan::new(frame, body)?.blocks(frame))).unwrap_or(0);
        match (self.visits_left.checked_sub(blocks), self.parts_left.checked_sub(1)) {
            (Some(visits_left), Some(parts_left)) => (self.visits_left, self.parts_left) = (visits_left, parts_left),
            // More scans than any camera writes: what there is so far is the picture.
            _ => return self.bytes.len(),
        }
        if self.decode_scan(body, &mut reader).is_none() {
            self.damage.get_or_insert(Damage { kind: DamageKind::InvalidPixelData, byte_offset: data_at as u64 });
        }
        loop {
            // Marks of a restart may follow where decoding ended early.
            match reader.seek_marker() {
                Some(at) if matches!(self.bytes.get(at + 1), Some(0xD0..=0xD7)) => reader.restart(at + 2),
                Some(at) => return at,
                None => return self.bytes.len(),
            }
        }
    }

    /// `None` when the scan's header makes no sense or a table is missing.
    fn decode_scan(&mut self, body: &[u8], reader: &mut BitReader<'a>) -> Option<()> {
        let frame = self.frame.as_mut()?;
        let scan = Scan::new(frame, body)?;
        frame.latch_quantization(&scan, &self.quantization);
        for part in &scan.parts {
            for (tables, usage, id) in
                [(&mut self.dc_tables, Use::Dc, part.dc_table), (&mut self.ac_tables, Use::Ac, part.ac_table)]
            {
                let slot = tables.get_mut(id)?;
                if slot.is_none() && self.picture.coding != Coding::Progressive {
                    *slot = huffman::suggested(usage, id);
                }
            }
        }
        let mut data = Data {
            reader,
            bytes: self.bytes,
            restart_interval: self.restart_interval,
            damage: &mut self.damage,
            is_truncated: matches!(self.picture.ending, Ending::Truncated { .. }),
        };
        if frame.is_progressive {
            progressive::scan(frame, &scan, &self.dc_tables, &self.ac_tables, &mut data)
        } else {
            sequential::scan(frame, &scan, &self.dc_tables, &self.ac_tables, &mut data)
        }
    }
}
