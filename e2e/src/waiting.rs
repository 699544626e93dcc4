//! Waiting for something that will be true soon, with a limit: the only place of the stories that sleeps.

use std::time::{Duration, Instant};

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// Looks until `look` gives something, and returns it.
///
/// # Panics
/// After `limit`, with `what`.
pub async fn until<T>(what: &str, limit: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited {} s in vain: {what}", limit.as_secs());
        tokio::time::sleep(LOOK).await;
    }
}
