//! The same work for every shard, on a few threads.

use crate::Error;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Runs `work` for 0..n on up to `threads` threads, each with a `state` of its own; results come
/// back in order. The first error ends it.
pub(crate) fn for_each<S, T: Send>(
    n: usize,
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, Error> + Sync,
) -> Result<Vec<T>, Error> {
    let next = AtomicUsize::new(0);
    let done: Mutex<(Vec<Option<T>>, Option<Error>)> = Mutex::new(((0..n).map(|_| None).collect(), None));
    let run = || {
        let mut own = state();
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            if i >= n {
                return;
            }
            let result = work(&mut own, i);
            let mut all = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            match result {
                Ok(value) => all.0[i] = Some(value),
                Err(error) => {
                    next.store(n, Ordering::Relaxed);
                    all.1.get_or_insert(error);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, n.max(1)) {
            scope.spawn(run);
        }
        run();
    });
    let (results, error) = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    match error {
        Some(error) => Err(error),
        None => Ok(results.into_iter().flatten().collect()),
    }
}

/// How many threads the machine has to offer; the result of the work does not depend on it.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(16)
}

/// Runs two things side by side. A panic in either goes on in the caller.
pub(crate) fn both<A: Send, B>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let a = scope.spawn(a);
        let b = b();
        (a.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), b)
    })
}
