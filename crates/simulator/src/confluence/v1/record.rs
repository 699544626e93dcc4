//! Anything that v1 calls content, and how CQL sees it: as it was when the search index last looked.
//!
//! The index lags by a switch of the world. What is younger than that is not found at all; what changed since is found by
//! its former title, body and time. Only words and times lag: who may see what is always decided on the present.

use jiff::Timestamp;

use crate::confluence::xhtml::plain;
use crate::query::Value;
use crate::query::cql::{ContentRecord, Field};
use crate::state::content::{Container, Content, ContentKind, PageAttachment, PageComment, Status, Version};
use crate::state::directory::Person;
use crate::state::space::Space;
use crate::state::{AccountId, Millis, World};
use crate::visibility::confluence::ConfluenceView;

/// A page or its like, a comment, or a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Record<'w> {
    Content(&'w Content),
    Comment(&'w PageComment),
    File(&'w PageAttachment),
}

impl<'w> Record<'w> {
    /// The thing with that number.
    pub(crate) fn of(world: &'w World, id: u64) -> Option<Self> {
        let confluence = &world.confluence;
        let content = confluence.content.get(&id).map(Self::Content);
        content
            .or_else(|| confluence.comments.get(&id).map(Self::Comment))
            .or_else(|| confluence.attachments.get(&id).map(Self::File))
    }

    /// The thing with that id as v1 writes it: `123` or `att123`.
    pub(crate) fn named(world: &'w World, id: &str) -> Option<Self> {
        match id.strip_prefix("att") {
            Some(number) => world.confluence.attachments.get(&number.parse().ok()?).map(Self::File),
            None => Self::of(world, id.parse().ok()?),
        }
    }

    /// The number.
    pub(crate) fn id(self) -> u64 {
        match self {
            Self::Content(content) => content.id,
            Self::Comment(comment) => comment.id,
            Self::File(file) => file.id,
        }
    }

    /// The id on the wire.
    pub(crate) fn wire_id(self) -> String {
        match self {
            Self::File(file) => format!("att{}", file.id),
            other => other.id().to_string(),
        }
    }

    /// `page`, `comment`, ….
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Content(content) => content.kind.as_str(),
            Self::Comment(_) => "comment",
            Self::File(_) => "attachment",
        }
    }

    /// The page, blog post, … that it is or hangs on.
    pub(crate) fn owner(self, world: &'w World) -> Option<&'w Content> {
        match self {
            Self::Content(content) => Some(content),
            Self::Comment(comment) => crate::confluence::writer::page_of(world, comment.container),
            Self::File(file) => world.confluence.content.get(&file.container),
        }
    }

    /// Its space.
    pub(crate) fn space(self, world: &'w World) -> Option<&'w Space> {
        world.confluence.spaces.get(&self.owner(world)?.space)
    }

    /// The status on the wire. Comments and files of something that is not current share its status.
    pub(crate) fn status(self, world: &World) -> Status {
        let owner = self.owner(world).map_or(Status::Trashed, |owner| owner.status);
        match self {
            Self::File(file) if owner == Status::Current => file.status,
            _ => owner,
        }
    }

    /// The title; that of a comment is made of its page's.
    pub(crate) fn title(self, world: &World) -> String {
        match self {
            Self::Content(content) => content.title.clone(),
            Self::File(file) => file.title.clone(),
            Self::Comment(_) => format!("Re: {}", self.owner(world).map_or("", |owner| &owner.title)),
        }
    }

    /// The latest version.
    pub(crate) fn version(self) -> &'w Version {
        match self {
            Self::Content(content) => &content.version,
            Self::Comment(comment) => &comment.version,
            Self::File(file) => &file.version,
        }
    }

    /// When it was made.
    pub(crate) fn created_at(self) -> Millis {
        match self {
            Self::Content(content) => content.created_at,
            Self::Comment(comment) => comment.created_at,
            Self::File(file) => file.created_at,
        }
    }

    /// Who made it.
    pub(crate) fn author(self) -> &'w AccountId {
        match self {
            Self::Content(content) => &content.author,
            Self::Comment(comment) => &comment.author,
            Self::File(file) => &file.version.by,
        }
    }

    /// The stored body; files have none.
    pub(crate) fn body(self) -> &'w str {
        match self {
            Self::Content(content) => &content.body,
            Self::Comment(comment) => &comment.body,
            Self::File(_) => "",
        }
    }

    /// Whether the caller sees it now.
    pub(crate) fn is_seen(self, view: &ConfluenceView<'_>) -> bool {
        match self {
            Self::Content(content) => view.can_see_content(content),
            Self::Comment(comment) => view.can_see_comment(comment),
            Self::File(file) => view.can_see_attachment(file),
        }
    }
}

fn time(at: Millis) -> Value<'static> {
    Value::Time(Timestamp::from_millisecond(at).unwrap_or_default())
}

/// A record as the index knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Indexed<'w> {
    pub(crate) record: Record<'w>,
    pub(crate) world: &'w World,
    /// What happened after this is not in the index.
    pub(crate) seen_until: Millis,
}

impl<'w> Indexed<'w> {
    /// False for what is younger than the index.
    pub(crate) fn is_known(&self) -> bool {
        self.record.created_at() <= self.seen_until
    }

    /// (title, body, time of the version) in the index.
    fn words(&self) -> (String, &'w str, Millis) {
        let record = self.record;
        if let Record::Content(content) = record
            && content.version.at > self.seen_until
            && let Some(past) = content.history.iter().rev().find(|past| past.version.at <= self.seen_until)
        {
            return (past.title.clone(), &past.body, past.version.at);
        }
        let at = record.version().at;
        let at = if at > self.seen_until { record.created_at() } else { at };
        (record.title(self.world), record.body(), at)
    }
}

impl ContentRecord for Indexed<'_> {
    fn id(&self) -> u64 {
        self.record.id()
    }

    fn status(&self) -> &str {
        self.record.status(self.world).as_str()
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        let (record, world) = (self.record, self.world);
        match field {
            Field::Type => see(Value::Word(record.kind())),
            Field::Space => see(Value::Word(record.space(world).map_or("", |space| &space.key))),
            Field::SpaceType => {
                record.space(world).into_iter().for_each(|space| see(Value::Word(space.space_type.as_str())));
            }
            Field::Parent => {
                if let Record::Content(content) = record {
                    content.parent.into_iter().for_each(|id| see(Value::Id(id)));
                }
            }
            Field::Ancestor => {
                if let Record::Content(content) = record {
                    world.confluence.ancestors(content.id).for_each(|above| see(Value::Id(above.id)));
                }
            }
            Field::Container => match record {
                Record::Content(_) => {}
                Record::Comment(comment) => {
                    let (Container::Content(id) | Container::Attachment(id)) = comment.container;
                    see(Value::Id(id));
                }
                Record::File(file) => see(Value::Id(file.container)),
            },
            Field::Title => see(Value::Text(&self.words().0)),
            Field::Text => {
                let (title, body, _) = self.words();
                see(Value::Text(&title));
                see(Value::Text(&plain(body)));
            }
            Field::Label => match record {
                Record::Content(content) => content.labels.iter().for_each(|label| see(Value::Word(label))),
                Record::File(file) => file.labels.iter().for_each(|label| see(Value::Word(label))),
                Record::Comment(_) => {}
            },
            Field::Creator => see(Value::Word(record.author())),
            Field::Contributor => {
                see(Value::Word(record.author()));
                see(Value::Word(&record.version().by));
                if let Record::Content(content) = record {
                    content.history.iter().for_each(|past| see(Value::Word(&past.version.by)));
                }
            }
            Field::Mention => between(self.words().1, "ri:account-id=\"").for_each(|id| see(Value::Word(id))),
            Field::Macro => {
                let macros = self.words().1.split("<ac:structured-macro").skip(1);
                macros.filter_map(|one| between(one, "ac:name=\"").next()).for_each(|name| see(Value::Word(name)));
            }
            Field::Created => see(time(record.created_at())),
            Field::LastModified => see(time(self.words().2)),
            Field::Id | Field::User | Field::UserFullName => {}
        }
    }
}

/// What stands between each `start` and the next quotation mark.
fn between<'b>(body: &'b str, start: &'b str) -> impl Iterator<Item = &'b str> {
    body.split(start).skip(1).filter_map(|rest| rest.split_once('"').map(|(inner, _)| inner))
}

/// A space in `/search`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexedSpace<'w>(pub(crate) &'w Space);

impl ContentRecord for IndexedSpace<'_> {
    fn id(&self) -> u64 {
        self.0.id
    }

    fn status(&self) -> &'static str {
        "current"
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        let space = self.0;
        match field {
            Field::Type => see(Value::Word("space")),
            Field::Space => see(Value::Word(&space.key)),
            Field::SpaceType => see(Value::Word(space.space_type.as_str())),
            Field::Title => see(Value::Text(&space.name)),
            Field::Text => {
                see(Value::Text(&space.name));
                see(Value::Text(&space.description));
            }
            Field::Label => space.labels.iter().for_each(|label| see(Value::Word(label))),
            Field::Creator | Field::Contributor => see(Value::Word(&space.author)),
            Field::Created | Field::LastModified => see(time(space.created_at)),
            _ => {}
        }
    }
}

/// A person in `/search/user`; `place` is its place among all people.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexedPerson<'w> {
    pub(crate) person: &'w Person,
    pub(crate) place: u64,
}

impl ContentRecord for IndexedPerson<'_> {
    fn id(&self) -> u64 {
        self.place
    }

    fn status(&self) -> &'static str {
        "current"
    }

    fn visit(&self, field: Field, see: &mut dyn FnMut(Value<'_>)) {
        match field {
            Field::Type => see(Value::Word("user")),
            Field::User => see(Value::Word(&self.person.account_id)),
            Field::UserFullName | Field::Title => see(Value::Text(&self.person.display_name)),
            _ => {}
        }
    }
}

/// Kinds of content that CQL's types name.
pub(crate) fn kinds_of(types: Option<&[String]>) -> Vec<ContentKind> {
    let wanted = |kind: &ContentKind| types.is_none_or(|types| types.iter().any(|name| name == kind.as_str()));
    ContentKind::ALL.into_iter().filter(wanted).collect()
}
