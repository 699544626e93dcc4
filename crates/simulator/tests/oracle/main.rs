//! Truth tables of the oracle, one per rule: who sees what in a world of a few lines.
//!
//! Every table also fails when its rule is switched off, so no rule is there for nothing and no table is blind.

mod confluence;
mod cost;
mod jira;
mod people;
mod table;
