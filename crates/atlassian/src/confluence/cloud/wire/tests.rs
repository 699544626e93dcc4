//! Samples of every shape, as the sheet gives them.
