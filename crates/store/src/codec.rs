//! Clauses, inline principals and id lists as bytes.
//!
//! Every string carries its length, since names at a source may hold any character. A holder that cannot be read is
//! left out: that only narrows.

use crate::StoreError;
use crate::code::Code;
use access::{Clause, ClauseId, DynamicHolder, Hidden, Holder, Inline, Principal, SourceId};

/// The first byte of everything written here.
const FORMAT: u8 = 1;

/// Appends values to bytes.
pub(crate) struct Encoder(Vec<u8>);

impl Encoder {
    pub(crate) fn new() -> Self {
        Self(vec![FORMAT])
    }

    pub(crate) fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(crate) fn number(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn length(&mut self, value: usize) {
        self.number(u32::try_from(value).unwrap_or(u32::MAX));
    }

    pub(crate) fn text(&mut self, value: &str) {
        self.length(value.len());
        self.0.extend_from_slice(value.as_bytes());
    }

    pub(crate) fn principal(&mut self, principal: &Principal) {
        self.number(principal.source.0);
        self.text(&principal.holder.to_string());
    }

    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// Takes values from bytes.
pub(crate) struct Decoder<'b> {
    rest: &'b [u8],
    what: &'static str,
}

impl<'b> Decoder<'b> {
    pub(crate) fn new(bytes: &'b [u8], what: &'static str) -> Result<Self, StoreError> {
        match bytes.split_first() {
            Some((&FORMAT, rest)) => Ok(Self { rest, what }),
            _ => Err(StoreError::Unreadable { what }),
        }
    }

    pub(crate) fn byte(&mut self) -> Result<u8, StoreError> {
        self.take(1).map(|bytes| bytes[0])
    }

    pub(crate) fn number(&mut self) -> Result<u32, StoreError> {
        let bytes = self.take(4)?;
        Ok(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    pub(crate) fn text(&mut self) -> Result<&'b str, StoreError> {
        let length = self.number()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| StoreError::Unreadable { what: self.what })
    }

    /// `None` for a holder that this version does not know.
    pub(crate) fn principal(&mut self) -> Result<Option<Principal>, StoreError> {
        let source = SourceId(self.number()?);
        let holder = self.text()?.parse::<Holder>().ok();
        Ok(holder.map(|holder| Principal::new(source, holder)))
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], StoreError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(StoreError::Unreadable { what: self.what })?;
        self.rest = rest;
        Ok(taken)
    }
}

fn put_dynamic(bytes: &mut Encoder, holder: &DynamicHolder) {
    let (tag, field) = match holder {
        DynamicHolder::Reporter => (0, ""),
        DynamicHolder::Assignee => (1, ""),
        DynamicHolder::UserField(field) => (2, &**field),
        DynamicHolder::GroupField(field) => (3, &**field),
    };
    bytes.byte(tag);
    bytes.text(field);
}

fn take_dynamic(bytes: &mut Decoder<'_>) -> Result<DynamicHolder, StoreError> {
    let (tag, field) = (bytes.byte()?, bytes.text()?);
    match tag {
        0 => Ok(DynamicHolder::Reporter),
        1 => Ok(DynamicHolder::Assignee),
        2 => Ok(DynamicHolder::UserField(field.into())),
        3 => Ok(DynamicHolder::GroupField(field.into())),
        _ => Err(StoreError::Unreadable { what: bytes.what }),
    }
}

/// Equal clauses give equal bytes: both sets are sorted.
pub(crate) fn clause_to_bytes(clause: &Clause) -> Vec<u8> {
    let mut bytes = Encoder::new();
    let cause = clause.hidden().and_then(|hidden| u8::try_from(hidden.number()).ok());
    bytes.byte(cause.map_or(0, |number| number + 1));
    bytes.length(clause.principals().count());
    clause.principals().for_each(|principal| bytes.principal(principal));
    bytes.length(clause.dynamic().count());
    clause.dynamic().for_each(|holder| put_dynamic(&mut bytes, holder));
    bytes.done()
}

pub(crate) fn clause_of_bytes(bytes: &[u8]) -> Result<Clause, StoreError> {
    let mut bytes = Decoder::new(bytes, "clause")?;
    let cause = bytes.byte()?;
    if cause > 0 {
        return Ok(Clause::nobody(Hidden::of_number(i64::from(cause) - 1)?));
    }
    let mut principals = Vec::new();
    for _ in 0..bytes.number()? {
        principals.extend(bytes.principal()?);
    }
    let mut dynamic = Vec::new();
    for _ in 0..bytes.number()? {
        dynamic.push(take_dynamic(&mut bytes)?);
    }
    Ok(Clause::any_of(principals).or_dynamic(dynamic))
}

/// `None` for an issue whose fields name nobody.
pub(crate) fn inline_to_bytes(inline: &Inline) -> Option<Vec<u8>> {
    if inline.entries().is_empty() {
        return None;
    }
    let mut bytes = Encoder::new();
    bytes.length(inline.entries().len());
    for (holder, principal) in inline.entries() {
        put_dynamic(&mut bytes, holder);
        bytes.principal(principal);
    }
    Some(bytes.done())
}

pub(crate) fn inline_of_bytes(bytes: &[u8]) -> Result<Inline, StoreError> {
    let mut bytes = Decoder::new(bytes, "list of an issue's people")?;
    let mut entries = Vec::new();
    for _ in 0..bytes.number()? {
        let holder = take_dynamic(&mut bytes)?;
        entries.extend(bytes.principal()?.map(|principal| (holder, principal)));
    }
    Ok(Inline::new(entries))
}

/// Clause ids, four bytes each; no format byte, for these are compared and interned.
pub(crate) fn ids_to_bytes(ids: &[ClauseId]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.0.to_le_bytes()).collect()
}

pub(crate) fn ids_of_bytes(bytes: &[u8]) -> Result<Vec<ClauseId>, StoreError> {
    let (ids, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(StoreError::Unreadable { what: "list of clauses" });
    }
    Ok(ids.iter().map(|id| ClauseId(u32::from_le_bytes(*id))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Group;

    #[test]
    fn clauses_and_inline_principals_survive_being_stored() {
        let source = SourceId(7);
        let odd = Principal::new(source, Holder::Group(Group::Name("a\nb: c\u{0}".into())));
        let dynamic = [DynamicHolder::Assignee, DynamicHolder::GroupField("customfield_1".into())];
        for clause in [
            Clause::any_of([]),
            Clause::any_of([odd.clone(), Principal::account(source, "x")]).or_dynamic(dynamic.clone()),
            Clause::nobody(Hidden::Unknown),
            Clause::nobody(Hidden::Deleted),
        ] {
            assert_eq!(clause_of_bytes(&clause_to_bytes(&clause)).ok(), Some(clause));
        }
        let inline = Inline::new(vec![(DynamicHolder::Reporter, odd)]);
        let bytes = inline_to_bytes(&inline).expect("it names somebody");
        assert_eq!(inline_of_bytes(&bytes).ok(), Some(inline));
        assert_eq!(inline_to_bytes(&Inline::default()), None);
    }

    #[test]
    fn bytes_cut_short_are_an_error_and_never_an_open_clause() {
        let whole = clause_to_bytes(&Clause::any_of([Principal::new(SourceId(1), Holder::Anyone)]));
        for end in 0..whole.len() {
            assert!(clause_of_bytes(&whole[..end]).is_err(), "{end}");
        }
        assert!(ids_of_bytes(&[1, 2, 3]).is_err());
    }
}
