"""Scores weights or numbers on shards that no training saw: `python held.py --nets RUN/weights.pt RUN/numbers.pt --shards HELD/*.npz`.

The first net is the one that the others' maps are compared with. Prints for each net and shard the loss as in training, the
mean change of the map of the document, and how well that map covers the document (intersection over union; share above 0.85).
"""

import argparse
from pathlib import Path

import torch
from export import net_of
from model import normalize
from train import load, loss_of, shrink, targets

PICTURES = 200


def seen(net, x):
    with torch.no_grad():
        parts = [net(part) for part in x.split(20)]
    return torch.cat([maps for maps, _ in parts]), torch.cat([there for _, there in parts])


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--nets", type=Path, nargs="+", required=True)
    p.add_argument("--shards", type=Path, nargs="+", required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    nets = [(path, net_of(path)) for path in a.nets]
    for shard in a.shards:
        images, quads, present = (part[:PICTURES] for part in load(shard))
        images, quads = shrink(images, quads, 192)
        x, present = normalize(images), present.float()
        truth, first = targets(quads, present, *images.shape[1:3]), None
        for path, net in nets:
            maps, there = seen(net, x)
            region = torch.sigmoid(maps[:, 0])
            first = region if first is None else first
            found, true = region > 0.5, truth[:, 0] > 0.5
            iou = ((found & true).sum((1, 2)) / (found | true).sum((1, 2)).clamp_min(1))[present > 0]
            print(f"{shard} {path} loss {loss_of(maps, there, truth, present):.4f} changed {(region - first).abs().mean():.4f}"
                  f" mean {iou.mean():.4f} >0.85 {(iou > 0.85).float().mean():.3f}")


if __name__ == "__main__":
    main()
