//! Puts lists in order.
//!
//! The standard library's sort is 6 to 9 KB for each type that is sorted. Here there is one of half a kilobyte for all: it
//! sorts positions, and the list is put together anew. The lists of this crate are short.

use std::cmp::Ordering;

/// Sorts a list; what weighs the same keeps its order.
pub fn sort_by<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order_of(items.len(), &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    items.extend(order.into_iter().filter_map(|at| taken.get_mut(at)?.take()));
}

/// Sorts a list by a key; what has the same key keeps its order.
pub fn sort_by_key<T, K: Ord>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Adds an item to a list that has each once, in order; whether it was not there yet.
#[inline(never)]
pub fn insert<T: Ord>(items: &mut Vec<T>, item: T) -> bool {
    let place = items.binary_search(&item);
    if let Err(place) = place {
        items.insert(place, item);
    }
    place.is_err()
}

/// The positions of a list of this length in the order of what stands there; `compare` is told positions.
#[must_use]
#[inline(never)]
pub fn order_of(length: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    // A merge sort: runs of one, two, four ... are merged until there is one.
    let mut order: Vec<usize> = (0..length).collect();
    let mut merged = Vec::with_capacity(length);
    let mut run = 1;
    while run < length {
        for runs in order.chunks(2 * run) {
            let (mut left, mut right) = runs.split_at(run.min(runs.len()));
            while let ([a, left_rest @ ..], [b, right_rest @ ..]) = (left, right) {
                if compare(*b, *a) == Ordering::Less {
                    merged.push(*b);
                    right = right_rest;
                } else {
                    merged.push(*a);
                    left = left_rest;
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut order, &mut merged);
        merged.clear();
        run *= 2;
    }
    order
}

/// The number at this place if the numbers were in order, after `f32::total_cmp`; `None` past their end.
///
/// The range from the least to the greatest is cut into at most 256 parts, of few numbers into 16, and only what lies in the
/// right part is kept, until that is one number: at most eight times, whatever the list holds.
#[inline(never)]
pub fn nth(numbers: &[f32], place: usize) -> Option<f32> {
    let mut keys: Vec<u32> = numbers.iter().copied().map(key).collect();
    let mut left = place;
    loop {
        let (least, greatest) = keys.iter().fold((u32::MAX, 0), |(least, most), key| (least.min(*key), most.max(*key)));
        if least >= greatest {
            let bits = if least >> 31 == 0 { !least } else { least ^ 1 << 31 };
            return (left < keys.len()).then_some(f32::from_bits(bits));
        }
        let bits = if keys.len() < 256 { 4 } else { 8 };
        let shift = (32 - (greatest - least).leading_zeros()).saturating_sub(bits);
        let part_of = |key: u32| key.wrapping_sub(least) >> shift;
        let mut counts = [0; 256];
        for key in &keys {
            if let Some(count) = counts.get_mut(part_of(*key) as usize) {
                *count += 1;
            }
        }
        let found = counts.iter().position(|count| {
            let is_here = left < *count;
            left -= if is_here { 0 } else { *count };
            is_here
        });
        let part = found? as u32;
        keys.retain(|key| part_of(*key) == part);
    }
}

/// A whole number for each number, in the same order.
fn key(number: f32) -> u32 {
    let bits = number.to_bits();
    if bits >> 31 == 0 { bits ^ 1 << 31 } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::{insert, nth, sort_by, sort_by_key};

    #[test]
    fn any_place_holds_what_it_holds_in_a_sorted_list() {
        let mut seed = 1_u32;
        for length in [0, 1, 2, 3, 20, 1000] {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                f32::from_bits(seed.rotate_left(seed >> 27))
            };
            let mut numbers: Vec<f32> = (0..length).map(|_| next()).collect();
            numbers.extend(numbers.clone());
            numbers.extend([0.0, -0.0, 1.0, -1.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY]);
            let found: Vec<_> = (0..=numbers.len()).map(|place| nth(&numbers, place).map(f32::to_bits)).collect();
            numbers.sort_by(f32::total_cmp);
            let sorted = numbers.iter().map(|number| Some(number.to_bits())).chain([None]);
            assert!(sorted.eq(found));
        }
    }

    #[test]
    fn sorts_as_the_standard_library_does() {
        let mut seed = 1_u32;
        for length in [0, 1, 2, 3, 20, 21, 100, 1000] {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 28
            };
            // Few keys, so that many weigh the same; the text tells them apart.
            let list: Vec<(u32, String)> = (0..length).map(|at| (next(), at.to_string())).collect();
            let (mut sorted, mut expected) = (list.clone(), list.clone());
            sort_by_key(&mut sorted, |item| item.0);
            expected.sort_by_key(|item| item.0);
            assert_eq!(sorted, expected);
            sort_by(&mut sorted, |a, b| b.1.cmp(&a.1));
            expected.sort_by(|a, b| b.1.cmp(&a.1));
            assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn numbers_are_kept_once_and_in_order() {
        let mut numbers = Vec::new();
        for number in [3, 1, 3, 2, 1] {
            insert(&mut numbers, number);
        }
        assert_eq!(numbers, [1, 2, 3]);
    }
}
