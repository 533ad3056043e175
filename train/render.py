"""Renders labelled pictures: a document (or none) in a scene, seen by a poor camera.

    python render.py --out DIR --seed 1 --shards 32

One shard is an .npz of SHARD pictures of one shape: `images` (N, H, W, 3) RGB uint8, `quads` (N, 4, 2) float32 in
pixels of the picture (pixel centres at .5; corners may lie outside), `present` (N,) uint8.
"""

import argparse
import json
import math
import os
from pathlib import Path

import cv2
import desk as desks
import numpy as np
import textures
from textures import any_color, clip8, hsv, noise

SHARD = 512
# Height and width of the net's input; the same long side as in src/locate/net.rs. Weighted by how common they are.
SHAPES = [(192, 256), (256, 192), (144, 256), (256, 144), (256, 256), (176, 256), (256, 176), (256, 112)]
WEIGHTS = [24, 24, 16, 16, 6, 5, 6, 3]
OVERSAMPLE = 1.5


def blur(a, sigma):
    """A Gaussian blur; wide ones are done on a smaller copy."""
    if sigma < 4:
        return cv2.GaussianBlur(a, (0, 0), sigma)
    h, w = a.shape[:2]
    k = min(sigma / 2, min(h, w) / 8)
    small = cv2.resize(a, (max(2, int(w / k)), max(2, int(h / k))), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / k)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


def mix(img, layer, share):
    """Darkens `img` where `layer` (0 to 1) is set."""
    g = (1 - share * layer).astype(np.float32)
    img[:] = cv2.multiply(img, cv2.merge([g, g, g]), dtype=cv2.CV_8U)


def rotation(rx, ry, rz):
    cx, sx, cy, sy, cz, sz = math.cos(rx), math.sin(rx), math.cos(ry), math.sin(ry), math.cos(rz), math.sin(rz)
    return (np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
            @ np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]]))


def project(points, r, f, distance):
    p = np.concatenate([points, np.zeros((len(points), 1))], 1) @ r.T
    p[:, 2] += distance
    return p[:, :2] * f / p[:, 2:3]


def area(q):
    x, y = q[:, 0], q[:, 1]
    return 0.5 * (np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))


def clip_share(q, w, h):
    """The share of the quad's area inside the frame."""
    total = abs(area(q))
    inside, _ = cv2.intersectConvexConvex(q.astype(np.float32), np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32))
    return inside / max(total, 1e-6)


def pose(rng, ratio, w, h, level=0):
    """The corners of a document (width / height = ratio) in a w x h picture, and the camera that saw it."""
    size = np.array([math.sqrt(ratio), 1 / math.sqrt(ratio)])
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2
    kind = rng.random()
    whole, cut = (0.82, 0.96) if level >= 2 else (0.74, 0.9)
    for _ in range(60):
        spin = rng.integers(4) * math.pi / 2 + rng.normal(0, 0.14)
        if rng.random() < 0.5 and ((ratio > 1) == (w > h)) == (abs(math.sin(spin)) > 0.7):
            spin += math.pi / 2  # people turn the camera to suit the sheet
        if rng.random() < 0.25:
            spin = rng.uniform(0, 2 * math.pi)
        steep = rng.random()
        tilt = abs(rng.normal(0, 0.12)) if steep < 0.5 else rng.uniform(0, 0.55) if steep < 0.9 else rng.uniform(0.4, 0.85)
        about = rng.uniform(0, 2 * math.pi)
        r = rotation(tilt * math.cos(about), tilt * math.sin(about), spin)
        f = rng.uniform(0.75, 1.6) * max(w, h)
        q = project(flat, r, f, 3.0)
        span = q.max(0) - q.min(0)
        if kind < whole:
            # Whole: from small in the frame to nearly touching its border.
            fill = rng.uniform(0.45, 0.98) if rng.random() < 0.7 else rng.uniform(0.2, 0.6)
            s = min(w / span[0], h / span[1]) * fill
            q = q * s
            lo, hi = q.min(0), q.max(0)
            slack = np.array([w, h]) - (hi - lo)
            q += -lo + slack * np.clip(rng.normal(0.5, 0.22, 2), 0.01, 0.99)
        elif kind < cut:
            # Leaves the frame on one or two sides.
            s = min(w / span[0], h / span[1]) * rng.uniform(0.5, 1.35)
            q = q * s
            q += np.array([w, h]) / 2 - (q.min(0) + q.max(0)) / 2 + rng.uniform(-0.5, 0.5, 2) * np.array([w, h])
            share = clip_share(q, w, h)
            if share < 0.55 or share > 0.985:
                continue
        else:
            # A scan or a close photo: the sheet reaches the frame on every side, or just beyond.
            side = (ratio > 1) == (w >= h)
            base = np.array([[0, 0], [w, 0], [w, h], [0, h]], float)
            if not side:
                base = np.roll(base, 1, 0)
            over = rng.uniform(-0.01, 0.05) * min(w, h)
            c = base.mean(0)
            q = c + (base - c) * (1 + over / (min(w, h) / 2)) + rng.normal(0, 0.008 * min(w, h), (4, 2))
        if abs(area(q)) < 0.02 * w * h:
            continue
        return q
    return np.array([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]) * [w, h]


def warp_ground(rng, tex, w, h):
    n = tex.shape[0]
    s = rng.uniform(0.3, 1.0) * n
    c = rng.uniform(s / 2, n - s / 2, 2) if s < n else np.array([n / 2, n / 2])
    k = w / h
    half = np.array([s / 2 * min(1, k), s / 2 * min(1, 1 / k)])
    src = c + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half + rng.normal(0, 0.12 * s, (4, 2))
    m = cv2.getPerspectiveTransform(src.astype(np.float32), np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32))
    img = cv2.warpPerspective(tex, m, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return img


def recolor(rng, img):
    """Another mood of the same texture."""
    r = rng.random()
    if r < 0.35:
        return img
    f = img.astype(np.float32)
    if r < 0.7:
        f = (f - sum(cv2.mean(f)[:3]) / 3) * rng.uniform(0.25, 1.1) + rng.uniform(25, 225)
    gray = cv2.cvtColor(f, cv2.COLOR_RGB2GRAY)[..., None]
    f = gray + (f - gray) * rng.uniform(0, 1.2)
    return clip8(f * rng.uniform(0.8, 1.2, 3).astype(np.float32))


def tube(img, rng, points, width, color, shadow=True):
    pts = [np.array(points, np.int32)]
    if shadow:
        o = np.array([rng.integers(-3, 6), rng.integers(1, 7)])
        layer = np.zeros(img.shape[:2], np.uint8)
        cv2.polylines(layer, [pts[0] + o], False, 255, width, cv2.LINE_AA)
        layer = blur(layer, max(1.0, width / 4))
        mix(img, layer.astype(np.float32) / 255, 0.45)
    cv2.polylines(img, pts, False, color, width, cv2.LINE_AA)
    if rng.random() < 0.6:
        lit = tuple(int(min(255, c + 50)) for c in color)
        cv2.polylines(img, [pts[0] - 1], False, lit, max(1, width // 4), cv2.LINE_AA)


def curve(rng, w, h, n=60):
    p = np.array([[rng.uniform(-0.2, 1.2) * w, rng.uniform(-0.2, 1.2) * h] for _ in range(4)])
    t = np.linspace(0, 1, n)[:, None]
    return (1 - t) ** 3 * p[0] + 3 * t * (1 - t) ** 2 * p[1] + 3 * t ** 2 * (1 - t) * p[2] + t ** 3 * p[3]


def clutter(img, rng, docs, near=None, papers=True):
    """One thing that lies about."""
    h, w = img.shape[:2]
    s = max(h, w)
    kind = rng.random()
    x, y = rng.uniform(-0.05, 1.05) * w, rng.uniform(-0.05, 1.05) * h
    if near is not None:
        a, b = near[int(rng.integers(4))], near[int(rng.integers(4))]
        x, y = a + (b - a) * rng.random() + rng.normal(0, 0.05 * s, 2)
    if kind < 0.3:
        a, l = rng.uniform(0, math.pi), rng.uniform(0.15, 0.45) * s
        d = np.array([math.cos(a), math.sin(a)]) * l / 2
        tube(img, rng, [np.array([x, y]) - d, np.array([x, y]) + d], int(rng.uniform(0.008, 0.03) * s), any_color(rng))
    elif kind < 0.55:
        dark = rng.random() < 0.7
        v = int(rng.integers(10, 60)) if dark else int(rng.integers(180, 250))
        c = (v, v, v) if rng.random() < 0.8 else any_color(rng)
        p = curve(rng, w, h)
        p += np.array([x, y]) - p[len(p) // 2]
        tube(img, rng, p, int(rng.uniform(0.005, 0.018) * s) + 1, c)
    elif kind < 0.72:
        r = rng.uniform(0.02, 0.13) * s
        c, o = any_color(rng), (int(x), int(y))
        layer = np.zeros((h, w), np.float32)
        cv2.circle(layer, (int(x + r * 0.2), int(y + r * 0.25)), int(r * 1.1), 1.0, -1, cv2.LINE_AA)
        mix(img, blur(layer, r * 0.15 + 1), 0.4)
        cv2.circle(img, o, int(r), c, -1, cv2.LINE_AA)
        if rng.random() < 0.6:
            cv2.circle(img, o, int(r * rng.uniform(0.5, 0.85)), any_color(rng), -1, cv2.LINE_AA)
    else:
        # A box, a telephone, a book, another paper; papers only where there is a document that matters more.
        bw, bh = rng.uniform(0.06, 0.3) * s, rng.uniform(0.06, 0.4) * s
        a = rng.uniform(0, math.pi)
        u, v = np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])
        q = np.array([[x, y]] * 4) + np.array([-u * bw - v * bh, u * bw - v * bh, u * bw + v * bh, -u * bw + v * bh]) / 2
        layer = np.zeros((h, w), np.float32)
        cv2.fillPoly(layer, [(q + rng.uniform(-6, 8, 2)).astype(np.int32)], 1.0, cv2.LINE_AA)
        mix(img, blur(layer, 5), 0.4)
        if papers and rng.random() < 0.5:
            tex = docs[int(rng.integers(len(docs)))][0]
            paste(img, tex, q, 0.0, rng)
        else:
            cv2.fillPoly(img, [q.astype(np.int32)], any_color(rng), cv2.LINE_AA)


def round_mask(h, w, radius):
    if radius <= 0:
        return np.full((h, w), 255, np.uint8)
    r = int(radius * min(h, w))
    m = np.zeros((h, w), np.uint8)
    cv2.rectangle(m, (r, 0), (w - 1 - r, h - 1), 255, -1)
    cv2.rectangle(m, (0, r), (w - 1, h - 1 - r), 255, -1)
    for cx in (r, w - 1 - r):
        for cy in (r, h - 1 - r):
            cv2.circle(m, (cx, cy), r, 255, -1, cv2.LINE_AA)
    return m


def paste(img, tex, quad, radius, rng, bend=0.0, shadow=0.0, lift=None):
    """Lays a texture on a quad (whose first corner is the texture's top left one)."""
    margin = 30 + bend
    x0, y0 = np.maximum(np.floor(quad.min(0) - margin), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(quad.max(0) + margin), [img.shape[1], img.shape[0]]).astype(int)
    if x1 <= x0 or y1 <= y0:
        return
    img, quad = img[y0:y1, x0:x1], quad - [x0, y0]
    h, w = img.shape[:2]
    th, tw = tex.shape[:2]
    longest = max(np.linalg.norm(np.roll(quad, -1, 0) - quad, axis=1))
    k = longest / max(th, tw)
    if k < 0.7:
        tex = cv2.resize(tex, (max(8, int(tw * k * 1.2)), max(8, int(th * k * 1.2))), interpolation=cv2.INTER_AREA)
        th, tw = tex.shape[:2]
    mask = round_mask(th, tw, radius)
    rgba = np.dstack([tex, mask])
    m = cv2.getPerspectiveTransform(np.array([[0, 0], [tw, 0], [tw, th], [0, th]], np.float32), quad.astype(np.float32))
    half = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    m = half @ m @ np.linalg.inv(half)
    if bend > 0:
        # Bent paper: the sides bow by up to `bend` pixels.
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        inv = np.linalg.inv(m)
        d = inv[2, 0] * xx + inv[2, 1] * yy + inv[2, 2]
        d = np.where(np.abs(d) < 1e-6, 1e-6, d)
        u, v = (inv[0, 0] * xx + inv[0, 1] * yy + inv[0, 2]) / d, (inv[1, 0] * xx + inv[1, 1] * yy + inv[1, 2]) / d
        p, q = rng.uniform(0, 3), rng.uniform(0, 3)
        a, b = rng.uniform(-bend, bend, 2) / max(k, 1e-3)
        u2 = u + a * np.sin(np.pi * v / th * rng.uniform(0.6, 1.6) + p)
        v2 = v + b * np.sin(np.pi * u / tw * rng.uniform(0.6, 1.6) + q)
        warped = cv2.remap(rgba, u2.astype(np.float32), v2.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    else:
        warped = cv2.warpPerspective(rgba, m, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    alpha = warped[..., 3].astype(np.float32) / 255
    if shadow > 0:
        lift = rng.uniform(1, 9) if lift is None else lift
        o = rng.normal(0, lift, 2)
        soft = blur(alpha, lift * rng.uniform(0.4, 1.5) + 0.5)
        soft = cv2.warpAffine(soft, np.float32([[1, 0, o[0]], [0, 1, o[1]]]), (w, h))
        mix(img, soft, shadow)
    a3 = cv2.merge([alpha, alpha, alpha])
    img[:] = clip8(img * (1 - a3) + warped[..., :3] * a3)


def finger(img, rng, quad):
    """A finger that holds the sheet: from outside, over a side, onto the sheet."""
    h, w = img.shape[:2]
    i = int(rng.integers(4))
    a, b = quad[i], quad[(i + 1) % 4]
    p = a + (b - a) * rng.uniform(0.1, 0.9)
    out = p - quad.mean(0)
    out /= max(np.linalg.norm(out), 1e-6)
    side = np.linalg.norm(b - a)
    length, width = side * rng.uniform(0.08, 0.3), int(np.clip(side * rng.uniform(0.05, 0.16), 6, 90))
    c = np.array(hsv(int(rng.integers(4, 18)), int(rng.integers(50, 150)), int(rng.integers(70, 245))), np.float32)
    tilt = rng.normal(0, 0.5)
    d = np.array([out[0] * math.cos(tilt) - out[1] * math.sin(tilt), out[0] * math.sin(tilt) + out[1] * math.cos(tilt)])
    tip, root = p - d * length, p + d * max(w, h)
    layer = np.zeros((h, w), np.uint8)
    cv2.line(layer, tuple(int(v) for v in tip), tuple(int(v) for v in root), 255, width, cv2.LINE_AA)
    if rng.random() < 0.4:
        palm = p + d * width * rng.uniform(2, 4)
        cv2.ellipse(layer, tuple(int(v) for v in palm), (width * 2, int(width * 1.5)), rng.uniform(0, 180), 0, 360, 255, -1, cv2.LINE_AA)
    soft = blur(layer, width / 3)
    m = layer.astype(np.float32)[..., None] / 255
    shade = (0.55 + 0.5 * soft.astype(np.float32) / 255)[..., None]
    img[:] = clip8(img * (1 - 0.3 * soft.astype(np.float32)[..., None] / 255 * (1 - m)))
    img[:] = clip8(img * (1 - m) + c * shade * m)


def light(img, rng):
    """Uneven light, cast shadows, reflections."""
    h, w = img.shape[:2]
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    gain = np.ones((h, w), np.float32)
    if rng.random() < 0.7:
        a = rng.uniform(0, 2 * math.pi)
        gain *= 1 + rng.uniform(0, 0.4) * ((x / w - 0.5) * math.cos(a) + (y / h - 0.5) * math.sin(a))
    if rng.random() < 0.3:
        gain *= 1 + rng.uniform(0, 0.2) * noise(rng, h, w, max(h, w) / 2)
    if rng.random() < 0.3:
        cx, cy = rng.uniform(0.3, 0.7) * w, rng.uniform(0.3, 0.7) * h
        gain *= 1 - rng.uniform(0, 0.5) * ((x - cx) ** 2 + (y - cy) ** 2) / (w * w + h * h) * 2
    for _ in range(int(rng.random() < 0.4) + int(rng.random() < 0.12)):
        layer = np.zeros((h, w), np.float32)
        if rng.random() < 0.6:
            a = rng.uniform(0, 2 * math.pi)
            c = np.array([w, h]) * rng.uniform(0.1, 0.9, 2)
            n, t = np.array([math.cos(a), math.sin(a)]), np.array([-math.sin(a), math.cos(a)])
            far = 3 * max(w, h)
            poly = np.array([c - t * far, c + t * far, c + t * far + n * far, c - t * far + n * far])
        else:
            c, r = np.array([w, h]) * rng.uniform(0, 1, 2), max(w, h) * rng.uniform(0.1, 0.5)
            ang = np.sort(rng.uniform(0, 2 * math.pi, 9))
            poly = c + (r * rng.uniform(0.5, 1.2, 9))[:, None] * np.stack([np.cos(ang), np.sin(ang)], 1)
        cv2.fillPoly(layer, [np.clip(poly, -20000, 20000).astype(np.int32)], 1.0, cv2.LINE_AA)
        layer = blur(layer, rng.uniform(0.8, 0.08 * max(w, h)))
        gain *= 1 - rng.uniform(0.15, 0.6) * layer
    f = img.astype(np.float32) * gain[..., None]
    if rng.random() < 0.2:
        layer = np.zeros((h, w), np.float32)
        for _ in range(int(rng.integers(1, 4))):
            c = (int(rng.uniform(0.1, 0.9) * w), int(rng.uniform(0.1, 0.9) * h))
            axes = (int(rng.uniform(0.02, 0.15) * w) + 1, int(rng.uniform(0.02, 0.12) * h) + 1)
            cv2.ellipse(layer, c, axes, rng.uniform(0, 180), 0, 360, rng.uniform(0.4, 1.3), -1, cv2.LINE_AA)
        layer = blur(layer, rng.uniform(2, 0.05 * max(w, h)))
        f = f + (255 - f) * np.clip(layer, 0, 1)[..., None]
    return f


def pressed(img, quality):
    """As a JPEG of this quality shows it."""
    _, data = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def camera(f, rng, w, h):
    """From light to the small picture: white balance, exposure, blur, sampling, noise, compression."""
    if rng.random() < 0.7:
        f = f * rng.uniform(0.85, 1.15, 3).astype(np.float32)
    if rng.random() < 0.12:
        f = f * rng.uniform(0.6, 1.4, 3).astype(np.float32)
    level = rng.random()
    f = f * (rng.uniform(0.8, 1.15) if level < 0.7 else rng.uniform(0.35, 0.9) if level < 0.9 else rng.uniform(1.1, 1.7))
    f = 255 * np.clip(f / 255, 0, 1) ** rng.uniform(0.75, 1.35)
    if rng.random() < 0.3:
        f = (f - 128) * rng.uniform(0.5, 1.2) + 128 + rng.uniform(-20, 20)
    r = rng.random()
    if r < 0.25:
        f = blur(f, rng.uniform(0.5, 3.2))
    elif r < 0.35:
        n = int(rng.integers(3, 15))
        k = np.zeros((n, n), np.float32)
        a = rng.uniform(0, math.pi)
        o = np.array([math.cos(a), math.sin(a)]) * n / 2
        cv2.line(k, tuple(int(v) for v in n / 2 - o), tuple(int(v) for v in n / 2 + o), 1.0, 1)
        f = cv2.filter2D(f, -1, k / max(k.sum(), 1e-6))
    f = cv2.resize(f, (w, h), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.2:
        soft = blur(f, 1.0)
        f = f + (f - soft) * rng.uniform(0.2, 1.5)
    if rng.random() < 0.5:
        f = f + rng.normal(0, rng.uniform(0.3, 7), (h, w, 1)) + rng.normal(0, rng.uniform(0.1, 3), (h, w, 3))
    img = clip8(f)
    if rng.random() < 0.08:
        img = np.repeat(cv2.cvtColor(img, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    if rng.random() < 0.3:
        img = pressed(img, int(rng.integers(35, 92)))
    return img


def table(rng, w, h):
    """A nearly plain top in soft light: bright in one place, darker around it."""
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    color = np.array(hsv(int(rng.integers(180)), int(rng.integers(0, 45)), int(rng.integers(90, 250))), np.float32)
    c = rng.uniform(-0.2, 1.2, 2) * [w, h]
    far = ((x - c[0]) ** 2 + (y - c[1]) ** 2) / (w * w + h * h)
    gain = 1 + rng.uniform(0, 0.25) - rng.uniform(0, 0.9) * far ** rng.uniform(0.5, 1)
    img = color * gain[..., None] + rng.uniform(0, 3) * noise(rng, h, w, rng.uniform(2, 60))[..., None]
    return clip8(img)


def film(f, rng):
    """A frame of a film: few pixels, of which the noise and with it what hardly differs was smoothed away, pressed hard."""
    h, w = f.shape[:2]
    k = rng.uniform(0.35, 0.8)
    f = cv2.resize(clip8(f), None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        f = cv2.bilateralFilter(f, int(rng.integers(3, 9)), rng.uniform(6, 25), rng.uniform(1, 4))
    if rng.random() < 0.3:
        f = cv2.addWeighted(f, 1.6, blur(f, 1.0), -0.6, 0)
    if rng.random() < 0.7:
        f = pressed(f, int(rng.integers(10, 50)))
    return cv2.resize(f, (w, h), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def busy_desk(rng, docs, grounds, w, h, pale=False, fan=False):
    """A sheet or a card among many things, often small in the frame; or a closer look at one.

    `pale`: always a bright sheet on others of its kind, on a desk that is hardly darker. `fan`: on a pile with hardly an edge,
    in a frame of a film.
    """
    big_w, big_h = int(w * OVERSAMPLE), int(h * OVERSAMPLE)
    top = lambda: (table(rng, big_w, big_h) if rng.random() < 0.5
                   else recolor(rng, warp_ground(rng, grounds[int(rng.integers(len(grounds)))], big_w, big_h)))
    img = top()
    if rng.random() < 0.3:
        # The end of the desk.
        other, far = top(), rng.uniform(0.12, 0.5) * max(big_w, big_h)
        a = rng.uniform(0, 2 * math.pi)
        y, x = np.mgrid[0:big_h, 0:big_w]
        img = np.where((((x - big_w / 2) * math.cos(a) + (y - big_h / 2) * math.sin(a)) > far)[..., None], other, img)
    img = np.ascontiguousarray(img)
    wanted = 0.0 if pale else rng.random()
    for _ in range(30):
        tex, radius = docs[int(rng.integers(len(docs)))]
        if (tex.mean() > 200 and tex.shape[0] > tex.shape[1]) if wanted < 0.6 else (radius > 0 or wanted > 0.75):
            break
    share = rng.uniform(0.05, 0.3) if rng.random() < 0.6 else rng.uniform(0.25, 0.75)
    quad = desk_pose(rng, tex.shape[1] / tex.shape[0], big_w, big_h, share)
    desk = desks.Desk(rng, img, docs, paste, blur)
    if pale or (wanted < 0.6 and rng.random() < 0.6):
        # Paper on a desk that is hardly darker.
        img[:] = clip8((img.astype(np.float32) - np.array(cv2.mean(img)[:3])) * rng.uniform(0.3, 1) + desks.paper_of(tex) * rng.uniform(0.75, 1.0) + rng.normal(0, 8, 3))
    desk.before(quad)
    if fan:
        desk.fan(quad, tex)
    elif pale or rng.random() < (0.55 if wanted < 0.6 else 0.15):
        desk.stack(quad, tex)
    bend = rng.uniform(0, 0.01) * math.sqrt(abs(area(quad))) if rng.random() < 0.25 and radius == 0 else 0.0
    if fan:
        shadow, lift = desk.faint()
    else:
        shadow, lift = rng.uniform(0.03, 0.5) if rng.random() < 0.85 else 0.0, rng.uniform(0.5, 5)
    paste(img, tex, quad, radius, rng, bend, shadow, lift)
    desk.after(quad)
    if rng.random() < 0.1:
        finger(img, rng, quad)
    f = light(img, rng)
    if rng.random() < 0.4:
        f = desks.cast(rng, f)
    if fan:
        f = film(f, rng)
    elif rng.random() < 0.4:
        # Few pixels, made more.
        k = rng.uniform(0.4, 0.9)
        f = cv2.resize(cv2.resize(f, None, fx=k, fy=k, interpolation=cv2.INTER_AREA), (big_w, big_h), interpolation=cv2.INTER_LINEAR)
    return camera(f, rng, w, h), quad / OVERSAMPLE


def close_up(rng, docs, w, h):
    """A card or a sheet that nearly fills the picture, with a strip of a plain table on every side, or all but one."""
    big_w, big_h = int(w * OVERSAMPLE), int(h * OVERSAMPLE)
    img = table(rng, big_w, big_h)
    for _ in range(30):
        tex, radius = docs[int(rng.integers(len(docs)))]
        if (tex.shape[1] > tex.shape[0]) == (w >= h):
            break
    ratio, spin = tex.shape[1] / tex.shape[0], rng.normal(0, 0.04)
    tilt, about = abs(rng.normal(0, 0.12)), rng.uniform(0, 2 * math.pi)
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [math.sqrt(ratio) / 2, 0.5 / math.sqrt(ratio)]
    q = project(flat, rotation(tilt * math.cos(about), tilt * math.sin(about), spin), rng.uniform(0.75, 1.6) * max(big_w, big_h), 3.0)
    span = q.max(0) - q.min(0)
    q = q * min(big_w / span[0], big_h / span[1]) * rng.uniform(0.75, 0.985)
    span = q.max(0) - q.min(0)
    q += (np.array([big_w, big_h]) - span) * rng.uniform(0.05, 0.95, 2) - q.min(0)
    if rng.random() < 0.15:
        q[:, int(rng.integers(2))] += rng.uniform(-0.12, 0.12) * max(big_w, big_h)
    if rng.random() < 0.4:
        # Ground and paper alike.
        mean = np.percentile(tex.reshape(-1, 3), 80, axis=0)
        img = clip8((img.astype(np.float32) - np.array(cv2.mean(img)[:3])) * rng.uniform(0.3, 1) + mean + rng.normal(0, 18))
    paste(img, tex, q, radius, rng, 0.0, rng.uniform(0.03, 0.6) if rng.random() < 0.85 else 0.0, rng.uniform(0.5, 6))
    return camera(light(img, rng), rng, w, h), q / OVERSAMPLE


def desk_pose(rng, ratio, w, h, share):
    """The corners of a whole document that takes about this share of the picture."""
    size = np.array([math.sqrt(ratio), 1 / math.sqrt(ratio)])
    flat = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * size / 2
    for _ in range(60):
        spin = rng.integers(4) * math.pi / 2 + rng.normal(0, 0.2) if rng.random() < 0.8 else rng.uniform(0, 2 * math.pi)
        tilt, about = rng.uniform(0, 0.6), rng.uniform(0, 2 * math.pi)
        q = project(flat, rotation(tilt * math.cos(about), tilt * math.sin(about), spin), rng.uniform(0.75, 1.6) * max(w, h), 3.0)
        q = q * math.sqrt(share * w * h / abs(area(q)))
        span = q.max(0) - q.min(0)
        if (span < np.array([w, h]) * 0.98).all():
            return q - q.min(0) + (np.array([w, h]) - span) * np.clip(rng.normal(0.5, 0.25, 2), 0.01, 0.99)
        share *= 0.95
    return np.array([[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]]) * [w, h]


def picture(rng, docs, grounds, w, h, level=0):
    """One picture with its truth: image, quad or None."""
    if level >= 6 and rng.random() < 0.7:
        return busy_desk(rng, docs, grounds, w, h, pale=True, fan=True)
    if level >= 5 and rng.random() < 0.6:
        return busy_desk(rng, docs, grounds, w, h, pale=True)
    if level >= 4 and rng.random() < 0.6:
        return close_up(rng, docs, w, h)
    if level >= 3 and rng.random() < 0.7:
        return busy_desk(rng, docs, grounds, w, h)
    big_w, big_h = int(w * OVERSAMPLE), int(h * OVERSAMPLE)
    present = rng.random() > 0.07
    img = recolor(rng, warp_ground(rng, grounds[int(rng.integers(len(grounds)))], big_w, big_h))
    if rng.random() < 0.15:
        # The edge of the table: another ground beyond a line.
        other = recolor(rng, warp_ground(rng, grounds[int(rng.integers(len(grounds)))], big_w, big_h))
        a, c = rng.uniform(0, 2 * math.pi), rng.uniform(0.15, 0.85, 2) * [big_w, big_h]
        y, x = np.mgrid[0:big_h, 0:big_w]
        img = np.where(((x - c[0]) * math.cos(a) + (y - c[1]) * math.sin(a) > 0)[..., None], other, img)
    hard = level >= 1
    desk = level >= 2 and rng.random() < 0.2
    if hard and (rng.random() < 0.35 or desk):
        img = table(rng, big_w, big_h)
    img = np.ascontiguousarray(img)
    busy = rng.random()
    for _ in range(int(rng.integers(4, 14)) if desk else 0 if busy < 0.45 else int(rng.integers(1, 4)) if busy < 0.8 else int(rng.integers(4, 12))):
        clutter(img, rng, docs, papers=present)
    quad = None
    if present:
        tex, radius = docs[int(rng.integers(len(docs)))]
        if desk:
            # A bright sheet, as on most desks.
            for _ in range(8):
                if tex.mean() > 190:
                    break
                tex, radius = docs[int(rng.integers(len(docs)))]
        if rng.random() < 0.2:
            tex = clip8((tex.astype(np.float32) - 128) * rng.uniform(0.5, 1) + 128 + rng.uniform(-50, 40))
        quad = pose(rng, tex.shape[1] / tex.shape[0], big_w, big_h, level)
        span = math.sqrt(abs(area(quad)))
        if rng.random() < 0.09 or (hard and rng.random() < 0.1):
            # White on white and the like: the ground takes the document's mean colour, nearly.
            mean = tex.reshape(-1, 3).mean(0) if rng.random() < 0.5 else np.percentile(tex.reshape(-1, 3), 80, axis=0)
            img = clip8((img.astype(np.float32) - np.array(cv2.mean(img)[:3])) * rng.uniform(0.1, 0.5) + mean + rng.normal(0, 16))
        lay = rng.random()
        if lay < 0.1:
            # Lies on a larger thing: a book, a folder, another sheet.
            under = quad.mean(0) + (quad - quad.mean(0)) * rng.uniform(1.12, 2.0) + rng.normal(0, 0.08 * span, 2)
            a = rng.normal(0, 0.2)
            rot = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
            under = (under - under.mean(0)) @ rot.T + under.mean(0)
            t = docs[int(rng.integers(len(docs)))][0]
            paste(img, t if rng.random() < 0.6 else np.full_like(t, any_color(rng)), under, 0.0, rng, 0, rng.uniform(0, 0.5))
        elif lay < 0.2:
            # A heap of the like beneath, each turned a little.
            for _ in range(int(rng.integers(1, 4))):
                a = rng.normal(0, 0.3)
                rot = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
                under = (quad - quad.mean(0)) @ rot.T * rng.uniform(0.7, 1.1) + quad.mean(0) + rng.normal(0, 0.2 * span, 2)
                paste(img, docs[int(rng.integers(len(docs)))][0], under, 0.0, rng, 0, rng.uniform(0, 0.5))
        bend = rng.uniform(0, 0.012) * span if rng.random() < 0.3 and radius == 0 else 0.0
        shadow = rng.uniform(0.05, 0.6) if rng.random() < 0.7 else 0.0
        if rng.random() < 0.06:
            # In a transparent cover: a rim of plastic around it.
            rim = quad.mean(0) + (quad - quad.mean(0)) * rng.uniform(1.04, 1.15)
            t = np.full((64, 64, 3), 255, np.uint8)
            before = img.copy()
            paste(img, t, rim, 0.0, rng, 0, 0.2)
            img = np.ascontiguousarray(clip8(before * 0.8 + img * 0.2 + rng.uniform(-12, 12)))
        if rng.random() < 0.05:
            # Before a solid cover: the sheet itself has a bright border, as prints do.
            pad = int(rng.uniform(0.02, 0.08) * min(tex.shape[:2]))
            tex = tex.copy()
            tex[:pad], tex[-pad:], tex[:, :pad], tex[:, -pad:] = (tex.max(),) * 4
        paste(img, tex, quad, radius, rng, bend, shadow)
        if rng.random() < 0.2:
            for _ in range(int(rng.integers(1, 6))):
                clutter(img, rng, docs, near=quad) if rng.random() < 0.35 else thin_clutter(img, rng, quad)
        if hard and (rng.random() < 0.25 or (desk and rng.random() < 0.7)):
            for _ in range(int(rng.integers(2, 8))):
                thin_clutter(img, rng, quad, 1.8)
        if rng.random() < 0.14:
            for _ in range(int(rng.integers(1, 5))):
                finger(img, rng, quad)
    elif rng.random() < 0.3:
        for _ in range(int(rng.integers(2, 14))):
            thin_clutter(img, rng, np.array([[0, 0], [big_w, 0], [big_w, big_h], [0, big_h]], float))
    small = camera(light(img, rng), rng, w, h)
    return small, (quad / OVERSAMPLE if quad is not None else None)


def thin_clutter(img, rng, quad, reach=1.0):
    """Pens and cables over the sheet; they hide little of it."""
    h, w = img.shape[:2]
    s = math.sqrt(abs(area(quad)))
    p = quad.mean(0) + rng.normal(0, 0.35 * reach, 2) * s
    v = int(rng.integers(5, 60)) if rng.random() < 0.6 else int(rng.integers(60, 250))
    c = (v, v, v) if rng.random() < 0.6 else any_color(rng)
    if rng.random() < 0.5:
        a, l = rng.uniform(0, math.pi), rng.uniform(0.2, 0.7) * s
        d = np.array([math.cos(a), math.sin(a)]) * l / 2
        tube(img, rng, [p - d, p + d], int(rng.uniform(0.015, 0.06) * s) + 1, c)
    else:
        line = curve(rng, w, h)
        tube(img, rng, line + p - line[len(line) // 2], int(rng.uniform(0.01, 0.03) * s) + 1, c)


def shard(seed, index, docs, grounds, level, count=SHARD):
    rng = np.random.default_rng([seed, 2, index])
    h, w = SHAPES[int(rng.choice(len(SHAPES), p=np.array(WEIGHTS) / sum(WEIGHTS)))]
    images = np.zeros((count, h, w, 3), np.uint8)
    quads = np.zeros((count, 4, 2), np.float32)
    present = np.zeros(count, np.uint8)
    for i in range(count):
        images[i], quad = picture(rng, docs, grounds, w, h, level)
        if quad is not None:
            quads[i], present[i] = quad, 1
    return images, quads, present


def photos(a):
    """Larger pictures as files with `quads.json`, for what needs more than the net's input: evaluate.py and rank.py."""
    docs, grounds = textures.bank(a.seed * 1000 + 999, 160, 60)
    images = []
    for i in range(a.photos):
        rng = np.random.default_rng([a.seed, 4, i])
        w, h = [(1024, 576), (1024, 768), (768, 1024)][i % 3]
        while True:
            image, quad = picture(rng, docs, grounds, w, h, a.level)
            if quad is not None:
                break
        cv2.imwrite(str(a.out / f"{i:04}.jpg"), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        images.append({"file": f"{i:04}.jpg", "width": w, "height": h, "corners": quad.tolist()})
    (a.out / "quads.json").write_text(json.dumps({"images": images}))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--first", type=int, default=0)
    p.add_argument("--shards", type=int, default=64)
    p.add_argument("--documents", type=int, default=900)
    p.add_argument("--backgrounds", type=int, default=400)
    p.add_argument("--refresh", type=int, default=24, help="shards after which a new bank of textures is drawn")
    p.add_argument("--level", type=int, default=2, help="1: more plain tables, low contrast, things on the sheet; 2: also busy desks, fewer scans; 3: mostly desks full of things; 4: mostly close-ups; 5: mostly bright sheets on stacks of their kind; 6: mostly such in frames of a film")
    p.add_argument("--photos", type=int, help="writes so many larger pictures as files instead of shards")
    a = p.parse_args()
    cv2.setNumThreads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    if a.photos:
        photos(a)
        return
    drawn = None
    for i in range(a.first, a.first + a.shards):
        path = a.out / f"{i:04}.npz"
        if path.exists():
            continue
        if drawn != i // a.refresh:
            drawn = i // a.refresh
            docs, grounds = textures.bank(a.seed * 1000 + drawn, a.documents, a.backgrounds)
        images, quads, present = shard(a.seed, i, docs, grounds, a.level)
        part = path.with_suffix(".part.npz")
        np.savez(part, images=images, quads=quads, present=present)
        os.replace(part, path)


if __name__ == "__main__":
    main()
