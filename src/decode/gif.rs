//! The first frame of a GIF (GIF89a specification), laid on a white screen.

use super::{DecodeError, color, scaled_size, unpacked_scale};
use crate::facts::{Damage, DamageKind, Ending, PictureFacts};
use crate::limits::DecodeLimits;
use crate::planes::{Chroma, Plane, Planes};

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2C;
const GRAPHIC_CONTROL: u8 = 0xF9;
/// LZW codes have at most 12 bits (appendix F).
const MAX_CODES: usize = 4096;

/// Decodes a GIF; `bytes` begins with its signature.
pub(super) fn decode(bytes: &[u8], picture: &PictureFacts, limits: &DecodeLimits) -> Result<Planes, DecodeError> {
    let scale = unpacked_scale(picture, limits)?;
    let frame = find_frame(bytes).ok_or(DecodeError::NoPixels)?;
    let (width_px, height_px) = scaled_size(picture, scale);
    let mut screen = Screen {
        luma: Plane::filled(width_px, height_px, 255),
        cb: Plane::filled(width_px.div_ceil(2), height_px.div_ceil(2), 128),
        cr: Plane::filled(width_px.div_ceil(2), height_px.div_ceil(2), 128),
        step: usize::from(scale),
    };
    let mut colors = [[255u8, 128, 128]; 256];
    for (color, &rgb) in colors.iter_mut().zip(frame.palette) {
        let [cb, cr] = color::differences(rgb);
        *color = [color::luma(rgb), cb, cr];
    }
    if let Some(white) = frame.transparent.and_then(|index| colors.get_mut(usize::from(index))) {
        *white = [255, 128, 128];
    }
    let mut rows = Rows::new(&frame);
    let mut row = Vec::with_capacity(frame.width_px);
    let is_whole = unpack(bytes, &frame, |pixels| {
        for &pixel in pixels {
            row.push(pixel);
            if row.len() == frame.width_px {
                match rows.next() {
                    Some(y) => screen.draw(&frame, y, &row, &colors),
                    None => return false,
                }
                row.clear();
            }
        }
        true
    });
    // The rest of a row that was cut is drawn as far as it goes.
    let done = rows.done as f64 / frame.height_px.max(1) as f64;
    let mut planes = Planes::new(screen.luma, Some(Chroma { cb: screen.cb, cr: screen.cr }));
    planes.scale_denominator = scale;
    planes.decoded_share = done.min(1.0);
    let is_truncated = matches!(picture.ending, Ending::Truncated { .. });
    if (!is_whole || rows.done < frame.height_px) && !is_truncated {
        planes.damage = Some(Damage { kind: DamageKind::InvalidPixelData, byte_offset: frame.data_at as u64 });
    }
    Ok(planes)
}

/// The first image of a file.
struct Frame<'a> {
    left_px: usize,
    top_px: usize,
    width_px: usize,
    height_px: usize,
    is_interlaced: bool,
    palette: &'a [[u8; 3]],
    transparent: Option<u8>,
    /// Place of the first code size.
    data_at: usize,
}

fn find_frame(bytes: &[u8]) -> Option<Frame<'_>> {
    let palette_at = |at: usize, flags: u8| -> Option<(&[[u8; 3]], usize)> {
        if flags & 0x80 == 0 {
            return Some((&[], at));
        }
        let end = at + (3 << ((flags & 7) + 1));
        Some((bytes.get(at..end)?.as_chunks::<3>().0, end))
    };
    let (global, mut at) = palette_at(13, *bytes.get(10)?)?;
    let mut transparent = None;
    loop {
        match *bytes.get(at)? {
            IMAGE => {
                let &[l0, l1, t0, t1, w0, w1, h0, h1, flags] = bytes.get(at + 1..)?.first_chunk::<9>()?;
                let (local, data_at) = palette_at(at + 10, flags)?;
                let number = |low, high| usize::from(u16::from_le_bytes([low, high]));
                return Some(Frame {
                    left_px: number(l0, l1),
                    top_px: number(t0, t1),
                    width_px: number(w0, w1),
                    height_px: number(h0, h1),
                    is_interlaced: flags & 0x40 != 0,
                    palette: if flags & 0x80 == 0 { global } else { local },
                    transparent,
                    data_at,
                });
            }
            EXTENSION => {
                if let (Some(&GRAPHIC_CONTROL), Some(&flags)) = (bytes.get(at + 1), bytes.get(at + 3)) {
                    transparent = bytes.get(at + 6).copied().filter(|_| flags & 1 == 1);
                }
                at += 2;
                loop {
                    let size_bytes = usize::from(*bytes.get(at)?);
                    at += 1 + size_bytes;
                    if size_bytes == 0 {
                        break;
                    }
                }
            }
            0 => at += 1,
            _ => return None,
        }
    }
}

/// The rows of a frame in the order of the file (appendix E).
struct Rows {
    next: usize,
    pass: usize,
    height_px: usize,
    is_interlaced: bool,
    done: usize,
}

impl Rows {
    fn new(frame: &Frame<'_>) -> Self {
        Self { next: 0, pass: 0, height_px: frame.height_px, is_interlaced: frame.is_interlaced, done: 0 }
    }
}

impl Iterator for Rows {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        const PASSES: [(usize, usize); 4] = [(0, 8), (4, 8), (2, 4), (1, 2)];
        if self.done >= self.height_px {
            return None;
        }
        while self.next >= self.height_px {
            self.pass += 1;
            self.next = PASSES.get(self.pass)?.0;
        }
        let row = self.next;
        self.next += if self.is_interlaced { PASSES.get(self.pass)?.1 } else { 1 };
        self.done += 1;
        Some(row)
    }
}

struct Screen {
    luma: Plane,
    cb: Plane,
    cr: Plane,
    /// Every so many pixels one is drawn.
    step: usize,
}

impl Screen {
    fn draw(&mut self, frame: &Frame<'_>, y: usize, row: &[u8], colors: &[[u8; 3]; 256]) {
        let y = y + frame.top_px;
        if !y.is_multiple_of(self.step) {
            return;
        }
        let y = y / self.step;
        let Some(start) = y.checked_mul(self.luma.stride) else { return };
        let Some(luma) = self.luma.samples.get_mut(start..start + self.luma.width_px) else { return };
        let first = frame.left_px.next_multiple_of(self.step);
        let columns = (first / self.step)..self.luma.width_px;
        for (x, &pixel) in columns.clone().zip(row.iter().skip(first - frame.left_px).step_by(self.step)) {
            if let (Some(slot), Some(color)) = (luma.get_mut(x), colors.get(usize::from(pixel))) {
                *slot = color[0];
            }
        }
        if !y.is_multiple_of(2) {
            return;
        }
        let start = y / 2 * self.cb.stride;
        for (x, &pixel) in columns.zip(row.iter().skip(first - frame.left_px).step_by(self.step)) {
            let Some(color) = colors.get(usize::from(pixel)).filter(|_| x % 2 == 0) else { continue };
            for (plane, value) in [(&mut self.cb, color[1]), (&mut self.cr, color[2])] {
                if let Some(slot) = plane.samples.get_mut(start + x / 2) {
                    *slot = value;
                }
            }
        }
    }
}

/// Unpacks LZW codes (appendix F) and hands the pixels on, as long as they are wanted. False when the data are damaged.
fn unpack(bytes: &[u8], frame: &Frame<'_>, mut take: impl FnMut(&[u8]) -> bool) -> bool {
    let Some(&code_bits) = bytes.get(frame.data_at) else { return false };
    let code_bits = u32::from(code_bits);
    if !(1..=11).contains(&code_bits) {
        return false;
    }
    let clear = 1usize << code_bits;
    let mut codes = Codes { bytes, at: frame.data_at + 1, left_in_block: 0, window: 0, available: 0 };
    // Each string is the one of another code and one more pixel.
    let mut prefixes = [0u16; MAX_CODES];
    let mut pixels = [0u8; MAX_CODES];
    let mut lengths = [0u16; MAX_CODES];
    for (code, (pixel, length)) in pixels.iter_mut().zip(&mut lengths).take(clear).enumerate() {
        *pixel = code as u8;
        *length = 1;
    }
    let mut string = [0u8; MAX_CODES + 1];
    let (mut width, mut next, mut previous) = (code_bits + 1, clear + 2, None);
    loop {
        let Some(code) = codes.next(width) else { return true };
        if code == clear {
            (width, next, previous) = (code_bits + 1, clear + 2, None);
            continue;
        }
        if code == clear + 1 {
            return true;
        }
        let is_known =
            code < next && lengths.get(code).is_some_and(|&length| length > 0 && (code < clear || code > clear + 1));
        let start = match previous {
            None if code < clear => code,
            None => return false,
            Some(_) if is_known => code,
            Some(previous) if code == next => previous,
            Some(_) => return false,
        };
        // The string, from its end.
        let length = usize::from(lengths.get(start).copied().unwrap_or(0));
        let Some(room) = string.get_mut(..length) else { return false };
        let mut link = start;
        for slot in room.iter_mut().rev() {
            *slot = pixels.get(link).copied().unwrap_or(0);
            link = usize::from(prefixes.get(link).copied().unwrap_or(0));
        }
        let first = room.first().copied().unwrap_or(0);
        let mut total = length;
        if start != code {
            if let Some(slot) = string.get_mut(length) {
                *slot = first;
            }
            total += 1;
        }
        if !take(string.get(..total).unwrap_or_default()) {
            return true;
        }
        if let Some(previous) = previous
            && next < MAX_CODES
        {
            let length = lengths.get(previous).copied().unwrap_or(0) + 1;
            if let (Some(prefix), Some(pixel), Some(slot)) =
                (prefixes.get_mut(next), pixels.get_mut(next), lengths.get_mut(next))
            {
                (*prefix, *pixel, *slot) = (previous as u16, first, length);
            }
            next += 1;
            if next == 1 << width && width < 12 {
                width += 1;
            }
        }
        previous = Some(code);
    }
}

/// Codes of changing width out of sub-blocks, from the least significant bit.
struct Codes<'a> {
    bytes: &'a [u8],
    at: usize,
    left_in_block: usize,
    window: u32,
    available: u32,
}

impl Codes<'_> {
    #[inline(always)]
    fn next(&mut self, width: u32) -> Option<usize> {
        while self.available < width {
            if self.left_in_block == 0 {
                self.left_in_block = usize::from(*self.bytes.get(self.at)?);
                self.at += 1;
                if self.left_in_block == 0 {
                    // Nothing follows the terminator.
                    self.at = usize::MAX;
                    return None;
                }
            }
            self.window |= u32::from(*self.bytes.get(self.at)?) << self.available;
            self.at += 1;
            self.left_in_block -= 1;
            self.available += 8;
        }
        let code = self.window & ((1 << width) - 1);
        self.window >>= width;
        self.available -= width;
        Some(code as usize)
    }
}
