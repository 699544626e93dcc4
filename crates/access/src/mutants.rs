//! Rules that a proof switches off, one at a time, to see that their absence is noticed (mutation testing of the rules).
//!
//! Each place that keeps a rule asks [`off`] under the rule's name, `crate.rule`. In the product that is the constant
//! `false` and costs nothing: only the cargo feature `mutants` holds the switch, and `xtask tidy` refuses whatever turns
//! that feature on by default. The switch lives here because every crate that keeps a rule may import this one.

/// Whether this build can switch rules off at all. False in the product.
pub const BUILT_IN: bool = cfg!(feature = "mutants");

/// Whether the rule of this name is switched off. Always false in the product.
#[cfg(not(feature = "mutants"))]
#[inline(always)]
pub const fn off(_rule: &str) -> bool {
    false
}

#[cfg(feature = "mutants")]
pub use switch::{off, reached, switch_off, switch_on_all};

#[cfg(feature = "mutants")]
mod switch {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{PoisonError, RwLock};

    static OFF: RwLock<String> = RwLock::new(String::new());
    static REACHED: AtomicU64 = AtomicU64::new(0);

    /// Whether the rule of this name is switched off in this process.
    pub fn off(rule: &str) -> bool {
        let found = *OFF.read().unwrap_or_else(PoisonError::into_inner) == rule;
        if found {
            REACHED.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    /// Switches one rule off and all others on, in this process.
    pub fn switch_off(rule: &str) {
        rule.clone_into(&mut OFF.write().unwrap_or_else(PoisonError::into_inner));
        REACHED.store(0, Ordering::Relaxed);
    }

    /// Every rule is in force again.
    pub fn switch_on_all() {
        switch_off("");
    }

    /// How often the rule that is off was asked for. Zero: the name is misspelled, or the run proves nothing about it.
    pub fn reached() -> u64 {
        REACHED.load(Ordering::Relaxed)
    }
}
