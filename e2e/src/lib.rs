//! Stories over the whole binary: the harness that they share.
