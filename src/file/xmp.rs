//! XMP packets (ISO 16684-1), searched for two names instead of being parsed: the packet may be any XML.

use super::bytes::{find, tidy};
use crate::facts::PictureFacts;
use crate::limits::{MAX_TEXT_CHARS, MAX_XMP_BYTES};
use crate::string::replaced;

/// Takes the writing program, and whether a place is recorded, from a packet.
pub(super) fn read(packet: &[u8], facts: &mut PictureFacts) {
    let packet = packet.get(..MAX_XMP_BYTES).unwrap_or(packet);
    facts.xmp_has_location |=
        [b"exif:GPSLatitude".as_slice(), b"exif:GPSLongitude"].iter().any(|name| has_value(packet, name));
    if let Some(program) = value(packet, b"xmp:CreatorTool").or_else(|| value(packet, b"xap:CreatorTool")) {
        super::add_writer(facts, program);
    }
}

fn has_value(packet: &[u8], name: &[u8]) -> bool {
    value(packet, name).is_some()
}

/// The first value of `name`, written as attribute (`name="value"`) or as element (`<name>value</name>`).
fn value(packet: &[u8], name: &[u8]) -> Option<String> {
    let mut rest = packet;
    // Longer names may begin with this one (`GPSLatitudeRef`), so that a place without a value is passed over.
    loop {
        rest = rest.get(find(rest, name)? + name.len()..)?;
        if let Some(text) = value_at(rest) {
            return Some(text);
        }
    }
}

fn value_at(rest: &[u8]) -> Option<String> {
    let (text, end) = match rest.trim_ascii_start() {
        [b'=', rest @ ..] => match rest.trim_ascii_start() {
            [quote @ (b'"' | b'\''), text @ ..] => (text, *quote),
            _ => return None,
        },
        [b'>', text @ ..] => (text, b'<'),
        _ => return None,
    };
    let text = text.get(..MAX_TEXT_CHARS * 8).unwrap_or(text);
    let text = text.split(|&byte| byte == end).next()?;
    tidy(replaced(&String::from_utf8_lossy(text), "&amp;", "&").chars())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(packet: &str, program: Option<&str>, has_location: bool) {
        let mut facts = PictureFacts::default();
        read(packet.as_bytes(), &mut facts);
        assert_eq!(facts.writer_programs.first().map(String::as_str), program, "{packet}");
        assert_eq!(facts.xmp_has_location, has_location, "{packet}");
    }

    #[test]
    fn both_ways_of_writing_a_value_are_read() {
        check(r#"<rdf:Description xmp:CreatorTool="Snap &amp; Go 2"/>"#, Some("Snap & Go 2"), false);
        check("<xmp:CreatorTool>Adobe Photoshop 25.0</xmp:CreatorTool>", Some("Adobe Photoshop 25.0"), false);
        check("<a exif:GPSLatitude='31,0N'/>", None, true);
        check("<a exif:GPSLatitudeRef='N' exif:GPSLatitude='31,0'/>", None, true);
        check("<exif:GPSLongitude>1</exif:GPSLongitude>", None, true);
    }

    #[test]
    fn empty_and_cut_values_say_nothing() {
        for packet in [
            "",
            "xmp:CreatorTool",
            "xmp:CreatorTool=",
            "xmp:CreatorTool=\"",
            "<xmp:CreatorTool></x",
            "exif:GPSLatitudeRef='N'",
        ] {
            check(packet, None, false);
        }
    }
}
