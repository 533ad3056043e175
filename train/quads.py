"""A quad from the net's region map: the plainest of the ways of `guesses` in src/locate/net.rs, to look at weights while they train."""


import cv2
import numpy as np


def extended(poly, i):
    """The polygon without its side i (from i to i + 1), the neighbours lengthened until they meet; None if they do not."""
    n = len(poly)
    a, b, c, d = poly[i - 1], poly[i], poly[(i + 1) % n], poly[(i + 2) % n]
    u, v = b - a, d - c
    den = u[0] * v[1] - u[1] * v[0]
    if abs(den) < 1e-9:
        return None
    t = ((c[0] - a[0]) * v[1] - (c[1] - a[1]) * v[0]) / den
    s = ((c[0] - a[0]) * u[1] - (c[1] - a[1]) * u[0]) / den
    if t < 1 or s > 0:
        return None
    meet = a + t * u
    kept = [p for k, p in enumerate(poly) if k not in (i, (i + 1) % n)]
    return np.array([*kept, meet] if i == n - 1 else [*kept[:i], meet, *kept[i:]])


def inside_map(quad, w, h):
    """How much of each cell lies in the quad, nearly."""
    x, y = np.meshgrid(np.arange(w) + 0.5, np.arange(h) + 0.5)
    least = np.full((h, w), 9.0)
    for i in range(4):
        a, b = quad[i], quad[(i + 1) % 4]
        e = b - a
        least = np.minimum(least, ((e[0] * (y - a[1]) - e[1] * (x - a[0])) / max(np.hypot(*e), 1e-6)))
    return np.clip(least + 0.5, 0, 1)


def soft_iou(quad, p):
    m = inside_map(quad, p.shape[1], p.shape[0])
    both = np.minimum(m, p).sum()
    return both / max(m.sum() + p.sum() - both, 1e-6)


def clockwise(poly):
    x, y = poly[:, 0], poly[:, 1]
    return poly if np.dot(x, np.roll(y, -1)) > np.dot(y, np.roll(x, -1)) else poly[::-1]


def fit(p):
    """The best quad for a region map (in cells), and its soft IoU with the map."""
    h, w = p.shape
    count, labels, _, _ = cv2.connectedComponentsWithStats((p > 0.5).astype(np.uint8), connectivity=4)
    if count < 2:
        return None, 0.0
    ys, xs = np.nonzero(labels == 1 + int(np.argmax([p[labels == k].sum() for k in range(1, count)])))
    pts = np.concatenate([np.stack([xs + dx, ys + dy], 1) for dx in (0, 1) for dy in (0, 1)]).astype(np.float32)
    poly = clockwise(cv2.convexHull(pts)[:, 0].astype(float))
    while len(poly) > 4:
        options = []
        for i in range(len(poly)):
            e = extended(poly, i)
            if e is None:
                continue
            mid = (poly[i] + poly[(i + 1) % len(poly)]) / 2
            added = cv2.contourArea(e.astype(np.float32)) - cv2.contourArea(poly.astype(np.float32))
            frame = min(mid[0], mid[1], w - mid[0], h - mid[1]) < 0.01
            options.append((added * (0.3 if frame else 1), i, e))
        if not options:
            break
        poly = min(options, key=lambda o: o[0])[2]
    if len(poly) != 4:
        poly = clockwise(cv2.boxPoints(cv2.minAreaRect(pts)).astype(float))
    score, step = soft_iou(poly, p), 1.0
    while step > 0.1:
        moved = False
        for i in range(4):
            for move in ([1, 0], [-1, 0], [0, 1], [0, -1]):
                for both in (False, True):
                    c = poly.copy()
                    c[i] += np.array(move) * step
                    if both:
                        c[(i + 1) % 4] += np.array(move) * step
                    s = soft_iou(c, p)
                    if s > score + 1e-5:
                        poly, score, moved = c, s, True
        if not moved:
            step /= 2
    return poly, score
