"""The net: a small encoder and decoder of depthwise-separable convolutions.

Input (N, 3, H, W): luma, blue and red difference, as `normalize` makes them; H and W are multiples of 16. Output: logits at a
quarter of that size (N, 3, H/4, W/4) for region, side and corner, and one logit for "there is a document".
The channel counts and the order of the layers are the ones of src/locate/net.rs.
"""

import torch
from torch import nn

STEM, QUARTER, EIGHTH, SIXTEENTH = 16, 24, 48, 96


def normalize(rgb):
    """RGB uint8 (N, H, W, 3) to the input planes, after ITU-T T.871."""
    r, g, b = rgb.float().unbind(-1)
    y = 0.299 * r + 0.587 * g + 0.114 * b
    cb, cr = (b - y) * 0.564334, (r - y) * 0.713267
    return torch.stack([(y - 128) / 64, cb / 32, cr / 32], 1)


class Sep(nn.Module):
    """Depthwise, then pointwise; adds its input unless the shape changes."""

    def __init__(self, cin, cout, stride=1):
        super().__init__()
        self.dw = nn.Conv2d(cin, cin, 3, stride, 1, groups=cin, bias=False)
        self.bn1 = nn.BatchNorm2d(cin)
        self.pw = nn.Conv2d(cin, cout, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(cout)
        self.residual = stride == 1 and cin == cout

    def forward(self, x):
        y = self.bn2(self.pw(torch.relu(self.bn1(self.dw(x)))))
        return torch.relu(x + y if self.residual else y)


class Up(nn.Module):
    """Pointwise, doubled by repeating, added to the encoder's map of that size."""

    def __init__(self, cin, cout):
        super().__init__()
        self.pw = nn.Conv2d(cin, cout, 1, bias=False)
        self.bn = nn.BatchNorm2d(cout)

    def forward(self, x, skip):
        y = self.bn(self.pw(x))
        return torch.relu(nn.functional.interpolate(y, scale_factor=2, mode="nearest") + skip)


def stage(cin, cout, blocks):
    return nn.Sequential(Sep(cin, cout, 2), *[Sep(cout, cout) for _ in range(blocks)])


def blocks(channels, count):
    return nn.Sequential(*[Sep(channels, channels) for _ in range(count)])


class Context(nn.Module):
    """Adds what the whole picture says (its mean) to every cell."""

    def __init__(self, channels):
        super().__init__()
        self.fc = nn.Linear(channels, channels)

    def forward(self, x):
        return torch.relu(x + self.fc(x.mean((2, 3)))[:, :, None, None])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, STEM, 3, 2, 1, bias=False)
        self.stem_bn = nn.BatchNorm2d(STEM)
        self.enc4 = stage(STEM, QUARTER, 2)
        self.enc8 = stage(QUARTER, EIGHTH, 3)
        self.enc16 = stage(EIGHTH, SIXTEENTH, 3)
        self.context1 = Context(SIXTEENTH)
        self.mid16 = blocks(SIXTEENTH, 3)
        self.context2 = Context(SIXTEENTH)
        self.end16 = blocks(SIXTEENTH, 2)
        self.presence = nn.Linear(SIXTEENTH, 1)
        self.up8 = Up(SIXTEENTH, EIGHTH)
        self.dec8 = blocks(EIGHTH, 3)
        self.up4 = Up(EIGHTH, QUARTER)
        self.dec4 = blocks(QUARTER, 3)
        self.head = nn.Conv2d(QUARTER, 3, 1)

    def forward(self, x):
        x4 = self.enc4(torch.relu(self.stem_bn(self.stem(x))))
        x8 = self.enc8(x4)
        x16 = self.context1(self.enc16(x8))
        x16 = self.end16(self.context2(self.mid16(x16)))
        present = self.presence(x16.mean((2, 3)))[:, 0]
        y = self.dec8(self.up8(x16, x8))
        y = self.dec4(self.up4(y, x4))
        return self.head(y), present
