"""Desks with much on them: stacks of paper, books, screens, keyboards, mice, cups, markers, cables."""

import math

import cv2
import numpy as np
import textures
from textures import any_color, clip8, hsv, octaves


def turned(quad, angle, scale=1.0, shift=(0.0, 0.0)):
    c, s, middle = math.cos(angle), math.sin(angle), quad.mean(0)
    return (quad - middle) @ np.array([[c, s], [-s, c]]) * scale + middle + np.array(shift)


def rectangle(center, width, height, angle):
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width / 2, height / 2]
    c, s = math.cos(angle), math.sin(angle)
    return half @ np.array([[c, s], [-s, c]]) + center


def paper_of(tex):
    """The colour of the paper that a texture is printed on."""
    return np.percentile(tex.reshape(-1, 3), 85, axis=0)


def shade(img, layer, share, sigma, blur):
    """Darkens by a blurred mask (0 to 255)."""
    soft = blur(layer, max(sigma, 0.6)).astype(np.float32) / 255
    g = 1 - share * soft
    img[:] = cv2.multiply(img, cv2.merge([g, g, g]), dtype=cv2.CV_8U)


def polygon_shadow(img, rng, quad, blur, share, throw):
    layer = np.zeros(img.shape[:2], np.uint8)
    cv2.fillPoly(layer, [np.round(quad + throw).astype(np.int32)], 255, cv2.LINE_AA)
    shade(img, layer, share, np.hypot(*throw) * rng.uniform(0.3, 0.9) + 0.8, blur)


def around(rng, w, h, clear, reach):
    """A place that is not in the middle of `clear`, more often near the frame."""
    for _ in range(12):
        p = rng.uniform(-0.08, 1.08, 2) * [w, h]
        if cv2.pointPolygonTest(clear.astype(np.float32), (float(p[0]), float(p[1])), True) < -reach:
            break
    return p


class Desk:
    """One desk in one light: shadows fall the same way."""

    def __init__(self, rng, img, docs, paste, blur):
        self.rng, self.img, self.docs, self.paste, self.blur = rng, img, docs, paste, blur
        self.h, self.w = img.shape[:2]
        self.s = max(self.h, self.w)
        a = rng.uniform(0, 2 * math.pi)
        self.light = np.array([math.cos(a), math.sin(a)])

    def throw(self, height):
        return self.light * height * self.s

    def stack(self, quad, tex):
        """Sheets of the same kind beneath, hardly brighter or darker than the one on top."""
        rng, paper = self.rng, paper_of(tex)
        for under in self.beneath(quad, (1, 7), (0.3, 2.0), 0.06, 0.04):
            kind = rng.random()
            if kind < 0.65:
                sheet = np.full((64, 48, 3), 0, np.uint8)
                sheet[:] = clip8(paper + rng.normal(0, 5) + rng.normal(0, 2, 3))
            elif kind < 0.9:
                sheet = self.bright()
            else:
                sheet = np.full((64, 48, 3), any_color(rng), np.uint8)
            self.paste(self.img, sheet, under, 0.0, rng, 0, rng.uniform(0.0, 0.35), lift=rng.uniform(0.5, 2.5))

    def fan(self, quad, tex):
        """A pile of one kind of paper in a bright light, fanned out: hardly an edge but where a sheet stands off the next."""
        rng, paper = self.rng, paper_of(tex)
        for under in self.beneath(quad, (2, 8), (0.4, 1.8), 0.09, 0.015):
            sheet = self.bright() if rng.random() < 0.55 else np.full((64, 48, 3), 255, np.uint8)
            sheet = clip8(sheet * (paper + rng.normal(0, 2.5) + rng.normal(0, 0.8, 3)) / np.maximum(paper_of(sheet), 1))
            self.gaps(under)
            self.paste(self.img, sheet, under, 0.0, rng, 0, *self.faint())
        self.gaps(quad)

    def beneath(self, quad, count, messy, turn, swell):
        """Where sheets of the same size lie beneath one, each turned, swelled and moved a little."""
        rng, span = self.rng, math.sqrt(abs(cv2.contourArea(quad.astype(np.float32))))
        messy = rng.uniform(*messy)
        for _ in range(int(rng.integers(*count))):
            yield turned(quad, rng.normal(0, turn) * messy, rng.uniform(1 - swell, 1 + swell), rng.normal(0, 0.035 * messy, 2) * span)

    def faint(self):
        """Shadow and lift of a sheet that hardly stands off the next."""
        return self.rng.uniform(0.0, 0.12), self.rng.uniform(0.4, 1.6)

    def gaps(self, quad):
        """Thin dark lines beside a sheet that is about to be put there, along a part of the sides away from the light."""
        rng, span = self.rng, math.sqrt(abs(cv2.contourArea(quad.astype(np.float32))))
        for i in range(4):
            a, b = quad[i], quad[(i + 1) % 4]
            outward = np.array([b[1] - a[1], a[0] - b[0]]) / max(np.linalg.norm(b - a), 1e-6)
            if outward @ self.light < 0.2 or rng.random() < 0.3:
                continue
            ends = np.sort(rng.uniform(-0.3, 1.3, 2)).clip(0, 1)
            start, end = a + (b - a) * ends[0], a + (b - a) * ends[1]
            # The paper stands off further at one of the ends.
            far = [outward * span * rng.uniform(0.0, 0.014) for _ in range(2)]
            gap = np.round(np.array([start, end, end + far[0], start + far[1]])).astype(np.int32)
            darkness, sigma = rng.uniform(0.1, 0.7), rng.uniform(0.6, 1.6)
            x0, y0 = np.maximum(gap.min(0) - 8, 0)
            x1, y1 = gap.max(0) + 9
            part = self.img[y0:y1, x0:x1]
            if part.size:
                layer = np.zeros(part.shape[:2], np.uint8)
                cv2.fillPoly(layer, [gap - [x0, y0]], 255, cv2.LINE_AA)
                shade(part, layer, darkness, sigma, self.blur)

    def bright(self):
        for _ in range(12):
            tex = self.docs[int(self.rng.integers(len(self.docs)))][0]
            if tex.mean() > 200:
                break
        return tex

    def book(self, clear):
        rng = self.rng
        p = around(rng, self.w, self.h, clear, 0.07 * self.s)
        q = rectangle(p, rng.uniform(0.15, 0.4) * self.s, rng.uniform(0.2, 0.55) * self.s, rng.normal(0, 0.35) + (rng.random() < 0.3) * math.pi / 2)
        kind = rng.random()
        if kind < 0.45:
            tex = textures.photo_crop(rng, 300, 220)
            m = int(rng.integers(0, 26))
            tex = cv2.copyMakeBorder(tex, m, m, m, m, cv2.BORDER_CONSTANT, value=any_color(rng))
            pil = textures.Image.fromarray(tex)
            d = textures.ImageDraw.Draw(pil)
            for _ in range(int(rng.integers(1, 5))):
                textures.text(d, rng, rng.uniform(0, 60), rng.uniform(5, 280), rng.uniform(80, 200), rng.uniform(10, 42), any_color(rng), rng.random() < 0.5)
            tex = np.array(pil)
        elif kind < 0.55:
            tex = self.docs[int(rng.integers(len(self.docs)))][0]
        else:
            tex = clip8(np.full((80, 60, 3), any_color(rng), np.float32) + 6 * octaves(rng, 80, 60, 20)[..., None])
        polygon_shadow(self.img, rng, q, self.blur, rng.uniform(0.1, 0.5), self.throw(rng.uniform(0.003, 0.02)))
        self.paste(self.img, tex, q, 0.0, rng, 0, 0.0)

    def screen(self, clear):
        """A monitor, a laptop or a tablet that reaches into the picture."""
        rng = self.rng
        for _ in range(12):
            a = rng.uniform(0, 2 * math.pi)
            p = np.array([self.w, self.h]) * (0.5 + 0.62 * np.array([math.cos(a), math.sin(a)]))
            if cv2.pointPolygonTest(clear.astype(np.float32), (float(p[0]), float(p[1])), True) < -0.16 * self.s:
                break
        else:
            return
        q = rectangle(p, rng.uniform(0.25, 0.7) * self.s, rng.uniform(0.2, 0.45) * self.s, rng.uniform(0, math.pi))
        q = q + rng.normal(0, 0.02 * self.s, (4, 2))
        v = int(rng.integers(5, 45)) if rng.random() < 0.75 else int(rng.integers(130, 230))
        polygon_shadow(self.img, rng, q, self.blur, rng.uniform(0.2, 0.6), self.throw(rng.uniform(0.02, 0.08)))
        cv2.fillPoly(self.img, [np.round(q).astype(np.int32)], (v, v, v), cv2.LINE_AA)
        inner = q.mean(0) + (q - q.mean(0)) * rng.uniform(0.86, 0.97)
        u = int(np.clip(v + rng.integers(-12, 25), 0, 255))
        if rng.random() < 0.3:
            self.paste(self.img, textures.photo_crop(rng, 120, 200), inner, 0.0, rng)
        else:
            cv2.fillPoly(self.img, [np.round(inner).astype(np.int32)], (u, u, u), cv2.LINE_AA)
        for t in np.linspace(0.6, 0.95, 5):
            c = inner[2] * t + inner[3] * (1 - t)
            cv2.circle(self.img, (int(c[0]), int(c[1])), 1, (150, 150, 150), -1, cv2.LINE_AA)

    def keyboard(self, clear):
        rng = self.rng
        p = around(rng, self.w, self.h, clear, 0.1 * self.s)
        width = rng.uniform(0.4, 0.9) * self.s
        q = rectangle(p, width, width * rng.uniform(0.28, 0.4), rng.normal(0, 0.4))
        tex = textures.keyboard(rng, 640)[:220]
        polygon_shadow(self.img, rng, q, self.blur, rng.uniform(0.2, 0.5), self.throw(rng.uniform(0.005, 0.02)))
        self.paste(self.img, tex, q, 0.03, rng, 0, 0.0)

    def mouse(self, clear):
        rng = self.rng
        p = around(rng, self.w, self.h, clear, 0.02 * self.s)
        r, a = rng.uniform(0.025, 0.06) * self.s, rng.uniform(0, 180)
        v = int(rng.integers(8, 50)) if rng.random() < 0.7 else int(rng.integers(170, 245))
        layer = np.zeros(self.img.shape[:2], np.uint8)
        o = self.throw(rng.uniform(0.005, 0.025))
        cv2.ellipse(layer, (int(p[0] + o[0]), int(p[1] + o[1])), (int(r * 1.7), int(r)), a, 0, 360, 255, -1)
        shade(self.img, layer, rng.uniform(0.3, 0.6), r * 0.3, self.blur)
        cv2.ellipse(self.img, (int(p[0]), int(p[1])), (int(r * 1.65), int(r)), a, 0, 360, (v, v, v), -1, cv2.LINE_AA)
        w = min(255, v + 60)
        cv2.ellipse(self.img, (int(p[0] - r * 0.2), int(p[1] - r * 0.3)), (int(r * 0.5), int(r * 0.2)), a, 0, 360, (w, w, w), -1, cv2.LINE_AA)
        self.cable(clear, p)

    def cup(self, clear):
        """A cup seen from above and aside, its handle, its shadow."""
        rng = self.rng
        p = around(rng, self.w, self.h, clear, 0.03 * self.s)
        r, flat, tall = rng.uniform(0.04, 0.1) * self.s, rng.uniform(0.55, 1.0), rng.uniform(0.0, 2.2)
        v = int(rng.integers(170, 250)) if rng.random() < 0.6 else int(rng.integers(20, 160))
        c = np.array((v, v, v) if rng.random() < 0.6 else any_color(rng))
        layer = np.zeros(self.img.shape[:2], np.uint8)
        foot = p + [rng.normal(0, 0.2) * r * tall, r * tall * (1.1 - flat)]
        o = foot + self.throw(rng.uniform(0.02, 0.08))
        cv2.ellipse(layer, (int(o[0]), int(o[1])), (int(r * 1.3), int(r * flat)), rng.uniform(-30, 30), 0, 360, 255, -1)
        cv2.line(layer, tuple(int(t) for t in foot), tuple(int(t) for t in o), 255, int(r * 1.4))
        shade(self.img, layer, rng.uniform(0.2, 0.5), r * 0.35, self.blur)
        dark = tuple(int(t * 0.8) for t in c)
        side = 1 if rng.random() < 0.5 else -1
        cv2.ellipse(self.img, (int((p[0] + foot[0]) / 2 + side * r), int((p[1] + foot[1]) / 2)), (int(r * 0.5), int(r * 0.45)), 0, 0, 360, dark, max(2, int(r * 0.18)), cv2.LINE_AA)
        for t in np.linspace(0, 1, 12):
            m, k = foot * (1 - t) + p * t, 0.72 + 0.28 * t
            color = tuple(int(x * (0.85 + 0.15 * t)) for x in c)
            cv2.ellipse(self.img, (int(m[0]), int(m[1])), (int(r * k), int(r * k * flat)), 0, 0, 360, color, -1, cv2.LINE_AA)
        inside = tuple(int(t * rng.uniform(0.5, 0.95)) for t in c)
        cv2.ellipse(self.img, (int(p[0]), int(p[1])), (int(r * 0.92), int(r * 0.92 * flat)), 0, 0, 360, inside, -1, cv2.LINE_AA)
        if rng.random() < 0.5:
            drink = hsv(int(rng.integers(5, 20)), int(rng.integers(40, 200)), int(rng.integers(20, 120)))
            cv2.ellipse(self.img, (int(p[0]), int(p[1] + r * 0.15)), (int(r * 0.7), int(r * 0.66 * flat)), 0, 0, 360, drink, -1, cv2.LINE_AA)

    def ball(self, clear, over):
        """A fruit, a roll of tape."""
        rng = self.rng
        p = self.on(clear) if over else around(rng, self.w, self.h, clear, 0.0)
        r, c = rng.uniform(0.012, 0.045) * self.s, np.array(any_color(rng), np.float32)
        layer = np.zeros(self.img.shape[:2], np.uint8)
        o = p + self.throw(rng.uniform(0.005, 0.03))
        cv2.circle(layer, (int(o[0]), int(o[1])), int(r * 1.1), 255, -1)
        shade(self.img, layer, rng.uniform(0.2, 0.5), r * 0.3, self.blur)
        for t in np.linspace(1, 0.2, 5):
            m = p - self.light * r * 0.35 * (1 - t)
            color = tuple(int(x) for x in np.clip(c * (0.7 + 0.4 * (1 - t)) + 30 * (1 - t), 0, 255))
            cv2.circle(self.img, (int(m[0]), int(m[1])), max(1, int(r * t)), color, -1, cv2.LINE_AA)

    def on(self, clear):
        rng = self.rng
        a, b, c, d = clear
        u, v = rng.uniform(-0.12, 1.12, 2)
        return (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v

    def marker(self, clear, over):
        """A pen with a cap of another colour and a label."""
        rng = self.rng
        span = math.sqrt(abs(cv2.contourArea(clear.astype(np.float32))))
        p = self.on(clear) if over else around(rng, self.w, self.h, clear, 0.0)
        length = rng.uniform(0.2, 0.6) * span if over else rng.uniform(0.08, 0.28) * self.s
        width = max(2, int(length * rng.uniform(0.05, 0.2)))
        a = rng.uniform(0, 2 * math.pi)
        d = np.array([math.cos(a), math.sin(a)]) * length / 2
        body = any_color(rng) if rng.random() < 0.6 else (int(rng.integers(150, 250)),) * 3
        cap = (int(rng.integers(5, 50)),) * 3 if rng.random() < 0.5 else any_color(rng)
        layer = np.zeros(self.img.shape[:2], np.uint8)
        o = self.throw(rng.uniform(0.002, 0.014))
        cv2.line(layer, tuple(int(t) for t in p - d + o), tuple(int(t) for t in p + d + o), 255, width)
        shade(self.img, layer, rng.uniform(0.2, 0.55), width * 0.3, self.blur)
        at = lambda t: tuple(int(x) for x in p - d + 2 * d * t)
        cv2.line(self.img, at(0), at(1), body, width, cv2.LINE_AA)
        cut = rng.uniform(0.25, 0.45)
        cv2.line(self.img, at(0), at(cut), cap, int(width * rng.uniform(0.9, 1.25)) + 1, cv2.LINE_AA)
        if rng.random() < 0.5:
            cv2.line(self.img, at(cut + 0.1), at(cut + rng.uniform(0.2, 0.4)), any_color(rng), max(1, width // 2), cv2.LINE_AA)
        shine = tuple(int(min(255, t + 60)) for t in body)
        cv2.line(self.img, tuple(int(t) for t in p - 0.3 * d - self.light * width * 0.25), tuple(int(t) for t in p + d - self.light * width * 0.25), shine, max(1, width // 6), cv2.LINE_AA)

    def cable(self, clear, start=None):
        """A long soft curve and, beside it, the shadow where it hangs above the desk."""
        rng = self.rng
        through = self.on(clear) if rng.random() < 0.65 else rng.uniform(0, 1, 2) * [self.w, self.h]
        ends = rng.uniform(-0.2, 1.2, (2, 2)) * [self.w, self.h]
        a = ends[0] if start is None else np.array(start, float)
        points = [a, a + rng.normal(0, 0.15, 2) * self.s, through, ends[1] + rng.normal(0, 0.1, 2) * self.s, ends[1]]
        if rng.random() < 0.3:
            r = rng.uniform(0.02, 0.07) * self.s
            points[1:2] = [points[1] + r * np.array([math.cos(t), math.sin(t)]) for t in np.linspace(0, 5.5, 6)]
        t = np.linspace(0, 1, len(points))
        fine = np.linspace(0, 1, 90)
        line = np.stack([np.interp(fine, t, np.array(points)[:, k]) for k in (0, 1)], 1)
        for _ in range(3):
            pad = np.pad(line, ((6, 6), (0, 0)), "edge")
            line = np.stack([np.convolve(pad[:, k], np.ones(13) / 13, "valid") for k in (0, 1)], 1)
        width = max(1, int(rng.uniform(0.003, 0.013) * self.s))
        v = int(rng.integers(5, 60)) if rng.random() < 0.75 else int(rng.integers(120, 245))
        color = (v, v, v) if rng.random() < 0.85 else any_color(rng)
        height = np.abs(np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, 5), rng.uniform(0, 0.04, 5)))
        layer = np.zeros(self.img.shape[:2], np.uint8)
        cv2.polylines(layer, [np.round(line + self.light * height[:, None] * self.s).astype(np.int32)], False, 255, width + 1, cv2.LINE_AA)
        shade(self.img, layer, rng.uniform(0.1, 0.45), width * rng.uniform(0.3, 2), self.blur)
        pts = [np.round(line).astype(np.int32)]
        cv2.polylines(self.img, pts, False, color, width, cv2.LINE_AA)
        if width > 2 and rng.random() < 0.6:
            lit = tuple(int(min(255, t + 45)) for t in color)
            cv2.polylines(self.img, [pts[0] - 1], False, lit, 1, cv2.LINE_AA)

    def before(self, clear):
        """What lies on the desk, before the document is put on it."""
        rng = self.rng
        things = [self.book, self.book, self.screen, self.keyboard, self.cup, self.mouse, lambda q: self.marker(q, False),
                  lambda q: self.ball(q, False), self.cable]
        for _ in range(int(rng.integers(1, 8))):
            things[int(rng.integers(len(things)))](clear)

    def after(self, clear):
        """What lies on the document and around it, last."""
        rng = self.rng
        for _ in range(int(rng.integers(0, 4))):
            self.marker(clear, rng.random() < 0.75)
        for _ in range(int(rng.random() < 0.25) + int(rng.random() < 0.08)):
            self.ball(clear, True)
        for _ in range(int(rng.integers(0, 3))):
            self.cable(clear)


def cast(rng, f):
    """A cheap sensor: another tint in the corners than in the middle."""
    h, w = f.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    far = ((x - w / 2) ** 2 + (y - h / 2) ** 2) / (w * w + h * h) * 4
    tint = rng.normal(0, 0.1, 3) + rng.uniform(-0.25, 0.05)
    return f * (1 + far[..., None] * tint.astype(np.float32)) * (1 + rng.normal(0, 0.06, 3)).astype(np.float32)
