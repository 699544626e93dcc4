//! The configuration: a file, overridden by the environment. The only place that knows either.
//!
//! Every key is a row of one table, from which parsing, messages and the reference page come. An unknown or wrong key
//! stops the program at start and names a correct example.

use crate::exit::{Exit, Fault};
use atlassian::http::Roots;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use url::Url;

/// What the program works with.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Where everything lives.
    pub(crate) data: PathBuf,
    pub(crate) web: WebConfig,
    pub(crate) atlassian: AtlassianConfig,
    pub(crate) log: LogConfig,
}

/// What people and programs connect to.
#[derive(Clone, Debug)]
pub(crate) struct WebConfig {
    pub(crate) listen: SocketAddr,
    /// The address that people type; cookies are marked secure when it is https.
    pub(crate) public_url: Option<Url>,
}

/// How Atlassian is reached.
#[derive(Clone, Debug)]
pub(crate) struct AtlassianConfig {
    pub(crate) gateway: Url,
    /// Connect here instead of to the site's own address, for a simulator.
    pub(crate) site_address: Option<Url>,
    pub(crate) proxy: Option<Url>,
    /// What the file of further certificate authorities holds.
    pub(crate) roots: Option<Roots>,
}

/// What the program writes about itself.
#[derive(Clone, Debug)]
pub(crate) struct LogConfig {
    pub(crate) filter: String,
    pub(crate) json: bool,
}

/// One key, as the reference shows it.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) environment: &'static str,
    pub(crate) default: &'static str,
    pub(crate) example: &'static str,
    pub(crate) meaning: &'static str,
}

/// All keys.
pub(crate) const KEYS: &[Key] = &[
    Key {
        name: "data",
        environment: "FOSSICK_DATA",
        default: "data",
        example: "/var/lib/fossick",
        meaning: "The folder that holds everything: databases, index, key file, socket.",
    },
    Key {
        name: "web.listen",
        environment: "FOSSICK_WEB_LISTEN",
        default: "127.0.0.1:8080",
        example: "0.0.0.0:8080",
        meaning: "Address and port for people and programs.",
    },
    Key {
        name: "web.public_url",
        environment: "FOSSICK_WEB_PUBLIC_URL",
        default: "",
        example: "https://search.example.com",
        meaning: "The address that people type. With https, session cookies are sent over https only.",
    },
    Key {
        name: "atlassian.gateway",
        environment: "FOSSICK_ATLASSIAN_GATEWAY",
        default: "https://api.atlassian.com",
        example: "https://api.atlassian.com",
        meaning: "Atlassian's API gateway. Change it only for a simulator.",
    },
    Key {
        name: "atlassian.site_address",
        environment: "FOSSICK_ATLASSIAN_SITE_ADDRESS",
        default: "",
        example: "http://127.0.0.1:9090",
        meaning: "Connect here instead of to the site itself. Only for a simulator.",
    },
    Key {
        name: "atlassian.proxy",
        environment: "FOSSICK_ATLASSIAN_PROXY",
        default: "",
        example: "http://proxy.example.com:3128",
        meaning: "Proxy for all calls to Atlassian.",
    },
    Key {
        name: "atlassian.ca_file",
        environment: "FOSSICK_ATLASSIAN_CA_FILE",
        default: "",
        example: "/etc/ssl/company-ca.pem",
        meaning: "PEM file with a further certificate authority to trust.",
    },
    Key {
        name: "log.filter",
        environment: "FOSSICK_LOG_FILTER",
        default: "info",
        example: "info,sync=debug",
        meaning: "Which log lines are written.",
    },
    Key {
        name: "log.format",
        environment: "FOSSICK_LOG_FORMAT",
        default: "text",
        example: "json",
        meaning: "`text` for people, `json` for programs.",
    },
];

/// Values as typed: by key, with where each came from.
struct Typed {
    file: Option<(PathBuf, toml::Table)>,
    environment: fn(&str) -> Option<String>,
}

impl Config {
    /// Everything as it is by default, against a simulator at `atlassian`, on a port of its own.
    pub(crate) fn against(data: &Path, atlassian: Url) -> Self {
        Self {
            data: data.to_owned(),
            web: WebConfig { listen: ([127, 0, 0, 1], 0).into(), public_url: None },
            atlassian: AtlassianConfig {
                gateway: atlassian.clone(),
                site_address: Some(atlassian),
                proxy: None,
                roots: None,
            },
            log: LogConfig { filter: "warn".to_owned(), json: false },
        }
    }

    /// Reads the file, if one is named or `fossick.toml` exists here, and the environment over it.
    pub(crate) fn load(file: Option<&Path>, data: Option<&Path>) -> Result<Self, Fault> {
        refuse_misspelt(&environment_names())?;
        let default = Path::new("fossick.toml");
        let file = file.or_else(|| default.exists().then_some(default));
        let mut config = Self::read(file, environment)?;
        if let Some(data) = data {
            config.data = data.to_owned();
        }
        Ok(config)
    }

    fn read(file: Option<&Path>, environment: fn(&str) -> Option<String>) -> Result<Self, Fault> {
        let file = file.map(|path| read_file(path).map(|table| (path.to_owned(), table))).transpose()?;
        let typed = Typed { file, environment };
        if let Some((path, table)) = &typed.file {
            refuse_unknown(path, table, "")?;
        }
        Ok(Self {
            data: typed.folder("data")?,
            web: WebConfig {
                listen: typed.parsed("web.listen", "an address and a port")?,
                public_url: typed.optional_url("web.public_url")?,
            },
            atlassian: AtlassianConfig {
                gateway: typed.url("atlassian.gateway")?,
                site_address: typed.optional_url("atlassian.site_address")?,
                proxy: typed.optional_url("atlassian.proxy")?,
                roots: typed.roots("atlassian.ca_file")?,
            },
            log: LogConfig {
                filter: typed.value("log.filter")?,
                json: match typed.value("log.format")?.as_str() {
                    "json" => true,
                    "text" => false,
                    _ => return Err(typed.wrong("log.format", "either `text` or `json`")),
                },
            },
        })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn environment_names() -> Vec<String> {
    std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect()
}

/// Refuses names that were meant for a key of some section: whoever mistypes one believes that it is set.
///
/// Names that an orchestrator gives to every program because a service has such a name are let pass.
fn refuse_misspelt(names: &[String]) -> Result<(), Fault> {
    let sections = ["FOSSICK_WEB_", "FOSSICK_ATLASSIAN_", "FOSSICK_LOG_"];
    let is_service = |name: &str| name.contains("_SERVICE_") || name.contains("_PORT");
    let misspelt = names.iter().find(|name| {
        sections.iter().any(|section| name.starts_with(section))
            && !KEYS.iter().any(|key| key.environment == name.as_str())
            && !is_service(name)
    });
    let Some(name) = misspelt else { return Ok(()) };
    let known: Vec<_> = KEYS.iter().map(|key| format!("`{}`", key.environment)).collect();
    let example = format!("`{}={}`", Typed::key("web.listen").environment, Typed::key("web.listen").example);
    let message = format!(
        "the environment sets `{name}`, which is no key; keys are {}; unset it, or write one such as {example}",
        known.join(", ")
    );
    Err(Fault::new(Exit::Configuration, message))
}

fn read_file(path: &Path) -> Result<toml::Table, Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let what = match error.kind() {
            std::io::ErrorKind::NotFound => "name one that is there, such as `--config fossick.toml`",
            std::io::ErrorKind::InvalidData => {
                "save it as UTF-8 text, with lines such as `data = \"/var/lib/fossick\"`"
            }
            _ => "name a file that can be read, such as `--config fossick.toml`",
        };
        let message = format!("cannot read the configuration file `{}`: {error}; {what}", path.display());
        Fault::new(Exit::Configuration, message)
    })?;
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count();
        let typed = text.lines().nth(line).unwrap_or_default();
        let example = line_like(typed.split('=').next().unwrap_or_default().trim());
        let message = format!("`{}`, line {}: {}; write {example}", path.display(), line + 1, error.message());
        Fault::new(Exit::Configuration, message)
    })
}

fn refuse_unknown(path: &Path, table: &toml::Table, above: &str) -> Result<(), Fault> {
    for (name, value) in table {
        let full = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
        match value {
            toml::Value::Table(inner) if KEYS.iter().any(|key| key.name.starts_with(&format!("{full}."))) => {
                refuse_unknown(path, inner, &full)?;
            }
            _ if KEYS.iter().any(|key| key.name == full) => {}
            _ => {
                let known: Vec<_> = KEYS.iter().map(|key| format!("`{}`", key.name)).collect();
                let message = format!(
                    "`{}` sets `{full}`, which is no key; keys are {}; write {}",
                    path.display(),
                    known.join(", "),
                    line_like(&full)
                );
                return Err(Fault::new(Exit::Configuration, message));
            }
        }
    }
    Ok(())
}

/// A correct line for the key that was most likely meant: one of that name, else one of that section, else any.
fn line_like(typed: &str) -> String {
    let section = |name: &'static str| name.split('.').next() == typed.split('.').next();
    let name = |name: &'static str| name.rsplit('.').next() == typed.rsplit('.').next();
    let meant = KEYS.iter().find(|key| name(key.name)).or_else(|| KEYS.iter().find(|key| section(key.name)));
    let key = meant.unwrap_or_else(|| Typed::key("web.listen"));
    format!("a line such as `{} = \"{}\"`", key.name, key.example)
}

impl Typed {
    fn key(name: &str) -> &'static Key {
        match KEYS.iter().find(|key| key.name == name) {
            Some(key) => key,
            None => unreachable!("`{name}` has no row in the table of keys"),
        }
    }

    fn value(&self, name: &'static str) -> Result<String, Fault> {
        let key = Self::key(name);
        if let Some(value) = (self.environment)(key.environment) {
            return Ok(value);
        }
        let found = self.file.as_ref().and_then(|(_, table)| match name.split_once('.') {
            None => table.get(name),
            Some((section, name)) => table.get(section).and_then(|section| section.get(name)),
        });
        match found {
            None => Ok(key.default.to_owned()),
            Some(toml::Value::String(value)) => Ok(value.clone()),
            Some(_) => Err(self.wrong(name, "text in quotation marks")),
        }
    }

    fn parsed<T: std::str::FromStr>(&self, name: &'static str, what: &str) -> Result<T, Fault> {
        self.value(name)?.trim().parse().map_err(|_| self.wrong(name, what))
    }

    fn url(&self, name: &'static str) -> Result<Url, Fault> {
        let url: Url = self.parsed(name, "a URL")?;
        if matches!(url.scheme(), "http" | "https") && url.host().is_some() {
            return Ok(url);
        }
        Err(self.wrong(name, "a URL that begins with http:// or https://"))
    }

    /// An empty one would be the working directory.
    fn folder(&self, name: &'static str) -> Result<PathBuf, Fault> {
        let path = self.value(name)?;
        if path.trim().is_empty() { Err(self.wrong(name, "a folder")) } else { Ok(path.into()) }
    }

    fn optional_url(&self, name: &'static str) -> Result<Option<Url>, Fault> {
        if self.value(name)?.is_empty() { Ok(None) } else { self.url(name).map(Some) }
    }

    /// Read at once: a wrong file is a mistake of the configuration, not a site that cannot be reached.
    fn roots(&self, name: &'static str) -> Result<Option<Roots>, Fault> {
        let path = self.value(name)?;
        if path.is_empty() {
            return Ok(None);
        }
        let wrong = |why: &dyn std::fmt::Display| {
            let Fault { exit, message } = self.wrong(name, "a file of PEM certificates");
            Fault::new(exit, format!("{message}; `{path}`: {why}"))
        };
        let pem = std::fs::read(&path).map_err(|error| wrong(&error))?;
        Roots::parse(&pem).map(Some).map_err(|error| wrong(&error))
    }

    /// Names the key, where it was set and a correct example; not the value, which could be a secret in the wrong place.
    fn wrong(&self, name: &'static str, what: &str) -> Fault {
        let key = Self::key(name);
        let place = match (&self.file, (self.environment)(key.environment)) {
            (_, Some(_)) => format!("the environment variable `{}`", key.environment),
            (Some((path, _)), None) => format!("`{name}` in `{}`", path.display()),
            (None, None) => format!("`{name}`"),
        };
        Fault::new(Exit::Configuration, format!("{place} must be {what}, such as `{}`", key.example))
    }
}

/// The reference of all keys as a Markdown table, which the README holds.
pub(crate) fn reference() -> String {
    let mut page = String::from("| Key | Environment | Default | Meaning | Example |\n|---|---|---|---|---|\n");
    for key in KEYS {
        let default = if key.default.is_empty() { "none".to_owned() } else { format!("`{}`", key.default) };
        let row = [format!("`{}`", key.name), format!("`{}`", key.environment), default, key.meaning.to_owned()];
        page.push_str(&format!("| {} | `{}` |\n", row.join(" | "), key.example));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_in_the_environment_is_refused_and_a_services_name_is_not() {
        let refused = |name: &str| refuse_misspelt(&[name.to_owned()]).err().map(|fault| fault.message);
        let message = refused("FOSSICK_WEB_PUBLIK_URL").unwrap_or_default();
        assert!(
            message.contains("`FOSSICK_WEB_PUBLIK_URL`") && message.contains("`FOSSICK_WEB_PUBLIC_URL`"),
            "{message}"
        );
        for name in ["FOSSICK_WEB_PUBLIC_URL", "FOSSICK_WEB_SERVICE_HOST", "FOSSICK_WEB_PORT_8080_TCP", "PATH"] {
            assert_eq!(refused(name), None, "{name}");
        }
    }

    #[test]
    fn an_empty_folder_is_refused_and_bytes_that_are_no_text_are_named() {
        assert!(refusal("data = \"\"").contains("`data` in"), "{}", refusal("data = \"\""));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fossick.toml");
        std::fs::write(&path, b"data = \"\xff\"").unwrap();
        let message = Config::read(Some(&path), |_| None).unwrap_err().message;
        assert!(message.contains("UTF-8"), "{message}");
        let message = Config::read(Some(folder.path()), |_| None).unwrap_err().message;
        assert!(message.contains("name a file that can be read"), "{message}");
    }

    fn read(text: &str) -> Result<Config, Fault> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fossick.toml");
        std::fs::write(&path, text).unwrap();
        Config::read(Some(&path), |_| None)
    }

    fn refusal(text: &str) -> String {
        let fault = read(text).unwrap_err();
        assert_eq!(fault.exit, Exit::Configuration);
        fault.message
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        let config = read("").unwrap();
        assert_eq!(config.web.listen.port(), 8080);
        assert_eq!(config.atlassian.gateway.as_str(), "https://api.atlassian.com/");
        assert!(!config.log.json);
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = Config::read(None, |name| (name == "FOSSICK_WEB_LISTEN").then(|| "[::1]:81".to_owned())).unwrap();
        assert_eq!(config.web.listen.to_string(), "[::1]:81");
    }

    #[test]
    fn every_mistake_names_the_key_and_a_correct_example() {
        for (text, key, example) in [
            ("web.listen = '80a'", "`web.listen`", "`0.0.0.0:8080`"),
            ("web.listen = 8080", "`web.listen`", "`0.0.0.0:8080`"),
            ("web.public_url = 'ftp://x'", "`web.public_url`", "`https://search.example.com`"),
            ("atlassian.gateway = 'nonsense'", "`atlassian.gateway`", "`https://api.atlassian.com`"),
            ("atlassian.gateway = 'ftp://x'", "`atlassian.gateway`", "`https://api.atlassian.com`"),
            ("atlassian.ca_file = '/nowhere.pem'", "`atlassian.ca_file`", "`/etc/ssl/company-ca.pem`"),
            ("log.format = 'xml'", "`log.format`", "`json`"),
            ("web.port = 1", "`web.port`", "`web.listen = \"0.0.0.0:8080\"`"),
            ("web = 1", "`web`", "`web.listen = \"0.0.0.0:8080\"`"),
            ("[wep]\nfilter = 'x'", "`wep`", "`web.listen = \"0.0.0.0:8080\"`"),
            ("filter = 'x'", "`filter`", "`log.filter = \"info,sync=debug\"`"),
            ("log.filter = \n", ", line 1", "`log.filter = \"info,sync=debug\"`"),
            ("[log]\nformat = json", ", line 2", "`log.format = \"json\"`"),
        ] {
            let message = refusal(text);
            assert!(message.contains(key) && message.contains(example), "{message}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused_when_the_configuration_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let garbage = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
        for text in ["", "no PEM", "-----BEGIN CERTIFICATE-----\n", garbage] {
            std::fs::write(&path, text).unwrap();
            let message = refusal(&format!("atlassian.ca_file = '{}'", path.display()));
            let told = ["`atlassian.ca_file`", "`/etc/ssl/company-ca.pem`", "ca.pem`:"];
            assert!(told.iter().all(|words| message.contains(words)), "{message}");
        }
    }

    #[test]
    fn the_readme_holds_the_generated_reference() {
        let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
        assert!(readme.contains(&reference()), "put this into README.md:\n{}", reference());
    }
}
