//! Points and quads in pixels of the displayed picture: x grows to the right, y downwards.

/// `[x, y]` in pixels of the displayed picture (Exif orientation applied).
pub type Point = [f64; 2];

/// Four corners, clockwise as seen on screen, from the one with the smallest `x + y`.
pub type Quad = [Point; 4];
