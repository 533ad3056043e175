"""Writes the numbers for the crate: `python export.py --numbers RUN/numbers.pt --out ../src/locate`.

Makes `net.bin` (first of every layer the scale of its biases and the scales of its outputs' weights, then the biases of every
layer, then its weights, each one byte, layers in the order of `run` in src/locate/net.rs) and `net.txt` (what this net, run by PyTorch, sees in a test picture;
the crate's test compares). Prints the hash of net.bin.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch
from model import Net
from quantize import folded, layers, long, unflat

LANES = 8


def padded(values):
    """The three maps are computed as eight."""
    more = -len(values) % LANES if len(values) == 3 else 0
    return np.concatenate([values, np.zeros((more, *values.shape[1:]), values.dtype)])


def packed(numbers):
    net = [numbers[name] for name in layers(Net())]
    parts = [part for n in net for part in (n["bias_scale"], padded(n["scales"]))]
    parts += [padded(n["bias"]) for n in net] + [padded(n["weights"]).T for n in net]
    return b"".join(part.tobytes() for part in parts)


def read(numbers):
    """The net that computes with these numbers."""
    net = folded(Net().eval())
    for name, n in numbers.items():
        layer = net.get_submodule(name)
        weights = torch.from_numpy(n["weights"] * long(n["scales"])[:, None])
        layer.weight.data = unflat(weights, layer.weight.shape).contiguous()
        layer.bias.data = torch.from_numpy(n["bias"] * long(n["bias_scale"])[0])
    return net


def net_of(path):
    """The net of a training's weights.pt, or of numbers.pt."""
    state = torch.load(path, weights_only=False)
    if isinstance(next(iter(state.values())), dict):
        return read(state)
    net = Net().eval()
    net.load_state_dict(state)
    return net


def test_picture():
    """Luma, blue and red difference, 192 x 144: a bright sheet on a coloured ground. The crate's test draws the same."""
    y, x = np.mgrid[0:144, 0:192]
    sheet = (x + y // 8 > 60) & (x + y // 8 < 150) & (y > 20) & (y < 120)
    print_ = (y // 4 + x // 7) % 3 == 0
    luma = np.where(sheet, 220 - 60 * print_, 90 + (x * 5 + y * 3) % 17)
    return np.stack([luma, np.where(sheet, 126, 110), np.where(sheet, 129, 150)]).astype(np.float32)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--numbers", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    numbers = torch.load(a.numbers, weights_only=False)
    data = packed(numbers)
    (a.out / "net.bin").write_bytes(data)
    planes = torch.from_numpy(test_picture())
    x = torch.stack([(planes[0] - 128) / 64, (planes[1] - 128) / 32, (planes[2] - 128) / 32])
    with torch.no_grad():
        maps, present = read(numbers)(x[None])
    maps = torch.sigmoid(maps)[0].reshape(3, -1).numpy()
    lines = [f"present 0 {torch.sigmoid(present)[0]:.6f}"]
    for name, values in zip(("region", "side", "corner"), maps):
        lines += [f"{name} {i} {values[i]:.6f}" for i in range(5, values.size, 97)]
    (a.out / "net.txt").write_text("\n".join(lines) + "\n")
    print(len(data), "bytes, sha256", hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
