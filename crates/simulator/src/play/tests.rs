//! A played company: every family happens, seeds repeat, and what a step tells is so.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::clock::Clock;
use crate::state::directory::AccountType;
use crate::visibility::confluence::ConfluenceView;
use crate::visibility::jira::JiraView;
use crate::world_file;

fn company() -> Simulation {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../worlds/demo.toml");
    Simulation::of(world_file::load(&path, Clock::frozen(1_800_000_000_000)).unwrap())
}

fn played(seed: u64, steps: usize) -> (Simulation, Vec<Step>) {
    let simulation = company();
    let mut player = Player::new(seed);
    let mut made = Vec::new();
    for _ in 0..steps {
        simulation.clock.advance(1_000);
        made.push(player.step(&simulation).expect("a company can always do something"));
    }
    (simulation, made)
}

#[test]
fn the_same_seed_gives_the_same_steps_and_another_one_others() {
    let words = |seed| played(seed, 60).1.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(words(7), words(7));
    assert_ne!(words(7), words(8));
}

#[test]
fn every_kind_of_change_happens() {
    let mut kinds = BTreeSet::new();
    for seed in 0..10 {
        for step in played(seed, 250).1 {
            assert!(!step.to_string().contains('{'), "no words for {step}");
            let value = serde_json::to_value(&step).unwrap();
            kinds.insert(value["change"]["kind"].as_str().unwrap().to_owned());
            assert_eq!(serde_json::from_value::<Step>(value).unwrap(), step);
        }
    }
    println!("{} kinds: {kinds:?}", kinds.len());
    assert_eq!(kinds.len(), 58, "{kinds:?}");
}

#[test]
fn a_long_play_leaves_a_company_that_works() {
    let (simulation, _) = played(3, 1_500);
    let world = simulation.world();
    let programs = world.directory.people.values().filter(|person| person.account_type == AccountType::App);
    for service in programs {
        let account = Some(&*service.account_id);
        assert!(service.active && ConfluenceView::new(&world, account).has_product());
        assert!(JiraView::new(&world, account).is_admin());
    }
    let awake = world.directory.people.values().filter(|person| person.active).count();
    assert!(2 * awake >= world.directory.people.len());
    let read = world.confluence.content.values().filter(|content| content::is_read(&world, content)).count();
    assert!(read > 40 && world.jira.issues.len() > 40, "{read} pages, {} issues", world.jira.issues.len());
}

#[test]
fn a_chosen_family_is_the_only_one() {
    let simulation = company();
    let mut player = Player::new(5).only(&[Family::Restrictions]);
    for _ in 0..40 {
        let step = player.step(&simulation).unwrap();
        assert_eq!(step.family, Family::Restrictions, "{step}");
        assert!(step.change.word().is_none());
        let world = simulation.world();
        assert!(step.change.object(&world).is_some());
    }
}

#[test]
fn a_word_is_written_once_and_can_be_found() {
    let (simulation, steps) = played(11, 120);
    let words: Vec<&str> = steps.iter().filter_map(|step| step.change.word()).collect();
    assert_eq!(words.len(), words.iter().collect::<BTreeSet<_>>().len());
    let created = steps.iter().rev().find_map(|step| match &step.change {
        Change::ContentCreated { content, word, .. } => Some((*content, word.clone())),
        _ => None,
    });
    let (content, word) = created.unwrap();
    let world = simulation.world();
    let content = &world.confluence.content[&content];
    let all = content.history.iter().map(|past| &past.body).chain([&content.body]);
    assert!(all.into_iter().any(|body| body.contains(&word)));
}

#[test]
fn a_generated_company_can_be_played_by_its_people_and_not_by_its_service_account() {
    let text = include_str!("../../../../worlds/cost.toml").replace("= 1000", "= 40");
    let world = world_file::parse(&text, "worlds/cost.toml", Clock::frozen(1_800_000_000_000)).unwrap();
    let simulation = Simulation::of(world);
    for family in [Family::Text, Family::Comments, Family::Files, Family::Restrictions] {
        let mut player = Player::new(1).only(&[family]);
        for _ in 0..20 {
            let step = player.step(&simulation).unwrap_or_else(|| panic!("nobody can do {family:?}"));
            let world = simulation.world();
            let by = world.directory.people.values().find(|person| *person.account_id == *step.by);
            assert_eq!(by.map(|person| person.account_type), Some(AccountType::Atlassian), "{step}");
        }
    }
}
