//! Smaller changes in Confluence: the order of siblings, resolved comments, the trash of files, the audit log.

use super::content::{Placement, Status};
use super::{AccountId, AuditRecord, World};

impl World {
    /// Puts content directly before or after `target`, among the target's siblings and in its space. Bumps no version.
    /// False if either does not exist or the target is in the content's own subtree.
    pub fn move_beside(&mut self, id: u64, target: u64, before: bool) -> bool {
        let Some(sibling) = self.confluence.content.get(&target) else { return false };
        let (space, parent) = (sibling.space, sibling.parent);
        if id == target || !self.move_content(id, space, parent) {
            return false;
        }
        let Some(parent) = parent else { return true };
        let mut order: Vec<u64> = self.confluence.children(parent).map(|child| child.id).collect();
        order.retain(|sibling| *sibling != id);
        let at = order.iter().position(|sibling| *sibling == target).unwrap_or(0);
        order.insert(if before { at } else { at + 1 }, id);
        for (position, child) in (0..).zip(order) {
            if let Some(mut content) = self.confluence.content.get(&child).cloned() {
                content.position = position;
                self.confluence.put_content(content);
            }
        }
        true
    }

    /// Resolves or reopens an inline comment. False for anything else.
    pub fn resolve_comment(&mut self, id: u64, by: &AccountId, resolved: bool) -> bool {
        let now = self.clock.now();
        let Some(comment) = self.confluence.comments.get_mut(&id) else { return false };
        let Placement::Inline { resolution, resolved: last, .. } = &mut comment.placement else { return false };
        let word = if resolved { "resolved" } else { "reopened" };
        word.clone_into(resolution);
        *last = Some((by.clone(), now));
        true
    }

    /// Puts a file into the trash of its space or takes it out.
    pub fn set_attachment_status(&mut self, id: u64, status: Status) -> bool {
        let Some(file) = self.confluence.attachments.get_mut(&id) else { return false };
        file.status = status;
        true
    }

    /// Adds a line to Confluence's audit log. `object` is (kind, name, id of the space that it is in), `change` is (name, old value, new value), left out where all are empty.
    pub fn log_confluence(
        &mut self,
        by: &AccountId,
        category: &str,
        summary: &str,
        object: (&str, &str, Option<u64>),
        change: (&str, &str, &str),
    ) {
        let id = self.confluence.take_id();
        let space = object.2.and_then(|space| self.confluence.spaces.get(&space)).map(|space| space.name.clone());
        let changes = if change == ("", "", "") {
            Vec::new()
        } else {
            vec![(change.0.to_owned(), change.1.to_owned(), change.2.to_owned())]
        };
        self.confluence.audit.push(AuditRecord {
            id,
            created: self.clock.now(),
            author: by.clone(),
            summary: summary.to_owned(),
            category: category.to_owned(),
            object_type: object.0.to_owned(),
            object_id: String::new(),
            object_name: object.1.to_owned(),
            space,
            changes,
        });
    }
}
