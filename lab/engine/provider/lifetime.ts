/** How long a plugin lives: it leaves when asked to, and never outlives its engine. */

interface Lifetime {
  /** Counts a call in flight until it settles. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

interface LifetimeEvents {
  /** The engine is gone: undo what is under way. */
  readonly orphaned: () => void;
  readonly exit: () => void;
}

/** How long an orphan may take to undo what was under way. */
const undoMilliseconds = 15_000;

/** Leaves at once on SIGINT or SIGTERM when idle (the engine waits 5 s for it), else after the calls in flight. */
export function lifetime(events: LifetimeEvents): Lifetime {
  let inFlight = 0;
  let leaving = false;
  const leaveWhenIdle = () => {
    if (leaving && inFlight === 0) events.exit();
  };
  const leave = () => {
    leaving = true;
    leaveWhenIdle();
  };
  process.on("SIGINT", leave);
  process.on("SIGTERM", leave);
  watchParent(() => {
    events.orphaned();
    setTimeout(events.exit, undoMilliseconds).unref();
    leave();
  });
  return {
    async during(work) {
      inFlight++;
      try {
        return await work();
      } finally {
        // The answer is written after this: leave one turn later.
        setImmediate(() => {
          inFlight--;
          leaveWhenIdle();
        });
      }
    },
  };
}

/** A killed engine cannot say goodbye; the operating system then gives its children another parent. */
function watchParent(gone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, 500);
  timer.unref();
}
