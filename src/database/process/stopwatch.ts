/** A time limit that can stand still. */
export interface Stopwatch {
  /** Lets no time pass until `go`. */
  hold(): void;
  go(): void;
  /** Ends it; `onOver` is not called any more. */
  end(): void;
}

/** Calls `onOver` once, when it has run for so long without the time in which it was held. */
export function startStopwatch(milliseconds: number, onOver: () => void): Stopwatch {
  let left = milliseconds;
  let since = performance.now();
  let timer: NodeJS.Timeout | null = setTimeout(onOver, left);
  let hasEnded = false;
  const stop = (): void => {
    clearTimeout(timer ?? undefined);
    timer = null;
  };
  return {
    hold() {
      if (timer !== null) {
        stop();
        left = Math.max(0, left - (performance.now() - since));
      }
    },
    go() {
      if (timer === null && !hasEnded) {
        since = performance.now();
        timer = setTimeout(onOver, left);
      }
    },
    end() {
      hasEnded = true;
      stop();
    },
  };
}
