//! The streams against a small Jira on the loopback: what is asked, what comes out, what each trap would break.

mod access;
mod changes;
mod issues;
mod site;
mod traps;
