//! Scans of sequential pictures (T.81, F.2): each block is decoded and transformed at once.

use super::Data;
use super::bits::BitReader;
use super::frame::{Component, Frame, Scan};
use super::huffman::{END_OF_BLOCK, Table, run_and_value_at_once};
use super::idct::{Block, Steps};

/// A component during a scan.
struct Lane<'a> {
    component: &'a mut Component,
    steps: Steps,
    dc_table: &'a Table,
    ac_table: &'a Table,
    blocks_across: usize,
    blocks_down: usize,
    /// DC value of the block before.
    prediction: i32,
}

/// Decodes a scan; `None` when a table is missing.
pub(super) fn scan(
    frame: &mut Frame,
    scan: &Scan,
    dc_tables: &[Option<Table>; 4],
    ac_tables: &[Option<Table>; 4],
    data: &mut Data<'_, '_>,
) -> Option<()> {
    let (mcus_across, mcus_down) = scan.mcus(frame);
    let total = mcus_across as u64 * mcus_down as u64;
    let scale = frame.scale;
    let mut lanes = Vec::with_capacity(scan.parts.len());
    for part in &scan.parts {
        let component = frame.components.get(part.index)?;
        let (blocks_across, blocks_down) = scan.blocks_in_mcu(component);
        lanes.push((
            part.index,
            (dc_tables.get(part.dc_table)?.as_ref()?, ac_tables.get(part.ac_table)?.as_ref()?),
            (blocks_across, blocks_down),
            component.steps.clone()?,
        ));
    }
    let mut in_scan: Vec<Lane<'_>> = Vec::with_capacity(lanes.len());
    let mut components: Vec<Option<&mut Component>> = frame.components.iter_mut().map(Some).collect();
    for (index, (dc_table, ac_table), (blocks_across, blocks_down), steps) in lanes {
        let component = components.get_mut(index)?.take()?;
        in_scan.push(Lane { component, steps, dc_table, ac_table, blocks_across, blocks_down, prediction: 0 });
    }
    let decoded = data.in_intervals(total, |reader, from, to| {
        for lane in &mut in_scan {
            lane.prediction = 0;
        }
        let mut at = from;
        while at < to {
            let row = (at / mcus_across as u64) as usize;
            let column = (at % mcus_across as u64) as usize;
            let count = (mcus_across - column).min((to - at) as usize);
            let done = mcu_row(reader, &mut in_scan, row, column, count, scale);
            at += done as u64;
            if done < count {
                break;
            }
        }
        at - from
    });
    drop(in_scan);
    frame.note_share(scan, decoded, total);
    Some(())
}

/// Decodes some MCUs of one row; how many had all their data.
///
/// A function of its own, so that a wasm engine that replaces its first, quick compilation by a better one can do so
/// from one row to the next.
#[inline(never)]
fn mcu_row(
    reader: &mut BitReader<'_>,
    lanes: &mut [Lane<'_>],
    row: usize,
    column: usize,
    count: usize,
    scale: u8,
) -> usize {
    for lane in lanes.iter_mut() {
        lane.component.reach((row + 1) * lane.blocks_down);
    }
    let mut block: Block = [0; 64];
    for done in 0..count {
        for lane in lanes.iter_mut() {
            for y in 0..lane.blocks_down {
                for x in 0..lane.blocks_across {
                    let Some(has_ac) = decode_block(reader, lane, &mut block) else { return done };
                    let (row, column) = (row * lane.blocks_down + y, (column + done) * lane.blocks_across + x);
                    lane.component.write(row, column, &mut block, has_ac, scale);
                }
            }
        }
        if reader.is_exhausted() {
            return done;
        }
    }
    count
}

/// Decodes the coefficients of one block, which is empty; whether any but the first is not zero. `None` when they make no
/// sense.
#[inline(always)]
fn decode_block(reader: &mut BitReader<'_>, lane: &mut Lane<'_>, block: &mut Block) -> Option<bool> {
    let mut bits = *reader;
    let difference = lane.dc_table.difference(&mut bits)?;
    lane.prediction = lane.prediction.wrapping_add(difference);
    lane.steps.put(block, 0, lane.prediction);
    let mut number = 1;
    let mut has_ac = false;
    // Told once, because after each value that is put the compiler would look for them again.
    let (table, steps) = (lane.ac_table, &lane.steps);
    let entries = table.entries();
    'block: loop {
        bits.refill();
        // Two short ones and a long one take no more bits than there are after a refill.
        for _ in 0..3 {
            let short = run_and_value_at_once(entries, &mut bits);
            let (run, value) = match short {
                Ok(found) => found,
                Err(entry) => table.run_and_value(&mut bits, entry)?,
            };
            number += run as usize;
            if number > 63 {
                if number < END_OF_BLOCK as usize {
                    return None;
                }
                break 'block;
            }
            steps.put(block, number, value);
            has_ac = true;
            number += 1;
            if number > 63 {
                break 'block;
            }
            if short.is_err() {
                break;
            }
        }
    }
    *reader = bits;
    Some(has_ac)
}
