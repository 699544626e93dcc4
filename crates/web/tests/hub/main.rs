//! The hub as browsers and programs meet it: over a real store in a directory of its own, a fixed clock, the reference
//! index, and operations that answer what the test says.

#![expect(clippy::unwrap_used, reason = "a test whose stage does not stand can only stop")]

mod answers;
mod double;
mod explain;
mod forms;
mod inspections;
mod operator;
mod persons;
mod roles;
mod schedule;
mod search;
mod settings;
mod sign_in;
mod stage;
mod upkeep;
mod webhooks;
mod world;
