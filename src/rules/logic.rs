//! Conditions with three values (Kleene): true, false, and unknown while an answer is missing that matters.
//!
//! What is known never becomes wrong by a further answer: an answer can only turn unknown into true or false.

use super::condition::{Condition, Part, Shape, Test};
use super::format::{Fact, FactType, RuleSet};
use super::index::Index;
use crate::date::Date;
use crate::order::sort_by_key;
use crate::string::Str;

/// `None` is unknown.
pub type Truth = Option<bool>;

/// What is known of a fact, by the fact's position in the rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Known {
    /// Not answered.
    #[default]
    Unknown,
    /// Yes or no.
    Flag(bool),
    /// A number; of a date its [`Date::number`], or [`LONG_TERM`].
    Number(i64),
    /// The position of the option or region.
    Option(u32),
    /// Of a text: the term lists with a term in it, and the shapes that it has, one bit each.
    Text(u64, u8),
}

/// The day on which something ends that never ends.
pub const LONG_TERM: i64 = i64::MAX;

/// A condition with facts, options and term lists looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Every one holds; none: true.
    All(Vec<Node>),
    /// One of them holds; none: false.
    Any(Vec<Node>),
    /// It does not hold.
    Not(Box<Node>),
    /// A fact passes a test.
    Leaf {
        /// Position of the fact.
        fact: usize,
        /// The test.
        test: Leaf,
    },
}

/// A test of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaf {
    /// It is yes, or no.
    Flag(bool),
    /// It lies between these, both included.
    Between(i64, i64),
    /// It is one of these options, one bit each.
    OneOf(u64),
    /// It contains a term of this list.
    Contains(u32),
    /// It has this shape, a bit.
    Shaped(u8),
    /// Refers to something that the rule set does not have; never true, never false.
    Broken,
}

/// Looks up what conditions refer to.
#[derive(Debug)]
pub struct Names<'a> {
    facts: Index<'a>,
    set: &'a RuleSet,
    on: Date,
}

impl<'a> Names<'a> {
    /// The names of a rule set, and the day from which dates are reckoned.
    #[must_use]
    pub fn new(set: &'a RuleSet, on: Date) -> Self {
        Self { facts: Index::new(set.facts.iter().map(|fact| fact.id.as_str())), set, on }
    }

    /// The position of a fact and the fact.
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<(usize, &'a Fact)> {
        let at = self.facts.get(id)?;
        Some((at, self.set.facts.get(at)?))
    }

    /// The position of an option of a fact.
    #[must_use]
    pub fn option(&self, fact: &Fact, value: &str) -> Option<u32> {
        let found = match fact.kind {
            FactType::Region => self.set.regions.iter().position(|region| region.code == value),
            _ => fact.options.iter().position(|option| option.value == value),
        };
        found.and_then(|position| u32::try_from(position).ok())
    }

    /// Looks up everything in a condition.
    #[must_use]
    pub fn compile(&self, condition: &Condition) -> Node {
        let mut nodes: Vec<_> = condition.parts.iter().map(|part| self.part(part)).collect();
        match nodes.len() {
            1 => nodes.remove(0),
            _ => Node::All(nodes),
        }
    }

    fn part(&self, part: &Part) -> Node {
        let list = |conditions: &[Condition]| conditions.iter().map(|condition| self.compile(condition)).collect();
        match part {
            Part::Any(conditions) => Node::Any(list(conditions)),
            Part::All(conditions) => Node::All(list(conditions)),
            Part::Not(condition) => Node::Not(Box::new(self.compile(condition))),
            Part::Fact(id, test) => self.test(id, test),
            Part::TextContains(search) => {
                let terms = self.set.terms.iter().position(|list| list.id == search.terms);
                let test = terms.and_then(|at| u32::try_from(at).ok()).map_or(Leaf::Broken, Leaf::Contains);
                let leaf = |id: &Str| Node::Leaf { fact: self.fact(id).map_or(0, |(fact, _)| fact), test };
                Node::Any(search.facts.iter().map(leaf).collect())
            }
            Part::TextIs(look) => {
                let test = Leaf::Shaped(look.shape.bit());
                let leaf = |id: &Str| match self.fact(id) {
                    Some((fact, _)) => Node::Leaf { fact, test },
                    None => Node::Leaf { fact: 0, test: Leaf::Broken },
                };
                Node::Any(look.facts.iter().map(leaf).collect())
            }
        }
    }

    fn test(&self, id: &str, test: &Test) -> Node {
        let Some((position, fact)) = self.fact(id) else {
            return Node::Leaf { fact: 0, test: Leaf::Broken };
        };
        let test = match test {
            Test::Flag(flag) => Leaf::Flag(*flag),
            Test::Number(number) => Leaf::Between(*number, *number),
            Test::Range(range) => {
                let (min, max) = range.bounds();
                Leaf::Between(min, max)
            }
            Test::Ahead(ahead) => match ahead.first_day(self.on) {
                Some(first) => Leaf::Between(first, i64::MAX),
                None => Leaf::Broken,
            },
            Test::Word(word) => Leaf::OneOf(self.bits(fact, std::slice::from_ref(word))),
            Test::Words(words) => Leaf::OneOf(self.bits(fact, words)),
        };
        Node::Leaf { fact: position, test }
    }

    fn bits(&self, fact: &Fact, words: &[Str]) -> u64 {
        let mut bits = 0;
        for word in words {
            match word.strip_prefix('@') {
                Some(group) => bits |= fact.groups.get(group).map_or(0, |members| self.bits(fact, members)),
                None => bits |= self.option(fact, word).and_then(|at| 1_u64.checked_shl(at)).unwrap_or(0),
            }
        }
        bits
    }
}

impl Node {
    /// The value of the condition.
    #[must_use]
    pub fn truth(&self, state: &[Known]) -> Truth {
        match self {
            Self::All(nodes) => conjunction(nodes.iter().map(|node| node.truth(state))),
            Self::Any(nodes) => {
                conjunction(nodes.iter().map(|node| node.truth(state).map(|truth| !truth))).map(|truth| !truth)
            }
            Self::Not(node) => node.truth(state).map(|truth| !truth),
            Self::Leaf { fact, test } => test.truth(state.get(*fact).copied().unwrap_or_default()),
        }
    }

    /// Collects the facts that give a condition its value; of an unknown one those that are answered.
    pub fn deciding(&self, state: &[Known], found: &mut Vec<usize>) {
        let truth = self.truth(state);
        match self {
            // One failing part is reason enough, but all parts are needed to succeed; for "any" the other way round.
            Self::All(nodes) | Self::Any(nodes) if truth == Some(matches!(self, Self::Any(_))) => {
                if let Some(node) = nodes.iter().find(|node| node.truth(state) == truth) {
                    node.deciding(state, found);
                }
            }
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.deciding(state, found)),
            Self::Not(node) => node.deciding(state, found),
            Self::Leaf { fact, .. } => {
                if truth.is_some() && !found.contains(fact) {
                    found.push(*fact);
                }
            }
        }
    }

    /// Collects the unanswered facts that an unknown condition hangs on.
    pub fn missing(&self, state: &[Known], found: &mut Vec<usize>) {
        if self.truth(state).is_some() {
            return;
        }
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.missing(state, found)),
            Self::Not(node) => node.missing(state, found),
            Self::Leaf { fact, test } => {
                if *test != Leaf::Broken && !found.contains(fact) {
                    found.push(*fact);
                }
            }
        }
    }

    /// Calls `visit` with every test of the condition.
    pub fn leaves(&self, visit: &mut impl FnMut(usize, Leaf)) {
        match self {
            Self::All(nodes) | Self::Any(nodes) => nodes.iter().for_each(|node| node.leaves(visit)),
            Self::Not(node) => node.leaves(visit),
            Self::Leaf { fact, test } => visit(*fact, *test),
        }
    }
}

impl Leaf {
    fn truth(self, known: Known) -> Truth {
        Some(match (self, known) {
            (Self::Flag(wanted), Known::Flag(flag)) => wanted == flag,
            (Self::Between(min, max), Known::Number(number)) => min <= number && number <= max,
            (Self::OneOf(bits), Known::Option(at)) => has_bit(bits, at),
            (Self::Contains(list), Known::Text(hits, _)) => has_bit(hits, list),
            (Self::Shaped(bit), Known::Text(_, shapes)) => shapes & bit != 0,
            _ => return None,
        })
    }
}

fn has_bit(bits: u64, at: u32) -> bool {
    1_u64.checked_shl(at).is_some_and(|bit| bits & bit != 0)
}

fn conjunction(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut all = Some(true);
    for truth in truths {
        match truth {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Term lists, ready to be looked for.
#[derive(Debug, Default)]
pub struct TermIndex {
    /// In the order of their first characters.
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    first: char,
    chars: Vec<char>,
    /// Of its list.
    bit: u64,
    at_end: bool,
}

impl TermIndex {
    /// Prepares the lists of a rule set; the first has the lowest bit.
    #[must_use]
    pub fn new(set: &RuleSet) -> Self {
        let mut terms = Vec::new();
        for (at, list) in set.terms.iter().enumerate() {
            let bit = u32::try_from(at).ok().and_then(|at| 1_u64.checked_shl(at)).unwrap_or(0);
            for term in &list.terms {
                let chars = fold(term);
                if let Some(&first) = chars.first() {
                    terms.push(Term { first, chars, bit, at_end: list.at_end });
                }
            }
        }
        sort_by_key(&mut terms, |term| term.first);
        Self { terms }
    }

    /// What conditions may ask of a text.
    #[must_use]
    pub fn read(&self, text: &str) -> Known {
        Known::Text(self.hits(text), Shape::of(text))
    }

    /// The lists of which a term occurs in the text, one bit each.
    #[must_use]
    pub fn hits(&self, text: &str) -> u64 {
        let folded = fold(text);
        let mut hits = 0;
        for (at, first) in folded.iter().enumerate() {
            let start = self.terms.partition_point(|term| term.first < *first);
            for term in self.terms.iter().skip(start).take_while(|term| term.first == *first) {
                let rest = folded.get(at..).and_then(|rest| rest.strip_prefix(term.chars.as_slice()));
                let ends = |rest: &[char]| rest.first().is_none_or(|next| !next.is_alphanumeric() && *next != '.');
                if hits & term.bit == 0 && rest.is_some_and(|rest| !term.at_end || ends(rest)) {
                    hits |= term.bit;
                }
            }
        }
        hits
    }
}

/// Lower case for A to Z, the only cased letters of Chinese names and texts; half-width forms for full-width letters,
/// digits and signs.
fn fold(text: &str) -> Vec<char> {
    let half_width = |c: char| match c {
        '\u{3000}' => ' ',
        // The full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(|c| half_width(c).to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{Known, Leaf, Node, TermIndex};
    use crate::rules::RuleSet;
    use crate::rules::format::TermList;

    fn leaf(fact: usize) -> Node {
        Node::Leaf { fact, test: Leaf::Flag(true) }
    }

    #[test]
    fn unknown_is_neither_true_nor_false() {
        let (yes, no, open) = (Known::Flag(true), Known::Flag(false), Known::Unknown);
        let all = Node::All(vec![leaf(0), leaf(1)]);
        let any = Node::Any(vec![leaf(0), leaf(1)]);
        for (state, all_is, any_is) in [
            ([yes, open], None, Some(true)),
            ([no, open], Some(false), None),
            ([open, open], None, None),
            ([yes, yes], Some(true), Some(true)),
            ([no, no], Some(false), Some(false)),
            ([yes, no], Some(false), Some(true)),
        ] {
            assert_eq!(all.truth(&state), all_is, "all {state:?}");
            assert_eq!(any.truth(&state), any_is, "any {state:?}");
            assert_eq!(Node::Not(Box::new(all.clone())).truth(&state), all_is.map(|truth| !truth), "not {state:?}");
        }
        assert_eq!(Node::All(vec![]).truth(&[]), Some(true));
        assert_eq!(Node::Any(vec![]).truth(&[]), Some(false));
    }

    #[test]
    fn reasons_are_the_facts_that_decide() {
        let any = Node::Any(vec![Node::All(vec![leaf(0), leaf(1)]), leaf(2)]);
        let state = [Known::Flag(true), Known::Unknown, Known::Flag(true)];
        let mut found = Vec::new();
        any.deciding(&state, &mut found);
        assert_eq!(found, [2]);
        let state = [Known::Flag(true), Known::Unknown, Known::Flag(false)];
        let mut found = Vec::new();
        any.missing(&state, &mut found);
        assert_eq!(found, [1]);
    }

    #[test]
    fn terms_are_found_in_any_case_and_width() {
        let list = |id: &str, terms: &[&str]| TermList {
            id: id.to_owned().into(),
            origin: crate::locale::Text::default(),
            sources: vec![],
            terms: terms.iter().map(|term| (*term).to_owned().into()).collect(),
            at_end: id == "end",
        };
        let set = RuleSet { terms: vec![list("a", &["P2P", "商城"]), list("b", &["ｅ购"])], ..RuleSet::default() };
        let index = TermIndex::new(&set);
        for (text, hits) in
            [("", 0), ("我的商城", 1), ("ｐ２ｐ", 1), ("p2", 0), ("E购商城", 3), ("商 城", 0), ("商", 0)]
        {
            assert_eq!(index.hits(text), hits, "{text:?}");
        }
    }

    #[test]
    fn endings_count_only_at_the_end_of_a_name() {
        let end = TermList {
            id: "end".into(),
            origin: crate::locale::Text::default(),
            sources: vec![],
            terms: vec![".io".into(), ".公益".into()],
            at_end: true,
        };
        let index = TermIndex::new(&RuleSet { terms: vec![end], ..RuleSet::default() });
        for (text, hits) in [
            ("abc.io", 1),
            ("ABC.IO ", 1),
            ("abc.io.cn", 0),
            ("abc.iom", 0),
            ("a.cn, b.io, c.com", 1),
            ("学校.公益", 1),
        ] {
            assert_eq!(index.hits(text), hits, "{text:?}");
        }
    }

    #[test]
    fn a_text_has_shapes() {
        use crate::rules::condition::Shape::{self, Blank, Brackets, Digits, Domain, FewHan, Latin, NoHan, Short};
        for (text, shapes) in [
            ("", vec![Blank, Short]),
            (" \u{3000}", vec![Blank, Short]),
            ("我的阅读笔记", vec![Short]),
            ("笔记", vec![FewHan, Short]),
            ("My笔记本站", vec![Latin, Short]),
            ("blog", vec![Latin, NoHan, FewHan, Short]),
            ("12306", vec![NoHan, FewHan, Digits, Short]),
            ("abc.com", vec![Latin, NoHan, FewHan, Domain, Short]),
            ("某某公司（北京）", vec![Short, Brackets]),
        ] {
            let expect = shapes.into_iter().fold(0, |bits, shape| bits | shape.bit());
            assert_eq!(Shape::of(text), expect, "{text:?}");
        }
    }
}
