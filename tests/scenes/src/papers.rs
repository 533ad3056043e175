//! Invented documents.

use serde::{Deserialize, Serialize};

use crate::canvas::{Canvas, Ink};
use crate::fonts::{Face, draw_text};
use crate::random::Random;

/// What lies on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// A card like an identity card, side with the portrait.
    CardFront,
    /// The other side: emblem, title, two lines.
    CardBack,
    /// Data page of a passport.
    PassportPage,
    /// Business licence, A4 upright.
    LicencePortrait,
    /// Business licence, A3 lying.
    LicenceLandscape,
    /// A certificate with a coloured border, A4 lying.
    Certificate,
    /// A letter in black print with a red seal.
    SealedLetter,
    /// A letter in black print, without colour.
    PlainLetter,
    /// A form with a table.
    Form,
    /// A card with little colour: faded patterns and a grey portrait.
    FadedCard,
    /// A page of a booklet: cream paper, grey portrait, faded seal.
    BookletPage,
    /// A licence printed in greys with a small seal, A4 upright.
    GrayLicence,
    /// A certificate in black print with a small seal, A4 upright.
    PlainCertificate,
}

const DARK: Ink = [28, 26, 30];
const RED: Ink = [196, 30, 38];
const FADED_RED: Ink = [204, 98, 100];
const SERIF: Face = Face::Serif;
const HANZI: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严";

fn hanzi(random: &mut Random, count: usize) -> String {
    let all: Vec<char> = HANZI.chars().collect();
    (0..count).map(|_| *random.pick(&all)).collect()
}

fn digits(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
}

fn letters(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| char::from(b'A' + random.below(26) as u8)).collect()
}

fn day(random: &mut Random) -> String {
    format!("{}年{}月{}日", 1990 + random.below(36), 1 + random.below(12), 1 + random.below(28))
}

impl Paper {
    /// Originals with very little colour.
    pub const PALE: &'static [Self] = &[Self::FadedCard, Self::BookletPage, Self::GrayLicence, Self::PlainCertificate];

    /// Every usual kind.
    pub const ALL: &'static [Self] = &[
        Self::CardFront,
        Self::CardBack,
        Self::PassportPage,
        Self::LicencePortrait,
        Self::LicenceLandscape,
        Self::Certificate,
        Self::SealedLetter,
        Self::PlainLetter,
        Self::Form,
    ];

    /// Width and height in mm.
    #[must_use]
    pub fn size_mm(self) -> [f64; 2] {
        match self {
            Self::CardFront | Self::CardBack | Self::FadedCard => [85.6, 53.98],
            Self::PassportPage | Self::BookletPage => [125.0, 88.0],
            Self::LicenceLandscape => [420.0, 297.0],
            Self::Certificate => [297.0, 210.0],
            Self::LicencePortrait
            | Self::SealedLetter
            | Self::PlainLetter
            | Self::Form
            | Self::GrayLicence
            | Self::PlainCertificate => [210.0, 297.0],
        }
    }

    /// Radius of the corners in mm.
    #[must_use]
    pub fn corner_mm(self) -> f64 {
        match self {
            Self::CardFront | Self::CardBack | Self::FadedCard => 3.18,
            Self::PassportPage | Self::BookletPage => 3.0,
            _ => 0.0,
        }
    }

    /// The kind of document in reports.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::CardFront | Self::CardBack | Self::FadedCard => "id-1-card",
            Self::PassportPage | Self::BookletPage => "passport-page",
            Self::LicenceLandscape => "a3-landscape",
            Self::Certificate => "a4-landscape",
            Self::LicencePortrait
            | Self::SealedLetter
            | Self::PlainLetter
            | Self::Form
            | Self::GrayLicence
            | Self::PlainCertificate => "a4-portrait",
        }
    }

    /// Whether the surface mirrors lamps.
    #[must_use]
    pub fn is_glossy(self) -> bool {
        matches!(self, Self::CardFront | Self::CardBack | Self::PassportPage)
    }

    /// Height of the smallest print in mm (a Chinese character, or a capital).
    #[must_use]
    pub fn smallest_print_mm(self) -> f64 {
        match self {
            Self::CardFront | Self::FadedCard => 2.2,
            Self::CardBack => 2.6,
            Self::PassportPage => 1.8,
            Self::BookletPage => 2.6,
            Self::LicencePortrait | Self::GrayLicence => 3.6,
            Self::PlainCertificate => 3.8,
            Self::LicenceLandscape => 5.0,
            Self::Certificate => 4.0,
            Self::SealedLetter | Self::PlainLetter => 3.7,
            Self::Form => 3.2,
        }
    }

    pub(crate) fn draw(self, seed: u64, px_per_mm: f64) -> Canvas {
        let mut random = Random::new(seed ^ 0xD0C5);
        let [w, h] = self.size_mm();
        let paper: Ink = match self {
            Self::CardFront => [226, 234, 238],
            Self::CardBack => [232, 226, 226],
            Self::PassportPage => [233, 230, 222],
            Self::LicencePortrait | Self::LicenceLandscape => [247, 245, 236],
            Self::Certificate => [248, 246, 240],
            Self::FadedCard => [234, 238, 239],
            Self::BookletPage => [243, 238, 229],
            _ => [248, 248, 247],
        };
        let mut canvas = Canvas::new(w, h, px_per_mm, paper);
        let c = &mut canvas;
        match self {
            Self::CardFront => card_front(c, &mut random),
            Self::CardBack => card_back(c, &mut random),
            Self::PassportPage => passport(c, &mut random),
            Self::LicencePortrait | Self::LicenceLandscape => licence(c, &mut random, w, h),
            Self::Certificate => certificate(c, &mut random, w, h),
            Self::SealedLetter => letter(c, &mut random, true),
            Self::PlainLetter => letter(c, &mut random, false),
            Self::Form => form(c, &mut random),
            Self::FadedCard => faded_card(c, &mut random),
            Self::BookletPage => booklet(c, &mut random),
            Self::GrayLicence => gray_licence(c, &mut random),
            Self::PlainCertificate => plain_certificate(c, &mut random),
        }
        canvas
    }
}

/// Waves of thin coloured lines over an area.
fn guilloche(c: &mut Canvas, random: &mut Random, [x, y]: [f64; 2], [w, h]: [f64; 2], ink: Ink, lines: usize) {
    let amplitude = h / lines as f64 * random.range(1.2, 2.5);
    let period = w / random.range(2.0, 5.0);
    let phase = random.range(0.0, 6.0);
    for line in 0..lines {
        let base = y + h * (line as f64 + 0.5) / lines as f64;
        let shift = phase + line as f64 * 0.35;
        let points = (0..=60).map(|n| {
            let px = x + w * f64::from(n) / 60.0;
            [px, base + amplitude * (px / period * std::f64::consts::TAU + shift).sin()]
        });
        c.curve(points, 0.14, ink, 0.55);
    }
}

fn portrait(c: &mut Canvas, random: &mut Random, [x, y]: [f64; 2], [w, h]: [f64; 2], background: Ink) {
    c.rect([x, y], [w, h], background, 1.0);
    let skin: Ink = *random.pick(&[[214, 170, 142], [226, 186, 160], [190, 146, 118]]);
    let cloth: Ink = *random.pick(&[[50, 60, 84], [84, 40, 46], [40, 40, 44], [214, 214, 218]]);
    let shade = |ink: Ink, by: f64| ink.map(|v| (f64::from(v) * by).min(255.0) as u8);
    let mid = x + w / 2.0;
    c.ellipse([mid, y + h * 1.02], [w * 0.46, h * 0.28], cloth, 1.0);
    c.rect([mid - w * 0.11, y + h * 0.55], [w * 0.22, h * 0.22], shade(skin, 0.85), 1.0);
    c.ellipse([mid, y + h * 0.40], [w * 0.265, h * 0.285], [38, 32, 30], 1.0);
    for step in 0..8 {
        let t = f64::from(step) / 8.0;
        let size = 1.0 - t * 0.5;
        c.ellipse(
            [mid - w * 0.03 * t, y + h * 0.43],
            [w * 0.23 * size, h * 0.25 * size],
            shade(skin, 0.86 + 0.2 * t),
            1.0,
        );
    }
    for side in [-1.0, 1.0] {
        c.ellipse([mid + side * w * 0.09, y + h * 0.40], [w * 0.038, h * 0.014], [30, 24, 24], 1.0);
        let brow = [mid + side * w * 0.05, y + h * 0.355];
        c.line(brow, [brow[0] + side * w * 0.09, brow[1] - h * 0.006], h * 0.012, [44, 34, 32], 0.9);
    }
    c.line([mid - w * 0.06, y + h * 0.555], [mid + w * 0.06, y + h * 0.555], h * 0.014, [150, 84, 80], 0.9);
}

fn seal(c: &mut Canvas, random: &mut Random, [x, y]: [f64; 2], radius: f64, ink: Ink) {
    c.ring([x, y], radius, radius * 0.055, ink);
    c.star([x, y], radius * 0.33, ink);
    let name: Vec<char> = hanzi(random, 12).chars().collect();
    for (n, character) in name.iter().enumerate() {
        let angle = (n as f64 / 11.0 - 0.5) * 4.4;
        let size = radius * 0.25;
        let place = [x + radius * 0.76 * angle.sin() - size / 2.0, y - radius * 0.76 * angle.cos() - size / 2.0];
        draw_text(c, SERIF, &character.to_string(), place, size, ink);
    }
}

fn emblem(c: &mut Canvas, [x, y]: [f64; 2], radius: f64) {
    c.ellipse([x, y], [radius, radius], [206, 52, 44], 1.0);
    c.ring([x, y], radius * 0.93, radius * 0.1, [214, 170, 70]);
    c.star([x, y - radius * 0.25], radius * 0.36, [240, 206, 96]);
    for n in -2..=2 {
        c.star([x + f64::from(n) * radius * 0.27, y + radius * 0.32], radius * 0.13, [240, 206, 96]);
    }
    c.rect([x - radius * 0.5, y + radius * 0.5], [radius, radius * 0.12], [240, 206, 96], 1.0);
}

fn card_front(c: &mut Canvas, random: &mut Random) {
    guilloche(c, random, [0.0, 0.0], [85.6, 54.0], [140, 182, 206], 18);
    guilloche(c, random, [0.0, 8.0], [85.6, 40.0], [226, 178, 178], 12);
    let label: Ink = [74, 118, 168];
    for (text, x, y) in
        [("姓名", 6.0, 7.0), ("性别", 6.0, 14.0), ("民族", 24.0, 14.0), ("出生", 6.0, 21.0), ("住址", 6.0, 28.0)]
    {
        draw_text(c, Face::Sans, text, [x, y], 2.4, label);
    }
    let name = hanzi(random, 3);
    draw_text(c, Face::Sans, &name, [14.0, 6.4], 3.6, DARK);
    draw_text(c, Face::Sans, if random.chance(0.5) { "男" } else { "女" }, [14.0, 13.8], 2.8, DARK);
    draw_text(c, Face::Sans, &hanzi(random, 1), [32.0, 13.8], 2.8, DARK);
    let born = day(random);
    draw_text(c, Face::Sans, &born, [14.0, 20.8], 2.6, DARK);
    for line in 0..3 {
        let count = if line == 2 { 5 } else { 11 };
        let text = hanzi(random, count);
        draw_text(c, Face::Sans, &text, [14.0, 27.6 + 4.0 * f64::from(line)], 2.8, DARK);
    }
    draw_text(c, Face::Sans, "公民身份号码", [6.0, 45.6], 2.2, label);
    let number = digits(random, 18);
    draw_text(c, Face::Bold, &number, [26.0, 44.6], 3.8, DARK);
    portrait(c, random, [58.0, 7.0], [22.0, 29.0], [238, 240, 242]);
}

fn card_back(c: &mut Canvas, random: &mut Random) {
    guilloche(c, random, [0.0, 0.0], [85.6, 54.0], [216, 162, 170], 18);
    guilloche(c, random, [0.0, 14.0], [85.6, 40.0], [164, 196, 180], 14);
    emblem(c, [14.0, 14.0], 8.5);
    draw_text(c, Face::Serif, &hanzi(random, 7), [27.0, 7.5], 5.2, DARK);
    draw_text(c, Face::Bold, &hanzi(random, 5), [26.0, 16.0], 7.6, DARK);
    draw_text(c, Face::Sans, "签发机关", [20.0, 39.0], 2.6, DARK);
    draw_text(c, Face::Sans, "有效期限", [20.0, 45.5], 2.6, DARK);
    draw_text(c, Face::Sans, &hanzi(random, 8), [34.0, 38.8], 2.9, DARK);
    let term = format!(
        "{}.{}.{}-{}.{}.{}",
        2010 + random.below(15),
        10 + random.below(3),
        10 + random.below(18),
        2030 + random.below(15),
        10 + random.below(3),
        10 + random.below(18)
    );
    draw_text(c, Face::Sans, &term, [34.0, 45.2], 2.9, DARK);
}

fn passport(c: &mut Canvas, random: &mut Random) {
    guilloche(c, random, [0.0, 0.0], [125.0, 88.0], [206, 170, 150], 22);
    guilloche(c, random, [10.0, 10.0], [110.0, 60.0], [150, 180, 200], 16);
    portrait(c, random, [7.0, 16.0], [33.0, 42.0], [222, 226, 230]);
    draw_text(c, Face::Bold, "PASSPORT", [48.0, 6.0], 4.2, DARK);
    for row in 0..5 {
        let y = 16.0 + 9.0 * f64::from(row);
        for column in 0..2 {
            let x = 46.0 + 38.0 * f64::from(column);
            draw_text(
                c,
                Face::Sans,
                &format!("{} / {}", hanzi(random, 2), letters(random, 6)),
                [x, y],
                1.8,
                [90, 90, 110],
            );
            let value = if row % 2 == 0 { letters(random, 8) } else { digits(random, 8) };
            draw_text(c, Face::Bold, &value, [x, y + 2.6], 3.2, DARK);
        }
    }
    for line in 0..2 {
        let mut text = letters(random, 14);
        text.push_str("<<");
        text.push_str(&digits(random, 12));
        text.push_str("<<<<<<<<<<<<");
        draw_text(c, Face::Sans, &text, [6.0, 70.0 + 7.5 * f64::from(line)], 4.4, DARK);
    }
}

fn licence(c: &mut Canvas, random: &mut Random, w: f64, h: f64) {
    let border: Ink = *random.pick(&[[198, 160, 84], [176, 132, 70]]);
    for n in 0..4 {
        let inset = 8.0 + 1.6 * f64::from(n);
        c.frame([inset, inset], [w - 2.0 * inset, h - 2.0 * inset], if n == 1 { 1.2 } else { 0.35 }, border);
    }
    guilloche(c, random, [16.0, 16.0], [w - 32.0, h - 32.0], [232, 214, 176], 26);
    let scale = h.min(w) / 210.0;
    emblem(c, [w / 2.0, 34.0 * scale], 13.0 * scale);
    let title = 15.0 * scale;
    draw_text(c, Face::Bold, "营业执照", [w / 2.0 - 2.0 * title, 52.0 * scale], title, DARK);
    draw_text(
        c,
        Face::Sans,
        &format!("统一社会信用代码 {}", digits(random, 18)),
        [20.0, 72.0 * scale],
        4.2 * scale,
        DARK,
    );
    let columns = if w > h { 2 } else { 1 };
    let top = 84.0 * scale;
    let rows = if columns == 2 { 6 } else { 9 };
    for column in 0..columns {
        for row in 0..rows {
            let x = 24.0 + f64::from(column) * (w / 2.0 - 10.0);
            let y = top + f64::from(row) * (h - top - 60.0 * scale) / f64::from(rows);
            draw_text(c, Face::Sans, &hanzi(random, 4), [x, y], 4.6 * scale, [70, 60, 50]);
            let count = 8 + random.below(14);
            let text = hanzi(random, count);
            draw_text(c, Face::Sans, &text, [x + 30.0 * scale, y], 4.4 * scale, DARK);
            if row == rows - 1 {
                for extra in 1..4 {
                    let text = hanzi(random, 22);
                    draw_text(
                        c,
                        Face::Sans,
                        &text,
                        [x + 30.0 * scale, y + 5.6 * scale * f64::from(extra)],
                        3.6 * scale,
                        DARK,
                    );
                }
            }
        }
    }
    seal(c, random, [w - 58.0 * scale, h - 48.0 * scale], 20.0 * scale, RED);
    let date = day(random);
    draw_text(c, Face::Serif, &date, [w - 80.0 * scale, h - 34.0 * scale], 5.0 * scale, DARK);
}

fn certificate(c: &mut Canvas, random: &mut Random, w: f64, h: f64) {
    let border: Ink = *random.pick(&[[46, 92, 152], [40, 120, 110], [150, 40, 48]]);
    c.frame([9.0, 9.0], [w - 18.0, h - 18.0], 3.0, border);
    c.frame([14.0, 14.0], [w - 28.0, h - 28.0], 0.6, border);
    guilloche(c, random, [16.0, 16.0], [w - 32.0, h - 32.0], [206, 220, 232], 20);
    let title = hanzi(random, 8);
    draw_text(c, Face::Bold, &title, [w / 2.0 - 52.0, 30.0], 13.0, border);
    draw_text(
        c,
        Face::Sans,
        &format!("{}.{}", letters(random, 8).to_lowercase(), "com"),
        [w / 2.0 - 34.0, 62.0],
        12.0,
        DARK,
    );
    for row in 0..5 {
        let y = 92.0 + 14.0 * f64::from(row);
        draw_text(c, Face::Sans, &format!("{} {}", hanzi(random, 5), letters(random, 10)), [44.0, y], 5.2, DARK);
        let text = hanzi(random, 10);
        draw_text(c, Face::Sans, &text, [150.0, y + 0.6], 4.0, [60, 60, 70]);
    }
    seal(c, random, [w - 62.0, h - 50.0], 20.0, RED);
}

fn letter(c: &mut Canvas, random: &mut Random, sealed: bool) {
    let title = hanzi(random, 6);
    draw_text(c, Face::Bold, &title, [72.0, 30.0], 9.0, DARK);
    let mut y = 52.0;
    let rows = 12 + random.below(14);
    for row in 0..rows {
        if random.chance(0.2) {
            let text = format!(
                "{} {} {}",
                letters(random, 9).to_lowercase(),
                letters(random, 6).to_lowercase(),
                digits(random, 11)
            );
            draw_text(c, Face::Serif, &text, [26.0, y], 4.0, DARK);
        } else {
            let count = if row % 5 == 4 { 12 } else { 38 };
            let text = hanzi(random, count);
            draw_text(c, Face::Serif, &text, [26.0, y], 3.7, DARK);
        }
        y += 7.4;
    }
    let place = [150.0, (y + 22.0).min(262.0)];
    let sender = hanzi(random, 10);
    draw_text(c, Face::Serif, &sender, [128.0, place[1] - 4.0], 4.2, DARK);
    let date = day(random);
    draw_text(c, Face::Serif, &date, [134.0, place[1] + 4.0], 4.2, DARK);
    if sealed {
        seal(c, random, place, 20.0, RED);
    }
}

fn form(c: &mut Canvas, random: &mut Random) {
    let title = hanzi(random, 10);
    draw_text(c, Face::Bold, &title, [50.0, 20.0], 10.0, DARK);
    let rows = 14 + random.below(8);
    let (top, height) = (42.0, 220.0);
    let step = height / rows as f64;
    for row in 0..=rows {
        let y = top + step * row as f64;
        c.line([20.0, y], [190.0, y], 0.35, DARK, 1.0);
        if row < rows {
            let text = hanzi(random, 5);
            draw_text(c, Face::Sans, &text, [22.0, y + step * 0.3], 3.8, DARK);
            if random.chance(0.75) {
                let count = 3 + random.below(9);
                let text = hanzi(random, count);
                draw_text(c, Face::Serif, &text, [58.0, y + step * 0.3], 3.8, DARK);
            }
            if random.chance(0.5) {
                let text = digits(random, 11);
                draw_text(c, Face::Sans, &text, [134.0, y + step * 0.3], 3.2, DARK);
            }
        }
    }
    for x in [20.0, 56.0, 130.0, 190.0] {
        c.line([x, top], [x, top + height], 0.35, DARK, 1.0);
    }
    if random.chance(0.4) {
        c.rect([20.0, top], [170.0, step], [170, 196, 224], 0.5);
    }
}

/// A portrait in greys.
fn gray_portrait(c: &mut Canvas, random: &mut Random, [x, y]: [f64; 2], [w, h]: [f64; 2]) {
    c.rect([x, y], [w, h], [206, 206, 205], 1.0);
    let cloth = 40 + random.below(60) as u8;
    c.ellipse([x + w / 2.0, y + h * 1.02], [w * 0.46, h * 0.28], [cloth; 3], 1.0);
    c.ellipse([x + w / 2.0, y + h * 0.40], [w * 0.265, h * 0.285], [46; 3], 1.0);
    c.ellipse([x + w / 2.0, y + h * 0.43], [w * 0.2, h * 0.22], [168 + random.below(40) as u8; 3], 1.0);
}

fn faded_card(c: &mut Canvas, random: &mut Random) {
    guilloche(c, random, [0.0, 0.0], [85.6, 54.0], [188, 210, 222], 18);
    guilloche(c, random, [0.0, 8.0], [85.6, 40.0], [230, 206, 206], 12);
    for row in 0..5 {
        let y = 7.0 + 7.4 * f64::from(row);
        draw_text(c, Face::Sans, &hanzi(random, 2), [6.0, y], 2.2, [84, 112, 148]);
        let count = 4 + random.below(8);
        let text = hanzi(random, count);
        draw_text(c, Face::Sans, &text, [14.0, y], 2.8, DARK);
    }
    let number = digits(random, 15);
    draw_text(c, Face::Bold, &number, [26.0, 45.6], 3.6, DARK);
    gray_portrait(c, random, [60.0, 9.0], [19.0, 25.0]);
}

fn booklet(c: &mut Canvas, random: &mut Random) {
    guilloche(c, random, [4.0, 4.0], [117.0, 80.0], [230, 222, 212], 20);
    gray_portrait(c, random, [78.0, 14.0], [36.0, 26.0]);
    for row in 0..6 {
        let y = 12.0 + 10.5 * f64::from(row);
        draw_text(c, Face::Serif, &hanzi(random, 4), [9.0, y], 3.2, [84, 76, 70]);
        let count = 4 + random.below(7);
        let text = hanzi(random, count);
        draw_text(c, Face::Serif, &text, [26.0, y], 3.2, DARK);
    }
    draw_text(c, Face::Sans, &hanzi(random, 14), [9.0, 77.0], 2.6, DARK);
    seal(c, random, [84.0, 60.0], 12.0, FADED_RED);
}

fn gray_licence(c: &mut Canvas, random: &mut Random) {
    for n in 0..3 {
        let inset = 8.0 + 1.6 * f64::from(n);
        c.frame([inset, inset], [210.0 - 2.0 * inset, 297.0 - 2.0 * inset], if n == 1 { 1.2 } else { 0.35 }, [140; 3]);
    }
    draw_text(c, Face::Bold, &hanzi(random, 4), [75.0, 46.0], 15.0, DARK);
    for row in 0..9 {
        let y = 80.0 + 17.0 * f64::from(row);
        draw_text(c, Face::Sans, &hanzi(random, 4), [24.0, y], 4.6, [70; 3]);
        let count = 8 + random.below(14);
        let text = hanzi(random, count);
        draw_text(c, Face::Sans, &text, [54.0, y], 4.4, DARK);
    }
    for line in 0..3 {
        draw_text(c, Face::Sans, &hanzi(random, 36), [24.0, 232.0 + 5.6 * f64::from(line)], 3.6, DARK);
    }
    seal(c, random, [152.0, 262.0], 15.0, RED);
}

fn plain_certificate(c: &mut Canvas, random: &mut Random) {
    draw_text(c, Face::Bold, &hanzi(random, 6), [60.0, 40.0], 14.0, DARK);
    for row in 0..10 {
        let y = 82.0 + 12.0 * f64::from(row);
        let count = 14 + random.below(22);
        let text = hanzi(random, count);
        draw_text(c, Face::Serif, &text, [28.0, y], 3.8, DARK);
    }
    seal(c, random, [150.0, 240.0], 14.0, FADED_RED);
}
