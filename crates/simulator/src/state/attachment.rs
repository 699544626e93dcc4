//! Files of both products: stored bytes, or bytes that are made when they are read.
//!
//! Bulk worlds have 100,000 files; making their bytes on demand keeps a world small.

use bytes::Bytes;

/// Content of a file.
#[derive(Clone, Debug)]
pub enum FileBytes {
    /// As uploaded.
    Stored(Bytes),
    /// `size` bytes of readable text that depend on `seed` alone.
    Generated {
        /// Chooses the text.
        seed: u64,
        /// Length in bytes.
        size: usize,
    },
}

impl FileBytes {
    /// Length in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Stored(bytes) => bytes.len(),
            Self::Generated { size, .. } => *size,
        }
    }

    /// The bytes themselves.
    pub fn read(&self) -> Bytes {
        match self {
            Self::Stored(bytes) => bytes.clone(),
            Self::Generated { seed, size } => {
                let line = format!("line of generated file {seed}\n");
                line.bytes().cycle().take(*size).collect::<Vec<u8>>().into()
            }
        }
    }
}
