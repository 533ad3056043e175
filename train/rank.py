"""Fits the ranking of quads and the curve of its confidence: `python rank.py --fit FIT.jsonl --held HELD.jsonl [--photos DESKS.jsonl]`.

FIT and HELD are what `cargo run --release --example accuracy -- --fit --candidates FIT.jsonl` and the same without `--fit`
write. DESKS is what `cargo run --release --example locate -- DIR/*.jpg` prints for pictures of `render.py --photos`, of
which every second one is held back. Prints the constants of src/locate/mod.rs: WEIGHTS, EVEN_SCORE, SCORE_SLOPE; and how
the choice does.

In each picture the weights choose by softmax over the considered quads; the loss is the cross-entropy with a target that
prefers the quads whose overlap is nearly the best one's.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from evaluate import iou

# A quad whose overlap is this much below the best one's is e times less wanted.
SOFTNESS = 0.01
# Pulls every weight to zero, in units of a feature's own spread.
DECAY = 0.004


def load(path):
    pictures = []
    for line in open(path):
        p = json.loads(line)
        # Scans have no sides to find: src/locate/mod.rs tells them by the maps alone.
        if p["candidates"] and not p["set"].endswith("scan"):
            f = np.array([c["features"] for c in p["candidates"]])
            o = np.array([c["overlap"] for c in p["candidates"]])
            pictures.append((p["set"], f, o))
    return p["names"], pictures


def load_photos(path):
    pictures = []
    for line in open(path):
        p = json.loads(line)
        file = Path(p["file"])
        truth = {i["file"]: np.array(i["corners"]) for i in json.loads((file.parent / "quads.json").read_text())["images"]}
        if p["candidates"]:
            f = np.array([c["features"] for c in p["candidates"]])
            o = np.array([iou(np.array(c["quad"]), truth[file.name]) for c in p["candidates"]])
            pictures.append(("desk", f, o))
    return pictures


def report(name, pictures, weights, even, slope):
    rows = {}
    for kind, f, o in pictures:
        s = f @ weights
        rows.setdefault(kind, []).append((o[s.argmax()], o.max(), 1 / (1 + np.exp(-slope * (s.max() - even)))))
    for kind, r in [*rows.items(), ("all", sum(rows.values(), []))]:
        got, best, sure = np.array(r).T
        print(f"{name} {kind:36} n {len(got):3} mean {got.mean():.3f} >=0.9 {(got >= 0.9).mean():.3f} best possible {(best >= 0.9).mean():.3f}"
              f" unsure {(sure < 0.6).mean():.3f} sure and wrong {((sure >= 0.6) & (got < 0.9)).mean():.3f}"
              f" surely wrong {((sure >= 0.9) & (got < 0.9)).mean():.3f}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--fit", type=Path, required=True)
    p.add_argument("--held", type=Path, required=True)
    p.add_argument("--photos", type=Path)
    a = p.parse_args()
    names, fit = load(a.fit)
    _, held = load(a.held)
    desks = load_photos(a.photos) if a.photos else []
    fit, held = fit + desks[::2], held + desks[1::2]
    spread = np.concatenate([f for _, f, _ in fit]).std(0) + 1e-6
    w = torch.zeros(len(names), dtype=torch.float64, requires_grad=True)
    data = [(torch.tensor(f / spread), torch.softmax(torch.tensor((o - o.max()) / SOFTNESS), 0), o.max()) for _, f, o in fit]
    data = [(f, t) for f, t, best in data if best > 0.8]
    opt = torch.optim.LBFGS([w], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        opt.zero_grad()
        loss = sum(-(t * torch.log_softmax(f @ w, 0)).sum() for f, t in data) / len(data) + DECAY * (w ** 2).sum()
        loss.backward()
        return loss

    opt.step(closure)
    weights = w.detach().numpy() / spread
    # The score of the chosen quad to the probability that it is right.
    chosen = [(f @ weights, o) for _, f, o in fit]
    score = torch.tensor([s.max() for s, _ in chosen])
    right = torch.tensor([float(o[s.argmax()] >= 0.9) for s, o in chosen])
    line = torch.tensor([0.3, float(-0.3 * score.median())], dtype=torch.float64, requires_grad=True)
    curve = torch.optim.LBFGS([line], max_iter=200, line_search_fn="strong_wolfe")

    def curve_loss():
        curve.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(line[0] * score + line[1], right)
        loss.backward()
        return loss

    curve.step(curve_loss)
    slope, shift = line.tolist()
    even = -shift / slope
    for name, value in zip(names, weights):
        print(f"{name:20} {value:8.3f}")
    print("WEIGHTS", ", ".join(f"{v:.3f}" for v in weights))
    print(f"EVEN_SCORE {even:.2f} SCORE_SLOPE {slope:.3f}")
    report("fit", fit, weights, even, slope)
    report("held", held, weights, even, slope)


if __name__ == "__main__":
    main()
