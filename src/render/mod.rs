//! Planes back to a file: scaling, putting several pictures on one sheet, and saving as JPEG below a number of bytes.

mod encode;
mod resize;
mod sheet;

pub use encode::{Encoded, encode_below};
pub use sheet::{Layout, Piece, Plan, Sheet, plan};
