"""Flat textures for the rendered pictures: invented documents and backgrounds.

Everything is drawn from a seeded generator; no picture of a real document is used. A texture is an RGB uint8 array.
"""

import math
import string
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

LATIN_FONTS = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Italic.ttf",
]
CJK_FONTS = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
]
_fonts = {}


def font(path, size):
    key = (path, size)
    if key not in _fonts:
        _fonts[key] = ImageFont.truetype(path, size)
    return _fonts[key]


def clip8(a):
    return np.clip(a, 0, 255).astype(np.uint8)


def noise(rng, height, width, cell):
    """Smooth noise, mean 0, about -1 to 1, with features of `cell` pixels."""
    h, w = max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)
    return cv2.resize(rng.standard_normal((h, w)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)


def octaves(rng, height, width, cell, levels=4, gain=0.5):
    total, weight = np.zeros((height, width), np.float32), 1.0
    for _ in range(levels):
        total += weight * noise(rng, height, width, cell)
        weight *= gain
        cell = max(1.0, cell / 2)
    return total


def hsv(h, s, v):
    c = cv2.cvtColor(np.array([[[h % 180, s, v]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0]
    return tuple(int(x) for x in c)


def any_color(rng):
    return hsv(int(rng.integers(180)), int(rng.integers(0, 256)), int(rng.integers(20, 256)))


def paper_color(rng):
    kind = rng.random()
    if kind < 0.55:
        v = int(rng.integers(225, 256))
        return (v, v, max(0, v - int(rng.integers(0, 14))))
    if kind < 0.85:
        return hsv(int(rng.integers(180)), int(rng.integers(8, 60)), int(rng.integers(215, 256)))
    return hsv(int(rng.integers(180)), int(rng.integers(30, 120)), int(rng.integers(170, 250)))


def ink_color(rng):
    kind = rng.random()
    if kind < 0.7:
        v = int(rng.integers(10, 90))
        return (v, v, v)
    if kind < 0.85:
        return hsv(int(rng.integers(100, 130)), 200, int(rng.integers(60, 170)))
    return hsv(int(rng.integers(180)), 200, int(rng.integers(60, 200)))


def words(rng, count, cjk):
    if cjk:
        return "".join(chr(int(c)) for c in rng.integers(0x4E00, 0x9000, max(1, count)))
    letters, out = string.ascii_letters, []
    while count > 0:
        n = int(rng.integers(1, 10))
        out.append("".join(letters[int(i)] for i in rng.integers(0, 52, n)).lower())
        count -= n + 1
    return " ".join(out)


def text(draw, rng, x, y, width, size, ink, cjk):
    size = max(5, int(size))
    path = (CJK_FONTS if cjk else LATIN_FONTS)[int(rng.integers(len(CJK_FONTS if cjk else LATIN_FONTS)))]
    count = int(width / (size if cjk else size * 0.55))
    if count > 0:
        draw.text((x, y), words(rng, count, cjk), fill=ink, font=font(path, size))


def paragraph(draw, rng, box, size, ink, cjk, leading=None):
    x0, y0, x1, y1 = box
    leading = leading or rng.uniform(1.25, 2.2)
    y = y0
    while y + size < y1:
        share = 1.0 if rng.random() < 0.75 else rng.uniform(0.2, 0.95)
        text(draw, rng, x0, y, (x1 - x0) * share, size, ink, cjk)
        y += size * leading
        if rng.random() < 0.08:
            y += size * leading


def stamp(img, rng):
    """A red seal, round or oval, drawn over the print."""
    h, w = img.shape[:2]
    layer = np.zeros((h, w), np.uint8)
    r = int(min(h, w) * rng.uniform(0.08, 0.2))
    cx, cy = int(rng.uniform(0.15, 0.85) * w), int(rng.uniform(0.15, 0.9) * h)
    axes = (r, r if rng.random() < 0.7 else int(r * 0.7))
    cv2.ellipse(layer, (cx, cy), axes, rng.uniform(0, 30), 0, 360, 255, max(1, r // 10), cv2.LINE_AA)
    pts = [(cx + r * 0.4 * math.sin(i * 0.8 * math.pi), cy - r * 0.4 * math.cos(i * 0.8 * math.pi)) for i in range(5)]
    cv2.fillPoly(layer, [np.array(pts, np.int32)], 255, cv2.LINE_AA)
    a = (layer.astype(np.float32) / 255 * rng.uniform(0.5, 0.95))[..., None]
    return clip8(img * (1 - a) + np.array([200, 30, 40], np.float32) * a)


def guilloche(rng, h, w, base, strength):
    """The fine wavy print of identity documents."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    wave = np.zeros((h, w), np.float32)
    for _ in range(3):
        f, p, a = rng.uniform(0.05, 0.4), rng.uniform(0, 6), rng.uniform(0, math.pi)
        wave += np.sin(f * (x * math.cos(a) + y * math.sin(a)) + 3 * np.sin(x * rng.uniform(0.005, 0.05) + p))
    tint = np.array(hsv(int(rng.integers(180)), int(rng.integers(20, 90)), 240), np.float32)
    t = np.clip(noise(rng, h, w, max(h, w) / 2) * 0.5 + 0.5, 0, 1)[..., None]
    ground = np.array(base, np.float32) * (1 - t) + tint * t
    return clip8(ground + strength * wave[..., None])


def portrait(rng, h, w):
    img = np.full((h, w, 3), hsv(int(rng.integers(90, 130)), int(rng.integers(0, 90)), int(rng.integers(180, 255))), np.uint8)
    skin = hsv(int(rng.integers(5, 18)), int(rng.integers(60, 140)), int(rng.integers(120, 240)))
    coat = any_color(rng)
    cv2.ellipse(img, (w // 2, h), (int(w * 0.45), int(h * 0.3)), 0, 0, 360, coat, -1, cv2.LINE_AA)
    cv2.ellipse(img, (w // 2, int(h * 0.43)), (int(w * 0.26), int(h * 0.3)), 0, 0, 360, (25, 20, 20), -1, cv2.LINE_AA)
    cv2.ellipse(img, (w // 2, int(h * 0.5)), (int(w * 0.21), int(h * 0.25)), 0, 0, 360, skin, -1, cv2.LINE_AA)
    return img


_photos = None


def photos():
    """The sample photos that scikit-image and scikit-learn ship in their packages."""
    global _photos
    if _photos is None:
        root, other = (Path(find_spec(name).submodule_search_locations[0]) for name in ("skimage", "sklearn"))
        root = root / "data"
        names = ["astronaut.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg", "color.png",
                 "brick.png", "grass.png", "gravel.png", "coins.png", "camera.png", "ihc.png", "hubble_deep_field.jpg"]
        paths = [root / n for n in names] + sorted((other / "datasets" / "images").glob("*.jpg"))
        _photos = [np.array(Image.open(p).convert("RGB").resize((640, 640))) for p in paths if p.exists()]
    return _photos


def photo_crop(rng, h, w):
    p = photos()[int(rng.integers(len(photos())))]
    s = int(rng.integers(120, 641))
    x, y = int(rng.integers(0, 641 - s)), int(rng.integers(0, 641 - s))
    c = cv2.resize(p[y:y + s, x:x + s], (w, h), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        c = c[:, ::-1]
    if rng.random() < 0.4:
        c = c[..., rng.permutation(3)]
    return np.ascontiguousarray(c)


def letter(rng, h, w):
    """A page of print: letters, forms, tables, magazines."""
    base = paper_color(rng)
    img = Image.new("RGB", (w, h), base)
    d = ImageDraw.Draw(img)
    ink, cjk = ink_color(rng), rng.random() < 0.5
    m = w * rng.uniform(0.03, 0.14)
    size = max(5, min(h, w) * rng.uniform(0.012, 0.035))
    y = m
    if rng.random() < 0.7:
        big = size * rng.uniform(1.5, 3.5)
        text(d, rng, m + rng.uniform(0, 0.3) * w, y, w * rng.uniform(0.2, 0.6), big, ink, cjk)
        y += big * 1.8
    if rng.random() < 0.2:
        d.rectangle([0, 0, w, y], fill=any_color(rng))
    while y < h - m:
        part = rng.random()
        ph = min(h - m - y, h * rng.uniform(0.08, 0.4))
        if part < 0.5:
            cols = 1 if rng.random() < 0.7 else int(rng.integers(2, 4))
            cw = (w - 2 * m) / cols
            for c in range(cols):
                paragraph(d, rng, (m + c * cw, y, m + (c + 0.93) * cw, y + ph), size, ink, cjk)
        elif part < 0.72:
            rows, cols = int(rng.integers(2, 9)), int(rng.integers(2, 6))
            xs, ys = np.linspace(m, w - m, cols + 1), np.linspace(y, y + ph, rows + 1)
            if rng.random() < 0.4:
                d.rectangle([m, ys[0], w - m, ys[1]], fill=hsv(int(rng.integers(180)), int(rng.integers(0, 90)), 200))
            for yy in ys:
                d.line([m, yy, w - m, yy], fill=ink, width=1)
            for xx in xs:
                d.line([xx, y, xx, y + ph], fill=ink, width=1)
            for i in range(rows):
                for j in range(cols):
                    if rng.random() < 0.6:
                        text(d, rng, xs[j] + 2, ys[i] + 2, (xs[j + 1] - xs[j]) * 0.8, min(size, ph / rows * 0.6), ink, cjk)
        elif part < 0.85:
            pw = int((w - 2 * m) * rng.uniform(0.3, 1))
            if pw > 8 and ph > 8:
                img.paste(Image.fromarray(photo_crop(rng, int(ph), pw)), (int(m), int(y)))
        y += ph + size * rng.uniform(1, 4)
        if rng.random() < 0.12:
            break
    out = np.array(img)
    if rng.random() < 0.35:
        out = stamp(out, rng)
    return out


def omr(rng, h, w):
    """An answer sheet: rows of bubbles in one or two colours."""
    base, ink = paper_color(rng), hsv(int(rng.integers(180)), int(rng.integers(0, 220)), int(rng.integers(60, 200)))
    img = np.full((h, w, 3), base, np.uint8)
    top = int(h * rng.uniform(0.05, 0.35))
    if rng.random() < 0.5:
        cv2.rectangle(img, (int(w * 0.05), int(h * 0.04)), (int(w * 0.95), top), hsv(int(rng.integers(180)), 60, 220), -1)
    step = int(min(h, w) * rng.uniform(0.025, 0.05)) + 3
    r = max(1, int(step * 0.33))
    filled = rng.random() < 0.6
    group = int(rng.integers(3, 7))
    for j, y in enumerate(range(top + step, h - step * 2, step)):
        for i, x in enumerate(range(step * 2, w - step * 2, step)):
            if i % (group + 1) == group:
                continue
            if filled and rng.random() < 0.2:
                cv2.circle(img, (x, y), r, (40, 40, 50), -1, cv2.LINE_AA)
            else:
                cv2.circle(img, (x, y), r, ink, 1, cv2.LINE_AA)
    for x in (step, w - step):
        for y in (step, h - step):
            if rng.random() < 0.6:
                cv2.rectangle(img, (x - r, y - r), (x + r, y + r), (20, 20, 20), -1)
    return img


def handwriting(rng, h, w):
    """A page of pen strokes, on plain or ruled paper."""
    img = np.full((h, w, 3), paper_color(rng), np.uint8)
    size = h * rng.uniform(0.015, 0.035)
    if rng.random() < 0.4:
        line = hsv(int(rng.integers(90, 130)), int(rng.integers(40, 140)), 220)
        for y in np.arange(h * 0.08, h, size * 1.6):
            cv2.line(img, (0, int(y)), (w, int(y)), line, 1)
    ink = ink_color(rng)
    m = w * rng.uniform(0.04, 0.15)
    end = h * (rng.uniform(0.1, 0.5) if rng.random() < 0.3 else rng.uniform(0.7, 0.97))
    y = h * rng.uniform(0.04, 0.12)
    while y < end:
        x = m
        while x < w - m:
            n = int(rng.integers(4, 16))
            xs = x + np.cumsum(rng.uniform(0.1, 0.5, n)) * size
            ys = y + rng.uniform(-0.5, 0.5, n) * size
            cv2.polylines(img, [np.stack([xs, ys], 1).astype(np.int32)], False, ink, 1, cv2.LINE_AA)
            x = xs[-1] + size * rng.uniform(0.4, 1.2)
            if rng.random() < 0.05:
                break
        y += size * rng.uniform(1.4, 2.4)
    return img


def card(rng, h, w):
    """An identity card or permit: tinted fine print, portrait, a few lines."""
    base = paper_color(rng)
    img = guilloche(rng, h, w, base, rng.uniform(0, 9))
    cjk, ink = rng.random() < 0.7, ink_color(rng)
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    if rng.random() < 0.3:
        d.rectangle([0, 0, w, h * rng.uniform(0.12, 0.25)], fill=any_color(rng))
    left = rng.random() < 0.5
    front = rng.random() < 0.65
    if front:
        pw, ph = int(w * rng.uniform(0.2, 0.32)), int(h * rng.uniform(0.45, 0.65))
        px = int(w * 0.06) if left else int(w * 0.94) - pw
        pil.paste(Image.fromarray(portrait(rng, ph, pw)), (px, int(h * rng.uniform(0.15, 0.3))))
        x0 = w * 0.4 if left else w * 0.08
        y = h * rng.uniform(0.08, 0.2)
        while y < h * 0.9:
            text(d, rng, x0, y, w * rng.uniform(0.15, 0.5), h * rng.uniform(0.05, 0.09), ink, cjk)
            y += h * rng.uniform(0.09, 0.16)
    else:
        cv = np.array(pil)
        r = int(h * rng.uniform(0.1, 0.2))
        cv2.circle(cv, (int(w * rng.uniform(0.12, 0.3)), int(h * 0.3)), r, (200, 40, 40), -1 if rng.random() < 0.5 else 2, cv2.LINE_AA)
        pil = Image.fromarray(cv)
        d = ImageDraw.Draw(pil)
        text(d, rng, w * 0.35, h * 0.15, w * 0.5, h * 0.12, ink, cjk)
        text(d, rng, w * 0.35, h * 0.35, w * 0.5, h * 0.1, ink, cjk)
        paragraph(d, rng, (w * 0.3, h * 0.65, w * 0.9, h * 0.95), h * 0.06, ink, cjk)
    if rng.random() < 0.3:
        for k in range(int(rng.integers(2, 4))):
            text(d, rng, w * 0.04, h * (0.76 + 0.07 * k), w * 0.92, h * 0.055, (20, 20, 20), False)
    return np.array(pil)


def business_card(rng, h, w):
    """Any colours: gradients, blocks, large letters, photos."""
    if rng.random() < 0.25:
        img = photo_crop(rng, h, w)
        if rng.random() < 0.6:
            img = clip8(img * rng.uniform(0.3, 1) + rng.uniform(0, 120))
    else:
        a, b = np.array(any_color(rng), np.float32), np.array(any_color(rng), np.float32)
        if rng.random() < 0.55:
            b = a
        y, x = np.mgrid[0:h, 0:w].astype(np.float32)
        t = (x / w if rng.random() < 0.5 else y / h)[..., None]
        img = clip8(a * (1 - t) + b * t)
    for _ in range(int(rng.integers(0, 4))):
        x0, y0 = int(rng.uniform(-0.2, 0.9) * w), int(rng.uniform(-0.2, 0.9) * h)
        x1, y1 = x0 + int(rng.uniform(0.1, 0.9) * w), y0 + int(rng.uniform(0.05, 0.6) * h)
        if rng.random() < 0.6:
            cv2.rectangle(img, (x0, y0), (x1, y1), any_color(rng), -1)
        else:
            cv2.ellipse(img, (x0, y0), (abs(x1 - x0) // 2 + 1, abs(y1 - y0) // 2 + 1), 0, 0, 360, any_color(rng), -1, cv2.LINE_AA)
    if rng.random() < 0.4:
        s = int(h * rng.uniform(0.2, 0.6))
        x, y = int(rng.uniform(0, max(1, w - s))), int(rng.uniform(0, max(1, h - s)))
        img[y:y + s, x:x + s] = photo_crop(rng, s, s)[:img[y:y + s].shape[0], :img[:, x:x + s].shape[1]]
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    for _ in range(int(rng.integers(1, 7))):
        text(d, rng, rng.uniform(0.03, 0.5) * w, rng.uniform(0.03, 0.88) * h, w * rng.uniform(0.2, 0.7),
             h * rng.uniform(0.05, 0.2), any_color(rng), rng.random() < 0.5)
    return np.array(pil)


def licence(rng, h, w):
    """A certificate: pale ground, ornate frame, emblem, title, seal."""
    base = paper_color(rng)
    img = guilloche(rng, h, w, base, rng.uniform(0, 5))
    frame = hsv(int(rng.integers(180)), int(rng.integers(60, 200)), int(rng.integers(120, 230)))
    m = int(min(h, w) * rng.uniform(0.02, 0.08))
    for k in range(int(rng.integers(1, 4))):
        o = m + k * int(min(h, w) * 0.02)
        cv2.rectangle(img, (o, o), (w - o, h - o), frame, int(rng.integers(1, 6)), cv2.LINE_AA)
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    ink = ink_color(rng)
    s = min(h, w)
    d.ellipse([w / 2 - s * 0.06, m * 2, w / 2 + s * 0.06, m * 2 + s * 0.12], fill=(200, 60, 40))
    text(d, rng, w * 0.35, m * 2 + s * 0.14, w * 0.35, s * 0.07, ink, True)
    cols = 1 if w < h else 2
    for c in range(cols):
        x0 = w * (0.1 + 0.45 * c)
        paragraph(d, rng, (x0, h * 0.4, x0 + w * (0.75 / cols), h * 0.85), s * 0.025, ink, True, rng.uniform(1.5, 2.6))
    return stamp(np.array(pil), rng)


def passport(rng, h, w):
    """An open passport: two tinted pages, a fold, portrait, two machine-readable lines."""
    img = guilloche(rng, h, w, paper_color(rng), rng.uniform(0, 9))
    half = card(rng, h - h // 2, w)
    img[h // 2:] = half
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    for k in range(2):
        text(d, rng, w * 0.04, h * (0.9 + 0.045 * k), w * 0.95, h * 0.033, (20, 20, 20), False)
    out = np.array(pil).astype(np.float32)
    fold = np.exp(-(((np.arange(h) - h / 2) / (h * rng.uniform(0.005, 0.03))) ** 2)).astype(np.float32)
    return clip8(out * (1 - rng.uniform(0.1, 0.5) * fold[:, None, None]))


def cover(rng, h, w):
    """A dark or strongly coloured cover with little on it."""
    img = np.full((h, w, 3), any_color(rng), np.uint8)
    img = clip8(img + 6 * octaves(rng, h, w, 40)[..., None])
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    gold = hsv(int(rng.integers(15, 30)), int(rng.integers(60, 200)), int(rng.integers(150, 255)))
    for _ in range(int(rng.integers(1, 4))):
        text(d, rng, rng.uniform(0.1, 0.3) * w, rng.uniform(0.1, 0.8) * h, w * rng.uniform(0.2, 0.6), h * rng.uniform(0.03, 0.1), gold, rng.random() < 0.5)
    return np.array(pil)


def screen_page(rng, h, w):
    """A nearly empty page."""
    img = np.full((h, w, 3), paper_color(rng), np.uint8)
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    for _ in range(int(rng.integers(0, 5))):
        text(d, rng, rng.uniform(0.05, 0.4) * w, rng.uniform(0.05, 0.4) * h, w * rng.uniform(0.1, 0.5), h * 0.02, ink_color(rng), rng.random() < 0.5)
    return np.array(pil)


ID1, A4, PASSPORT, OPEN = 85.6 / 53.98, 297 / 210, 125 / 88, 176 / 125

# name, drawing, long side / short side, share of upright (portrait) layouts, rounded corners, weight
DOCUMENTS = [
    ("letter", letter, (1.25, 1.55), 0.85, False, 22),
    ("handwriting", handwriting, (1.25, 1.55), 0.85, False, 9),
    ("omr", omr, (1.2, 1.6), 0.85, False, 8),
    ("screen_page", screen_page, (1.2, 1.5), 0.8, False, 5),
    ("card", card, (1.5, 1.68), 0.08, True, 20),
    ("business_card", business_card, (1.5, 2.0), 0.2, None, 16),
    ("ticket", card, (1.3, 2.4), 0.05, False, 6),
    ("licence", licence, (1.35, 1.5), 0.4, False, 7),
    ("passport", passport, (1.35, 1.45), 0.9, True, 4),
    ("cover", cover, (1.2, 1.6), 0.8, None, 4),
    ("receipt", letter, (1.6, 3.2), 0.95, False, 4),
]


def document(rng):
    """One flat document: its texture (long side 448 px) and the corner radius as a share of the short side."""
    weights = np.array([d[5] for d in DOCUMENTS], float)
    name, draw, (lo, hi), upright, rounded, _ = DOCUMENTS[int(rng.choice(len(DOCUMENTS), p=weights / weights.sum()))]
    ratio = rng.uniform(lo, hi)
    if name == "card" and rng.random() < 0.7:
        ratio = ID1
    elif name in ("letter", "licence") and rng.random() < 0.5:
        ratio = A4
    long_side = 448
    short = int(long_side / ratio)
    h, w = (long_side, short) if rng.random() < upright else (short, long_side)
    img = draw(rng, h, w)[:h, :w].copy()
    if rng.random() < 0.25:
        c = 1 - rng.uniform(0, 0.12) * np.clip(octaves(rng, h, w, 150), 0, 2)[..., None]
        img = clip8(img * c)
    if rng.random() < 0.15:
        # Folded paper: straight lines where the brightness jumps.
        f = np.ones((h, w, 1), np.float32)
        for _ in range(int(rng.integers(1, 4))):
            if rng.random() < 0.5:
                f[int(rng.uniform(0.2, 0.8) * h):] *= rng.uniform(0.88, 1.1)
            else:
                f[:, int(rng.uniform(0.2, 0.8) * w):] *= rng.uniform(0.88, 1.1)
        img = clip8(img * f)
    if rounded is None:
        rounded = rng.random() < 0.3
    radius = rng.uniform(0.04, 0.075) if rounded else 0.0
    if name == "card" and rounded:
        radius = rng.uniform(0.05, 0.07)
    return img, radius


def ground_color(rng):
    kind = rng.random()
    if kind < 0.3:
        v = int(rng.integers(140, 250))
        return np.array(hsv(int(rng.integers(180)), int(rng.integers(0, 40)), v), np.float32)
    if kind < 0.5:
        v = int(rng.integers(10, 80))
        return np.array(hsv(int(rng.integers(180)), int(rng.integers(0, 120)), v), np.float32)
    return np.array(any_color(rng), np.float32)


def plain(rng, n):
    img = np.tile(ground_color(rng), (n, n, 1)).astype(np.float32)
    img += rng.uniform(0, 12) * octaves(rng, n, n, rng.uniform(20, 300))[..., None]
    return clip8(img)


def wood(rng, n):
    c = np.array(hsv(int(rng.integers(5, 22)), int(rng.integers(20, 190)), int(rng.integers(50, 245))), np.float32)
    if rng.random() < 0.2:
        c = ground_color(rng)
    stretch = rng.uniform(8, 40)
    small = octaves(rng, n, max(8, int(n / stretch)), rng.uniform(4, 40), 5, 0.65)
    grain = cv2.resize(small, (n, n), interpolation=cv2.INTER_CUBIC)
    img = c + rng.uniform(4, 26) * grain[..., None] * np.array([1, 0.9, 0.7], np.float32)
    if rng.random() < 0.5:
        y = 0
        while y < n:
            step = int(rng.uniform(0.1, 0.3) * n)
            img[y:y + step] *= rng.uniform(0.85, 1.12)
            img[y:y + 2] *= rng.uniform(0.3, 0.9)
            y += step
    return clip8(img)


def cloth(rng, n):
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    img = np.tile(ground_color(rng), (n, n, 1)).astype(np.float32)
    kind = rng.random()
    if kind < 0.35:
        for axis in (x, y):
            for _ in range(int(rng.integers(1, 4))):
                period, width, off = rng.uniform(20, 160), rng.uniform(0.05, 0.5), rng.uniform(0, 100)
                band = (((axis + off) / period) % 1 < width)[..., None]
                img = np.where(band, img * 0.5 + 0.5 * np.array(any_color(rng), np.float32), img)
    elif kind < 0.55:
        period, c = rng.uniform(15, 120), np.array(any_color(rng), np.float32)
        img = np.where(((((x if rng.random() < 0.5 else x + y) / period) % 1) < rng.uniform(0.2, 0.7))[..., None], img, c)
    elif kind < 0.8:
        count, lo = int(rng.integers(30, 300)), rng.uniform(3, 15)
        colors = [any_color(rng) for _ in range(4)]
        img = img.astype(np.uint8).copy()
        for _ in range(count):
            r = lo * rng.uniform(0.5, 3)
            cv2.ellipse(img, (int(rng.integers(n)), int(rng.integers(n))), (int(r) + 1, int(r * rng.uniform(0.3, 1)) + 1),
                        rng.uniform(0, 180), 0, 360, colors[int(rng.integers(4))], -1, cv2.LINE_AA)
        img = img.astype(np.float32)
    weave = np.sin(x * rng.uniform(0.4, 2.5)) * np.sin(y * rng.uniform(0.4, 2.5))
    img += rng.uniform(0, 14) * weave[..., None]
    img *= (1 + rng.uniform(0, 0.12) * octaves(rng, n, n, rng.uniform(60, 200)))[..., None]
    return clip8(img)


def tiles(rng, n):
    img = plain(rng, n).astype(np.float32)
    sx, sy = rng.uniform(30, 220), rng.uniform(30, 220)
    if rng.random() < 0.5:
        sy = sx
    grout, width = ground_color(rng), int(rng.integers(1, 7))
    shift = rng.random() < 0.3
    for j, y in enumerate(np.arange(0, n, sy)):
        for x in np.arange(-sx / 2 if shift and j % 2 else 0, n, sx):
            a, b = int(max(0, x)), int(y)
            img[b:b + int(sy), a:a + int(sx)] *= rng.uniform(0.9, 1.1)
            img[b:b + width, a:a + int(sx)] = grout
            img[b:b + int(sy), a:a + width] = grout
    return clip8(img + rng.uniform(0, 8) * octaves(rng, n, n, 30)[..., None])


def keyboard(rng, n):
    dark = rng.random() < 0.65
    v = int(rng.integers(5, 70)) if dark else int(rng.integers(170, 240))
    img = np.full((n, n, 3), v, np.uint8)
    step = int(rng.uniform(30, 80))
    gap = max(2, int(step * rng.uniform(0.08, 0.22)))
    key = int(np.clip(v + rng.integers(-25, 40), 0, 255))
    ink = (230, 230, 230) if dark else (40, 40, 40)
    pil = Image.fromarray(img)
    d = ImageDraw.Draw(pil)
    for j, y in enumerate(range(0, n, step)):
        x = -int(step * (j % 4) * 0.3)
        while x < n:
            w = step if rng.random() < 0.85 else step * int(rng.integers(2, 5))
            d.rounded_rectangle([x, y, x + w - gap, y + step - gap], radius=step // 8, fill=(key, key, key))
            text(d, rng, x + step * 0.2, y + step * 0.15, step * 0.5, step * 0.3, ink, False)
            x += w
    return np.array(pil)


def stone(rng, n):
    a, b = ground_color(rng), ground_color(rng)
    f = octaves(rng, n, n, rng.uniform(4, 160), int(rng.integers(2, 6)), rng.uniform(0.4, 0.9))
    if rng.random() < 0.4:
        f = 1 - np.abs(f) * rng.uniform(1, 3)
    t = np.clip(0.5 + rng.uniform(0.1, 0.7) * f, 0, 1)[..., None]
    return clip8(a * (1 - t) + (a * 0.5 + b * 0.5) * t)


def facets(rng, n):
    """Creased plastic, foil, crumpled cloth: many flat pieces with bright seams."""
    base = ground_color(rng)
    img = np.tile(base, (n, n, 1)).astype(np.float32)
    y, x = np.mgrid[0:n, 0:n].astype(np.float32)
    for _ in range(int(rng.integers(4, 22))):
        a, off = rng.uniform(0, math.pi * 2), rng.uniform(-0.2, 1.0) * n
        s = x * math.cos(a) + y * math.sin(a) - off + rng.uniform(0, 14) * noise(rng, n, n, 120)
        img *= np.where(s > 0, rng.uniform(0.9, 1.08), 1.0)[..., None].astype(np.float32)
        img += (rng.uniform(-30, 60) * np.exp(-(s / rng.uniform(1, 8)) ** 2))[..., None]
    return clip8(img)


def print_ground(rng, n, docs):
    """A heap of other papers."""
    img = plain(rng, n)
    for _ in range(int(rng.integers(3, 12))):
        paste_flat(img, docs[int(rng.integers(len(docs)))][0], rng, rng.uniform(0.4, 1.2))
    return img


def book_page(rng, n):
    """Print right to the border of the picture: a newspaper or a book beneath."""
    img = cv2.resize(letter(rng, 448, 448), (n, n), interpolation=cv2.INTER_LINEAR)
    return img


def paste_flat(img, tex, rng, scale):
    n = img.shape[0]
    h, w = tex.shape[:2]
    s = scale * n / max(h, w)
    a = rng.uniform(0, 2 * math.pi)
    m = cv2.getRotationMatrix2D((w / 2, h / 2), math.degrees(a), s)
    m[:, 2] += np.array([rng.uniform(0, n) - w / 2, rng.uniform(0, n) - h / 2])
    mask = cv2.warpAffine(np.full((h, w), 255, np.uint8), m, (n, n))
    warp = cv2.warpAffine(tex, m, (n, n), flags=cv2.INTER_AREA)
    shade = cv2.GaussianBlur(mask, (0, 0), 6).astype(np.float32)[..., None] / 255
    img[:] = clip8(img * (1 - 0.35 * shade))
    img[mask > 127] = warp[mask > 127]


BACKGROUNDS = [(plain, 18), (wood, 24), (cloth, 20), (tiles, 6), (keyboard, 5), (stone, 10), (facets, 7)]


def background(rng, docs, n=640):
    """One flat background, n x n px."""
    r = rng.random()
    if r < 0.09:
        img = print_ground(rng, n, docs)
    elif r < 0.13:
        img = book_page(rng, n)
    elif r < 0.23:
        img = photo_crop(rng, n, n)
    else:
        weights = np.array([w for _, w in BACKGROUNDS], float)
        img = BACKGROUNDS[int(rng.choice(len(BACKGROUNDS), p=weights / weights.sum()))][0](rng, n)
    if rng.random() < 0.5:
        img = np.ascontiguousarray(np.rot90(img))
    return img


def bank(seed, documents, backgrounds):
    """Both sets of textures; the same for the same seed."""
    rng = np.random.default_rng([seed, 1])
    docs = [document(rng) for _ in range(documents)]
    grounds = [background(rng, docs) for _ in range(backgrounds)]
    return docs, grounds
