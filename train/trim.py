"""Trains the net that trims a quad to the sheet in it: `python trim.py --pictures DIR… --held DIR… --out RUN`.

Of each picture of DIR (`render.py --photos`), DIR/candidates.jsonl holds the quads that the crate considers
(`cargo run --release --example locate -- DIR/*.jpg > DIR/candidates.jsonl`). The net sees one of them straightened, with some
ground around it, and says how good it is and where each corner should be. Beside the crate's quads it learns from quads that
were moved, turned and swelled on purpose; with --choice also which of the crate's quads of a picture is to have the highest score.
"""

import argparse
import hashlib
import json
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from quantize import SCALE_DROP, Steps, bias_numbers, flat, long, short, unflat
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F

# As in src/locate/small.rs and src/locate/trim.rs.
AIM_CELLS, SIDE, MARGIN, LEVELS = 500, 96, 14, 3
INNER = SIDE - 2 * MARGIN
# Corners that are further away than this share of the quad are not looked for.
REACH = 0.3
# Overlap at which a quad counts as half good, and how fast that changes.
HALF_GOOD, SOFTNESS = 0.91, 0.015
# How good, and the moves of four corners.
ANSWERS = 9
# As in src/locate/again.rs and src/locate/mod.rs: the fit of a quad that was not looked at, and what a fit of one counts.
UNFIT, FIT_WEIGHT = -6.0, 1.5
# Pictures of which all patches are learnt from at once.
PICTURES = 8
# How much worse than the best a quad may be to count a third of it when the right one is chosen.
NEARLY_BEST = 0.02
# The largest whole number of a weight when the rounded net begins to learn.
LARGEST = 5
UNIT = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)


def small(path):
    """Luma, blue and red difference in cells, and how strongly they change, as the crate's `Small` and `Gradients`."""
    return small_of(cv2.imread(str(path)))


def small_of(bgr):
    h, w = bgr.shape[:2]
    cell = max(1, round(max(w, h) / AIM_CELLS))
    ycc = cv2.cvtColor(bgr, cv2.COLOR_BGR2YCrCb)[:h // cell * cell, :w // cell * cell].astype(np.float32)
    ycc = ycc.reshape(h // cell, cell, w // cell, cell, 3).mean((1, 3))[..., [0, 2, 1]]
    strength = np.zeros(ycc.shape[:2], np.float32)
    for k, weight in enumerate((1.0, 1.5, 1.5)):
        gx, gy = (cv2.Sobel(ycc[..., k], cv2.CV_32F, dx, 1 - dx) for dx in (1, 0))
        strength = np.maximum(strength, np.hypot(gx, gy) * weight / 8)
    strength[0], strength[-1], strength[:, 0], strength[:, -1] = 0, 0, 0, 0
    levels = [np.dstack([ycc, strength])]
    for _ in range(LEVELS - 1):
        h, w = levels[-1].shape[:2]
        levels.append(levels[-1][:h // 2 * 2, :w // 2 * 2].reshape(h // 2, 2, w // 2, 2, 4).mean((1, 3)))
    return levels, cell


def patch(levels, quad):
    """What lies in and around a quad in cells, straightened; of the level at which a place is one to two cells wide."""
    step = math.sqrt(abs(cv2.contourArea(quad.astype(np.float32)))) / INNER
    level = min(max(int(math.log2(max(step, 1))), 0), LEVELS - 1)
    corners = (MARGIN + INNER * UNIT).astype(np.float32)
    m = cv2.getPerspectiveTransform(corners, (quad / 2 ** level).astype(np.float32))
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    m = np.linalg.inv(half) @ m @ half
    return cv2.warpPerspective(levels[level], m, (SIDE, SIDE), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def normalized(patches):
    """The net's input of uint8 or float patches (N, H, W, 4)."""
    y, cb, cr, s = patches.float().unbind(-1)
    return torch.stack([(y - 128) / 64, (cb - 128) / 32, (cr - 128) / 32, s / (s + 3.5)], 1)


def overlap(a, b):
    inside, _ = cv2.intersectConvexConvex(a.astype(np.float32), b.astype(np.float32))
    areas = [abs(cv2.contourArea(q.astype(np.float32))) for q in (a, b)]
    return inside / max(sum(areas) - inside, 1e-6)


def offsets(quad, truth):
    """Where the true corners are, in shares of the quad, from its own corners."""
    m = cv2.getPerspectiveTransform(quad.astype(np.float32), UNIT.astype(np.float32))
    seen = cv2.perspectiveTransform(truth[None].astype(np.float64), m.astype(np.float64))[0]
    return min((np.roll(seen, k, 0) - UNIT for k in range(4)), key=lambda d: (d ** 2).sum())


def moved(rng, truth):
    """A quad near the true one: a sheet beneath, a side elsewhere, corners moved."""
    span = np.sqrt(abs(cv2.contourArea(truth.astype(np.float32))))
    quad, kind = truth.copy(), rng.random()
    if kind < 0.4:
        a = rng.normal(0, 0.06)
        c, s = np.cos(a), np.sin(a)
        quad = (quad - quad.mean(0)) @ np.array([[c, s], [-s, c]]) * rng.normal(1, 0.04) + quad.mean(0) + rng.normal(0, 0.03, 2) * span
    elif kind < 0.7:
        for _ in range(int(rng.integers(1, 3))):
            i = int(rng.integers(4))
            j = (i + 1) % 4
            quad[i] += (truth[i] - truth[i - 1]) * rng.normal(0, 0.08)
            quad[j] += (truth[j] - truth[(j + 1) % 4]) * rng.normal(0, 0.08)
    return quad + rng.normal(0, rng.choice([0.002, 0.01, 0.03]), (4, 2)) * span


def convex(quad):
    return cv2.isContourConvex(quad.astype(np.float32)) and cv2.contourArea(quad.astype(np.float32)) > 100


def samples(folder, seed, only_found=False):
    """Patches, overlaps, offsets, which picture each is from, and the crate's score without the fit (NaN where it did not look)."""
    rng, out = np.random.default_rng([seed, 5]), []
    truth_of = {i["file"]: np.array(i["corners"]) for i in json.loads((folder / "quads.json").read_text())["images"]}
    for n, line in enumerate(open(folder / "candidates.jsonl")):
        p = json.loads(line)
        path = folder / Path(p["file"]).name
        if not p["candidates"]:
            continue
        picture, cell = small(path)
        truth = truth_of[path.name] / cell
        known = [np.array(c["quad"]) / cell for c in p["candidates"]]
        over = [overlap(q, truth) for q in known]
        looked_at = [i for i, c in enumerate(p["candidates"]) if c["fit"] is not None and c["fit"] > UNFIT]
        prior = np.full(len(known), np.nan)
        for i in looked_at:
            prior[i] = p["candidates"][i]["score"] - FIT_WEIGHT * p["candidates"][i]["fit"]
        if only_found:
            take = list(range(min(12, len(known))))
        else:
            take = {*range(min(6, len(known))), *looked_at[:12], int(np.argmax(over)), int(rng.integers(len(known)))}
            take = sorted(take | {int(rng.choice(np.argsort(-np.array(over))[:8]))})
        quads = [(known[i], prior[i]) for i in take] + [(moved(rng, truth), np.nan) for _ in range(0 if only_found else 5)]
        for q, first in quads:
            if convex(q):
                seen = np.clip(np.rint(patch(picture, q)), 0, 255).astype(np.uint8)
                out.append((seen, overlap(q, truth), offsets(q, truth), n, first))
    return [np.stack([np.asarray(s[k]) for s in out]) for k in range(5)]


class Sep(nn.Module):
    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.dw, self.bn1 = nn.Conv2d(cin, cin, 3, stride, 1, groups=cin, bias=False), nn.BatchNorm2d(cin)
        self.pw, self.bn2 = nn.Conv2d(cin, cout, 1, bias=False), nn.BatchNorm2d(cout)
        self.residual = stride == 1 and cin == cout

    def forward(self, x):
        y = self.bn2(self.pw(torch.relu(self.bn1(self.dw(x)))))
        return torch.relu(x + y if self.residual else y)


class Net(nn.Module):
    """Answers 9 numbers: how good the quad is (logit), and the moves of its four corners in units of 0.1 of its sides."""

    def __init__(self):
        super().__init__()
        self.stem, self.stem_bn = nn.Conv2d(4, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16)
        self.body = nn.Sequential(Sep(16, 24, 2), Sep(24, 24), Sep(24, 40, 2), Sep(40, 40), Sep(40, 40), Sep(40, 64, 2), Sep(64, 64))
        self.whole, self.whole_bn = nn.Conv2d(64, 64, SIDE // 16, groups=64, bias=False), nn.BatchNorm2d(64)
        self.dense = nn.Conv2d(64, 48, 1)
        self.head = nn.Conv2d(48, 16, 1)

    def forward(self, x):
        x = self.body(torch.relu(self.stem_bn(self.stem(x))))
        x = self.whole_bn(self.whole(x))
        return self.head(torch.relu(self.dense(torch.relu(x))))[:, :ANSWERS, 0, 0]


def flipped(x, good, moves, rng):
    """One of the eight ways to look at each of the quads, one for the whole batch."""
    d = moves.reshape(-1, 4, 2)
    for _ in range(int(rng.integers(4))):
        # Turned clockwise: what was the last corner is the first.
        x = torch.rot90(x, -1, (2, 3))
        d = torch.stack([-d[..., 1], d[..., 0]], -1).roll(1, 1)
    if rng.random() < 0.5:
        x = x.flip(3)
        d = (d * torch.tensor([-1.0, 1.0]))[:, [1, 0, 3, 2]]
    return x, good, d.reshape(-1, 8)


def loss_of(out, good, moves, near):
    quality = F.binary_cross_entropy_with_logits(out[:, 0], good)
    off = F.smooth_l1_loss(out[:, 1:], moves * 10, reduction="none", beta=0.15).mean(1)
    return quality, (off * near).sum() / near.sum().clamp(min=1)


def choice_loss(fit, over, prior, group):
    """How unlikely the best quads of each picture are to have the highest score, in logarithms; `group` numbers the pictures."""
    looked_at = ~torch.isnan(prior)
    fit, over, prior, group = fit[looked_at], over[looked_at], prior[looked_at], group[looked_at]
    count = int(group.max()) + 1 if len(group) else 0
    if count == 0:
        return fit.sum()
    logit = prior + FIT_WEIGHT * fit
    most = torch.full((count,), -1e9).scatter_reduce(0, group, logit.detach(), "amax")
    best = torch.zeros(count).scatter_reduce(0, group, over, "amax")
    share = torch.exp(logit - most[group])
    right = share * torch.exp((over - best[group]) / NEARLY_BEST)
    total, found = (torch.zeros(count).scatter_add(0, group, x) for x in (share, right))
    known = total > 0
    return -torch.log(found[known] / total[known] + 1e-4).mean()


def tensors(parts):
    pictures = np.cumsum([0] + [p[3].max() + 1 for p in parts[:-1]])
    patches, over, moves, picture, prior = (np.concatenate(p) for p in zip(*parts))
    picture = picture + np.repeat(pictures, [len(p[3]) for p in parts])
    good = 1 / (1 + np.exp(-(over - HALF_GOOD) / SOFTNESS))
    near = (np.abs(moves).max((1, 2)) < REACH).astype(np.float32)
    return (torch.from_numpy(patches), torch.from_numpy(good.astype(np.float32)),
            torch.from_numpy(moves.reshape(-1, 8).astype(np.float32)), torch.from_numpy(near), over, picture, prior.astype(np.float32))


def score(net, data):
    net.eval()
    patches, good, moves, near, over, picture, prior = data
    with torch.no_grad():
        out = torch.cat([net(normalized(p)) for p in patches.split(256)])
    net.train()
    quality, off = loss_of(out, good, moves, near)
    choice = choice_loss(out[:, 0], torch.from_numpy(over).float(), torch.from_numpy(prior), torch.from_numpy(picture))
    best = {}
    for i, (n, q) in enumerate(zip(picture, out[:, 0].tolist())):
        # Where the crate did not look again, it took the first.
        total = FIT_WEIGHT * q + prior[i] if not np.isnan(prior[i]) else -1e3 - i
        if n not in best or total > best[n][0]:
            best[n] = total, over[i]
    chosen = np.array([v for _, v in best.values()])
    return (f"quality {quality:.4f} off {off:.4f} choice {choice:.4f} chosen >=0.9 {np.mean(chosen >= 0.9):.3f} >=0.95 {np.mean(chosen >= 0.95):.3f} "
            f"mean miss {(out[:, 1:] / 10 - moves).abs()[near > 0].mean():.4f} of {moves.abs()[near > 0].mean():.4f}")


class Coarse:
    """A trained net with whole numbers as weights: what is learnt on, and what it computes with."""

    def __init__(self, net, answers, largest, start=None):
        self.net, self.answers = net.eval(), answers
        pairs = [(net.stem, net.stem_bn, net, "stem_bn"), (net.whole, net.whole_bn, net, "whole_bn")]
        for m in net.body:
            pairs += [(m.dw, m.bn1, m, "bn1"), (m.pw, m.bn2, m, "bn2")]
        for conv, bn, owner, name in pairs:
            k = bn.weight / torch.sqrt(bn.running_var + bn.eps)
            conv.weight.data = (conv.weight * k[:, None, None, None]).detach()
            conv.bias = nn.Parameter((bn.bias - bn.running_mean * k).detach())
            setattr(owner, name, nn.Identity())
        self.names = ["stem", *[f"body.{i}.{part}" for i in range(len(net.body)) for part in ("dw", "pw")], "whole", "dense", "head"]
        if start:
            self.load(start)
        most = {name: flat(self.net.get_submodule(name).weight).detach().abs().amax(1) for name in self.names}
        self.scales = {name: short((rows / largest).numpy(), SCALE_DROP) for name, rows in most.items()}

    def load(self, path):
        """Takes the numbers of a file that `packed` made."""
        data = np.fromfile(path, np.uint8)
        layers = [self.net.get_submodule(name) for name in self.names]
        sizes = [(self.answers if name == "head" else len(layer.weight), layer.weight[0].numel()) for name, layer in zip(self.names, layers)]
        steps, scales, biases = [], [], []
        for outputs, _ in sizes:
            step, scale, data = np.split(data, [1, 1 + outputs])
            steps.append(long(step)[0])
            scales.append(long(scale))
        for outputs, _ in sizes:
            bias, data = np.split(data, [outputs])
            biases.append(bias.astype(np.int8))
        for layer, (outputs, inputs), step, scale, bias in zip(layers, sizes, steps, scales, biases):
            rows, data = np.split(data, [outputs * inputs])
            full, added = torch.zeros(len(layer.weight), inputs), torch.zeros(len(layer.weight))
            full[:outputs] = torch.from_numpy(rows.astype(np.int8).reshape(inputs, outputs).T * scale[:, None])
            added[:outputs] = torch.from_numpy(bias * step)
            layer.weight.data, layer.bias.data = unflat(full, layer.weight.shape), added
        assert len(data) == 0

    def rows(self, name):
        """The weights of a layer in steps, before they are rounded."""
        rows = flat(self.net.get_submodule(name).weight) / torch.from_numpy(long(self.scales[name]))[:, None]
        return rows.clamp(-127, 127)

    def bits(self):
        """About what the numbers cost in the file."""
        return sum(torch.log2(1 + self.rows(name).abs()).sum() for name in self.names)

    def layer(self, name):
        """Whole numbers, their scales, and biases with theirs."""
        layer = self.net.get_submodule(name)
        bias, step = bias_numbers(layer.bias.detach().numpy())
        return Steps.apply(self.rows(name)), self.scales[name], layer.bias, bias, step

    def __call__(self, x):
        parameters = {}
        for name in self.names:
            numbers, scales, bias, _, step = self.layer(name)
            parameters[name + ".weight"] = unflat(numbers * torch.from_numpy(long(scales))[:, None], self.net.get_submodule(name).weight.shape)
            parameters[name + ".bias"] = Steps.apply(bias / float(long(step)[0])) * float(long(step)[0])
        return functional_call(self.net, parameters, (x,))

    def eval(self):
        return self

    def train(self):
        return self

    def packed(self):
        """The crate's file: all scales, all biases, all weights; of the last layer the answers alone."""
        found = []
        for name in self.names:
            numbers, scales, _, bias, step = self.layer(name)
            keep = self.answers if name == "head" else len(scales)
            found.append((numbers.detach().numpy().astype(np.int8)[:keep], scales[:keep], bias.astype(np.int8)[:keep], step))
        parts = [part for _, scales, _, step in found for part in (step, scales)]
        parts += [bias for _, _, bias, _ in found] + [np.ascontiguousarray(numbers.T) for numbers, *_ in found]
        return b"".join(part.tobytes() for part in parts)

    def write(self, folder, name, side):
        """Writes the crate's file, and what it answers to a patch that the crate's test makes, too."""
        data = self.packed()
        (folder / f"{name}.bin").write_bytes(data)
        with torch.no_grad():
            answers = self(test_patch(side)[None])[0].tolist()
        (folder / f"{name}.txt").write_text("".join(f"{v:.6f}\n" for v in answers))
        print(len(data), "bytes, sha256", hashlib.sha256(data).hexdigest(), flush=True)


def test_patch(side):
    """A patch that the crate's tests make, too."""
    y, x = np.mgrid[0:side, 0:side]
    return torch.from_numpy(np.stack([((x * (k + 3) + y * (5 - k)) % 17) / 8 - 1 for k in range(4)]).astype(np.float32))


def options(file, price):
    """What one tells a training that may end in a file for the crate."""
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rounds", type=int, default=12)
    p.add_argument("--rate", type=float, default=4e-3)
    p.add_argument("--start", type=Path, help=f"weights.pt of an earlier run, or a {file}.bin with --coarse")
    p.add_argument("--coarse", action="store_true", help=f"learns on with whole numbers, and writes {file}.bin")
    p.add_argument("--price", type=float, default=price, help="what a bit of the file costs in the loss, with --coarse")
    p.add_argument("--threads", type=int, default=1)
    return p


def parsed(p):
    """The options, with everything set up that they ask for."""
    a = p.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    cv2.setNumThreads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    return a


class Learner:
    """A net that learns as the options say, `steps` steps in all."""

    def __init__(self, net, a, answers, largest, steps):
        self.a = a
        packed = a.start if a.start and a.start.suffix == ".bin" else None
        if a.start and not packed:
            net.load_state_dict(torch.load(a.start))
        self.net = Coarse(net, answers, largest, packed) if a.coarse else net
        parameters = list((self.net.net if a.coarse else net).parameters())
        self.numbers = sum(x.numel() for x in parameters)
        self.opt = torch.optim.AdamW(parameters, lr=a.rate, weight_decay=1e-4)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.opt, a.rate, total_steps=steps + 1, pct_start=0.1)

    def step(self, loss):
        self.opt.zero_grad()
        (loss + self.a.price * self.net.bits() if self.a.coarse else loss).backward()
        self.opt.step()
        self.schedule.step()

    def write(self, name, side):
        if self.a.coarse:
            self.net.write(self.a.out, name, side)
        else:
            torch.save(self.net.state_dict(), self.a.out / "weights.pt")


def main():
    p = options("trim", 0)
    p.add_argument("--pictures", type=Path, nargs="+", required=True)
    p.add_argument("--held", type=Path, nargs="+", required=True)
    p.add_argument("--choice", type=float, default=0, help="what choosing the wrong quad of a picture counts in the loss")
    a = parsed(p)

    def kept(folder, only_found):
        file = a.out / f"{folder.name}-{int(only_found)}.npz"
        if not file.exists():
            np.savez(file, *samples(folder, a.seed, only_found))
        with np.load(file) as z:
            return [z[f"arr_{k}"] for k in range(5)]

    data, held = tensors([kept(f, False) for f in a.pictures]), tensors([kept(f, True) for f in a.held])
    patches, good, moves, near, over, picture, prior = data
    over, prior = torch.from_numpy(over).float(), torch.from_numpy(prior)
    starts = np.flatnonzero(np.diff(picture, prepend=-1, append=-1))
    batches = (len(starts) - 1) // PICTURES
    learner, rng = Learner(Net(), a, ANSWERS, LARGEST, a.rounds * batches), np.random.default_rng([a.seed, 6])
    print(len(patches), "patches,", len(held[0]), "held,", learner.numbers, "numbers", flush=True)
    begun = time.time()
    for r in range(a.rounds):
        sums = np.zeros(3)
        for some in rng.permutation(len(starts) - 1)[:batches * PICTURES].reshape(batches, PICTURES):
            members = [np.arange(starts[n], starts[n + 1]) for n in some]
            index = torch.from_numpy(np.concatenate(members))
            group = torch.from_numpy(np.repeat(np.arange(PICTURES), [len(m) for m in members]))
            x, g, d = flipped(normalized(patches[index]), good[index], moves[index], rng)
            # Another light on the same quad.
            x[:, 0] = x[:, 0] * float(rng.uniform(0.8, 1.2)) + float(rng.normal(0, 0.2))
            out = learner.net(x)
            quality, off = loss_of(out, g, d, near[index])
            choice = choice_loss(out[:, 0], over[index], prior[index], group)
            learner.step(quality + off + a.choice * choice)
            sums += [float(quality.detach()), float(off.detach()), float(choice.detach())]
        print(f"round {r} {time.time() - begun:.0f} s quality, off, choice {(sums / batches).round(4)} | {score(learner.net, held)}", flush=True)
        learner.write("trim", SIDE)


if __name__ == "__main__":
    main()
