//! Scans of progressive pictures (T.81, G.1 and G.2): coefficients gather over many scans.

use super::Data;
use super::bits::BitReader;
use super::frame::{Coefficients, Frame, Scan};
use super::huffman::{Table, extend};

/// What a block is decoded with.
struct Band<'a> {
    table: Option<&'a Table>,
    start: usize,
    end: usize,
    low: u8,
    /// Blocks that are still to end here (EOBRUN).
    end_run: u32,
}

/// Decodes a scan into the coefficients; `None` when a table is missing.
pub(super) fn scan(
    frame: &mut Frame,
    scan: &Scan,
    dc_tables: &[Option<Table>; 4],
    ac_tables: &[Option<Table>; 4],
    data: &mut Data<'_, '_>,
) -> Option<()> {
    let (mcus_across, mcus_down) = scan.mcus(frame);
    let total = mcus_across as u64 * mcus_down as u64;
    let is_dc = scan.spectral_start == 0;
    let is_first = scan.approximation_high == 0;
    let table_of = |dc: usize, ac: usize| {
        let table = if is_dc { dc_tables.get(dc) } else { ac_tables.get(ac) };
        table.and_then(Option::as_ref)
    };
    if scan.parts.iter().any(|part| (!is_dc || is_first) && table_of(part.dc_table, part.ac_table).is_none()) {
        return None;
    }
    let low = scan.approximation_low;
    let components = &mut frame.components;
    let decoded = data.in_intervals(total, |reader, from, to| {
        let mut predictions = [0i32; 4];
        let mut end_run = 0;
        for mcu in from..to {
            let (row, column) = ((mcu / mcus_across as u64) as usize, (mcu % mcus_across as u64) as usize);
            for (part, prediction) in scan.parts.iter().zip(&mut predictions) {
                let Some(component) = components.get_mut(part.index) else { return mcu - from };
                let (blocks_across, blocks_down) = scan.blocks_in_mcu(component);
                for y in 0..blocks_down {
                    for x in 0..blocks_across {
                        let index = (row * blocks_down + y) * component.blocks_in_row + column * blocks_across + x;
                        let mut band = Band {
                            table: table_of(part.dc_table, part.ac_table),
                            start: scan.spectral_start,
                            end: scan.spectral_end,
                            low,
                            end_run,
                        };
                        let Some(mut block) = KeptBlock::new(&mut component.coefficients, index) else {
                            return mcu - from;
                        };
                        let outcome = match (is_dc, is_first) {
                            (true, true) => dc_first(reader, &mut band, &mut block, prediction),
                            (true, false) => dc_more(reader, low, &mut block),
                            (false, true) => ac_first(reader, &mut band, &mut block),
                            (false, false) => ac_more(reader, &mut band, &mut block),
                        };
                        end_run = band.end_run;
                        if outcome.is_none() {
                            return mcu - from;
                        }
                    }
                }
            }
            if reader.is_exhausted() {
                return mcu - from;
            }
        }
        to - from
    });
    frame.note_share(scan, decoded, total);
    Some(())
}

/// The coefficients of one block.
struct KeptBlock<'a> {
    values: &'a mut [i16],
    nonzero: &'a mut u64,
    kept: usize,
}

impl<'a> KeptBlock<'a> {
    #[inline(always)]
    fn new(coefficients: &'a mut Coefficients, index: usize) -> Option<Self> {
        let kept = coefficients.kept;
        let values = coefficients.values.get_mut(index * kept..(index + 1) * kept)?;
        Some(Self { values, nonzero: coefficients.nonzero.get_mut(index)?, kept })
    }

    #[inline(always)]
    fn value(&mut self, number: usize) -> Option<&mut i16> {
        self.values.get_mut(Coefficients::slot(self.kept, number))
    }

    #[inline(always)]
    fn set(&mut self, number: usize, value: i32) {
        *self.nonzero |= 1 << (number & 63);
        if let Some(slot) = self.value(number) {
            // OK because whatever a damaged file makes of it stays a number.
            *slot = value as i16;
        }
    }

    #[inline(always)]
    fn is_nonzero(&self, number: usize) -> bool {
        *self.nonzero >> (number & 63) & 1 == 1
    }

    /// Adds one more bit to a coefficient that is not zero.
    #[inline(always)]
    fn refine(&mut self, number: usize, low: u8) {
        if let Some(value) = self.value(number) {
            let bit = 1i16 << (low & 15);
            if *value & bit == 0 {
                *value = value.wrapping_add(if *value < 0 { bit.wrapping_neg() } else { bit });
            }
        }
    }
}

fn dc_first(
    reader: &mut BitReader<'_>,
    band: &mut Band<'_>,
    block: &mut KeptBlock<'_>,
    prediction: &mut i32,
) -> Option<()> {
    *prediction = prediction.wrapping_add(band.table?.difference(reader)?);
    block.set(0, prediction.wrapping_shl(u32::from(band.low)));
    Some(())
}

fn dc_more(reader: &mut BitReader<'_>, low: u8, block: &mut KeptBlock<'_>) -> Option<()> {
    reader.refill();
    if reader.take_bit() {
        *block.nonzero |= 1;
        if let Some(value) = block.value(0) {
            *value |= 1 << (low & 15);
        }
    }
    Some(())
}

fn ac_first(reader: &mut BitReader<'_>, band: &mut Band<'_>, block: &mut KeptBlock<'_>) -> Option<()> {
    if band.end_run > 0 {
        band.end_run -= 1;
        return Some(());
    }
    let table = band.table?;
    let mut number = band.start;
    while number <= band.end {
        reader.refill();
        let symbol = table.symbol(reader)?;
        let (run, size) = (usize::from(symbol >> 4), u32::from(symbol & 15));
        if size == 0 {
            if run < 15 {
                band.end_run = (1 << run) - 1 + reader.take(run as u32);
                break;
            }
            number += 16;
            continue;
        }
        number += run;
        if number > 63 {
            return None;
        }
        block.set(number, extend(reader.take(size), size).wrapping_shl(u32::from(band.low)));
        number += 1;
    }
    Some(())
}

fn ac_more(reader: &mut BitReader<'_>, band: &mut Band<'_>, block: &mut KeptBlock<'_>) -> Option<()> {
    let bit = 1i32 << band.low;
    let mut number = band.start;
    if band.end_run == 0 {
        let table = band.table?;
        while number <= band.end {
            reader.refill();
            let symbol = table.symbol(reader)?;
            let (mut run, size) = (symbol >> 4, symbol & 15);
            let mut value = 0;
            if size != 0 {
                value = if reader.take_bit() { bit } else { -bit };
            } else if run < 15 {
                band.end_run = (1 << run) + reader.take(u32::from(run));
                break;
            }
            while number <= band.end {
                if block.is_nonzero(number) {
                    reader.refill();
                    if reader.take_bit() {
                        block.refine(number, band.low);
                    }
                } else if run == 0 {
                    break;
                } else {
                    run -= 1;
                }
                number += 1;
            }
            if value != 0 && number <= band.end {
                block.set(number, value);
            }
            number += 1;
        }
    }
    if band.end_run > 0 {
        while number <= band.end {
            if block.is_nonzero(number) {
                reader.refill();
                if reader.take_bit() {
                    block.refine(number, band.low);
                }
            }
            number += 1;
        }
        band.end_run -= 1;
    }
    Some(())
}
