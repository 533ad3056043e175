//! Prints what the bytes of files say: `cargo run --example inspect -- photo.jpg`.
#![allow(clippy::print_stdout)]

use std::{env, fs, io};

fn main() -> io::Result<()> {
    for path in env::args().skip(1) {
        let bytes = fs::read(&path)?;
        println!("{path}: {:#?}", icp_precheck::file::read_facts(&bytes, bytes.len() as u64));
    }
    Ok(())
}
