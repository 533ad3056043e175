"""Makes the weights of a trained net whole numbers that need few bits: `python quantize.py --weights RUN/weights.pt --shards SHARDS --calibrate SHARD.npz… --out RUN`.

First every layer is rounded for itself: each whole number is the best choice between what the layer's answers lose by it,
weighed by how much the maps depend on them (Fisher information), and the bits it costs; what one rounding spoils, the weights
after it make good as far as they can (GPTQ, Frantar et al., 2022). Then the rounded net learns on, from the truth and from
the net that was not rounded, with the bits as a part of the loss (straight-through rounding).

Writes `numbers.pt`, which export.py turns into the crate's file.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from model import Net, Sep, normalize
from torch import nn
from torch.func import functional_call
from torch.nn import functional as F
from train import SIZES, Shards, batches, load, loss_of, plan, rounds, save, schedule, shrink

# Pictures of each shard and places of each batch that are looked at before the rounding.
PICTURES, PLACES = 48, 6000
# Keeps what the layers see invertible, as a share of its mean square.
DAMPING = 0.003
# The largest whole number: a byte holds it.
LARGEST = 127
STEPS_PER_TABLE = 50
# The largest whole number of a bias: they are few, but every answer has the same part of them.
BIAS = 31
# Bits that a scale of weights lacks of a 16-bit float: it is a power of two, or one and a half of that.
SCALE_DROP = 9


def folded(net):
    """The same net with its batch norms inside the convolutions."""
    for conv, bn, owner, name in pairs(net):
        k = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        conv.weight.data = (conv.weight * k[:, None, None, None]).detach()
        conv.bias = nn.Parameter((bn.bias - bn.running_mean * k).detach())
        setattr(owner, name, nn.Identity())
    return net


def pairs(net):
    found = [(net.stem, net.stem_bn, net, "stem_bn")]
    for module in net.modules():
        if isinstance(module, Sep):
            found += [(module.dw, module.bn1, module, "bn1"), (module.pw, module.bn2, module, "bn2")]
    return found + [(up.pw, up.bn, up, "bn") for up in (net.up8, net.up4)]


def layers(net):
    """Names of the layers in the order of `run` in src/locate/net.rs."""
    def stage(name):
        count = len(getattr(net, name))
        return [f"{name}.{i}.{part}" for i in range(count) for part in ("dw", "pw")]

    return ["stem", *stage("enc4"), *stage("enc8"), *stage("enc16"), "context1.fc", *stage("mid16"), "context2.fc",
            *stage("end16"), "presence", "up8.pw", *stage("dec8"), "up4.pw", *stage("dec4"), "head"]


def flat(w):
    """(outputs, inputs) as the crate reads them: 3 x 3 tap by tap."""
    return (w.permute(0, 2, 3, 1) if w.ndim == 4 else w).reshape(len(w), -1)


def unflat(rows, shape):
    if len(shape) < 4:
        return rows.reshape(shape)
    n, c, h, w = shape
    return rows.reshape(n, h, w, c).permute(0, 3, 1, 2)


def short(values, drop=7):
    """The nearest 8-bit floats: a positive 16-bit float less its sign and `drop` bits, as src/locate/layers.rs reads them (7)."""
    bits = (np.asarray(values, np.float16).view(np.uint16).astype(int) + (1 << drop >> 1) >> drop) << drop - 7
    return np.clip(bits, 1, 247).astype(np.uint8)


def long(bits):
    return (bits.astype(np.uint16) << 7).view(np.float16).astype(np.float32)


def pictures(shard):
    images, quads, _ = (part[:PICTURES] for part in load(shard))
    return normalize(shrink(images, quads, 192)[0])


def equalize(net, batches):
    """Scales the channels between the two halves of each block, so that one step of rounding suits all of them."""
    for module in net.modules():
        if isinstance(module, Sep):
            found = []
            handle = module.pw.register_forward_pre_hook(lambda _, x: found.append(x[0].pow(2).mean((0, 2, 3))))
            with torch.no_grad():
                for batch in batches:
                    net(batch)
            handle.remove()
            power = torch.stack(found).mean(0)
            k = (power + 1e-3 * power.mean()).rsqrt()
            module.dw.weight.data *= k[:, None, None, None]
            module.dw.bias.data *= k
            module.pw.weight.data /= k[None, :, None, None]


def importance(net, batches, names):
    """For each output of each layer the Fisher information of an error that is the same in a whole picture's layer."""
    gen, sums, handles = torch.Generator().manual_seed(1), {}, []

    def watch(name):
        def keep(_, __, out):
            def add(grad):
                square = grad.double().pow(2)
                sums[name] = sums.get(name, 0) + (square.sum((0, 2, 3)) if grad.ndim == 4 else square.sum(0))

            out.register_hook(add)

        return keep

    for name in names:
        handles.append(net.get_submodule(name).register_forward_hook(watch(name)))
    for batch in batches:
        for part in batch.split(8):
            maps, present = net(part)
            p = torch.sigmoid(maps.detach())
            drawn = (torch.rand(p.shape, generator=gen) < p).float()
            weight = torch.stack([torch.ones_like(p[:, 0]), 0.5 * (1 + 3 * p[:, 1]), 0.5 * (1 + 10 * p[:, 2])], 1).sqrt()
            cells = p[0, 0].numel()
            there = (torch.rand(len(p), generator=gen) < torch.sigmoid(present.detach())).float()
            loss = (F.binary_cross_entropy_with_logits(maps, drawn, reduction="none") * weight).sum() / math.sqrt(cells)
            loss = loss + F.binary_cross_entropy_with_logits(present, there, reduction="sum") * math.sqrt(0.1)
            loss.backward()
    for handle in handles:
        handle.remove()
    net.zero_grad()
    count = sum(len(b) for b in batches)
    return {name: (value / count).numpy() for name, value in sums.items()}


def seen(net, module, batches, gen):
    """What a layer gets: (places, inputs), or (channels, places, 9) where each channel is on its own."""
    found = []

    def keep(_, inputs):
        x = inputs[0]
        if x.ndim == 4 and module.kernel_size == (3, 3):
            n, c = x.shape[:2]
            x = F.unfold(x, 3, padding=1, stride=module.stride).reshape(n, c, 9, -1)
            if module.groups > 1:
                x = x.permute(1, 0, 3, 2).reshape(c, -1, 9)
                found.append(x[:, torch.randperm(x.shape[1], generator=gen)[:PLACES]])
                return
            x = x.permute(0, 3, 2, 1).reshape(-1, 9 * c)
        elif x.ndim == 4:
            x = x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])
        found.append(x[torch.randperm(len(x), generator=gen)[:PLACES]])

    handle = module.register_forward_pre_hook(keep)
    with torch.no_grad():
        for batch in batches:
            net(batch)
    handle.remove()
    return torch.cat(found, -2).double().numpy()


def code_lengths(numbers):
    """Bits of 0, 1, 2… up to LARGEST + 1 (either sign) under the numbers' own distribution, never less for a larger one."""
    counts = np.bincount(np.abs(numbers).astype(int).ravel(), minlength=LARGEST + 2)[:LARGEST + 2].astype(float)
    counts[1:] /= 2
    counts[0] = max(counts[0], 1)
    # A tail that falls by a half from number to number stands for those that do not occur.
    for k in range(1, len(counts)):
        counts[k] = max(counts[k], counts[k - 1] / 2, 1e-3)
    total = counts[0] + 2 * counts[1:].sum()
    return np.maximum.accumulate(-np.log2(counts / total))


def entropy(numbers):
    counts = np.unique(np.asarray(numbers).ravel(), return_counts=True)[1]
    return -(counts * np.log2(counts / counts.sum())).sum()


def chosen(rows, products, weight, scale, price, table):
    """Whole numbers for `rows`, and what was to be rounded when it was each one's turn."""
    damped = products + (DAMPING * np.mean(np.diag(products)) + 1e-9) * np.eye(len(products))
    order = np.argsort(-np.diag(damped))
    # Row i says how an error of input i is spread over the inputs after it.
    spread = np.linalg.cholesky(np.linalg.inv(damped[np.ix_(order, order)])).T
    left, q, wanted = rows[:, order].astype(np.float64), np.zeros(rows.shape), np.zeros(rows.shape)
    for i, at in enumerate(order):
        value = left[:, i] / scale
        toward = np.sign(value)
        least = np.floor(np.abs(value))
        options = np.stack([np.minimum(least + 1, LARGEST), np.minimum(least, LARGEST), np.maximum(np.minimum(least, LARGEST) - 1, 0), np.zeros_like(least)])
        error = (np.abs(value) - options) * scale / spread[i, i]
        best = np.argmin(error ** 2 * weight + price * table[options.astype(int)], 0)
        q[:, at] = toward * options[best, np.arange(len(rows))]
        wanted[:, at] = value
        left[:, i:] -= np.outer((left[:, i] - q[:, at] * scale) / spread[i, i], spread[i, i:])
    return q, wanted


def rounded(net, batches, step, price):
    """Rounds the folded net in place, layer by layer. Returns per layer the whole numbers, the unrounded ones, scales."""
    names = layers(net)
    weights, gen, out = importance(net, batches, names), torch.Generator().manual_seed(1), {}
    for name in names:
        module = net.get_submodule(name)
        rows, weight = flat(module.weight.detach()).numpy().astype(np.float64), weights[name] + 1e-12
        x = seen(net, module, batches, gen)
        if x.ndim == 3:
            products = np.einsum("cpi,cpj->cij", x, x) / x.shape[1]
            power = np.trace(products, axis1=1, axis2=2) / 9
        else:
            products = x.T @ x / len(x)
            power = np.trace(products) / len(products)
        most = np.abs(rows).max(1) + 2.0 ** -14
        scale = long(short(np.clip(step / np.sqrt(weight * (power + 1e-6)), most / LARGEST, most), SCALE_DROP)).astype(np.float64)
        table = code_lengths(np.rint(rows / scale[:, None]))
        for _ in range(2):
            if x.ndim == 3:
                got = [chosen(rows[c:c + 1], products[c], weight[c:c + 1], scale[c:c + 1], price, table) for c in range(len(rows))]
                q, wanted = (np.concatenate(part) for part in zip(*got))
            else:
                q, wanted = chosen(rows, products, weight, scale, price, table)
            table = code_lengths(q)
        miss = rows - q * scale[:, None]
        shift = np.einsum("ci,ci->c", miss, x.mean(1)) if x.ndim == 3 else miss @ x.mean(0)
        module.bias.data += torch.from_numpy(shift).float()
        module.weight.data = unflat(torch.from_numpy(q * scale[:, None]).float(), module.weight.shape).contiguous()
        out[name] = q, wanted, scale
    return out


class Steps(torch.autograd.Function):
    """Rounds; gradients pass as if it did not."""

    @staticmethod
    def forward(ctx, x):
        return torch.round(x)

    @staticmethod
    def backward(ctx, grad):
        return grad


def bias_numbers(bias):
    """A layer's biases as whole numbers of about at most BIAS, and their 8-bit scale."""
    scale = short(np.abs(bias).max(keepdims=True) / BIAS)
    return np.rint(bias / long(scale)[0]), scale


class Coarse:
    """The net with whole numbers: what is learnt, and what it computes with."""

    def __init__(self, net, start):
        self.net, self.names, self.device = net, layers(net), net.stem.weight.device
        self.scales = {n: torch.from_numpy(start[n][2]).float().to(self.device) for n in self.names}
        self.values = {n: torch.from_numpy(np.clip(start[n][1], start[n][0] - 0.4, start[n][0] + 0.4)).float().to(self.device).requires_grad_() for n in self.names}
        self.clamp()
        self.biases = {n: net.get_submodule(n).bias.detach().clone().requires_grad_() for n in self.names}
        self.shapes = {n: net.get_submodule(n).weight.shape for n in self.names}
        self.count_tables()

    def count_tables(self):
        self.tables, self.bits = {}, 0.0
        for n in self.names:
            q = self.values[n].detach().round().cpu().numpy()
            self.tables[n] = torch.from_numpy(np.diff(code_lengths(q))).float().to(self.device)
            self.bits += entropy(q)

    def add_price(self, price):
        """Adds the gradient of the bits, between two whole numbers that of the line from one to the other."""
        for n, value in self.values.items():
            below = value.detach().abs().floor().long().clamp(max=LARGEST)
            value.grad += price * self.tables[n][below] * value.detach().sign()

    def clamp(self):
        for value in self.values.values():
            value.data.clamp_(-LARGEST, LARGEST)

    def parameters(self):
        out = {}
        for n in self.names:
            out[n + ".weight"] = unflat(Steps.apply(self.values[n]) * self.scales[n][:, None], self.shapes[n])
            bias = self.biases[n]
            step = float(long(bias_numbers(bias.detach().cpu().numpy())[1])[0])
            out[n + ".bias"] = Steps.apply(bias / step) * step
        return out

    def __call__(self, x):
        return functional_call(self.net, self.parameters(), (x,))

    def numbers(self):
        out = {}
        for n in self.names:
            bias, step = bias_numbers(self.biases[n].detach().cpu().numpy())
            out[n] = {"weights": self.values[n].detach().round().cpu().numpy().astype(np.int8), "scales": short(self.scales[n].cpu().numpy()),
                      "bias": bias.astype(np.int8), "bias_scale": step}
        return out


def like(logits, there, teacher, teacher_there):
    """How far from the teacher: as `loss_of`, with its answers as the truth, less what even the teacher would lose."""
    t, tt = torch.sigmoid(teacher.float()), torch.sigmoid(teacher_there.float())
    bce = F.binary_cross_entropy_with_logits
    weight = torch.stack([torch.ones_like(t[:, 0]), 0.5 * (1 + 3 * t[:, 1]), 0.5 * (1 + 10 * t[:, 2])], 1)
    cells = weight * (bce(logits.float(), t, reduction="none") - bce(teacher.float(), t, reduction="none"))
    return cells.sum(1).mean() + 0.1 * (bce(there.float(), tt) - bce(teacher_there.float(), tt))


def learn(coarse, teacher, a):
    gen, order = torch.Generator(a.device).manual_seed(a.seed), np.random.default_rng([a.seed, 3])
    shards = Shards(a, order)
    opt = torch.optim.Adam([{"params": list(coarse.values.values()), "rate": a.rate},
                            {"params": list(coarse.biases.values()), "rate": a.bias_rate}], betas=(0.9, 0.99))
    step, begun, seen = 0, time.time(), 0
    for r, before, after in rounds(a, begun):
        name, shard = shards.next(r)
        losses = []
        for part, x, maps, e in batches(shard, int(order.choice(SIZES[a.sizes])), a, gen):
            for g in opt.param_groups:
                g["lr"] = g["rate"] * (schedule(a, step, before + part * (after - before)) + 1e-4)
            if step % STEPS_PER_TABLE == 0:
                coarse.count_tables()
            x = x.contiguous(memory_format=torch.channels_last)
            with torch.autocast(a.device, dtype=torch.bfloat16):
                with torch.no_grad():
                    wanted, wanted_there = teacher(x)
                logits, there = coarse(x)
            task, apart = loss_of(logits, there, maps, e.float()), like(logits, there, wanted, wanted_there)
            opt.zero_grad()
            (a.truth * task + (1 - a.truth) * apart).backward()
            coarse.add_price(a.learn_price)
            opt.step()
            coarse.clamp()
            losses.append(torch.stack([task.detach(), apart.detach()]))
            step += 1
            seen += len(x)
        if losses and (a.device == "cpu" or r % 50 == 49):
            task, apart = torch.stack(losses).mean(0).tolist()
            print(f"round {r} shard {name} task {task:.4f} apart {apart:.4f} {coarse.bits / 8:.0f} bytes {seen / (time.time() - begun):.0f}/s {time.time() - begun:.0f}s", flush=True)
            save(coarse.numbers(), a.out / "numbers.pt")
    save(coarse.numbers(), a.out / "numbers.pt")


def main():
    p = argparse.ArgumentParser()
    plan(p)
    p.set_defaults(first=70, ready=116, rounds_per_shard=3.0, count=116, rounds=0, rate=0.01, warm_up=100, sizes="large", skip_full=0.8, closer=0.3)
    p.add_argument("--weights", type=Path, required=True)
    p.add_argument("--start", type=Path, help="numbers to go on from, instead of a first rounding")
    p.add_argument("--calibrate", type=Path, nargs="+", help="shards for the first rounding")
    p.add_argument("--step", type=float, default=0.001, help="of the rounding, in units of what the maps lose by it")
    p.add_argument("--price", type=float, default=0.2, help="of a bit in the first rounding, in squared steps")
    p.add_argument("--learn-price", type=float, default=0.0, help="the same while learning, in loss per bit")
    p.add_argument("--bias-rate", type=float, default=5e-4)
    p.add_argument("--truth", type=float, default=0.3, help="share of the loss that goes by the truth, not by the unrounded net")
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    a.out.mkdir(parents=True, exist_ok=True)
    net, teacher = Net(), Net()
    for n in (net, teacher):
        n.load_state_dict(torch.load(a.weights))
        n.eval()
        folded(n)
    teacher = teacher.to(a.device, memory_format=torch.channels_last)
    if a.start:
        start = {}
        for name, n in torch.load(a.start, weights_only=False).items():
            start[name] = n["weights"], n["weights"], long(n["scales"])
            net.get_submodule(name).bias.data = torch.from_numpy(n["bias"] * long(n["bias_scale"])[0])
    else:
        seen_first = [pictures(shard) for shard in a.calibrate]
        equalize(net, seen_first)
        start = rounded(net, seen_first, a.step, a.price * a.step ** 2)
    coarse = Coarse(net.to(a.device), start)
    print(f"rounded: {coarse.bits / 8:.0f} bytes", flush=True)
    save(coarse.numbers(), a.out / "numbers.pt")
    learn(coarse, teacher, a)


if __name__ == "__main__":
    main()
