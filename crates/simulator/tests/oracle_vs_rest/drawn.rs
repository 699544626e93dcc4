//! Companies that nobody wrote, and what happens in them: the oracle and the trimming agree at every step.

use std::collections::BTreeMap;

use simulator::clock::Clock;
use simulator::drawn::change::Change;
use simulator::drawn::{self, Size, change};
use simulator::oracle::Oracle;
use simulator::state::World;
use simulator::state::content::ContentKind;
use simulator::world_file;

use crate::differences;
use crate::trimming::{said, shown};

/// Companies, and changes in each.
const COMPANIES: u64 = 40;
const CHANGES: usize = 10;

/// The small company of a seed.
pub(crate) fn company(seed: u64) -> World {
    let text = drawn::company(seed, Size::SMALL);
    let clock = Clock::frozen(1_800_000_000_000);
    world_file::parse(&text, "drawn", clock).unwrap_or_else(|error| panic!("seed {seed}: {error}\n{text}"))
}

#[test]
fn oracle_and_trimming_agree_in_drawn_companies_at_every_step() {
    let (mut pairs, mut shown_pairs) = (0, 0);
    let mut happened: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..COMPANIES {
        let mut world = company(seed);
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut steps = Vec::new();
        for n in 0..=CHANGES {
            if n > 0 {
                let change = change::draw(&world, Size::SMALL, n, &mut rng);
                let kind = format!("{change:?}").split_once(' ').map(|(kind, _)| kind.to_owned()).unwrap_or_default();
                *happened.entry(kind).or_default() += usize::from(change.apply(&mut world));
                steps.push(change);
            }
            let oracle = Oracle::of(&world);
            let found = differences(&world, &oracle, said, |account| shown(&world, account));
            assert_eq!(found, [""; 0], "seed {seed}, after {steps:#?}");
            let documents = world.confluence.content.len() + world.confluence.comments.len() + world.jira.issues.len();
            pairs += world.directory.people.len() * documents;
            shown_pairs += world.directory.people.keys().map(|id| oracle.visible(id).listed.len()).sum::<usize>();
        }
    }
    println!("{pairs} pairs, {shown_pairs} listed; changes {happened:?}");
    // A draw that admits nobody or everybody, or in which nothing happens, would agree as well.
    assert!(shown_pairs * 20 > pairs && shown_pairs * 2 < pairs, "{shown_pairs} of {pairs}");
    assert!(happened.len() >= 30 && happened.values().sum::<usize>() > 200, "{happened:?}");
}

#[test]
fn a_company_is_the_same_whenever_it_is_drawn() {
    assert_eq!(drawn::company(7, Size::SMALL), drawn::company(7, Size::SMALL));
    assert_ne!(drawn::company(7, Size::SMALL), drawn::company(8, Size::SMALL));
}

/// A blog post in the archive once made the listings and the oracle differ: there is no such thing.
#[test]
fn a_change_archives_pages_and_nothing_else() {
    let mut world = company(3);
    for kind in [ContentKind::Page, ContentKind::BlogPost, ContentKind::Folder] {
        let content = world.confluence.content.values().find(|content| content.kind == kind);
        let page = content.unwrap().title.clone();
        let archived = Change::PageStatus { page, status: "archived".to_owned() }.apply(&mut world);
        assert_eq!(archived, kind == ContentKind::Page, "{kind:?}");
    }
}

#[test]
fn a_change_is_written_and_read_back() {
    let world = company(3);
    let mut rng = fastrand::Rng::with_seed(3);
    for n in 0..50 {
        let change = change::draw(&world, Size::SMALL, n, &mut rng);
        let text = toml::to_string(&change).unwrap();
        assert_eq!(toml::from_str::<change::Change>(&text).unwrap(), change, "{text}");
    }
}
