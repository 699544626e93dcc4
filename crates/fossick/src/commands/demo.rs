//! `fossick demo`: the sample company, a hub that has synced it, and accounts to log in with.

use super::{sim, table};
use crate::cli::Demo;
use crate::config::Config;
use crate::exit::{Exit, Fault};
use crate::hub::{Hub, store_fault};
use crate::operator::Operator;
use crate::{listen, serve};
use serde_json::{Value, json};
use simulator::state::World;
use simulator::state::directory::AccountType;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use web::pages::login::DemoAccount;

/// The password of every account of the demo, which answers on this machine only.
const PASSWORD: &str = "brightwater-demo";

/// Searches that answer differently for different people, with what to look at.
const SEARCHES: [(&str, &str); 3] = [
    ("signing keys", "Priya finds the runbook and the findings, Sam the public tickets only"),
    ("acquisition of Rivergauge", "Maya and Nadia find the board paper, everybody else nothing of it"),
    ("salary bands", "Ruth and Maya find them, Tomas does not, although he administers the site"),
];

pub(crate) async fn run(demo: Demo) -> Result<(), Fault> {
    let listener = listen::on(demo.listen).await?;
    let world = sim::sample()?;
    let (host, people) = (world.site.host.clone(), people(&world));
    let simulator = sim::start(world, simulator::Options::default()).await?;
    let folder = Folder::new(demo.keep)?;
    let address = simulator.base();
    let address = address.parse().map_err(|_| Fault::new(Exit::Failure, format!("`{address}` is no address")))?;
    let config = Config::against(&folder.path, address);
    let hub = Hub::open(&config).await?;
    let accounts: Vec<DemoAccount> = people.iter().map(account).collect();
    let app = serve::app(&hub, &config, accounts);
    let operator = Operator::Here { router: web::operator_router(app.clone()), hub: hub.clone() };
    fill(&operator, &hub, &host, &people).await?;
    let address = listener.local_addr().map_err(|error| Fault::new(Exit::Listen, error.to_string()))?;
    tell(&operator, &format!("http://{address}"), &people).await?;
    if !demo.once {
        hub.start_cycles();
        let stop = CancellationToken::new();
        tokio::spawn(serve::stop_on_signal(stop.clone()));
        serve::people(listener, web::router(app), stop).await?;
    }
    hub.close().await;
    simulator.shutdown().await;
    Ok(())
}

/// Somebody of the sample company.
struct Somebody {
    name: String,
    email: String,
    groups: Vec<String>,
}

fn people(world: &World) -> Vec<Somebody> {
    let groups = |account: &str| {
        let all = world.directory.groups.values().filter(|group| group.members.contains(account));
        let mut names: Vec<String> = all.map(|group| group.name.clone()).filter(|name| name != "everyone").collect();
        names.sort();
        names
    };
    let people = world.directory.people.values().filter(|person| person.account_type == AccountType::Atlassian);
    let mut people: Vec<_> = people
        .map(|person| Somebody {
            name: person.display_name.clone(),
            email: person.email.clone(),
            groups: groups(&person.account_id),
        })
        .collect();
    people.sort_by(|left, right| left.name.cmp(&right.name));
    people
}

fn account(somebody: &Somebody) -> DemoAccount {
    DemoAccount {
        name: somebody.name.clone(),
        role: somebody.groups.join(", "),
        email: somebody.email.clone(),
        password: PASSWORD.to_owned(),
    }
}

/// The administrator of the demo: whoever administers the sample site.
fn is_admin(somebody: &Somebody) -> bool {
    somebody.groups.iter().any(|group| group == "site-admins")
}

/// Connects and syncs through the same API that people use.
async fn fill(operator: &Operator, hub: &Arc<Hub>, host: &str, people: &[Somebody]) -> Result<(), Fault> {
    let site = json!({
        "domain": host,
        "token": sim::SAMPLE_TOKEN,
        "organization": {"id": sim::SAMPLE_ORGANIZATION, "key": sim::SAMPLE_ORGANIZATION_KEY},
    });
    if hub.store.sources().map_err(|error| store_fault(&error))?.is_empty() {
        println!("connecting {host} and syncing it");
        operator.post("/api/v1/sources", site).await?;
        for somebody in people {
            let role = if is_admin(somebody) { "admin" } else { "member" };
            let account = json!({"email": somebody.email, "name": somebody.name, "password": PASSWORD, "role": role});
            operator.post("/api/v1/users", account).await?;
        }
    }
    for source in hub.store.sources().map_err(|error| store_fault(&error))? {
        operator.post(&format!("/api/v1/sources/{}/sync", source.id.0), Value::Null).await?;
        hub.wait_for_sync(source.id).await;
    }
    Ok(())
}

async fn tell(operator: &Operator, address: &str, people: &[Somebody]) -> Result<(), Fault> {
    let sources = operator.get("/api/v1/sources").await?;
    for source in sources["sources"].as_array().into_iter().flatten() {
        let state = source["state"]["code"].as_str().unwrap_or_default();
        println!("{}: {state}, {} documents", source["name"].as_str().unwrap_or_default(), source["documents"]);
    }
    println!("\nAccounts, all with the password `{PASSWORD}`:");
    let rows: Vec<_> = people
        .iter()
        .map(|somebody| {
            let role = if is_admin(somebody) { "admin" } else { "member" };
            [somebody.email.clone(), somebody.name.clone(), role.to_owned(), somebody.groups.join(", ")]
        })
        .collect();
    table::print(["E-MAIL", "NAME", "ROLE", "GROUPS AT THE SOURCE"], &rows);
    println!("\nSearches that answer differently for different people:");
    for (query, what) in SEARCHES {
        println!("  {query:<28} {what}");
    }
    println!("\nOpen {address} and log in. Ctrl-C ends the demo.");
    Ok(())
}

/// Where the demo lives: a folder of its own that goes with it, unless one was named.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn new(keep: Option<PathBuf>) -> Result<Self, Fault> {
        match keep {
            Some(path) => Ok(Self { path, kept: true }),
            None => {
                let path = std::env::temp_dir().join(format!("fossick-demo-{}", std::process::id()));
                std::fs::create_dir_all(&path).map_err(|error| {
                    Fault::new(Exit::Failure, format!("cannot create `{}`: {error}", path.display()))
                })?;
                Ok(Self { path, kept: false })
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            let _gone_already = std::fs::remove_dir_all(&self.path);
        }
    }
}
