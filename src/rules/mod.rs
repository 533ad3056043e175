//! Rules as data: sources, materials, facts, conditions, upload profiles.
//!
//! `rules/*.toml` --build.rs--> one checked set, packed --> [`RuleSet`], which [`crate::checklist`] evaluates.
//!
//! - [`mod@format`] is the shape, the same for TOML and JSON; [`condition`] the closed language of conditions.
//! - [`validate`] is what a set must fulfil beyond its shape; the build adds file and line to each fault.
//! - [`logic`] evaluates conditions with three values: an unanswered fact is unknown, not "no".

pub mod condition;
pub mod format;
pub mod index;
pub mod logic;
mod packed;
pub mod upload;
pub mod validate;

pub use format::RuleSet;
pub use validate::Fault;

use crate::date::Date;
use crate::finding::Basis;
use crate::locale::Locale;
use crate::string::Str;
use format::{Document, Fact, Material, Region, Rule, Source};
use upload::UploadProfile;

const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.packed"));

impl RuleSet {
    /// The rules that this version brings along.
    #[must_use]
    pub fn builtin() -> Self {
        // OK because the build has read them back with the same code; a test compares.
        Self::from_bytes(PACKED).unwrap_or_default()
    }

    /// The upload profile with this id.
    #[must_use]
    pub fn upload(&self, id: &str) -> Option<&UploadProfile> {
        self.uploads.iter().find(|upload| upload.id == id)
    }

    /// The words of a term list; empty when there is none with this id.
    #[must_use]
    pub fn terms(&self, id: &str) -> &[Str] {
        self.terms.iter().find(|list| list.id == id).map_or(&[], |list| &list.terms)
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// The first rule in force in this province that asks for a margin around every document, and the margin, as a share
    /// of the long side.
    #[must_use]
    pub fn margin(&self, province: &str, on: Date) -> Option<(&str, f64)> {
        let region = self.region(province)?;
        let mut rules = self.rules.iter().filter(|rule| rule.in_region(region) && rule.in_force(on));
        rules.find_map(|rule| Some((rule.id.as_str(), f64::from(rule.photo?.min_margin_per_mille) / 1000.0)))
    }

    /// The source or method with this id.
    #[must_use]
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources.iter().chain(&self.methods).find(|source| source.id == id)
    }

    /// The region with this code.
    #[must_use]
    pub fn region(&self, code: &str) -> Option<&Region> {
        self.regions.iter().find(|region| region.code == code)
    }

    /// The fact with this id.
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }

    /// The material with this id.
    #[must_use]
    pub fn material(&self, id: &str) -> Option<&Material> {
        self.materials.iter().find(|material| material.id == id)
    }

    /// The identity document with this id.
    #[must_use]
    pub fn document(&self, id: &str) -> Option<&Document> {
        self.documents.iter().find(|document| document.id == id)
    }

    /// Whether there is a material with this id.
    #[must_use]
    pub fn has_material(&self, id: &str) -> bool {
        self.material(id).is_some()
    }

    /// Every picture that a material may have, whichever document serves as it; `None` when there is no such material.
    #[must_use]
    pub fn slots_of(&self, material: &str) -> Option<Vec<format::Slot>> {
        let material = self.material(material)?;
        let accepted = material.accepts.iter().flat_map(|case| &case.documents).filter_map(|id| self.document(id));
        let slots: Vec<_> = material.slots.iter().chain(accepted.flat_map(|document| &document.slots)).collect();
        let all = [format::Slot::Single, format::Slot::Front, format::Slot::Back];
        Some(all.into_iter().filter(|slot| slots.contains(&slot)).collect())
    }

    /// Whether there is an identity document with this id.
    #[must_use]
    pub fn has_document(&self, id: &str) -> bool {
        self.document(id).is_some()
    }

    /// Whether there is a region with this code.
    #[must_use]
    pub fn has_region(&self, code: &str) -> bool {
        self.region(code).is_some()
    }

    /// Who says so: for a rule its first source, under the id of the rule; else the source or method itself.
    #[must_use]
    pub fn basis(&self, id: &str, locale: Locale) -> Option<Basis> {
        let source = match self.rule(id) {
            Some(rule) => rule.all_sources().into_iter().find_map(|source| self.source(source)),
            None => self.source(id),
        };
        source.map(|source| source.basis(id.to_owned().into(), locale))
    }
}

impl Source {
    /// This source as the basis of something, under the id of what it is the basis of.
    #[must_use]
    pub fn basis(&self, id: Str, locale: Locale) -> Basis {
        Basis {
            id,
            title: self.title.get(locale).clone(),
            publisher: self.publisher.get(locale).clone(),
            url: self.address.clone().or_else(|| self.url.as_ref().map(format::encode_url)),
            date: self.date.clone(),
        }
    }
}
