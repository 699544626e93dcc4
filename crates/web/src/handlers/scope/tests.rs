//! A tick means that the row is read, whatever was decided before.

use super::*;
use model::ContainerKey;

fn container(short: &str, kind: ContainerKind, archived: bool) -> ListedContainer {
    let container = Container {
        key: ContainerKey(format!("id-{short}")),
        kind,
        short: short.to_owned(),
        name: format!("Space {short}"),
        archived,
        url: String::new(),
    };
    ListedContainer { container, included: true }
}

fn listed() -> Vec<ListedContainer> {
    vec![
        container("ENG", ContainerKind::Space, false),
        container("OLD", ContainerKind::Space, true),
        container("~ANA", ContainerKind::PersonalSpace, false),
        container("HR", ContainerKind::Space, false),
    ]
}

const ALL_ROWS: &str = "listed=ENG&listed=OLD&listed=~ANA&listed=HR";

fn choose(form: &str, before: &Scope) -> (Scope, Option<String>) {
    let form = Form::parse(format!("{ALL_ROWS}&{form}").as_bytes());
    let scope = chosen(&form, before, &listed());
    let fault = fault_of(&form, &scope, &listed());
    (scope, fault)
}

#[test]
fn unticked_rows_become_an_exclude_list_unless_a_switch_leaves_them_out() {
    let (scope, fault) = choose("newcomers=read&chosen=ENG", &Scope::default());
    assert_eq!(fault, None);
    assert_eq!((scope.include.len(), scope.exclude), (0, vec!["HR".to_owned()]));
    let (scope, _) = choose("newcomers=read&chosen=ENG&archived=on&personal=on", &Scope::default());
    assert_eq!(scope.exclude, ["HR", "OLD", "~ANA"]);
}

#[test]
fn ticked_rows_become_an_include_list() {
    let (scope, fault) = choose("newcomers=left-out&chosen=ENG&chosen=~ANA", &Scope::default());
    assert_eq!((scope.include.as_slice(), fault), (["ENG".to_owned(), "~ANA".to_owned()].as_slice(), None));
    assert!(scope.exclude.is_empty());
}

#[test]
fn nothing_ticked_never_means_everything() {
    for word in ["", "newcomers=", "newcomers=foo"] {
        let (_, fault) = choose(word, &Scope::default());
        assert!(fault.is_some_and(|fault| fault.contains("whether new")), "{word} would mean that everything is read");
    }
    let (_, fault) = choose("newcomers=left-out", &Scope::default());
    assert!(fault.is_some());
}

#[test]
fn a_tick_that_a_switch_contradicts_is_sent_back() {
    let (_, fault) = choose("newcomers=read&chosen=ENG&chosen=HR&chosen=OLD", &Scope::default());
    assert!(fault.is_some_and(|fault| fault.contains("Space OLD") && fault.contains("archived")));
    let (_, fault) = choose("newcomers=read&chosen=ENG&chosen=HR&chosen=~ANA", &Scope::default());
    assert!(fault.is_some_and(|fault| fault.contains("personal")));
}

#[test]
fn a_row_that_was_not_shown_keeps_what_was_decided() {
    let before = Scope { exclude: vec!["GONE".to_owned(), "hr".to_owned()], ..Scope::default() };
    let (scope, _) = choose("newcomers=read&chosen=ENG&chosen=HR", &before);
    assert_eq!(scope.exclude, ["GONE"]);
    let form = Form::parse(b"newcomers=read&listed=ENG&chosen=ENG&chosen=SMUGGLED");
    assert_eq!(chosen(&form, &before, &listed()).exclude, ["GONE", "hr"]);
}

#[test]
fn what_is_ticked_is_what_is_read() {
    for form in [
        "newcomers=read&chosen=ENG&chosen=HR",
        "newcomers=read&chosen=HR&chosen=OLD&archived=on",
        "newcomers=left-out&chosen=OLD&archived=on",
        "newcomers=left-out&chosen=~ANA",
        "newcomers=read&chosen=ENG&chosen=~ANA&personal=on",
    ] {
        let (scope, fault) = choose(form, &Scope::default());
        assert_eq!(fault, None, "{form}");
        let parsed = Form::parse(form.as_bytes());
        for listed in listed() {
            let ticked = parsed.all("chosen").any(|key| key == listed.container.short);
            assert_eq!(scope.admits(&listed.container), ticked, "{form}: {}", listed.container.short);
        }
    }
}
