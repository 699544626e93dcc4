//! Why an account finds nothing of a source, in a sentence for administrators.

use crate::persons::bare;
use access::NotJoined;

/// The reason, as a message without a full stop.
pub(crate) fn reason(reason: &NotJoined) -> String {
    match reason {
        NotJoined::NoDirectory => "the people of the source have not been read yet".to_owned(),
        NotJoined::Excluded => "an administrator keeps the account from this source".to_owned(),
        NotJoined::NoUser => "no active person there has this e-mail, or none shows it".to_owned(),
        NotJoined::Ambiguous(users) => {
            format!("{} active people there have this e-mail, so none of them is taken", users.len())
        }
        NotJoined::Unknown(user) => format!("it is mapped to `{}`, who is not there", bare(user)),
        NotJoined::Inactive(user) => format!("user `{}` is deactivated there", bare(user)),
        NotJoined::Outsider(user) => format!("user `{}` is a portal customer or an app", bare(user)),
        NotJoined::WithoutProduct(user) => format!("user `{}` has no access to the product", bare(user)),
    }
}
