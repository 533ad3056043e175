//! Finds entries of a list by their ids.

use crate::order::order_of;

/// The ids of a list, each with its position. One type for every list, since a map for each is much code.
#[derive(Debug, Default)]
pub struct Index<'a> {
    /// In the order of the list.
    ids: Vec<&'a str>,
    /// Positions in the order of the ids.
    order: Vec<usize>,
}

impl<'a> Index<'a> {
    /// An index of these ids, given in the order of the list.
    #[must_use]
    pub fn new(ids: impl IntoIterator<Item = &'a str>) -> Self {
        Self::sorted(ids.into_iter().collect())
    }

    #[inline(never)]
    fn sorted(ids: Vec<&'a str>) -> Self {
        let order = order_of(ids.len(), &|a, b| ids.get(a).cmp(&ids.get(b)));
        Self { ids, order }
    }

    /// The ids in the order of the list.
    #[must_use]
    pub fn ids(&self) -> &[&'a str] {
        &self.ids
    }

    /// The position of the first entry with this id.
    #[must_use]
    #[inline(never)]
    pub fn get(&self, id: &str) -> Option<usize> {
        let start = self.order.partition_point(|at| self.ids.get(*at).is_some_and(|known| *known < id));
        let at = *self.order.get(start)?;
        (self.ids.get(at) == Some(&id)).then_some(at)
    }

    /// Whether there is an entry with this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.get(id).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::Index;

    #[test]
    fn the_first_of_several_is_found() {
        let index = Index::new(["b", "a", "b", "", "a"]);
        assert_eq!(["a", "b", "", "c"].map(|id| index.get(id)), [Some(1), Some(0), Some(3), None]);
        assert!(!Index::default().contains(""));
    }
}
