"""Fits the ranking of quads and the curve of its confidence: `python rank.py --fit FIT.jsonl --held HELD.jsonl [--photos DESKS.jsonl]`.

FIT and HELD are what `cargo run --release --example accuracy -- --fit --candidates FIT.jsonl` and the same without `--fit`
write. DESKS is what `cargo run --release --example locate -- DIR/*.jpg` prints for pictures of `render.py --photos`, of
which every second one is held back. Prints the constants of src/locate/mod.rs: WEIGHTS, CONFIDENCE and its constant, and for
pictures whose quads were looked at again FIT_WEIGHT, CONFIDENCE_AGAIN and its constant; and how the choice does. `--keep`
leaves what the first look goes by as it is.

In each picture the weights choose by softmax over the considered quads; the loss is the cross-entropy with a target that
prefers the quads whose overlap is nearly the best one's. The confidence is fitted to choices that are made by weights fitted
to the other three quarters of the pictures.
"""

import argparse
import json
import re
from pathlib import Path

import numpy as np
import torch
from evaluate import iou

# A quad whose overlap is this much below the best one's is e times less wanted.
SOFTNESS = 0.01
# Pulls every weight to zero, in units of a feature's own spread.
DECAY = 0.004
FOLDS = 4
# With less than this part in the picture, nobody can tell what the document is.
TELLING = 0.35
# As in src/locate/mod.rs.
RIVAL_OVERLAP, MOST_LEAD, CAUTION, SURE = 0.85, 6, 1.0, 0.6
CLEAR, CLEAR_AT_FRAME, PRINTED = 0.97, 0.8, 0.6
SAME_OVERLAP, STRIP_SCORE, STRIP_CLEARNESS, STRIP_LEFT_OUT = 0.9, 1, 0.6, 0.15


class Picture:
    def __init__(self, kind, size, names, candidates, overlaps):
        self.kind, self.overlaps = kind, np.array(overlaps)
        self.features = np.array([c["features"] for c in candidates])
        self.fits = None if candidates[0].get("fit") is None else np.array([c["fit"] for c in candidates])
        self.quads = np.array([c["quad"] for c in candidates])
        self.frame_sides, self.clearness, self.beyond, self.left_out, self.outside_alike = (
            self.features[:, names.index(name)] for name in ("frame-sides", "weakest-side", "learned-beyond", "frame-left-out", "outside-alike-mean"))
        margin = 0.003 * max(size)
        self.leaves = ((self.quads < -margin) | (self.quads > np.array(size) + margin)).any((1, 2)) | (self.frame_sides > 0)

    def choose(self, weights, fit_weight=0.0):
        """The quad that src/locate/mod.rs would choose, and what its confidence goes by."""
        score = self.features @ weights
        if self.fits is not None:
            score = score + fit_weight * self.fits
        order = np.argsort(-score)
        best = order[0]
        if self.frame_sides[best] > 0:
            near = [j for j in order if score[j] > score[best] - STRIP_SCORE and self.frame_sides[j] == 0]
            near = [j for j in near if self.clearness[j] >= STRIP_CLEARNESS and self.left_out[j] < STRIP_LEFT_OUT]
            best = next((j for j in near if iou(self.quads[j], self.quads[best]) > SAME_OVERLAP), best)
        rivals = (score[best] - score[j] for j in order if iou(self.quads[j], self.quads[best]) < RIVAL_OVERLAP)
        lead = min(next(rivals, MOST_LEAD), MOST_LEAD)
        evidence = [score[best], lead, self.frame_sides[best], self.clearness[best], self.beyond[best]]
        if self.fits is not None and fit_weight:
            evidence += [self.fits[best]]
        return best, evidence


    def forget(self, weights, confidence):
        """Forgets the second look where src/locate/mod.rs would not take one."""
        fits, self.fits = self.fits, None
        best, evidence = self.choose(weights)
        leaves = self.leaves[best]
        logit = np.dot(confidence[0], evidence) + confidence[1] - (0 if leaves else CAUTION)
        is_field = leaves and self.outside_alike[best] > PRINTED
        if not is_field and 1 / (1 + np.exp(-logit)) < (CLEAR_AT_FRAME if leaves else CLEAR):
            self.fits = fits


def load(path):
    names, pictures = None, []
    for line in open(path):
        p = json.loads(line)
        names = p["names"]
        # Scans have no sides to find: src/locate/mod.rs tells them by other means.
        if p["candidates"] and not p["set"].endswith("scan") and p["visible"] >= TELLING:
            pictures.append(Picture(p["set"], p["size"], names, p["candidates"], [c["overlap"] for c in p["candidates"]]))
    return names, pictures


def load_photos(path, names):
    pictures = []
    for line in open(path):
        p = json.loads(line)
        file = Path(p["file"])
        truth = {i["file"]: np.array(i["corners"]) for i in json.loads((file.parent / "quads.json").read_text())["images"]}
        overlaps = [iou(np.array(c["quad"]), truth[file.name]) for c in p["candidates"]]
        if overlaps:
            pictures.append(Picture("desk", p["sizePx"], names, p["candidates"], overlaps))
    return pictures


def lbfgs(count, loss):
    """The numbers that make a loss least."""
    w = torch.zeros(count, dtype=torch.float64, requires_grad=True)
    opt = torch.optim.LBFGS([w], max_iter=300, line_search_fn="strong_wolfe")

    def closure():
        opt.zero_grad()
        value = loss(w)
        value.backward()
        return value

    opt.step(closure)
    return w.detach().numpy()


def ranking(pictures):
    spread = np.concatenate([p.features for p in pictures]).std(0) + 1e-6
    data = [(torch.tensor(p.features / spread), torch.softmax(torch.tensor((p.overlaps - p.overlaps.max()) / SOFTNESS), 0))
            for p in pictures if p.overlaps.max() > 0.8]

    def loss(w):
        return sum(-(t * torch.log_softmax(f @ w, 0)).sum() for f, t in data) / len(data) + DECAY * (w ** 2).sum()

    return lbfgs(len(spread), loss) / spread


def curve(evidence, right):
    """Weights and constant of the logit of being right."""
    evidence = np.array(evidence, float)
    middle, spread = evidence.mean(0), evidence.std(0) + 1e-9
    x, y = torch.tensor((evidence - middle) / spread), torch.tensor(np.array(right, float))

    def loss(w):
        return torch.nn.functional.binary_cross_entropy_with_logits(x @ w[1:] + w[0], y) + 0.01 * (w[1:] ** 2).sum()

    constant, *weights = lbfgs(evidence.shape[1] + 1, loss)
    weights = np.array(weights) / spread
    return weights, constant - (weights * middle).sum()


def report(name, pictures, weights, confidence, fit_weight=0.0, again=None):
    rows = {}
    for p in pictures:
        looked = again is not None and p.fits is not None
        best, evidence = p.choose(weights, fit_weight if looked else 0.0)
        curve = again if looked else confidence
        logit = np.dot(curve[0], evidence) + curve[1] - (0 if p.leaves[best] else CAUTION)
        rows.setdefault(p.kind, []).append((p.overlaps[best], p.overlaps.max(), 1 / (1 + np.exp(-logit)), p.leaves[best]))
    for kind, r in [*rows.items(), ("all", sum(rows.values(), []))]:
        got, best, sure, leaves = np.array(r).T
        print(f"{name} {kind:36} n {len(got):3} mean {got.mean():.3f} >=0.9 {(got >= 0.9).mean():.3f} best possible {(best >= 0.9).mean():.3f}"
              f" unsure {(sure < SURE).mean():.3f} sure and wrong {((sure >= SURE) & (got < 0.9)).mean():.3f}"
              f" sure and leaves the picture {((sure >= SURE) & (leaves > 0)).mean():.3f}")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--fit", type=Path, required=True)
    p.add_argument("--held", type=Path, required=True)
    p.add_argument("--photos", type=Path)
    p.add_argument("--keep", action="store_true", help="takes the constants of the first look from src/locate/mod.rs")
    a = p.parse_args()
    names, fit = load(a.fit)
    _, held = load(a.held)
    desks = load_photos(a.photos, names) if a.photos else []
    fit, held = fit + desks[::2], held + desks[1::2]
    if a.keep:
        weights, confidence = constants()
    else:
        weights = ranking(fit)
        chosen = []
        for fold in range(FOLDS):
            others = ranking([p for i, p in enumerate(fit) if i % FOLDS != fold])
            chosen += [(p, *p.choose(others)) for p in fit[fold::FOLDS]]
        confidence = curve([evidence for _, _, evidence in chosen], [p.overlaps[best] >= 0.9 for p, best, _ in chosen])
        for name, value in zip(names, weights):
            print(f"{name:20} {value:8.3f}")
        print("WEIGHTS", ", ".join(f"{v:.3f}" for v in weights))
        print("CONFIDENCE", ", ".join(f"{v:.3f}" for v in confidence[0]), "CONFIDENCE_AT_ZERO", f"{confidence[1]:.3f}")
    report("fit", fit, weights, confidence)
    report("held", held, weights, confidence)
    for picture in fit + held:
        picture.forget(weights, confidence)
    looked = [p for p in fit if p.fits is not None]
    if looked:
        fit_weight = fitted_weight(looked, weights)
        chosen = [(p, *p.choose(weights, fit_weight)) for p in looked]
        again = curve([evidence for _, _, evidence in chosen], [p.overlaps[best] >= 0.9 for p, best, _ in chosen])
        print("FIT_WEIGHT", fit_weight, "CONFIDENCE_AGAIN", ", ".join(f"{v:.3f}" for v in again[0]), "CONFIDENCE_AGAIN_AT_ZERO", f"{again[1]:.3f}")
        report("fit, looked at again", fit, weights, confidence, fit_weight, again)
        report("held, looked at again", held, weights, confidence, fit_weight, again)


def fitted_weight(pictures, weights):
    """What one unit of the fit counts in the score: most overlaps of 0.9, then the best mean."""
    def worth(weight):
        got = np.array([p.overlaps[p.choose(weights, weight)[0]] for p in pictures])
        return (got >= 0.9).sum(), got.mean()

    return max((0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0), key=worth)


def constants():
    """WEIGHTS and CONFIDENCE of src/locate/mod.rs."""
    text = (Path(__file__).parent.parent / "src/locate/mod.rs").read_text()
    numbers = lambda name: [float(v) for v in re.search(rf"const {name}: [^=]*= \[?([^\];]*)", text)[1].replace("\n", " ").split(",") if v.strip()]
    return np.array(numbers("WEIGHTS")), (np.array(numbers("CONFIDENCE")[:5]), numbers("CONFIDENCE_AT_ZERO")[0])


if __name__ == "__main__":
    main()
