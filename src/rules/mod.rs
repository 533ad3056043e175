//! Rules as data: sources, materials, facts, conditions, upload profiles.

pub mod upload;
