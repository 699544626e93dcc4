//! A double of Atlassian Cloud: Jira, Confluence and the organization API of one company.
//!
//! Imports none of the project's other crates. Stateful, trimmed per calling account, fast enough to be crawled at
//! thousands of documents per second.
//!
//! | where | what it decides |
//! |---|---|
//! | [`state`] | entities, ids, indexes, and what a change stamps. One `World`; write only through its methods |
//! | [`visibility`] | what an account may see: `JiraView`, `ConfluenceView`, one per request |
//! | [`world_file`] | companies in TOML (`worlds/*.toml`) and how they become a `World` |
//! | [`drawn`] | companies drawn from a seed, and changes in them |
//! | [`real`] | a company from real issues and pages in a folder outside the repository |
//! | [`play`] | a busy company: seeded changes through the routes, each told as a value |
//! | [`faults`] | what goes wrong with answers, by seed and route |
//! | [`oracle`] | the same question answered a second time, in SQL, to check the first answer |
//! | [`server`] | `Simulator::start`, the shared `Simulation`, the order of steps of a request |
//! | `dispatch` | host and path to a route; answers where there is no route; headers of each product |
//! | [`caller`] | credentials: the whole matrix of right and wrong ones |
//! | [`scopes`] | which scopes open which route: `scopes/*.txt`, one file per product |
//! | [`route`] | the table of routes and its matching |
//! | [`call`] | what a handler is given: caller, path, query, body, world |
//! | [`reply`] | what a handler answers, and each product's error bodies |
//! | [`paging`] | PageBean, v2 cursors, v1 start and limit |
//! | [`jira`], [`confluence`], [`admin`] | the routes, one file per resource |
//! | [`query`] | JQL and CQL, pure |
//! | [`inside`] | requests without a socket: the same routes and rights |
//! | `journal` | what was written, to be found again after the process was killed |
//! | `media`, [`counters`], `control` | signed file addresses, call counts, `/_sim/…` |
//! | [`webhook`] | what administrators' webhooks are told of changes, signed, retried, twice or late on request |
//!
//! To add a route: write `fn handler(call: &Call<'_>) -> Answer` in the resource's file, list it in that file's `routes()`
//! (`Route::jira(Method::GET, "/rest/api/3/x/{id}", handler)`, `.anonymous()` if nobody need sign in; add a new file's
//! `routes()` to the product's `mod.rs`), and give it a line in `scopes/`.
//! In the handler: parameters by `call.path_id`, `call.query`, `call.query_list`, `call.jira_body::<T>()`; the caller by
//! `call.caller.account()`; **one** guard by `let world = call.world();` (taking a second one in the same handler can
//! deadlock; drop it before `call.world_mut()`); trimming by `JiraView::new(&world, call.caller.account())`; lists by
//! `JiraPage`, `V2Page`, `V1Page`; errors by `return Err(reply::jira::no_issue())`; points by `.objects(n)` and
//! `.identities(n)`. Uploads: `multipart::parts`. Times: `wire_time`.

pub mod admin;
pub mod call;
pub mod caller;
pub mod clock;
pub mod confluence;
mod control;
pub mod counters;
mod dispatch;
pub mod drawn;
mod edge;
pub mod faults;
pub mod inside;
pub mod jira;
mod journal;
mod media;
pub mod multipart;
pub mod oracle;
pub mod paging;
pub mod play;
pub mod query;
pub mod real;
pub mod reply;
pub mod route;
pub mod scopes;
pub mod server;
pub mod state;
mod token_exchange;
pub mod visibility;
pub mod webhook;
pub mod wire_time;
pub mod world_file;

pub use server::{Options, Running, Simulator};
