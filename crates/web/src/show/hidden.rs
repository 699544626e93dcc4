//! Why something is shown to nobody, in a sentence for administrators.

use access::Hidden;

/// The cause, as a message without a full stop.
pub(crate) fn reason(cause: Hidden) -> &'static str {
    match cause {
        Hidden::Unknown => "nothing is known yet about who may see it",
        Hidden::Pending => "its restrictions have not been read yet",
        Hidden::AncestorUnreadable => "a page, folder or other content above it cannot be read",
        Hidden::AncestorCycle => "the contents above it form a circle",
        Hidden::Unconfirmed => "it was missing in the last listing; that is not yet confirmed",
        Hidden::Forbidden => "the source refused to show who may see it",
        Hidden::NotUnderstood => "who may see it names something that Fossick cannot interpret",
        Hidden::Truncated => "the list of those who may see it was cut off at the source",
        Hidden::Stale => "who may see it was last read too long ago",
        Hidden::AwaitingIndex => "its new text is not in the index yet",
        Hidden::OutOfScope => "it lies outside what the settings include",
        Hidden::Deleted => "it was deleted at the source",
    }
}
