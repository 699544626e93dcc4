//! One file per command. Commands speak to the hub through its API, whether it runs elsewhere or here.

pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod input;
pub(crate) mod sim;
pub(crate) mod source;
pub(crate) mod sync;
pub(crate) mod table;
pub(crate) mod user;
mod webhook;
