"""Trains the locator's net on rendered pictures.

    python render.py --out SHARDS --seed 1 --shards 320 &      # may still be running
    python train.py --shards SHARDS --seed 1 --out RUN

Round r draws a shard from those that a renderer is sure to have made by then, so the order does not depend on how fast
either runs; where a shard is missing the training waits for it.
"""

import argparse
import math
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from model import Net, normalize
from torch.nn import functional as F

BATCH = 32
CELL_PX = 4
# Long sides in pixels: small pictures first, because they are learnt several times faster.
SIZES = [[112, 128, 144], [160, 176, 192], [192]]
FULL = [144, 176, 192, 192]


def targets(quads, present, height, width):
    """Region, side and corner maps at a quarter of the picture's size, each 0 to 1."""
    n = len(quads)
    y = (torch.arange(height // CELL_PX) + 0.5) * CELL_PX
    x = (torch.arange(width // CELL_PX) + 0.5) * CELL_PX
    p = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1).reshape(1, 1, -1, 2)
    a = quads[:, :, None, :]
    b = torch.roll(quads, -1, 1)[:, :, None, :]
    ab, ap = b - a, p - a
    length = ab.norm(dim=-1).clamp_min(1e-3)
    cross = (ab[..., 0] * ap[..., 1] - ab[..., 1] * ap[..., 0]) / length
    q, r = quads, torch.roll(quads, -1, 1)
    area = (q[..., 0] * r[..., 1] - q[..., 1] * r[..., 0]).sum(1) / 2
    inside = (cross * torch.sign(area)[:, None, None]).amin(1)
    region = (0.5 + inside / CELL_PX).clamp(0, 1)
    t = ((ap * ab).sum(-1) / length ** 2).clamp(0, 1)
    distance = (ap - t[..., None] * ab).norm(dim=-1).amin(1) / CELL_PX
    side = torch.exp(-(distance ** 2) / (2 * 0.7 ** 2))
    corner = torch.exp(-((ap.norm(dim=-1).amin(1) / CELL_PX) ** 2) / (2 * 1.3 ** 2))
    maps = torch.stack([region, side, corner], 1) * present[:, None, None].float()
    return maps.reshape(n, 3, height // CELL_PX, width // CELL_PX)


def loss_of(logits, present_logit, maps, present):
    region, side, corner = logits.float().unbind(1)
    t_region, t_side, t_corner = maps.unbind(1)
    bce = F.binary_cross_entropy_with_logits
    p = torch.sigmoid(region)
    dice = 1 - (2 * (p * t_region).sum((1, 2)) + 1) / ((p + t_region).sum((1, 2)) + 1)
    return (bce(region, t_region) + 0.5 * (dice * present).mean()
            + 0.5 * bce(side, t_side, weight=1 + 3 * t_side)
            + 0.5 * bce(corner, t_corner, weight=1 + 10 * t_corner)
            + 0.1 * bce(present_logit.float(), present.float()))


def shrink(images, quads, long_side):
    """The pictures at another size, sides rounded to multiples of 16 as src/locate/net.rs does."""
    height, width = images.shape[1:3]
    k = long_side / max(height, width)
    h, w = max(16, round(height * k / 16) * 16), max(16, round(width * k / 16) * 16)
    small = np.stack([cv2.resize(i, (w, h), interpolation=cv2.INTER_AREA) for i in images])
    return small, quads * np.float32([w / width, h / height])


def closer(images, quads, present, share, rng):
    """Some pictures cut down to what is around their document, as src/locate looks at a small one a second time."""
    height, width = images.shape[1:3]
    images, quads = images.copy(), quads.copy()
    for i in np.flatnonzero((present > 0) & (rng.random(len(images)) < share)):
        low, high = quads[i].min(0), quads[i].max(0)
        if (low < 0).any() or (high > [width, height]).any():
            continue
        size = np.max((high - low) / [width, height]) * rng.uniform(1.1, 2.2)
        if size > 0.9:
            continue
        corner = (low + high) / 2 - size / 2 * np.array([width, height]) + rng.normal(0, 0.08, 2) * size * [width, height]
        corner = np.clip(corner, 0, (1 - size) * np.array([width, height]))
        # A pixel's middle is at .5 in the quads and at 0 in OpenCV.
        m = np.array([[1 / size, 0, (0.5 - corner[0]) / size - 0.5], [0, 1 / size, (0.5 - corner[1]) / size - 0.5]])
        images[i] = cv2.warpAffine(images[i], m, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        quads[i] = (quads[i] - corner) / size
    return images, quads


def fills_frame(quads, width, height):
    """Every corner is at or beyond a corner of the frame."""
    margin = 0.04 * min(width, height)
    x, y = quads[..., 0], quads[..., 1]
    return (((x < margin) | (x > width - margin)) & ((y < margin) | (y > height - margin))).all(1)


def load(path):
    while not path.exists():
        time.sleep(1)
    with np.load(path) as z:
        return z["images"], z["quads"], z["present"]


def augment(x, quads, gen, width, height):
    n = len(x)
    for axis, size in ((3, width), (2, height)):
        flip = torch.rand(n, generator=gen) < 0.5
        x = torch.where(flip[:, None, None, None], x.flip(axis), x)
        k = 0 if axis == 3 else 1
        quads = quads.clone()
        quads[:, :, k] = torch.where(flip[:, None], size - quads[:, :, k], quads[:, :, k])
    gain = 1 + 0.15 * torch.randn(n, 1, 1, generator=gen)
    shift = 0.2 * torch.randn(n, 1, 1, generator=gen)
    x[:, 0] = x[:, 0] * gain + shift
    swap = torch.rand(n, generator=gen) < 0.15
    x = torch.where(swap[:, None, None, None], x[:, [0, 2, 1]], x)
    chroma = torch.rand(n, 1, 1, 1, generator=gen) * 1.2
    keep = torch.rand(n, 1, 1, 1, generator=gen) < 0.6
    x[:, 1:] = x[:, 1:] * torch.where(keep, torch.ones_like(chroma), chroma)
    return x, quads


def batches(images, quads, present, skip_full, gen):
    """A shard in batches of random order: the part of it that is behind, pictures, maps, and whether there is a document."""
    height, width = images.shape[1:3]
    rows = torch.randperm(len(images), generator=gen)
    if skip_full:
        beyond = torch.from_numpy(fills_frame(quads, width, height) & (present > 0))[rows]
        rows = rows[~(beyond & (torch.rand(len(rows), generator=gen) < skip_full))]
    for i in range(len(rows) // BATCH):
        take = rows[i * BATCH:(i + 1) * BATCH]
        x = normalize(torch.from_numpy(images[take.numpy()]))
        q, e = torch.from_numpy(quads)[take], torch.from_numpy(present)[take]
        x, q = augment(x, q, gen, width, height)
        yield i * BATCH / len(rows), x, targets(q, e, height, width), e


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rounds", type=int, default=560, help="a round is one pass over one shard")
    p.add_argument("--first", type=int, default=0, help="earlier shards are left out")
    p.add_argument("--ready", type=int, default=4, help="shards that exist before the first round")
    p.add_argument("--rounds-per-shard", type=float, default=2.0, help="rounds until one more shard must exist")
    p.add_argument("--count", type=int, default=320, help="shards in all")
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--skip-full", type=float, default=0.0, help="share of the frame-filling scans that is left out")
    p.add_argument("--closer", type=float, default=0.0, help="share of the pictures that is cut down to around the document")
    p.add_argument("--stop", type=int, help="end after this many rounds of the plan")
    p.add_argument("--sizes", choices=["grow", "full"], default="grow")
    p.add_argument("--start", type=Path, help="weights to go on from")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    cv2.setNumThreads(1)
    torch.manual_seed(a.seed)
    gen = torch.Generator().manual_seed(a.seed)
    order = np.random.default_rng([a.seed, 3])
    a.out.mkdir(parents=True, exist_ok=True)
    net = Net().to(memory_format=torch.channels_last)
    if a.start:
        net.load_state_dict(torch.load(a.start))
    average = {k: v.clone() for k, v in net.state_dict().items()}
    decay = [v for v in net.parameters() if v.ndim > 1]
    rest = [v for v in net.parameters() if v.ndim <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 2e-4}, {"params": rest, "weight_decay": 0}], lr=a.rate)
    step, begun = 0, time.time()
    used = np.zeros(a.count, int)
    for r in range(a.rounds):
        known = min(a.count, int(a.ready + r / a.rounds_per_shard))
        # The newest shards first: each is used about equally often.
        of = used[a.first:known]
        index = a.first + int(order.choice(np.flatnonzero(of == of.min())))
        used[index] += 1
        images, quads, present = load(a.shards / f"{index:04}.npz")
        share = r / a.rounds
        sizes = FULL if a.sizes == "full" else SIZES[0] if share < 0.45 else SIZES[1] if share < 0.8 else SIZES[2]
        if a.closer:
            images, quads = closer(images, quads, present, a.closer, order)
        images, quads = shrink(images, quads, int(order.choice(sizes)))
        losses = []
        for part, x, maps, e in batches(images, quads, present, a.skip_full, gen):
            done = (r + part) / a.rounds
            for g in opt.param_groups:
                g["lr"] = a.rate * min(1, (step + 1) / 300) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-6
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits, there = net(x.contiguous(memory_format=torch.channels_last))
            loss = loss_of(logits, there, maps, e.float())
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 3.0)
            opt.step()
            losses.append(loss.item())
            step += 1
            beta = min(0.998, (1 + step) / (20 + step))
            with torch.no_grad():
                for k, v in net.state_dict().items():
                    if v.is_floating_point():
                        average[k].lerp_(v, 1 - beta)
                    else:
                        average[k].copy_(v)
        print(f"round {r} shard {index} known {known} loss {np.mean(losses):.4f} {step * BATCH / (time.time() - begun):.0f}/s {time.time() - begun:.0f}s", flush=True)
        if r % 10 == 9 or r == a.rounds - 1:
            torch.save(average, a.out / "weights.part")
            (a.out / "weights.part").replace(a.out / "weights.pt")
        if r + 1 == a.stop:
            break


if __name__ == "__main__":
    main()
