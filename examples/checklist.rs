//! Prints a checklist: `cargo run --example checklist -- 110000 entityType=individual domicileInProvince=false`.
//! `on=2026-11-24` sets the day, `locale=en` the language; without answers it says what is asked.
#![allow(clippy::print_stdout)]

use std::env;
use std::error::Error;

use icp_precheck::checklist::{self, Answer, Profile};
use icp_precheck::rules::RuleSet;
use icp_precheck::rules::format::FactType;
use icp_precheck::{Date, Locale};

fn main() -> Result<(), Box<dyn Error>> {
    let rules = RuleSet::builtin();
    let (mut on, mut locale): (Date, _) = ("2026-11-24".parse()?, Locale::ZhCn);
    let mut arguments = env::args().skip(1);
    let mut profile = Profile::new(&arguments.next().unwrap_or_else(|| "110000".to_owned()));
    for argument in arguments {
        let (fact, value) = argument.split_once('=').ok_or("answers are written fact=value")?;
        match (fact, value) {
            ("on", day) => on = day.parse()?,
            ("locale", "en") => locale = Locale::En,
            (fact, value) => {
                let answer = match rules.fact(fact).map(|fact| fact.kind) {
                    Some(FactType::Boolean) => Answer::Flag(value == "true"),
                    Some(FactType::Integer) => Answer::Number(value.parse()?),
                    _ => Answer::Text(value.to_owned()),
                };
                profile = profile.with(fact, answer);
            }
        }
    }
    let list = checklist::evaluate(&rules, &profile, on, locale)?;
    for item in &list.items {
        println!("{:?} [{:?}] {} {} {:?}", item.status, item.grade, item.material, item.name, item.depends_on);
        if item.status != checklist::ItemStatus::NotRequired {
            let mut rules: Vec<_> = item.basis.iter().map(|basis| basis.id.as_str()).collect();
            rules.dedup();
            println!("    {} {rules:?}", item.notes.join(" / "));
        }
    }
    for constraint in &list.constraints {
        println!(
            "{:?} [{:?}] {}: {} {:?}",
            constraint.status, constraint.grade, constraint.id, constraint.message, constraint.depends_on
        );
    }
    for question in &list.questions {
        println!(
            "? {}{} {} -> {:?}",
            question.id,
            if question.detail { " (detail)" } else { "" },
            question.text,
            question.affects
        );
    }
    Ok(())
}
