//! Storage format as a tree, read tolerantly: what the double needs for other body formats, macros, mentions and tasks.

/// A piece of a body.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    Text(String),
    /// The inside of a CDATA section, verbatim.
    Raw(String),
    Element(Element),
}

/// A tag with all that it holds.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Node>,
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first direct child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.elements().find(|child| child.name == name)
    }

    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Raw(_) => None,
        })
    }

    /// This element and all below it, in document order.
    pub(crate) fn walk<'e>(&'e self, see: &mut dyn FnMut(&'e Element)) {
        see(self);
        for child in self.elements() {
            child.walk(see);
        }
    }

    /// All text below, glued together.
    pub(crate) fn text(&self) -> String {
        let mut all = String::new();
        self.collect_text(&mut all);
        all
    }

    fn collect_text(&self, all: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) | Node::Raw(text) => all.push_str(text),
                Node::Element(element) => element.collect_text(all),
            }
        }
    }
}

/// Reads a body; the result is an element without a name. Unclosed tags end where their parent does.
pub(crate) fn parse(body: &str) -> Element {
    let mut open = vec![Element::default()];
    let mut rest = body;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix("<![CDATA[") {
            let (raw, after) = inner.split_once("]]>").unwrap_or((inner, ""));
            add(&mut open, Node::Raw(raw.to_owned()));
            rest = after;
        } else if let Some(inner) = rest.strip_prefix("<!--") {
            rest = inner.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(inner) = rest.strip_prefix("</") {
            let (name, after) = inner.split_once('>').unwrap_or((inner, ""));
            close(&mut open, name.trim());
            rest = after;
        } else if rest.starts_with('<') {
            rest = start(&mut open, &rest[1..]);
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            add(&mut open, Node::Text(decoded(&rest[..end])));
            rest = &rest[end..];
        }
    }
    while open.len() > 1 {
        pop(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn add(open: &mut [Element], node: Node) {
    if let Some(last) = open.last_mut() {
        last.children.push(node);
    }
}

fn pop(open: &mut Vec<Element>) {
    if let Some(done) = open.pop() {
        add(open, Node::Element(done));
    }
}

/// Closes the innermost open element of that name; an end tag without a start is left out.
fn close(open: &mut Vec<Element>, name: &str) {
    if open.iter().skip(1).any(|element| element.name == name) {
        while open.last().is_some_and(|element| element.name != name) {
            pop(open);
        }
        pop(open);
    }
}

/// Opens the element whose tag begins at `inner`; gives what follows the tag.
fn start<'b>(open: &mut Vec<Element>, inner: &'b str) -> &'b str {
    let mut quote = None;
    let end = inner.char_indices().find(|(_, c)| match quote {
        Some(mark) if *c == mark => {
            quote = None;
            false
        }
        None if matches!(c, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        None => *c == '>',
        Some(_) => false,
    });
    let Some((end, _)) = end else {
        add(open, Node::Text(format!("<{inner}")));
        return "";
    };
    let tag = inner[..end].trim_end_matches('/');
    let name_end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let element =
        Element { name: tag[..name_end].to_owned(), attributes: attributes(&tag[name_end..]), children: Vec::new() };
    let is_empty = inner[..end].ends_with('/') || matches!(element.name.as_str(), "br" | "hr" | "img" | "col");
    open.push(element);
    if is_empty {
        pop(open);
    }
    &inner[end + 1..]
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((name, after)) = text.split_once('=') {
        let after = after.trim_start();
        let Some(mark) = after.chars().next().filter(|mark| matches!(mark, '"' | '\'')) else { break };
        let (value, rest) = after[1..].split_once(mark).unwrap_or((&after[1..], ""));
        found.push((name.trim().to_owned(), decoded(value)));
        text = rest;
    }
    found
}

/// Text with its entities resolved; unknown ones stay as they are.
pub(crate) fn decoded(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        all.push_str(before);
        let end = after.find(';').filter(|end| *end <= 10);
        match end.and_then(|end| Some((entity(&after[..end])?, &after[end + 1..]))) {
            Some((character, after)) => {
                all.push(character);
                rest = after;
            }
            None => {
                all.push('&');
                rest = after;
            }
        }
    }
    all.push_str(rest);
    all
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "rarr" => '→',
        "larr" => '←',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        _ => return None,
    })
}

/// Text that is safe in a body.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The words of a body without its tags, as the search index sees them.
pub(crate) fn plain(body: &str) -> String {
    let mut all = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once('<') {
        all.push_str(before);
        all.push(' ');
        rest = match after.strip_prefix("![CDATA[") {
            Some(inner) => {
                let (raw, after) = inner.split_once("]]>").unwrap_or((inner, ""));
                all.push_str(raw);
                after
            }
            None => after.split_once('>').map_or("", |(_, after)| after),
        };
    }
    all.push_str(rest);
    if all.contains('&') { decoded(&all) } else { all }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_code_and_entities_survive() {
        let root = parse(
            "<p>a &amp; b<br/>c</p><ac:structured-macro ac:name=\"code\"><ac:plain-text-body><![CDATA[x < y]]></ac:plain-text-body></ac:structured-macro>",
        );
        let names: Vec<&str> = root.elements().map(|element| element.name.as_str()).collect();
        assert_eq!(names, ["p", "ac:structured-macro"]);
        assert_eq!(root.text(), "a & bcx < y");
        let code = root.child("ac:structured-macro").unwrap();
        assert_eq!(code.attribute("ac:name"), Some("code"));
    }

    #[test]
    fn broken_bodies_are_read_to_their_end() {
        assert_eq!(parse("<p>one<b>two</p>three").text(), "onetwothree");
        assert_eq!(parse("</p>x<").text(), "x<");
        assert_eq!(parse("<p a='>'>x").text(), "x");
        assert_eq!(plain("<p>a</p><p>b&nbsp;c</p>").split_whitespace().collect::<Vec<_>>(), ["a", "b", "c"]);
    }
}
