"""Scores weights on labelled photos: `python evaluate.py --weights RUN/weights.pt --photos DIR [--long 192] [--sheet out.png]`.

DIR holds `quads.json` ({"images": [{"file", "width", "height", "corners"}], "cut_by_the_frame": [file]}), corners in pixels of the
displayed picture. Prints the IoU of the quad fitted to the map, before any refinement on the full picture.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from export import net_of
from model import normalize
from PIL import Image, ImageOps
from quads import fit


def iou(a, b):
    a, b = cv2.convexHull(a.astype(np.float32)), cv2.convexHull(b.astype(np.float32))
    both = cv2.intersectConvexConvex(a, b)[0]
    return both / (cv2.contourArea(a) + cv2.contourArea(b) - both)


def input_size(width, height, long_side):
    k = long_side / max(width, height)
    return max(32, round(width * k / 16) * 16), max(32, round(height * k / 16) * 16)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--weights", type=Path, required=True, help="weights.pt, or numbers.pt of quantize.py")
    p.add_argument("--photos", type=Path, required=True)
    p.add_argument("--long", type=int, default=192)
    p.add_argument("--sheet", type=Path)
    p.add_argument("--cache", type=Path, help="an .npz with the small photos, made if it is not there")
    p.add_argument("--verbose", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(1)
    net = net_of(a.weights)
    truth = json.loads((a.photos / "quads.json").read_text())
    todo = [(i["file"], np.array(i["corners"])) for i in truth["images"]] + [(f, None) for f in truth.get("cut_by_the_frame", [])]
    by_set, tiles = {}, []
    small = dict(np.load(a.cache)) if a.cache and a.cache.exists() else {}
    for file, corners in todo:
        if file not in small:
            full = ImageOps.exif_transpose(Image.open(a.photos / file)).convert("RGB")
            full_w, full_h = full.size
            k = 768 / max(full.size)
            small[file] = np.array(full.resize((round(full_w * k), round(full_h * k)), Image.BOX))
            small[file + "#"] = np.array(full.size)
        full_w, full_h = small[file + "#"]
        w, h = input_size(full_w, full_h, a.long)
        img = cv2.resize(small[file], (w, h), interpolation=cv2.INTER_AREA)
        with torch.no_grad():
            maps, there = net(normalize(torch.from_numpy(img)[None]))
        maps = torch.sigmoid(maps)[0].numpy()
        quad, score = fit(maps[0])
        name = file.split("/")[0]
        if corners is not None:
            true = corners * [w / full_w / 4, h / full_h / 4]
            got = iou(quad, true) if quad is not None else 0.0
            by_set.setdefault(name, []).append(got)
            if a.verbose:
                print(f"{got:.3f} fit {score:.3f} present {torch.sigmoid(there)[0]:.2f} {file}")
        elif a.verbose:
            print(f"  cut fit {score:.3f} present {torch.sigmoid(there)[0]:.2f} {file}")
        if a.sheet:
            t = np.zeros((192, 384, 3), np.uint8)
            big = cv2.resize(img, None, fx=192 / max(w, h), fy=192 / max(w, h))
            if quad is not None:
                cv2.polylines(big, [np.round(quad * 4 * 192 / max(w, h)).astype(np.int32)], True, (255, 0, 0), 1, cv2.LINE_AA)
            m = cv2.resize((maps.transpose(1, 2, 0) * 255).astype(np.uint8), (big.shape[1], big.shape[0]))
            t[:big.shape[0], :big.shape[1]] = big
            t[:m.shape[0], 192:192 + m.shape[1]] = m
            tiles.append(t)
    if a.cache:
        np.savez(a.cache, **small)
    all_of = [v for values in by_set.values() for v in values]
    for name, values in [*by_set.items(), ("all", all_of)]:
        v = np.array(values)
        print(f"{name:20} n {len(v):3} mean {v.mean():.3f} >=0.9 {(v >= 0.9).mean():.2f} >=0.8 {(v >= 0.8).mean():.2f}")
    if a.sheet:
        while len(tiles) % 5:
            tiles.append(np.zeros_like(tiles[0]))
        rows = [np.hstack(tiles[i:i + 5]) for i in range(0, len(tiles), 5)]
        Image.fromarray(np.vstack(rows)).save(a.sheet)


if __name__ == "__main__":
    main()
