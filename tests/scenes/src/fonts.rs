//! Fonts of the system, or invented strokes where there are none.

use std::path::Path;
use std::sync::OnceLock;

use ab_glyph::{Font, FontVec, PxScale, ScaleFont, point};

use crate::canvas::{Canvas, Ink};
use crate::random::lattice;

/// Which face a text is set in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Sans,
    Bold,
    Serif,
}

const FOLDERS: &[&str] = &[
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/local/share/fonts",
];

struct Faces {
    sans: Option<FontVec>,
    bold: Option<FontVec>,
    serif: Option<FontVec>,
}

fn faces() -> &'static Faces {
    static FACES: OnceLock<Faces> = OnceLock::new();
    FACES.get_or_init(|| {
        // The third face of the Noto CJK collections is Simplified Chinese.
        let open = |name: &str| {
            let bytes = FOLDERS.iter().find_map(|folder| std::fs::read(Path::new(folder).join(name)).ok())?;
            FontVec::try_from_vec_and_index(bytes, 2).ok()
        };
        if std::env::var_os("SCENES_WITHOUT_FONTS").is_some() {
            return Faces { sans: None, bold: None, serif: None };
        }
        Faces {
            sans: open("NotoSansCJK-Regular.ttc"),
            bold: open("NotoSansCJK-Bold.ttc"),
            serif: open("NotoSerifCJK-Regular.ttc"),
        }
    })
}

/// Whether Noto CJK was found; without it text is drawn as invented strokes.
#[must_use]
pub fn fonts_found() -> bool {
    faces().sans.is_some()
}

/// Draws one line of text; `x`, `y` is its upper left corner and `size` the height of a Chinese character, all in mm.
/// Returns the width in mm.
pub(crate) fn draw_text(canvas: &mut Canvas, face: Face, text: &str, [x, y]: [f64; 2], size: f64, ink: Ink) -> f64 {
    let font = match face {
        Face::Sans => &faces().sans,
        Face::Bold => &faces().bold,
        Face::Serif => &faces().serif,
    };
    match font {
        Some(font) => with_font(canvas, font, text, [x, y], size, ink),
        None => with_strokes(canvas, text, [x, y], size, if face == Face::Bold { 0.13 } else { 0.085 }, ink),
    }
}

fn with_font(canvas: &mut Canvas, font: &FontVec, text: &str, [x, y]: [f64; 2], size: f64, ink: Ink) -> f64 {
    let ppm = canvas.px_per_mm;
    let em_px = (size * ppm) as f32;
    // A scale is the height between ascender and descender, which Noto CJK puts 1.448 em apart.
    let units = font.units_per_em().unwrap_or(1000.0);
    let scaled = font.as_scaled(PxScale::from(em_px * font.height_unscaled() / units));
    let mut pen = (x * ppm) as f32;
    let baseline = (y * ppm) as f32 + em_px * 0.88;
    for character in text.chars() {
        let glyph = scaled.glyph_id(character).with_scale_and_position(scaled.scale(), point(pen, baseline));
        pen += scaled.h_advance(glyph.id);
        if let Some(outline) = font.outline_glyph(glyph) {
            let bounds = outline.px_bounds();
            let (left, top) = (bounds.min.x as i64, bounds.min.y as i64);
            outline.draw(|gx, gy, coverage| canvas.blend(left + i64::from(gx), top + i64::from(gy), ink, coverage));
        }
    }
    f64::from(pen) / ppm - x
}

/// Four to seven strokes a character, the same for the same character.
fn with_strokes(canvas: &mut Canvas, text: &str, [x, y]: [f64; 2], size: f64, weight: f64, ink: Ink) -> f64 {
    let mut pen = x;
    for character in text.chars() {
        let wide = character as u32 > 0x2000;
        let advance = if wide { size } else { size * 0.56 };
        if character != ' ' {
            let code = character as i32;
            let at = |n: i32| f64::from(lattice(code, n, 77));
            let (top, height) = if wide { (0.06, 0.86) } else { (0.2, 0.68) };
            let place = |u: f64, v: f64| [pen + advance * (0.1 + 0.8 * u), y + size * (top + height * v)];
            for n in 0..if wide { 7 } else { 3 } {
                let (u, v) = (at(n * 5), at(n * 5 + 1));
                let (from, to) = match n % 3 {
                    0 => (place(u * 0.3, v), place(0.7 + u * 0.3, v)),
                    1 => (place(u, v * 0.3), place(u, 0.7 + v * 0.3)),
                    _ => (place(u, v), place(at(n * 5 + 2), (v + 0.45).min(1.0))),
                };
                canvas.line(from, to, size * weight, ink, 1.0);
            }
        }
        pen += advance;
    }
    pen - x
}
