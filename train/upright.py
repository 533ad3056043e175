"""Trains the net that tells print from print turned by half: `python upright.py --out ../src/measure`.

Draws lines of Chinese and Latin characters with the fonts Noto Sans and Noto Serif CJK, blurred, noisy, small, slanted and
compressed, cuts patches out of them as `src/measure/upright.rs` does, and learns whether a patch stands upright. The answer to a
patch is that to the patch less that to the patch turned, so no patch can be upright both ways. Writes `upright.bin` (per layer
and output channel a scale and a bias as 32-bit floats, then a signed byte per weight) and `upright.txt` (a patch and the net's
answer to it, which a test of the crate compares), and prints what it reached on lines that it has not seen.

A fifth of the lines are none: circles and boxes to be marked, strokes of a pen, bars. They stand neither way, and it learns that.
"""

import argparse
import hashlib
import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from torch import nn
from torch.nn import functional as F

# Rows and columns of a patch, and how many heights of its line it is high.
ROWS, COLUMNS, AROUND = 16, 32, 1.3
FONTS = Path("/usr/share/fonts/opentype/noto")
FACES = [f"Noto{kind}CJK-{weight}.ttc" for kind in ("Sans", "Serif") for weight in ("Regular", "Bold")]
LEVELS = 63


def characters():
    """The 3,755 characters of the first level of GB 2312, in its order, which is that of their sounds."""
    codes = [bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    return [c.decode("gb2312") for c in codes if c < b"\xd7\xfa"]


def text(rng, common):
    kind = rng.random()
    if kind < 0.68:
        signs = [common[i] for i in rng.integers(len(common), size=12)]
        # Forms have a colon after their labels, and figures between the words.
        if rng.random() < 0.4:
            signs[int(rng.integers(2, 6))] = "："
        if rng.random() < 0.4:
            at = int(rng.integers(2, 8))
            signs[at:at + 3] = list(str(rng.integers(1000, 9999)))
        return "".join(signs)
    if kind < 0.82:
        return "".join(str(n) for n in rng.integers(10, size=18)) + ("X" if rng.random() < 0.2 else "")
    letters = "abcdefghijklmnopqrstuvwxyz" if rng.random() < 0.6 else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return " ".join("".join(letters[i] for i in rng.integers(26, size=int(rng.integers(2, 9)))) for _ in range(4))


def marks(rng, draw, width, face):
    """What is no print: each kind looks the same, or as likely so, turned by half."""
    kind = int(rng.integers(5))
    size, gap = rng.uniform(20, 48), rng.uniform(1.1, 2.2)
    middle, thick = 75, int(rng.integers(1, 5))
    if kind in (0, 1):
        for x in np.arange(20, width, size * gap):
            box = (x, middle - size / 2, x + size, middle + size / 2)
            shape = draw.ellipse if kind == 0 else draw.rectangle
            shape(box, outline=255, width=thick, fill=255 if rng.random() < 0.25 else 0)
            if rng.random() < 0.5:
                small = face.font_variant(size=max(8, int(size * 0.6)))
                draw.text((x + size / 2, middle), "abcdABCD1234"[int(rng.integers(12))], font=small, fill=255, anchor="mm")
    elif kind == 2:
        for x in np.arange(20, width, size * rng.uniform(0.5, 1.2)):
            points = [(x + rng.normal(0, size * 0.5), middle + rng.normal(0, size * 0.35)) for _ in range(int(rng.integers(2, 6)))]
            draw.line(points, fill=255, width=thick + 1, joint="curve")
    elif kind == 3:
        for x in np.arange(20, width, rng.uniform(6, 20)):
            if rng.random() < 0.7:
                draw.line([(x, middle - size / 2), (x, middle + size / 2)], fill=255, width=int(rng.integers(1, 9)))
    else:
        for _ in range(width // 6):
            x, y, r = rng.uniform(0, width), middle + rng.normal(0, size * 0.3), rng.uniform(1, 9)
            draw.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.integers(80, 256)))


def line(rng, common):
    """A picture of a line, the first and last row of its ink, and how likely it is to stand upright: 1 for print, else a half."""
    size = 48
    face = ImageFont.truetype(str(FONTS / FACES[int(rng.integers(len(FACES)))]), size, index=int(rng.integers(5)))
    words = text(rng, common)
    is_print = rng.random() < 0.8
    width = int(face.getlength(words)) + 40
    canvas = Image.new("L", (width, 140), 0)
    draw = ImageDraw.Draw(canvas)
    if is_print:
        draw.text((20, 40), words, font=face, fill=255)
    else:
        marks(rng, draw, width, face)
    ink = np.asarray(canvas).any(1).nonzero()[0]
    top, bottom = ink[0], ink[-1] + 1
    # Rules and neighbouring lines lie on both sides alike, so that nothing but the characters tells.
    for at in (top - rng.uniform(4, 30), bottom + rng.uniform(4, 30)):
        if rng.random() < 0.25:
            draw.line([(0, at), (width, at)], fill=int(rng.integers(100, 256)), width=int(rng.integers(1, 5)))
    canvas = canvas.rotate(rng.uniform(-3, 3), Image.BICUBIC, center=(width / 2, (top + bottom) / 2))
    # A press and a lens, before there are pixels.
    canvas = canvas.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1) ** 2 * 0.11 * size))
    height = float(np.exp(rng.uniform(np.log(9), np.log(48))))
    scale = height / (bottom - top)
    stretch = rng.uniform(0.85, 1.18)
    small = canvas.resize((max(8, int(width * scale * stretch)), max(8, int(140 * scale))), Image.BOX if scale < 0.5 else Image.BILINEAR)
    values = np.asarray(small, np.float32) / 255
    paper = rng.uniform(120, 250)
    ink_level = paper * rng.uniform(0.05, 0.6)
    values = paper + (ink_level - paper) * values
    # Light that falls off, guilloche and noise.
    values = values * np.linspace(*rng.uniform(0.85, 1.1, 2), values.shape[1])[None, :]
    values = values * np.linspace(*rng.uniform(0.95, 1.05, 2), values.shape[0])[:, None]
    values = values + rng.normal(0, rng.uniform(0, 7), values.shape)
    small = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    if rng.random() < 0.6:
        file = io.BytesIO()
        small.save(file, "JPEG", quality=int(rng.integers(40, 96)))
        small = Image.open(file).convert("L")
    return np.asarray(small, np.float32), top * scale, bottom * scale, 1.0 if is_print else 0.5


def patch(values, middle, down, height):
    """Bilinear samples around a place, with two samples each way for each where pixels are many; as the crate does it."""
    pitch = height * AROUND / ROWS
    parts = 2 if pitch > 1.5 else 1
    offsets = lambda count: ((np.arange(count * parts) + 0.5) / parts - count / 2) * pitch
    y, x = np.meshgrid(down + offsets(ROWS), middle + offsets(COLUMNS), indexing="ij")
    y, x = np.clip(y - 0.5, 0, values.shape[0] - 1.001), np.clip(x - 0.5, 0, values.shape[1] - 1.001)
    row, column = y.astype(int), x.astype(int)
    fy, fx = y - row, x - column
    at = lambda dy, dx: values[np.minimum(row + dy, values.shape[0] - 1), np.minimum(column + dx, values.shape[1] - 1)]
    read = (at(0, 0) * (1 - fx) + at(0, 1) * fx) * (1 - fy) + (at(1, 0) * (1 - fx) + at(1, 1) * fx) * fy
    return normalized(read.reshape(ROWS, parts, COLUMNS, parts).mean((1, 3)))


def normalized(read):
    """Mean 0, standard deviation 1."""
    return ((read - read.mean()) / max(read.std(), 1.0)).astype(np.float32)


def patches(seed, count, common):
    rng = np.random.default_rng(seed)
    out, likely = [], []
    while len(out) < count:
        values, top, bottom, is_upright = line(rng, common)
        height = (bottom - top) * rng.uniform(0.85, 1.15)
        for _ in range(3):
            middle = rng.uniform(0.08, 0.92) * values.shape[1]
            down = (top + bottom) / 2 + rng.uniform(-0.12, 0.12) * height
            out.append(patch(values, middle, down, height))
            likely.append(is_upright)
    return torch.from_numpy(np.stack(out[:count]))[:, None], torch.tensor(likely[:count])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 4, 2, 1)
        self.second = nn.Conv2d(4, 8, 4, 2, 1)
        self.third = nn.Conv2d(8, 16, (4, 3))
        self.last = nn.Conv2d(16, 1, 1)

    def one_way(self, patch):
        seen = F.relu(self.first(patch))
        seen = F.relu(self.second(seen))
        seen = F.relu(self.third(seen))
        return self.last(seen).mean((1, 2, 3))

    def forward(self, patch):
        return self.one_way(patch) - self.one_way(patch.flip(2, 3))


def right(net, data):
    with torch.no_grad():
        return net(data)


def export(net, out, sample):
    data = b""
    with torch.no_grad():
        for layer in (net.first, net.second, net.third, net.last):
            weights = layer.weight
            scale = weights.abs().amax((1, 2, 3)).clamp_min(1e-9) / LEVELS
            whole = torch.round(weights / scale[:, None, None, None])
            layer.weight.copy_(whole * scale[:, None, None, None])
            data += scale.numpy().astype("<f4").tobytes() + layer.bias.numpy().astype("<f4").tobytes()
            # Row, column, input, output: all outputs of an input side by side.
            data += whole.permute(2, 3, 1, 0).contiguous().numpy().astype(np.int8).tobytes()
    (out / "upright.bin").write_bytes(data)
    with torch.no_grad():
        answer = net(sample[None]).item()
    numbers = " ".join(f"{value:.4f}" for value in sample.flatten().tolist())
    (out / "upright.txt").write_text(f"{answer:.4f}\n{numbers}\n")
    print(f"{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")


def report(net, data, name):
    patches, likely = data
    others = right(net, patches[likely < 1])
    answers = right(net, patches[likely == 1])
    # As the crate hears them.
    answers, others = answers / (1 + answers.abs()), others / (1 + others.abs())
    groups = answers[: len(answers) // 24 * 24].reshape(-1, 24).mean(1)
    print(f"{name}: one patch {(answers > 0).float().mean():.4f}, mean {answers.mean():.3f} ± {answers.std():.3f}, 24 patches {(groups > 0).float().mean():.4f}, least {groups.min():.3f}; no print: mean {others.mean():.3f} ± {others.std():.3f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=36_000)
    parser.add_argument("--rounds", type=int, default=14)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    common = characters()
    # Every fifth character is kept for the test.
    train = patches(options.seed, options.count, [c for i, c in enumerate(common) if i % 5])
    test = patches(options.seed + 1, 6_000, common[::5])
    net = Net()
    print(sum(p.numel() for p in net.parameters()), "numbers")
    batch = 256
    steps = options.rounds * (len(train[0]) // batch)
    optimizer = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, steps)
    for number in range(options.rounds):
        order = torch.randperm(len(train[0]))
        total = 0.0
        for part in order[: len(order) // batch * batch].split(batch):
            answers, likely = net(train[0][part]), train[1][part]
            loss = (likely * F.softplus(-answers) + (1 - likely) * F.softplus(answers)).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(number, f"{total / (len(order) // batch):.4f}", flush=True)
        if number % 4 == 3:
            report(net, test, "other characters")
    report(net, [part[:6_000] for part in train], "these characters")
    # A patch that tells much, for the crate's tests.
    export(net, options.out, test[0][right(net, test[0][:300]).argmax()])
    report(net, test, "other characters, rounded")


if __name__ == "__main__":
    main()
