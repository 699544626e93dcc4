//! Why something is shown to nobody, in a sentence for administrators: the words of explanations.

pub(crate) use explain::reason;
