"""Writes the weights for the crate: `python export.py --weights RUN/weights.pt --out ../src/locate --calibrate SHARD.npz…`.

Makes `net.bin` (layers in the order of `run` in src/locate/net.rs; per layer and output channel a scale and a bias as 16-bit
floats, then one signed byte per weight) and `net.txt` (what this net, run by PyTorch with the rounded weights, sees in a test
picture; the crate's test compares). Prints the hash of net.bin.

Few different numbers make a file that compresses well. What the rounding of one weight spoils, the weights after it make good
as far as they can: the order and the amounts follow from what the layer gets to see in the shards named (GPTQ, Frantar et al.,
2022), and the bias takes up what is left of it on average.
"""

import argparse
import hashlib
from pathlib import Path

import cv2
import numpy as np
import torch
from model import Net, Sep, normalize
from torch import nn
from torch.nn import functional as F

LANES = 8

# Pictures of each shard and places of each batch that are looked at.
PICTURES, PLACES = 24, 4000
# Keeps what the layers see invertible, as a share of its mean square.
DAMPING = 0.003
# Scales that are tried, beside the one that would be best for rounding alone.
SCALES = (0.85, 0.92, 1.0, 1.08)


def folded(conv, bn):
    """Weights and bias of a convolution with its batch norm in it."""
    k = bn.weight / torch.sqrt(bn.running_var + bn.eps)
    return conv.weight * k[:, None, None, None], bn.bias - bn.running_mean * k


def rounded(rows, levels):
    """Whole numbers of at most `levels` and a 16-bit scale per row, so that the squared error is least."""
    best = None
    for share in np.linspace(0.6 if levels < 64 else 0.9, 1.0, 17):
        scale = (np.abs(rows).max(1) * share / levels).astype(np.float16).astype(np.float32)
        scale = np.maximum(scale, np.float32(2.0 ** -24))
        q = np.clip(np.rint(rows / scale[:, None]), -levels, levels)
        error = ((q * scale[:, None] - rows) ** 2).sum(1)
        if best is None:
            best = [error, q, scale]
        else:
            for value, new in zip(best, (error.copy(), q, scale)):
                if value is not best[0]:
                    value[error < best[0]] = new[error < best[0]]
            best[0] = np.minimum(best[0], error)
    return best[1], best[2]


def compensated(rows, seen, levels):
    """As `rounded`, but so that the error of the layer's answers to `seen` (places, inputs) is least."""
    products = seen.T @ seen / len(seen)
    damped = products + (DAMPING * np.mean(np.diag(products)) + 1e-9) * np.eye(len(products))
    order = np.argsort(-np.diag(damped))
    # Row i says how an error of input i is spread over the inputs after it.
    spread = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    best = None
    for share in SCALES:
        scale = np.maximum((rounded(rows, levels)[1] * share).astype(np.float16).astype(np.float64), 2.0 ** -24)
        left, ordered = rows[:, order].astype(np.float64), np.zeros(rows.shape)
        for i in range(len(order)):
            ordered[:, i] = np.clip(np.rint(left[:, i] / scale), -levels, levels)
            left[:, i:] -= np.outer((left[:, i] - ordered[:, i] * scale) / spread[i, i], spread[i, i:])
        q = np.zeros(rows.shape)
        q[:, order] = ordered
        miss = q * scale[:, None] - rows
        error = np.einsum("oi,ij,oj->o", miss, products, miss)
        if best is None:
            best = error, q, scale
        for value, new in zip(best[1:], (q, scale)):
            value[error < best[0]] = new[error < best[0]]
        best = np.minimum(best[0], error), *best[1:]
    return best[1].astype(np.float32), best[2].astype(np.float32)


class Writer:
    def __init__(self, net, batches, levels, depth_levels):
        self.net, self.batches, self.levels, self.depth_levels = net, batches, levels, depth_levels
        self.out, self.gen = bytearray(), torch.Generator().manual_seed(1)

    def seen(self, module):
        """What a layer gets, with the layers before it rounded: (places, inputs)."""
        found = []

        def keep(_, inputs):
            x = inputs[0]
            if x.ndim == 4 and module.kernel_size == (3, 3):
                n, c = x.shape[:2]
                x = F.unfold(x, 3, padding=1, stride=module.stride)
                x = x.reshape(n, c, 9, -1).permute(0, 3, 2, 1).reshape(-1, 9 * c)
            elif x.ndim == 4:
                x = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
            found.append(x[torch.randperm(len(x), generator=self.gen)[:PLACES]])

        handle = module.register_forward_pre_hook(keep)
        with torch.no_grad():
            for batch in self.batches:
                self.net(batch)
        handle.remove()
        return torch.cat(found).double().numpy()

    def layer(self, module, weight, bias, order):
        """`order` turns (outputs, ...) into (outputs, inputs) as the crate reads them. Returns what the crate will compute with."""
        rows = order(weight).detach().numpy().astype(np.float32)
        bias = bias.detach().numpy()
        if not self.batches or getattr(module, "groups", 1) > 1:
            q, scale = rounded(rows, self.depth_levels)
        else:
            seen = self.seen(module)
            q, scale = compensated(rows, seen, self.levels)
            bias = bias + (rows - q * scale[:, None]) @ seen.mean(0)
        bias16 = bias.astype(np.float16)
        pad = (-len(rows)) % LANES if len(rows) == 3 else 0
        for values in (scale.astype(np.float16), bias16):
            self.out += np.concatenate([values, np.zeros(pad, np.float16)]).astype("<f2").tobytes()
        self.out += np.concatenate([q, np.zeros((pad, rows.shape[1]))]).T.astype(np.int8).tobytes()
        return torch.from_numpy(q * scale[:, None]), torch.from_numpy(bias16.astype(np.float32))


def taps(w):
    """(outputs, inputs, 3, 3) to (outputs, 9 * inputs), tap by tap."""
    return w.permute(0, 2, 3, 1).reshape(len(w), -1)


def flat(w):
    return w.reshape(len(w), -1)


def export(net, batches, levels, depth_levels):
    """The bytes, and `net` itself changed to compute with the rounded weights."""
    writer = Writer(net, batches, levels, depth_levels)

    def put(conv, bn, order):
        w, b = folded(conv, bn)
        q, bias = writer.layer(conv, w, b, order)
        if order is taps:
            n, c = w.shape[:2]
            conv.weight.data = q.reshape(n, 3, 3, c).permute(0, 3, 1, 2).contiguous()
        else:
            conv.weight.data = q.reshape(w.shape)
        nn.init.ones_(bn.weight)
        bn.bias.data = bias
        bn.running_mean.zero_()
        bn.running_var.fill_(1 - bn.eps)

    def separable(stage):
        for sep in stage:
            assert isinstance(sep, Sep)
            put(sep.dw, sep.bn1, taps)
            put(sep.pw, sep.bn2, flat)

    def plain(layer):
        q, bias = writer.layer(layer, layer.weight, layer.bias, flat)
        layer.weight.data, layer.bias.data = q.reshape(layer.weight.shape), bias

    put(net.stem, net.stem_bn, taps)
    for stage in (net.enc4, net.enc8, net.enc16):
        separable(stage)
    plain(net.context1.fc)
    separable(net.mid16)
    plain(net.context2.fc)
    separable(net.end16)
    plain(net.presence)
    put(net.up8.pw, net.up8.bn, flat)
    separable(net.dec8)
    put(net.up4.pw, net.up4.bn, flat)
    separable(net.dec4)
    plain(net.head)
    return bytes(writer.out)


def pictures(shard):
    """Pictures of a shard at the size that the crate uses."""
    with np.load(shard) as z:
        images = z["images"][:PICTURES]
    height, width = images.shape[1:3]
    k = 192 / max(height, width)
    size = round(width * k / 16) * 16, round(height * k / 16) * 16
    return normalize(torch.from_numpy(np.stack([cv2.resize(i, size, interpolation=cv2.INTER_AREA) for i in images])))


def test_picture():
    """Luma, blue and red difference, 192 x 144: a bright sheet on a coloured ground. The crate's test draws the same."""
    y, x = np.mgrid[0:144, 0:192]
    sheet = (x + y // 8 > 60) & (x + y // 8 < 150) & (y > 20) & (y < 120)
    print_ = (y // 4 + x // 7) % 3 == 0
    luma = np.where(sheet, 220 - 60 * print_, 90 + (x * 5 + y * 3) % 17)
    return np.stack([luma, np.where(sheet, 126, 110), np.where(sheet, 129, 150)]).astype(np.float32)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--weights", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--calibrate", type=Path, nargs="*", default=[], help="shards; without any, weights are only rounded")
    p.add_argument("--levels", type=int, default=11, help="largest whole number of a weight")
    p.add_argument("--depth-levels", type=int, default=31, help="the same of the layers that see one channel, which are small")
    p.add_argument("--save", type=Path, help="also the rounded net for evaluate.py")
    a = p.parse_args()
    net = Net()
    net.load_state_dict(torch.load(a.weights))
    net.eval()
    torch.set_num_threads(1)
    data = export(net, [pictures(shard) for shard in a.calibrate], a.levels, a.depth_levels)
    (a.out / "net.bin").write_bytes(data)
    if a.save:
        torch.save(net.state_dict(), a.save)
    planes = torch.from_numpy(test_picture())
    x = torch.stack([(planes[0] - 128) / 64, (planes[1] - 128) / 32, (planes[2] - 128) / 32])
    with torch.no_grad():
        maps, present = net(x[None])
    maps = torch.sigmoid(maps)[0].reshape(3, -1).numpy()
    lines = [f"present 0 {torch.sigmoid(present)[0]:.6f}"]
    for name, values in zip(("region", "side", "corner"), maps):
        lines += [f"{name} {i} {values[i]:.6f}" for i in range(5, values.size, 97)]
    (a.out / "net.txt").write_text("\n".join(lines) + "\n")
    print(len(data), "bytes, sha256", hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
