//! The icons, drawn for Fossick: strokes on a 24 by 24 grid in the colour of the text beside them.
//!
//! They are inline, so that they follow the theme and need no request. An icon never carries meaning alone: a word
//! stands beside it, or a hidden one does, and so assistive technology skips the drawing.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::kind::Kind;

/// A small drawing; `Display` writes the whole `<svg>` element.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(missing_docs, reason = "the names say what is drawn")]
pub enum Icon {
    Page,
    BlogPost,
    Issue,
    Comment,
    Attachment,
    Search,
    Settings,
    Source,
    People,
    Person,
    Log,
    Ok,
    Warning,
    Failure,
    Note,
    Copy,
    Sync,
    Plus,
    Back,
    Leave,
    Away,
    Space,
    Project,
    Close,
    Down,
}

impl Icon {
    /// The icon of a kind of document.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Page => Self::Page,
            Kind::BlogPost => Self::BlogPost,
            Kind::Issue => Self::Issue,
            Kind::Comment => Self::Comment,
            Kind::Attachment => Self::Attachment,
        }
    }

    /// The outline, as data of SVG `path` elements.
    fn outline(self) -> &'static str {
        match self {
            Self::Page => "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
            Self::BlogPost => "M4 5h16v14H4zM8 9h8M8 12h4M8 15h4M15 12h2v3h-2z",
            Self::Issue => "M4 4h16v16H4zM8 12l3 3 5-6",
            Self::Comment => "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5",
            Self::Attachment => {
                "M19 11l-7.5 7.5a4.2 4.2 0 0 1-6-6L13 5a2.8 2.8 0 0 1 4 4l-7.4 7.4a1.3 1.3 0 0 1-2-2L14 8"
            }
            Self::Search => "M17 10.5a6.5 6.5 0 1 1-13 0a6.5 6.5 0 0 1 13 0zM15.3 15.3L20.5 20.5",
            Self::Settings => {
                "M4 7h9M19 7h1M4 17h1M11 17h9M18.5 7a2.5 2.5 0 1 1-5 0a2.5 2.5 0 0 1 5 0zM10.5 17a2.5 2.5 0 1 1-5 0a2.5 2.5 0 0 1 5 0z"
            }
            Self::Source => {
                "M20 6c0 1.7-3.6 3-8 3S4 7.7 4 6s3.6-3 8-3 8 1.3 8 3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
            }
            Self::People => {
                "M13 8a4 4 0 1 1-8 0a4 4 0 0 1 8 0zM2 20c.5-4 3-6 7-6s6.5 2 7 6M16 4.3a4 4 0 0 1 0 7.4M18.5 14.5c2 .8 3.2 2.7 3.5 5.5"
            }
            Self::Person => "M16 8a4 4 0 1 1-8 0a4 4 0 0 1 8 0zM4.5 20.5c.6-4.3 3.2-6.5 7.5-6.5s6.9 2.2 7.5 6.5",
            Self::Log => "M5 3h14v18H5zM8.5 8h7M8.5 12h7M8.5 16h4",
            Self::Ok => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0zM8 12.5l2.8 2.7L16 9.5",
            Self::Warning => "M12 3.5L22 20.5H2zM12 10v5M12 17.5v.6",
            Self::Failure => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0zM9 9l6 6M15 9l-6 6",
            Self::Note => "M21 12a9 9 0 1 1-18 0a9 9 0 0 1 18 0zM12 11v5.5M12 7.5v.6",
            Self::Copy => "M9 9h11v11H9zM5.5 15H4V4h11v1.5",
            Self::Sync => "M20 5v5h-5M4 19v-5h5M19.5 10A8 8 0 0 0 5.5 7M4.5 14a8 8 0 0 0 14 3",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Back => "M20 12H4.5M11 5l-7 7 7 7",
            Self::Leave => "M10 4H5v16h5M10 12h10.5M16.5 8l4 4-4 4",
            Self::Away => "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
            Self::Space => "M3 6h7l2 2.5h9V19H3z",
            Self::Project => "M4 4h16v16H4zM9.3 4v16M14.7 4v16M4 9h5.3M14.7 14H20",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Down => "M6 9.5l6 6 6-6",
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outline = self.outline();
        write!(
            f,
            r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{outline}"/></svg>"#
        )
    }
}

/// Sound because the drawing is made of constants alone.
impl HtmlSafe for Icon {}
