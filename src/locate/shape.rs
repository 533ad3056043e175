//! From the proportions of a document to what kind it can be.

use crate::photo_facts::DocumentKind;

/// Long side divided by short side of an ID-1 card: 85.60 mm by 53.98 mm (ISO/IEC 7810).
const ID1_RATIO: f64 = 85.60 / 53.98;

/// A4 and A3: the square root of 2 (ISO 216). A passport's page (125 mm by 88 mm, ISO/IEC 7810 ID-3) is 1.4205 and an
/// open passport 1.408, which no photo of a page tells apart.
const PAPER_RATIO: f64 = std::f64::consts::SQRT_2;

/// Share by which a measured ratio may differ from that of its kind: paper is cut and lies flat to within 1 %, corners
/// and perspective add the rest.
const TOLERANCE: f64 = 0.035;

/// The kind with these proportions; `Unknown` between the kinds, or when the interval holds more than one.
///
/// Sheets with the proportions of A4 are called A4, upright or lying: how large they are cannot be seen.
pub(super) fn kind(aspect_ratio: f64, uncertainty: f64, is_upright: bool) -> DocumentKind {
    let fits = |ratio: f64| (aspect_ratio / ratio - 1.0).abs() <= TOLERANCE;
    // Half of the distance between the two kinds: beyond, the measurement cannot tell them apart.
    if uncertainty > (ID1_RATIO - PAPER_RATIO) / 2.0 {
        return DocumentKind::Unknown;
    }
    match (fits(ID1_RATIO), fits(PAPER_RATIO), is_upright) {
        (true, _, _) => DocumentKind::Id1Card,
        (_, true, true) => DocumentKind::A4Portrait,
        (_, true, false) => DocumentKind::A4Landscape,
        _ => DocumentKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::kind;
    use crate::photo_facts::DocumentKind;

    #[test]
    fn kinds_go_by_proportion_and_doubt_gives_none() {
        for (ratio, uncertainty, is_upright, expect) in [
            (1.5858, 0.02, false, DocumentKind::Id1Card),
            (1.55, 0.02, false, DocumentKind::Id1Card),
            (1.414, 0.02, true, DocumentKind::A4Portrait),
            (1.42, 0.02, false, DocumentKind::A4Landscape),
            (1.49, 0.02, false, DocumentKind::Unknown),
            (1.80, 0.02, false, DocumentKind::Unknown),
            (1.0, 0.0, false, DocumentKind::Unknown),
            (1.5858, 0.12, false, DocumentKind::Unknown),
        ] {
            assert_eq!(kind(ratio, uncertainty, is_upright), expect, "{ratio} {uncertainty}");
        }
    }
}
