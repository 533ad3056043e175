//! What a file is, by its content (in the manner of the WHATWG MIME Sniffing Standard, for more formats).

use super::bytes::{find, slice, u16_le, u32_be, u32_le, usize_from};
use crate::facts::Format;

/// How much of the beginning is looked at for formats without a signature at byte 0.
const HEAD_BYTES: usize = 4096;
/// A PDF header may stand behind other bytes, within this range (ISO 32000-1, annex H.3.4.1).
const PDF_HEAD_BYTES: usize = 1024;
/// How much is looked at for the names in a ZIP archive, at each end.
const ZIP_SEARCH_BYTES: usize = 1 << 16;
/// Names looked at in one ZIP archive.
const MAX_ZIP_NAMES: usize = 256;

/// Tells the format from the bytes of the whole file or of its beginning.
pub(super) fn sniff(bytes: &[u8]) -> Format {
    let head = bytes.get(..HEAD_BYTES).unwrap_or(bytes);
    by_signature(bytes).or_else(|| iso_media(head)).or_else(|| pdf(head)).or_else(|| text(head)).unwrap_or_default()
}

fn by_signature(bytes: &[u8]) -> Option<Format> {
    let is_cut = bytes.len() == 2;
    Some(match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Format::Jpeg,
        [0xFF, 0xD8] if is_cut => Format::Jpeg,
        // 0x09 is what a 7-bit transfer leaves of 0x89; line ends are converted in text mode.
        [0x89 | 0x09, b'P', b'N', b'G', ..] => Format::Png,
        _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Format::Gif,
        _ if bytes.starts_with(b"RIFF") && slice(bytes, 8, 4) == Some(b"WEBP") => Format::Webp,
        [0xFF, 0x0A, ..] => Format::Jxl,
        _ if bytes.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n") => Format::Jxl,
        [0xFF, 0x4F, 0xFF, 0x51, ..] => Format::Jp2,
        _ if bytes.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n") => Format::Jp2,
        [b'B', b'M', ..] if is_bmp(bytes) => Format::Bmp,
        _ if is_tiff(bytes) => Format::Tiff,
        [0, 0, 1 | 2, 0, ..] if is_icon(bytes) => Format::Ico,
        _ if bytes.starts_with(b"8BPS\0\x01") || bytes.starts_with(b"8BPS\0\x02") => Format::Psd,
        _ if bytes.starts_with(b"%PDF-") => Format::Pdf,
        _ if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") => zip(bytes),
        _ if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") => Format::Ole,
        _ if bytes.starts_with(b"Rar!\x1A\x07") || bytes.starts_with(b"RE~^") => Format::Rar,
        _ if bytes.starts_with(b"7z\xBC\xAF\x27\x1C") => Format::SevenZ,
        [0x1F, 0x8B, 8, ..] => Format::Gzip,
        _ if is_matroska(bytes) => Format::Webm,
        _ => return None,
    })
}

/// `BM` alone begins many texts; the size of the second header is one of a few.
fn is_bmp(bytes: &[u8]) -> bool {
    matches!(u32_le(bytes, 14), Some(12 | 16 | 40 | 52 | 56 | 64 | 108 | 124))
}

/// TIFF, BigTIFF, and the headers that Panasonic and Olympus made of TIFF for their raw files.
fn is_tiff(bytes: &[u8]) -> bool {
    const SIGNATURES: [&[u8]; 8] =
        [b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0", b"IIU\0", b"IIRO", b"IIRS", b"MMOR"];
    SIGNATURES.iter().any(|signature| bytes.starts_with(signature))
}

/// Icon and cursor files have a directory whose first entry points behind it.
fn is_icon(bytes: &[u8]) -> bool {
    let (Some(count @ 1..=1024), Some(size_bytes), Some(offset)) =
        (u16_le(bytes, 4), u32_le(bytes, 14), u32_le(bytes, 18))
    else {
        return false;
    };
    size_bytes > 0 && offset >= 6 + 16 * u32::from(count)
}

/// EBML with the document type of Matroska or WebM.
fn is_matroska(bytes: &[u8]) -> bool {
    let head = bytes.get(..64).unwrap_or(bytes);
    head.starts_with(b"\x1A\x45\xDF\xA3")
        && [b"webm".as_slice(), b"matroska"].iter().any(|kind| find(head, kind).is_some())
}

/// The Office formats are ZIP archives with a folder of their own; the names tell.
fn zip(bytes: &[u8]) -> Format {
    names_in_directory(bytes).or_else(|| names_in_headers(bytes)).unwrap_or(Format::Zip)
}

fn office_format(name: &[u8]) -> Option<Format> {
    [(b"word/".as_slice(), Format::Docx), (b"xl/", Format::Xlsx), (b"ppt/", Format::Pptx)]
        .into_iter()
        .find_map(|(folder, format)| name.starts_with(folder).then_some(format))
}

/// Walks the central directory (APPNOTE 4.3.12), found from the end record (4.3.16).
fn names_in_directory(bytes: &[u8]) -> Option<Format> {
    let tail = bytes.get(bytes.len().saturating_sub(ZIP_SEARCH_BYTES)..)?;
    let end = tail.get(tail.windows(4).rposition(|window| window == b"PK\x05\x06")?..)?;
    let mut entry = bytes.get(usize_from(u32_le(end, 16)?)?..)?;
    for _ in 0..MAX_ZIP_NAMES {
        if !entry.starts_with(b"PK\x01\x02") {
            return None;
        }
        let sizes = [28, 30, 32].map(|at| u16_le(entry, at).map_or(0, usize::from));
        let [name_bytes, extra_bytes, comment_bytes] = sizes;
        if let Some(format) = office_format(slice(entry, 46, name_bytes)?) {
            return Some(format);
        }
        entry = entry.get(46 + name_bytes + extra_bytes + comment_bytes..)?;
    }
    None
}

/// Searches for local headers (APPNOTE 4.3.7): the directory is missing where a file is cut.
fn names_in_headers(bytes: &[u8]) -> Option<Format> {
    let mut rest = bytes.get(..ZIP_SEARCH_BYTES).unwrap_or(bytes);
    for _ in 0..MAX_ZIP_NAMES {
        rest = rest.get(find(rest, b"PK\x03\x04")?..)?;
        let name_bytes = usize::from(u16_le(rest, 26)?);
        if let Some(format) = slice(rest, 30, name_bytes).and_then(office_format) {
            return Some(format);
        }
        rest = rest.get(4..)?;
    }
    None
}

/// Files of boxes (ISO/IEC 14496-12, 4.3): the brands tell pictures from films.
fn iso_media(head: &[u8]) -> Option<Format> {
    let name = slice(head, 4, 4)?;
    let size_bytes = u32_be(head, 0)?;
    // QuickTime before `ftyp` began with any of these.
    if matches!(name, b"moov" | b"mdat" | b"free" | b"skip" | b"wide" | b"pnot") {
        return (size_bytes >= 8 || size_bytes == 1).then_some(Format::Mov);
    }
    if name != b"ftyp" || size_bytes < 8 {
        return None;
    }
    let brands = slice(head, 8, usize_from(size_bytes - 8)?).or_else(|| head.get(8..))?;
    let mut brands = brands.as_chunks::<4>().0.iter();
    let major = brands.next()?;
    // The number behind the main brand is a version.
    let compatible = brands.skip(1);
    let still = |brand: &[u8; 4]| match brand {
        b"avif" | b"avis" => Some(Format::Avif),
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some(Format::Heic),
        _ => None,
    };
    match major {
        // `mif1` and its kin say only that there are pictures; another brand says how they are coded.
        b"mif1" | b"mif2" | b"msf1" | b"miaf" => Some(compatible.into_iter().find_map(still).unwrap_or(Format::Heic)),
        b"qt  " => Some(Format::Mov),
        b"jp2 " | b"jpx " | b"jpm " => Some(Format::Jp2),
        // Canon's raw photos share the container, but nothing plays or shows them.
        b"crx " => None,
        _ => Some(still(major).unwrap_or(Format::Mp4)),
    }
}

fn pdf(head: &[u8]) -> Option<Format> {
    find(head.get(..PDF_HEAD_BYTES).unwrap_or(head), b"%PDF-").map(|_| Format::Pdf)
}

/// Markup and plain text.
fn text(head: &[u8]) -> Option<Format> {
    let (text, is_marked) = match head {
        [0xEF, 0xBB, 0xBF, text @ ..] => (text.to_vec(), true),
        [0xFF, 0xFE, text @ ..] => (narrow(text, u16::from_le_bytes), true),
        [0xFE, 0xFF, text @ ..] => (narrow(text, u16::from_be_bytes), true),
        _ => (head.to_vec(), false),
    };
    if head.is_empty() || text.iter().any(|&byte| is_binary(byte)) {
        return None;
    }
    if !is_marked && !is_utf8(&text) && !is_gbk(&text) {
        return None;
    }
    Some(markup(&text).unwrap_or(Format::Text))
}

/// UTF-16 with everything beyond ASCII replaced: enough to recognise markup.
fn narrow(text: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    text.as_chunks::<2>()
        .0
        .iter()
        .map(|&pair| u8::try_from(unit(pair)).ok().filter(u8::is_ascii).unwrap_or(b'?'))
        .collect()
}

/// The bytes that the MIME Sniffing Standard calls binary data bytes.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F)
}

fn is_utf8(text: &[u8]) -> bool {
    match std::str::from_utf8(text) {
        Ok(_) => true,
        // Only the last character may be cut, by the end of what was looked at.
        Err(error) => error.error_len().is_none() && text.len() >= HEAD_BYTES - 3,
    }
}

/// Chinese text in GBK (GB 18030 without its four-byte forms): pairs of a lead and a trail byte.
fn is_gbk(text: &[u8]) -> bool {
    let mut bytes = text.iter();
    while let Some(&lead) = bytes.next() {
        match (lead, lead.is_ascii()) {
            (_, true) => {}
            (0x81..=0xFE, _) => match bytes.next() {
                Some(0x40..=0x7E | 0x80..=0xFE) => {}
                None => return text.len() >= HEAD_BYTES,
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}

/// HTML, SVG or other XML, by the first element behind declarations and comments.
fn markup(text: &[u8]) -> Option<Format> {
    const HTML_ELEMENTS: [&[u8]; 19] = [
        b"html", b"head", b"body", b"script", b"iframe", b"h1", b"div", b"font", b"table", b"a", b"style", b"title",
        b"b", b"br", b"p", b"meta", b"link", b"center", b"span",
    ];
    let mut rest = text.trim_ascii_start();
    let mut is_xml = false;
    // Each round takes away at least the two bytes that it was chosen by.
    loop {
        if let Some(comment) = rest.strip_prefix(b"<!--") {
            rest = behind(comment, b"-->")?;
        } else if let Some(instruction) = rest.strip_prefix(b"<?") {
            is_xml |= starts_with_word(instruction, b"xml");
            let Some(next) = behind(instruction, b"?>") else { return is_xml.then_some(Format::Xml) };
            rest = next;
        } else if let Some(declaration) = rest.strip_prefix(b"<!") {
            let name = declaration.get(7..).filter(|_| starts_with_word(declaration, b"doctype"))?.trim_ascii_start();
            if starts_with_word(name, b"html") {
                return Some(Format::Html);
            }
            if starts_with_word(name, b"svg") {
                return Some(Format::Svg);
            }
            // Entities are declared between brackets, and may hold any number of `>`.
            let (end, bracket) = (find(declaration, b">")?, find(declaration, b"["));
            rest = match bracket {
                Some(bracket) if bracket < end => behind(behind(declaration, b"]")?, b">")?,
                _ => declaration.get(end + 1..)?,
            };
            is_xml = true;
        } else {
            break;
        }
        rest = rest.trim_ascii_start();
    }
    let element = rest.strip_prefix(b"<")?;
    let name_end = element.iter().position(|&byte| !(byte.is_ascii_alphanumeric() || b":-_.".contains(&byte)));
    let name = element.get(..name_end.unwrap_or(element.len()))?;
    let local = name.rsplit(|&byte| byte == b':').next().unwrap_or(name);
    if local == b"svg" {
        return Some(Format::Svg);
    }
    if HTML_ELEMENTS.iter().any(|html| name.eq_ignore_ascii_case(html)) {
        return Some(Format::Html);
    }
    let is_element = name.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    (is_xml || (is_element && find(element, b"xmlns").is_some())).then_some(Format::Xml)
}

fn behind<'a>(text: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    text.get(find(text, mark)? + mark.len()..)
}

fn starts_with_word(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        && text.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &[(&[u8], Format)]) {
        for (bytes, expect) in rows {
            assert_eq!(sniff(bytes), *expect, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn signatures_at_the_start_decide() {
        check(&[
            (b"\xFF\xD8\xFF\xE0", Format::Jpeg),
            (b"\x89PNG\r\n\x1A\n", Format::Png),
            (b"GIF87a", Format::Gif),
            (b"GIF89a", Format::Gif),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Format::Webp),
            (b"\xFF\x0A\xFA", Format::Jxl),
            (b"\0\0\0\x0CJXL \r\n\x87\n", Format::Jxl),
            (b"\xFF\x4F\xFF\x51", Format::Jp2),
            (b"\0\0\0\x0CjP  \r\n\x87\n", Format::Jp2),
            (b"BM\x10\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", Format::Bmp),
            (b"II*\0\x08\0\0\0", Format::Tiff),
            (b"MM\0*\0\0\0\x08", Format::Tiff),
            (b"MM\0+\0\x08\0\0", Format::Tiff),
            (b"8BPS\0\x01", Format::Psd),
            (b"%PDF-1.7", Format::Pdf),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Format::Ole),
            (b"Rar!\x1A\x07\0", Format::Rar),
            (b"7z\xBC\xAF\x27\x1C", Format::SevenZ),
            (b"\x1F\x8B\x08\0", Format::Gzip),
            (b"\x1A\x45\xDF\xA3\x9F\x42\x82\x84webm", Format::Webm),
        ]);
    }

    #[test]
    fn weak_signatures_need_a_plausible_header() {
        let icon = b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x20\0\x68\x04\0\0\x16\0\0\0";
        check(&[
            (icon, Format::Ico),
            (b"\0\0\x02\0\0\0\0\0\0\0\0\0\x10\0\x10\0\x18\0\0\0\0\0", Format::Unknown),
            (b"BMW drives home, said the text.", Format::Text),
            (b"\x1A\x45\xDF\xA3 something else", Format::Unknown),
            (b"GIF90a", Format::Text),
            (b"", Format::Unknown),
            (b"\x89", Format::Unknown),
        ]);
    }

    #[test]
    fn brands_tell_pictures_from_films() {
        check(&[
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Format::Heic),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1heicmiaf", Format::Heic),
            (b"\0\0\0\x1Cftypmif1\0\0\0\0mif1avifmiaf", Format::Avif),
            (b"\0\0\0\x18ftypmsf1\0\0\0\0hevcmsf1", Format::Heic),
            (b"\0\0\0\x18ftypavif\0\0\0\0mif1avif", Format::Avif),
            (b"\0\0\0\x18ftypavis\0\0\0\0avisavif", Format::Avif),
            (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", Format::Mp4),
            (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Format::Mov),
            (b"\0\0\0\x08wide\0\0\0\x08mdat", Format::Mov),
            (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", Format::Unknown),
        ]);
    }

    fn local_header(name: &str) -> Vec<u8> {
        let mut header = b"PK\x03\x04".to_vec();
        header.resize(26, 0);
        header.extend((name.len() as u16).to_le_bytes());
        header.extend([0, 0]);
        header.extend(name.as_bytes());
        header
    }

    #[test]
    fn office_documents_are_archives_with_a_folder_of_their_own() {
        let types = local_header("[Content_Types].xml");
        for (name, expect) in [
            ("word/document.xml", Format::Docx),
            ("xl/workbook.xml", Format::Xlsx),
            ("ppt/presentation.xml", Format::Pptx),
            ("photo.jpg", Format::Zip),
            ("keyword/x", Format::Zip),
        ] {
            assert_eq!(sniff(&[types.clone(), b"data".to_vec(), local_header(name)].concat()), expect, "{name}");
        }
    }

    #[test]
    fn the_directory_at_the_end_finds_what_is_far_from_the_start() {
        let mut bytes = local_header("big.bin");
        bytes.resize(200_000, 7);
        let directory_at = bytes.len() as u32;
        let mut entry = b"PK\x01\x02".to_vec();
        entry.resize(28, 0);
        entry.extend(17u16.to_le_bytes());
        entry.resize(46, 0);
        entry.extend(b"word/document.xml");
        bytes.extend(entry);
        bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x3F\0\0\0");
        bytes.extend(directory_at.to_le_bytes());
        bytes.extend([0, 0]);
        assert_eq!(sniff(&bytes), Format::Docx);
    }

    #[test]
    fn markup_is_told_by_its_first_element() {
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("<svg/>".bytes().flat_map(|byte| [byte, 0])).collect();
        check(&[
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Format::Svg),
            (b"\xEF\xBB\xBF \n<?xml version='1.0'?><!-- a > b --><!DOCTYPE svg PUBLIC 'x'><svg/>", Format::Svg),
            (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a '>'>]><x:svg/>", Format::Svg),
            (&wide, Format::Svg),
            (b"<!DOCTYPE html><title>404</title>", Format::Html),
            (b"  <HTML><body>", Format::Html),
            (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html/>", Format::Html),
            (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", Format::Xml),
            (b"<feed xmlns='http://www.w3.org/2005/Atom'/>", Format::Xml),
            (b"a < b", Format::Text),
            (b"<<<", Format::Text),
        ]);
    }

    #[test]
    fn text_in_chinese_encodings_is_text() {
        check(&[
            ("备案材料".as_bytes(), Format::Text),
            (b"\xB1\xB8\xB0\xB8\xB2\xC4\xC1\xCF\r\n", Format::Text),
            (b"\xB1\xB8\xB0", Format::Unknown),
            (b"plain\x01binary", Format::Unknown),
            (b"\xFE\xFF\x59\x07", Format::Text),
        ]);
        let long = "备案".repeat(3000);
        for start in 0..3 {
            assert_eq!(sniff(&[&b"abc"[..start], long.as_bytes()].concat()), Format::Text);
        }
    }

    #[test]
    fn a_pdf_may_begin_late_but_not_inside_another_format() {
        let late = [b"\0junk\n".as_slice(), b"%PDF-1.4"].concat();
        let too_late = [vec![1; 2000], b"%PDF-1.4".to_vec()].concat();
        check(&[(&late, Format::Pdf), (&too_late, Format::Unknown), (b"\xFF\xD8\xFF\xFE%PDF-1.4", Format::Jpeg)]);
    }
}
