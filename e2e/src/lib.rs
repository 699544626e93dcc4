//! Stories over the whole program: the harness that they share.
//!
//! A story starts `fossick` as people do, in processes of its own with a folder of its own, and looks at it from outside:
//! over HTTP, on the command line, in a browser. Only [`opened`] looks inside, after the hub has stopped,
//! and [`pipeline`] plays without a hub. [`proof`] plays thousands of companies with a hub in this process. Helpers panic
//! with what they saw, because every caller is a test.

pub mod browser;
pub mod chaos;
pub mod client;
pub mod command;
pub mod opened;
pub mod people;
pub mod pipeline;
pub mod program;
pub mod proof;
pub mod proxy;
pub mod site;
pub mod skip;
pub mod stack;
pub mod waiting;
pub mod webhook;
