//! What surrounds every page: who is signed in, the CSRF token, a message, the theme, the way around the settings.

use crate::assets;
use crate::urls::Route;

/// What an account may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Searches, and manages sources and accounts.
    Admin,
    /// Searches.
    Member,
}

impl Role {
    /// The role as people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Admin => "Administrator",
            Self::Member => "Member",
        }
    }

    /// The role as forms send it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Member => "member",
        }
    }
}

/// Which colours an account wants.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Theme {
    /// What the system or browser prefers.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Every theme, in the order in which the account page lists them.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The theme as forms, cookies and `data-theme` say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that [`Theme::word`] names; any other word is the system's.
    pub fn from_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or_default()
    }

    /// The theme as people read it.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "As the system",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// The account that is signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedIn {
    /// Name of the account.
    pub name: String,
    /// Its e-mail address.
    pub email: String,
    /// What it may do; decides whether the settings are linked.
    pub role: Role,
}

impl SignedIn {
    /// First letters of the first and last word of the name, for the round badge.
    pub fn initials(&self) -> String {
        let mut words = self.name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
        let first = words.next();
        let last = words.next_back();
        first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
    }

    /// Whether the settings are open to this account.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }
}

/// A sentence that needs no answer: a message that is shown once, after an action, or what ails the hub.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flash {
    /// How it went.
    pub tone: super::part::Tone,
    /// One sentence.
    pub text: String,
}

/// What every page needs around its own content.
#[derive(Clone, Debug, Default)]
pub struct Chrome {
    /// Nobody on the login page and on faults before it.
    pub person: Option<SignedIn>,
    /// The token that every form that changes something sends back.
    pub csrf: String,
    /// A message from the action before.
    pub flash: Option<Flash>,
    /// Which colours.
    pub theme: Theme,
    /// What ails the hub as a whole, the worst first. The settings show it on every page.
    pub notices: Vec<Flash>,
}

impl Chrome {
    /// Address of the stylesheet.
    pub fn stylesheet(&self) -> String {
        assets::STYLESHEET.url()
    }

    /// Address of the logo.
    pub fn logo(&self) -> String {
        assets::LOGO.url()
    }

    /// Address of the module for keys.
    pub fn keys(&self) -> String {
        assets::KEYS.url()
    }

    /// The way around the settings.
    pub fn settings(&self) -> [(Route, super::icon::Icon, &'static str); 4] {
        use super::icon::Icon;
        [
            (Route::Sources, Icon::Source, "Sources"),
            (Route::Users, Icon::People, "Accounts"),
            (Route::Access, Icon::Person, "Access"),
            (Route::Audit, Icon::Log, "Audit log"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn initials(name: &str) -> String {
        SignedIn { name: name.to_owned(), email: String::new(), role: Role::Member }.initials()
    }

    #[test]
    fn initials_are_of_the_first_and_last_name() {
        assert_eq!(initials("ana maria souza"), "AS");
        assert_eq!(initials("Cher"), "C");
        assert_eq!(initials("\"><b> שרה"), "Bש");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn a_theme_survives_its_word() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.word()), theme);
        }
        assert_eq!(Theme::from_word("plaid"), Theme::System);
    }
}
