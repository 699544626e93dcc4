//! One test per construct of storage format; samples are ours.

use super::parse;
use crate::block::Kind;
use crate::reference::{Person, Relation, Target};

fn plain(input: &str) -> String {
    parse(input).plain()
}

fn kinds(input: &str) -> Vec<(Kind, String)> {
    parse(input).blocks.into_iter().map(|block| (block.kind, block.text)).collect()
}

fn references(input: &str) -> Vec<(Relation, Target)> {
    parse(input).references.into_iter().map(|reference| (reference.relation, reference.target)).collect()
}

fn page(title: &str, space: Option<&str>) -> Target {
    Target::Page { title: title.to_owned(), space: space.map(str::to_owned) }
}

#[test]
fn inline_markup_stays_within_words_and_blocks_stand_apart() {
    assert_eq!(plain("<p>un<strong>believ</strong>able</p><p>H<sub>2</sub>O</p>"), "unbelievable\nH2O");
    assert_eq!(plain("<p>one<br/>two</p><div>three</div>four<hr />five"), "one\ntwo\nthree\nfour\nfive");
    assert_eq!(plain("<x-a>one</x-a><x-b>two</x-b>"), "one two");
    assert_eq!(plain("<p>\n  wide \t space&nbsp;here </p>"), "wide space here");
}

#[test]
fn entities_of_html_numbers_and_bare_ampersands() {
    assert_eq!(
        plain("<p>caf&eacute; &#233;&#xE9; R&D AT&T; &amp;lt; &bogus; &#xFFFFFF;</p>"),
        "café éé R&D AT&T; &lt; &bogus; \u{fffd}"
    );
    assert_eq!(plain("<p>Donau&shy;dampf</p>"), "Donaudampf");
}

#[test]
fn a_document_type_cannot_declare_entities() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><p>&b;</p>";
    assert_eq!(plain(bomb), "&b;");
}

#[test]
fn headings_have_levels() {
    let text = parse("<h1>Top</h1><p>between</p><h3>Deep <em>down</em></h3>");
    let headings: Vec<_> = text.headings().map(|(level, text)| (level, text.into_owned())).collect();
    assert_eq!(headings, [(1, "Top".to_owned()), (3, "Deep down".to_owned())]);
}

#[test]
fn code_macro_keeps_its_text_title_and_language() {
    let input = "<ac:structured-macro ac:name=\"code\"><ac:parameter ac:name=\"title\">main.rs</ac:parameter>\
        <ac:parameter ac:name=\"language\">rust</ac:parameter><ac:parameter ac:name=\"collapse\">true</ac:parameter>\
        <ac:plain-text-body><![CDATA[\nif a < b && c > d {\n    run();\n}\n]]></ac:plain-text-body></ac:structured-macro>";
    let text = parse(input);
    assert_eq!(text.code(), "if a < b && c > d {\n    run();\n}");
    assert_eq!(text.blocks[0].kind, Kind::Title);
    assert_eq!(text.blocks[1].kind, Kind::Code { language: Some("rust".to_owned()) });
    assert_eq!(text.prose_with(&|_| None), "main.rs");
}

#[test]
fn a_language_may_follow_the_code_and_split_cdata_is_one_text() {
    let input = "<ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[x[y[0]]]]><![CDATA[> 1]]></ac:plain-text-body>\
        <ac:parameter ac:name=\"language\">js</ac:parameter></ac:structured-macro>";
    assert_eq!(kinds(input), [(Kind::Code { language: Some("js".to_owned()) }, "x[y[0]]> 1".to_owned())]);
}

#[test]
fn plain_bodies_of_other_macros_are_code_in_their_language_and_markdown_is_prose() {
    let body = |name: &str| {
        format!(
            "<ac:structured-macro ac:name=\"{name}\"><ac:plain-text-body><![CDATA[# one\n\ntwo]]></ac:plain-text-body></ac:structured-macro>"
        )
    };
    assert_eq!(kinds(&body("noformat"))[0].0, Kind::Code { language: None });
    assert_eq!(kinds(&body("plantuml"))[0].0, Kind::Code { language: Some("plantuml".to_owned()) });
    let prose = kinds(&body("markdown"));
    assert_eq!(prose, [(Kind::Paragraph, "# one".to_owned()), (Kind::Paragraph, "two".to_owned())]);
    assert_eq!(kinds("<pre>a\n  b</pre>"), [(Kind::Code { language: None }, "a\n  b".to_owned())]);
}

#[test]
fn panels_and_expands_show_their_titles() {
    let input = "<ac:structured-macro ac:name=\"info\"><ac:parameter ac:name=\"title\">Mind the gap</ac:parameter>\
        <ac:parameter ac:name=\"icon\">false</ac:parameter><ac:rich-text-body><p>inside</p></ac:rich-text-body></ac:structured-macro>\
        <ac:structured-macro ac:name=\"expand\"><ac:parameter ac:name=\"title\">More</ac:parameter>\
        <ac:rich-text-body><p>hidden</p></ac:rich-text-body></ac:structured-macro>";
    let expected = [
        (Kind::Title, "Mind the gap".to_owned()),
        (Kind::Panel, "inside".to_owned()),
        (Kind::Title, "More".to_owned()),
        (Kind::Paragraph, "hidden".to_owned()),
    ];
    assert_eq!(kinds(input), expected);
}

#[test]
fn status_lozenges_stand_in_the_sentence_but_do_not_touch_it() {
    let input = "<p>state:<ac:structured-macro ac:name=\"status\"><ac:parameter ac:name=\"colour\">Green</ac:parameter>\
        <ac:parameter ac:name=\"title\">ON TRACK</ac:parameter></ac:structured-macro>since May</p>";
    assert_eq!(plain(input), "state: ON TRACK since May");
}

#[test]
fn links_show_their_body_or_their_targets_name() {
    let body = "<ac:link ac:anchor=\"x\"><ri:page ri:content-title=\"Secret plan\" ri:space-key=\"ENG\"/>\
        <ac:link-body>the <b>plan</b></ac:link-body></ac:link>";
    assert_eq!(plain(body), "the plan");
    assert_eq!(references(body), [(Relation::Link, page("Secret plan", Some("ENG")))]);
    let cdata = "<ac:link><ri:page ri:content-title=\"T\"/><ac:plain-text-link-body><![CDATA[a < b]]></ac:plain-text-link-body></ac:link>";
    assert_eq!(plain(cdata), "a < b");
    assert_eq!(
        plain("<p>see<ac:link><ri:page ri:content-title=\"Road &amp; map\"></ri:page></ac:link></p>"),
        "see Road & map"
    );
    assert_eq!(plain("<ac:link ac:anchor=\"setup\"></ac:link>"), "setup");
    assert_eq!(plain("<a href=\"https://a.example/x\" data-card-appearance=\"inline\"></a>"), "https://a.example/x");
    assert_eq!(plain("<a href=\"https://a.example/x\">click</a>"), "click");
}

#[test]
fn links_touch_punctuation_but_not_words() {
    let link = "<ac:link><ri:page ri:content-title=\"T\"/><ac:link-body>Guide</ac:link-body></ac:link>";
    assert_eq!(plain(&format!("<p>see{link}now ({link}).</p>")), "see Guide now (Guide).");
    assert_eq!(plain("<p>see<a href=\"u\">G<b>uid</b>e</a>now, <a href=\"u\">x</a>.</p>"), "see Guide now, x.");
}

#[test]
fn every_kind_of_target_becomes_a_reference() {
    let input = "<ac:link><ri:blog-post ri:content-title=\"News\" ri:posting-day=\"2026/07/27\"/></ac:link>\
        <ac:link><ri:space ri:space-key=\"OPS\"/></ac:link><ac:link><ri:content-entity ri:content-id=\"77\"/></ac:link>\
        <ac:link><ri:attachment ri:filename=\"a.pdf\"><ri:page ri:content-title=\"Home\"/></ri:attachment></ac:link>\
        <ac:link><ri:url ri:value=\"https://b.example\"/></ac:link><a href=\"#top\">up</a>";
    let attachment = Target::Attachment { file: "a.pdf".to_owned(), of: Some(Box::new(page("Home", None))) };
    let expected = [
        Target::BlogPost { title: "News".to_owned(), space: None, day: Some("2026/07/27".to_owned()) },
        Target::Space { key: "OPS".to_owned() },
        Target::Content { id: "77".to_owned() },
        attachment,
        Target::Url("https://b.example".to_owned()),
        Target::Anchor("top".to_owned()),
    ];
    assert_eq!(references(input), expected.map(|target| (Relation::Link, target)));
    assert_eq!(plain(input), "News OPS a.pdf https://b.example up");
}

#[test]
fn included_documents_are_references_and_never_text() {
    let input = "<ac:structured-macro ac:name=\"include\"><ac:parameter ac:name=\"\"><ac:link><ri:page ri:content-title=\"Other\"/></ac:link>\
        </ac:parameter></ac:structured-macro><ac:structured-macro ac:name=\"excerpt-include\">\
        <ac:parameter ac:name=\"nopanel\">true</ac:parameter><ac:parameter ac:name=\"\">ENG:Third</ac:parameter></ac:structured-macro>";
    assert!(parse(input).is_empty(), "{:?}", parse(input));
    assert_eq!(
        references(input),
        [(Relation::Include, page("Other", None)), (Relation::Excerpt, page("Third", Some("ENG")))]
    );
}

#[test]
fn issue_macros_show_the_key_and_note_queries() {
    let input = "<p>fixed by<ac:structured-macro ac:name=\"jira\"><ac:parameter ac:name=\"server\">Tracker</ac:parameter>\
        <ac:parameter ac:name=\"key\">ABC-12</ac:parameter></ac:structured-macro></p><ac:structured-macro ac:name=\"jira\">\
        <ac:parameter ac:name=\"jqlQuery\">project = ABC</ac:parameter></ac:structured-macro>";
    assert_eq!(plain(input), "fixed by ABC-12");
    assert_eq!(references(input)[1], (Relation::Embed, Target::Query("project = ABC".to_owned())));
}

#[test]
fn mentions_are_filled_by_the_caller() {
    let input = "<p>Ask<ac:link><ri:user ri:account-id=\"5b1\" ri:local-id=\"z\"/></ac:link>today, or \
        <ac:link><ri:user ri:userkey=\"k9\"/></ac:link>.</p>";
    let text = parse(input);
    let ann = Person::AccountId("5b1".to_owned());
    assert_eq!(text.mentions, [ann.clone(), Person::UserKey("k9".to_owned())]);
    let name_of = |person: &Person| (*person == ann).then(|| "Ann Lee".to_owned());
    assert_eq!(text.plain_with(&name_of), "Ask @Ann Lee today, or .");
    assert_eq!(text.plain(), "Ask today, or .");
}

#[test]
fn a_paragraph_may_hold_nothing_but_a_mention() {
    let text = parse("<p><ac:link><ri:user ri:account-id=\"5b1\"/></ac:link> </p>");
    assert_eq!(text.blocks.len(), 1);
    assert_eq!(text.plain_with(&|_| Some("Ann".to_owned())), "@Ann");
}

#[test]
fn lists_know_depth_and_order() {
    let input = "<ul><li><p>a</p><ol><li>b</li></ol></li><li>c</li></ul>";
    let item = |depth, ordered| Kind::ListItem { depth, ordered };
    assert_eq!(
        kinds(input),
        [(item(1, false), "a".to_owned()), (item(2, true), "b".to_owned()), (item(1, false), "c".to_owned())]
    );
}

#[test]
fn cells_are_apart_and_know_their_place() {
    let input = "<table><tbody><tr><th>Name</th><th>Age</th></tr><tr><td><p>Ann</p><p>Lee</p></td><td>41</td></tr></tbody></table>\
        <table><caption>Second</caption><tr><td>x</td></tr></table>";
    assert_eq!(plain(input), "Name\tAge\nAnn Lee\t41\nSecond\nx");
    let cell = |table, row, column, header| Kind::Cell { table, row, column, header };
    let found: Vec<_> = kinds(input).into_iter().map(|(kind, _)| kind).collect();
    let expected = [
        cell(0, 0, 0, true),
        cell(0, 0, 1, true),
        cell(0, 1, 0, false),
        cell(0, 1, 0, false),
        cell(0, 1, 1, false),
        Kind::Caption,
        cell(1, 0, 0, false),
    ];
    assert_eq!(found, expected);
}

#[test]
fn tasks_have_states_and_hide_their_ids() {
    let input = "<ac:task-list><ac:task><ac:task-id>15</ac:task-id><ac:task-uuid>u-1</ac:task-uuid>\
        <ac:task-status>complete</ac:task-status><ac:task-body><span>ship it</span></ac:task-body></ac:task>\
        <ac:task><ac:task-id>16</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>rest</ac:task-body></ac:task></ac:task-list>";
    let task = |done| Kind::Task { done };
    assert_eq!(kinds(input), [(task(true), "ship it".to_owned()), (task(false), "rest".to_owned())]);
}

#[test]
fn images_show_alternative_texts_and_captions() {
    let input = "<p>look<ac:image ac:alt=\"a red door\"><ri:attachment ri:filename=\"door.png\"/>\
        <ac:caption><p>Our door</p></ac:caption></ac:image></p><img src=\"https://c.example/i.png\" alt=\"icon\"/>";
    assert_eq!(plain(input), "look a red door\nOur door\nicon");
    let file = Target::Attachment { file: "door.png".to_owned(), of: None };
    let expected = [(Relation::Embed, file), (Relation::Embed, Target::Url("https://c.example/i.png".to_owned()))];
    assert_eq!(references(input), expected);
}

#[test]
fn previewed_files_show_their_names() {
    let input = "<ac:structured-macro ac:name=\"view-file\"><ac:parameter ac:name=\"name\"><ri:attachment ri:filename=\"plan.docx\"/>\
        </ac:parameter></ac:structured-macro>";
    assert_eq!(plain(input), "plan.docx");
}

#[test]
fn emoji_show_their_fallback_and_dates_their_day() {
    let input = "<p>hi<ac:emoticon ac:name=\"smile\" ac:emoji-shortname=\":smile:\" ac:emoji-fallback=\"😄\"/>\
        <ac:emoticon ac:name=\"tick\"/> on<time datetime=\"2026-07-27\"/>sharp</p>";
    assert_eq!(plain(input), "hi 😄 :tick: on 2026-07-27 sharp");
}

#[test]
fn placeholders_are_hidden_and_marked_text_is_kept() {
    let input = "<p><ac:placeholder>Type <b>here</b></ac:placeholder>wo<ac:inline-comment-marker ac:ref=\"u\">rd</ac:inline-comment-marker>s</p>";
    assert_eq!(plain(input), "words");
}

#[test]
fn adf_extensions_are_read_once() {
    let input = "<ac:adf-extension><ac:adf-node type=\"panel\"><ac:adf-attribute key=\"panel-type\">note</ac:adf-attribute>\
        <ac:adf-content><p>kept</p></ac:adf-content></ac:adf-node><ac:adf-fallback><div><p>kept</p></div></ac:adf-fallback></ac:adf-extension>";
    assert_eq!(kinds(input), [(Kind::Panel, "kept".to_owned())]);
    let only_fallback = "<ac:adf-extension><ac:adf-node type=\"new\"/><ac:adf-fallback><p>seen</p></ac:adf-fallback></ac:adf-extension>";
    assert_eq!(plain(only_fallback), "seen");
}

#[test]
fn layouts_and_settings_of_macros_leave_no_words() {
    let input = "<ac:layout><ac:layout-section ac:type=\"two_equal\"><ac:layout-cell>left</ac:layout-cell><ac:layout-cell>right\
        <ac:structured-macro ac:name=\"toc\"><ac:parameter ac:name=\"maxLevel\">3</ac:parameter></ac:structured-macro></ac:layout-cell>\
        </ac:layout-section></ac:layout>";
    assert_eq!(plain(input), "left\nright");
}
