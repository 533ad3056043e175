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

import numpy as np
import torch
from model import Net, normalize
from torch.nn import functional as F

CELL_PX = 4
# Long sides in pixels: small pictures first, because they are learnt several times faster; or those in which src/locate looks.
GROW = [[112, 128, 144], [160, 176, 192], [192]]
SIZES = {"full": [144, 176, 192, 192], "large": [176, 192, 192, 192], "largest": [192]}


def targets(quads, present, height, width):
    """Region, side and corner maps at a quarter of the picture's size, each 0 to 1."""
    n, on = len(quads), quads.device
    y = (torch.arange(height // CELL_PX, device=on) + 0.5) * CELL_PX
    x = (torch.arange(width // CELL_PX, device=on) + 0.5) * CELL_PX
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


def areas(length, count, device):
    """The share of each of `length` pixels in each of `count` that cover the same line (count, length)."""
    edge = torch.arange(count + 1, device=device) * (length / count)
    pixel = torch.arange(length, device=device)
    covered = torch.minimum(edge[1:, None], pixel + 1) - torch.maximum(edge[:-1, None], pixel)
    return covered.clamp(min=0) * (count / length)


def shrink(images, quads, long_side):
    """The pictures at another size, sides rounded to multiples of 16 as src/locate/net.rs does."""
    height, width = images.shape[1:3]
    k = long_side / max(height, width)
    h, w = max(16, round(height * k / 16) * 16), max(16, round(width * k / 16) * 16)
    planes = images.permute(0, 3, 1, 2).float()
    small = areas(height, h, images.device) @ (planes @ areas(width, w, images.device).T)
    return small.permute(0, 2, 3, 1), quads * torch.tensor([w / width, h / height], device=quads.device)


def closer(images, quads, present, share, gen):
    """Some pictures cut down to what is around their document, as src/locate looks at a small one a second time."""
    height, width = images.shape[1:3]
    n, on = len(images), images.device
    frame = torch.tensor([width, height], dtype=torch.float32, device=on)
    low, high = quads.amin(1), quads.amax(1)
    size = ((high - low) / frame).amax(1) * (1.1 + 1.1 * torch.rand(n, generator=gen, device=on))
    size = size[:, None]
    corner = (low + high) / 2 - size / 2 * frame + 0.08 * torch.randn(n, 2, generator=gen, device=on) * size * frame
    corner = torch.minimum(corner.clamp(min=0), (1 - size) * frame)
    take = (present > 0) & (torch.rand(n, generator=gen, device=on) < share) & (size[:, 0] <= 0.9)
    take &= (low >= 0).all(1) & (high <= frame).all(1)
    rows = take.nonzero()[:, 0]
    if len(rows):
        s, middle = size[rows, 0], (2 * corner / frame + size - 1)[rows]
        zero = torch.zeros_like(s)
        m = torch.stack([torch.stack([s, zero, middle[:, 0]], 1), torch.stack([zero, s, middle[:, 1]], 1)], 1)
        grid = F.affine_grid(m, (len(rows), 3, height, width), align_corners=False)
        cut = F.grid_sample(images[rows].permute(0, 3, 1, 2).float(), grid, padding_mode="border", align_corners=False)
        images = images.clone()
        images[rows] = cut.permute(0, 2, 3, 1).round().clamp(0, 255).to(images.dtype)
        quads = torch.where(take[:, None, None], (quads - corner[:, None]) / size[:, None], quads)
    return images, quads


def fills_frame(quads, width, height):
    """Every corner is at or beyond a corner of the frame."""
    margin = 0.04 * min(width, height)
    x, y = quads[..., 0], quads[..., 1]
    return (((x < margin) | (x > width - margin)) & ((y < margin) | (y > height - margin))).all(1)


def load(path, device="cpu"):
    while not path.exists():
        time.sleep(1)
    with np.load(path) as z:
        return tuple(torch.from_numpy(z[k]).to(device) for k in ("images", "quads", "present"))


class Shards:
    """The shards of a folder, in the order in which they are to be learnt from: the newest first, so that each is used about equally often."""

    def __init__(self, a, order):
        self.a, self.order, self.used, self.kept = a, order, {}, {}

    def next(self, r):
        """The shard of round `r`: its name and its parts."""
        a = self.a
        if a.minutes:
            while not (known := sorted(a.shards.glob("[0-9]*[0-9].npz"))):
                time.sleep(1)
        else:
            count = min(a.count, int(a.ready + r / a.rounds_per_shard))
            known = [a.shards / f"{i:04}.npz" for i in range(a.first, count)]
        least = min(self.used.get(path, 0) for path in known)
        fresh = [path for path in known if self.used.get(path, 0) == least]
        path = fresh[int(self.order.choice(len(fresh)))]
        self.used[path] = least + 1
        if path in self.kept:
            return path.stem, self.kept[path]
        parts = load(path, a.device)
        if a.device != "cpu":
            self.kept[path] = parts
        return path.stem, parts

    def __len__(self):
        return len(self.used)


def augment(x, quads, gen, width, height):
    n, on = len(x), x.device

    def rand(*shape):
        return torch.rand(*shape, generator=gen, device=on)

    for axis, size in ((3, width), (2, height)):
        flip = rand(n) < 0.5
        x = torch.where(flip[:, None, None, None], x.flip(axis), x)
        k = 0 if axis == 3 else 1
        quads = quads.clone()
        quads[:, :, k] = torch.where(flip[:, None], size - quads[:, :, k], quads[:, :, k])
    gain = 1 + 0.15 * torch.randn(n, 1, 1, generator=gen, device=on)
    shift = 0.2 * torch.randn(n, 1, 1, generator=gen, device=on)
    x[:, 0] = x[:, 0] * gain + shift
    swap = rand(n) < 0.15
    x = torch.where(swap[:, None, None, None], x[:, [0, 2, 1]], x)
    chroma = rand(n, 1, 1, 1) * 1.2
    keep = rand(n, 1, 1, 1) < 0.6
    x[:, 1:] = x[:, 1:] * torch.where(keep, torch.ones_like(chroma), chroma)
    return x, quads


def batches(shard, long_side, a, gen):
    """A shard in batches of random order: the part of it that is behind, pictures, maps, and whether there is a document."""
    images, quads, present = shard
    if a.closer:
        images, quads = closer(images, quads, present, a.closer, gen)
    images, quads = shrink(images, quads, long_side)
    height, width = images.shape[1:3]
    rows = torch.randperm(len(images), generator=gen, device=images.device)
    if a.skip_full:
        beyond = (fills_frame(quads, width, height) & (present > 0))[rows]
        rows = rows[~(beyond & (torch.rand(len(rows), generator=gen, device=images.device) < a.skip_full))]
    # All of one size: for every other shape, cuDNN looks for its kernels anew.
    for i in range(len(rows) // a.batch):
        take = rows[i * a.batch:(i + 1) * a.batch]
        x, q = augment(normalize(images[take]), quads[take], gen, width, height)
        yield i * a.batch / len(rows), x, targets(q, present[take], height, width), present[take]


def schedule(a, step, done):
    """The share of the rate at a step, when this part of the plan is done."""
    return min(1, (step + 1) / a.warm_up) * (0.5 + 0.5 * math.cos(math.pi * min(done, 1)))


def plan(p):
    """The arguments that say which pictures are learnt from, and for how long; quantize.py has the same."""
    p.add_argument("--shards", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--device", default="cpu", help="cuda: faster, and every shard stays in its memory")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--rounds", type=int, default=560, help="a round is one pass over one shard")
    p.add_argument("--stop", type=int, help="end after this many rounds of the plan")
    p.add_argument("--minutes", type=float, help="instead of rounds: as many as there is time for, of the shards that are there by then")
    p.add_argument("--first", type=int, default=0, help="earlier shards are left out")
    p.add_argument("--ready", type=int, default=4, help="shards that exist before the first round")
    p.add_argument("--rounds-per-shard", type=float, default=2.0, help="rounds until one more shard must exist")
    p.add_argument("--count", type=int, default=320, help="shards in all")
    p.add_argument("--rate", type=float, default=3e-3)
    p.add_argument("--warm-up", type=int, default=300, help="steps until the full rate")
    p.add_argument("--sizes", choices=["grow", *SIZES], default="grow")
    p.add_argument("--skip-full", type=float, default=0.0, help="share of the frame-filling scans that is left out")
    p.add_argument("--closer", type=float, default=0.0, help="share of the pictures that is cut down to around the document")


def rounds(a, begun):
    """The rounds of a plan, each with the part of the plan that is done before and after it."""
    if not a.minutes:
        for r in range(min(a.rounds, a.stop or a.rounds)):
            yield r, r / a.rounds, (r + 1) / a.rounds
        return
    r = 0
    while (done := (time.time() - begun) / (60 * a.minutes)) < 1:
        yield r, done, done
        r += 1


def main():
    p = argparse.ArgumentParser()
    plan(p)
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--start", type=Path, help="weights to go on from")
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    gen = torch.Generator(a.device).manual_seed(a.seed)
    order = np.random.default_rng([a.seed, 3])
    a.out.mkdir(parents=True, exist_ok=True)
    shards = Shards(a, order)
    net = Net().to(a.device, memory_format=torch.channels_last)
    if a.start:
        net.load_state_dict(torch.load(a.start, map_location=a.device))
    state = net.state_dict()
    average = {k: v.clone() for k, v in state.items()}
    of_floats = [k for k, v in state.items() if v.is_floating_point()]
    decay = [v for v in net.parameters() if v.ndim > 1]
    rest = [v for v in net.parameters() if v.ndim <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 2e-4}, {"params": rest, "weight_decay": 0}], lr=a.rate)
    step, begun, seen = 0, time.time(), 0
    for r, before, after in rounds(a, begun):
        name, shard = shards.next(r)
        sizes = SIZES.get(a.sizes) or GROW[0 if before < 0.45 else 1 if before < 0.8 else 2]
        losses = []
        for part, x, maps, e in batches(shard, int(order.choice(sizes)), a, gen):
            for g in opt.param_groups:
                g["lr"] = a.rate * schedule(a, step, before + part * (after - before)) + 1e-6
            with torch.autocast(a.device, dtype=torch.bfloat16):
                logits, there = net(x.contiguous(memory_format=torch.channels_last))
            loss = loss_of(logits, there, maps, e.float())
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 3.0)
            opt.step()
            losses.append(loss.detach())
            step += 1
            seen += len(x)
            beta = min(0.998, (1 + step) / (20 + step))
            with torch.no_grad():
                torch._foreach_lerp_([average[k] for k in of_floats], [state[k] for k in of_floats], 1 - beta)
        if losses and (a.device == "cpu" or r % 50 == 49):
            loss = torch.stack(losses).mean().item()
            print(f"round {r} shard {name} of {len(shards)} loss {loss:.4f} {seen / (time.time() - begun):.0f}/s {time.time() - begun:.0f}s", flush=True)
        if r % 10 == 9 and a.device == "cpu" or r % 500 == 499:
            save(on_cpu(average), a.out / "weights.pt")
    save(on_cpu(average), a.out / "weights.pt")


def on_cpu(state):
    return {k: v.cpu().contiguous() for k, v in state.items()}


def save(state, path):
    """Writes a file that is never half there."""
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


if __name__ == "__main__":
    main()
