"""Trains the net that says where the sides of a quad run near its corners: `python sides.py --draw N --seed S --out DIR`, then
`python sides.py --pictures DIR/*.npz … --held DIR… --out RUN`.

The net sees what is around one corner of a quad straightened, the corner at a fixed place and its two sides along the axes;
it says how far the sheet's sides are from them, near the corner and away from it, and how precisely it knows. `sharpened`
makes a quad of what it says at four corners. With candidates beside the pictures (`trim.py` says how), some of the quads are
those that the crate considers, which end on edges that are not the sheet's.
"""

import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import render
import textures
import torch
from torch import nn
from trim import UNIT, Learner, Sep, convex, moved, normalized, options, overlap, parsed, small, small_of

# As in src/locate/sides.rs. Lengths are shares of the square root of the quad's area.
SIDE, LEVELS = 48, 3
SPAN, MARGIN = 0.4, 0.13
UNIT_OFF = 0.05
# Sides that are further off are shown as that far off.
MOST_OFF = 0.16
# Offsets of two sides at two places, and how uncertain each is.
ANSWERS = 8
# The largest whole number of a weight when the rounded net begins to learn.
LARGEST = 8
# What is drawn: pictures of one bank of textures, their sizes, and their levels as render.py has them with the share of each.
PICTURES, SIZES = 300, [(768, 432), (768, 576), (576, 768)]
KINDS = {2: 0.25, 3: 0.1, 5: 0.3, 6: 0.35}
# Uncertainties in units of UNIT_OFF.
SHARPEST, DULLEST = 0.04, 6.0


def extents(quad):
    """How long the two sides are that meet in the first corner, and the root of the area."""
    a, b, c, d = quad
    along, down = (np.linalg.norm(b - a) + np.linalg.norm(c - d)) / 2, (np.linalg.norm(d - a) + np.linalg.norm(c - b)) / 2
    return along, down, math.sqrt(abs(cv2.contourArea(quad.astype(np.float32))))


def patch(levels, quad):
    """What is around the first corner of a quad in cells, straightened."""
    along, down, root = extents(quad)
    near, far = -MARGIN * root, (SPAN - MARGIN) * root
    outer = np.array([[near / along, near / down], [far / along, near / down], [far / along, far / down], [near / along, far / down]])
    from_unit = cv2.getPerspectiveTransform(UNIT.astype(np.float32), quad.astype(np.float32)).astype(np.float64)
    seen = cv2.perspectiveTransform(outer[None], from_unit)[0]
    level = min(max(int(math.log2(max(SPAN * root / SIDE, 1))), 0), LEVELS - 1)
    m = cv2.getPerspectiveTransform((SIDE * UNIT).astype(np.float32), (seen / 2 ** level).astype(np.float32))
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    m = np.linalg.inv(half) @ m @ half
    return cv2.warpPerspective(levels[level], m, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def aligned(quad, truth):
    """The truth, its corners in the order of the quad's, and as seen in the quad's unit square."""
    m = cv2.getPerspectiveTransform(quad.astype(np.float32), UNIT.astype(np.float32)).astype(np.float64)
    seen = cv2.perspectiveTransform(truth[None].astype(np.float64), m)[0]
    k = min(range(4), key=lambda k: ((np.roll(seen, k, 0) - UNIT) ** 2).sum())
    return np.roll(truth, k, 0), np.roll(seen, k, 0)


def crossing(a, b, axis, at):
    """Where the line through two points is, across, at a place along an axis."""
    step = b[axis] - a[axis]
    if abs(step) < 1e-3:
        return a[1 - axis]
    return a[1 - axis] + (b[1 - axis] - a[1 - axis]) * (at - a[axis]) / step


def offsets(quad, truth):
    """How far the true sides are from those that meet in the first corner, as the net says it."""
    along, down, root = extents(quad)
    _, t = aligned(quad, truth)
    far = (SPAN - MARGIN) * root
    top = [crossing(t[0], t[1], 0, at / along) * down / root for at in (0, far)]
    left = [crossing(t[0], t[3], 1, at / down) * along / root for at in (0, far)]
    return np.clip(np.array(top + left), -MOST_OFF, MOST_OFF) / UNIT_OFF


def sharpened(quad, answers):
    """A quad in cells of what the net says at its four corners (4, ANSWERS)."""
    _, _, root = extents(quad)
    lines = []
    for k in range(4):
        # Side k begins in corner k, where it is the first, and ends in the next, where it is the second.
        along, down, _ = extents(np.roll(quad, -k, 0))
        here, there = answers[k], answers[(k + 1) % 4]
        far = (SPAN - MARGIN) * root / along
        at = np.array([0, far, 1, 1 - far])
        off = np.array([here[0], here[1], there[2], there[3]]) * UNIT_OFF * root / down
        weight = 1 / np.array([here[4], here[5], there[6], there[7]]) ** 2
        middle = (weight * at).sum() / weight.sum()
        mean = (weight * off).sum() / weight.sum()
        slope = (weight * (at - middle) * (off - mean)).sum() / (weight * (at - middle) ** 2).sum()
        first, last = mean - slope * middle, mean + slope * (1 - middle)
        ends = np.array([[0, first], [1, last]])
        # From the unit square as seen from corner k to that as seen from the first.
        for _ in range(k):
            ends = np.stack([1 - ends[:, 1], ends[:, 0]], 1)
        lines.append(np.cross([*ends[0], 1], [*ends[1], 1]))
    points = [np.cross(lines[k - 1], lines[k]) for k in range(4)]
    if any(abs(p[2]) < 1e-9 for p in points):
        return quad
    unit = np.array([[p[0] / p[2], p[1] / p[2]] for p in points])
    m = cv2.getPerspectiveTransform(UNIT.astype(np.float32), quad.astype(np.float32)).astype(np.float64)
    return cv2.perspectiveTransform(unit[None], m)[0]


def uncertain(raw):
    """Uncertainties from what the net answers."""
    return torch.exp(raw.clamp(math.log(SHARPEST), math.log(DULLEST)))


class Net(nn.Module):
    """Answers the offsets of two sides at two places in units of UNIT_OFF, and the logarithms of how uncertain each is."""

    def __init__(self):
        super().__init__()
        self.stem, self.stem_bn = nn.Conv2d(4, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16)
        self.body = nn.Sequential(Sep(16, 24, 2), Sep(24, 24), Sep(24, 40, 2), Sep(40, 40))
        self.whole, self.whole_bn = nn.Conv2d(40, 40, SIDE // 8, groups=40, bias=False), nn.BatchNorm2d(40)
        self.dense = nn.Conv2d(40, 48, 1)
        self.head = nn.Conv2d(48, ANSWERS, 1)

    def forward(self, x):
        x = self.body(torch.relu(self.stem_bn(self.stem(x))))
        x = self.whole_bn(self.whole(x))
        return self.head(torch.relu(self.dense(torch.relu(x))))[:, :, 0, 0]


def answers_of(net, patches):
    with torch.no_grad():
        out = torch.cat([net(normalized(torch.from_numpy(p))) for p in np.array_split(patches, max(1, len(patches) // 512))])
    return torch.cat([out[:, :4], uncertain(out[:, 4:])], 1).numpy()


def look(net, levels, quads):
    """What the net says of quads: (N, 4, ANSWERS)."""
    patches = np.stack([np.clip(np.rint(patch(levels, np.roll(q, -k, 0))), 0, 255).astype(np.uint8) for q in quads for k in range(4)])
    return answers_of(net, patches).reshape(len(quads), 4, ANSWERS)


def pictures(folder):
    """Levels, the true quad and the considered ones, in cells, of each picture."""
    found = folder / "candidates.jsonl"
    considered = {Path(p["file"]).name: p["candidates"] for p in map(json.loads, open(found))} if found.exists() else {}
    for picture in json.loads((folder / "quads.json").read_text())["images"]:
        levels, cell = small(folder / picture["file"])
        known = [np.array(c["quad"]) / cell for c in considered.get(picture["file"], [])]
        yield levels, np.array(picture["corners"]) / cell, known


def of_picture(rng, levels, truth, known):
    """Patches and offsets of quads near the true one."""
    patches, targets = [], []
    near = [q for q in known if overlap(q, truth) > 0.75]
    picks = [near[int(i)] for i in rng.choice(len(near), min(3, len(near)), replace=False)] if near else []
    picks += [moved(rng, truth) for _ in range(6 - len(picks))]
    span = math.sqrt(abs(cv2.contourArea(truth.astype(np.float32))))
    picks += [truth + rng.normal(0, rng.choice([0.004, 0.015]), (4, 2)) * span]
    for q in picks:
        if not convex(q) or overlap(q, truth) < 0.6:
            continue
        for k in range(4):
            turned = np.roll(q, -k, 0)
            patches.append(np.clip(np.rint(patch(levels, turned)), 0, 255).astype(np.uint8))
            targets.append(offsets(turned, truth))
    return patches, targets


def samples(folder, seed):
    """Patches and offsets."""
    rng, patches, targets = np.random.default_rng([seed, 7]), [], []
    for levels, truth, known in pictures(folder):
        p, t = of_picture(rng, levels, truth, known)
        patches += p
        targets += t
    return np.stack(patches), np.stack(targets).astype(np.float32)


def draw(out, seed, count):
    """Writes files of patches and offsets of PICTURES pictures each, of all KINDS."""
    for n in range(count):
        docs, grounds = textures.bank(seed * 1000 + 700 + n, 120, 50)
        patches, targets = [], []
        for i in range(PICTURES):
            rng = np.random.default_rng([seed, 9, n, i])
            level = int(rng.choice(list(KINDS), p=list(KINDS.values())))
            width, height = SIZES[i % len(SIZES)]
            quad = None
            while quad is None:
                image, quad = render.picture(rng, docs, grounds, width, height, level)
            _, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
            levels, cell = small_of(cv2.imdecode(data, cv2.IMREAD_COLOR))
            p, t = of_picture(rng, levels, quad / cell, [])
            patches += p
            targets += t
        np.savez(out / f"{seed}-{n:03}.npz", np.stack(patches), np.stack(targets).astype(np.float32))


def loss_of(out, target):
    b = uncertain(out[:, 4:])
    return ((out[:, :4] - target).abs() / b + b.log()).mean()


def score(net, held):
    """Overlaps of the best of what is considered by the crate's score, before and after."""
    net.eval()
    rows = []
    for levels, truth, known in held:
        if not known:
            continue
        q = known[0]
        row = [overlap(q, truth)]
        for _ in range(3):
            if not convex(q):
                break
            q = sharpened(q, look(net, levels, [q])[0])
            row.append(overlap(q, truth) if convex(q) else 0)
        rows.append((row + [0] * 4)[:4])
    net.train()
    rows = np.array(rows)
    return " ".join(f"{m:.3f}/{n:.3f}" for m, n in zip((rows >= 0.9).mean(0), (rows >= 0.95).mean(0)))


def main():
    p = options("sides", 3e-6)
    p.add_argument("--draw", type=int, help="draws so many files of patches, and trains nothing")
    p.add_argument("--pictures", type=Path, nargs="+", help="such files, or folders as for trim.py")
    p.add_argument("--held", type=Path, nargs="+")
    a = parsed(p)
    if a.draw:
        draw(a.out, a.seed, a.draw)
        return

    def kept(folder):
        file = folder if folder.suffix == ".npz" else folder / "sides.npz"
        if not file.exists():
            np.savez(file, *samples(folder, a.seed))
        with np.load(file) as z:
            return z["arr_0"], z["arr_1"]

    parts = [kept(f) for f in a.pictures]
    patches, targets = (torch.from_numpy(np.concatenate([part[k] for part in parts])) for k in range(2))
    held = {f.name: list(pictures(f)) for f in a.held}
    held_parts = [kept(f) for f in a.held]
    held_patches, held_targets = (torch.from_numpy(np.concatenate([part[k] for part in held_parts])) for k in range(2))
    batch = 256
    learner = Learner(Net(), a, ANSWERS, LARGEST, a.rounds * (len(patches) // batch))
    net, rng = learner.net, np.random.default_rng([a.seed, 6])
    print(len(patches), "patches,", learner.numbers, "numbers", flush=True)
    begun = time.time()
    for r in range(a.rounds):
        total = 0
        order = torch.from_numpy(rng.permutation(len(patches)))
        for index in order[:len(order) // batch * batch].split(batch):
            x, t = normalized(patches[index]), targets[index]
            if rng.random() < 0.5:
                # Seen in a mirror, the two sides change their places.
                x, t = x.transpose(2, 3), t[:, [2, 3, 0, 1]]
            # Another light.
            n = len(x)
            x[:, 0] = x[:, 0] * torch.from_numpy(rng.uniform(0.8, 1.2, (n, 1, 1)).astype(np.float32)) + torch.from_numpy(rng.normal(0, 0.2, (n, 1, 1)).astype(np.float32))
            loss = loss_of(net(x), t)
            learner.step(loss)
            total += float(loss.detach())
        net.eval()
        with torch.no_grad():
            held_loss = np.mean([float(loss_of(net(normalized(p)), t)) for p, t in zip(held_patches.split(512), held_targets.split(512))])
        net.train()
        print(f"round {r} {time.time() - begun:.0f} s loss {total / (len(order) // batch):.4f} held {held_loss:.4f} |",
              *(f"{name} {score(net, of) if r % 3 == 2 or r == a.rounds - 1 else ''}" for name, of in held.items()), flush=True)
        learner.write("sides", SIDE)


if __name__ == "__main__":
    main()
