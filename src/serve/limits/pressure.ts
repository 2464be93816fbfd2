import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

/** Whether a process can take more on. */
export interface Pressure {
  /** What it has too much of; null where it can go on. */
  reason(): 'memory' | 'delay' | null;
  close(): void;
}

export interface PressureOptions {
  /** Bytes that this process may hold before it takes no more on; null for what its heap and its container leave. */
  readonly mostBytes: number | null;
  /** How late its timers may be on average. */
  readonly mostDelayMilliseconds: number;
}

const lookMilliseconds = 500;
const resolutionMilliseconds = 20;
/** Of a container's memory the children with the databases take a share. */
const shareOfContainer = 0.6;
const shareOfHeap = 0.8;

/**
 * Looks twice a second how much memory is in use and how late timers are. What counts is what is in use: the memory that
 * the system has given a process seldom becomes less again, however little it does.
 */
export function watchPressure({ mostBytes, mostDelayMilliseconds }: PressureOptions): Pressure {
  const most = mostBytes ?? usualMost();
  const delays = monitorEventLoopDelay({ resolution: resolutionMilliseconds });
  delays.enable();
  let found: 'memory' | 'delay' | null = null;
  const timer = setInterval(() => {
    const late = delays.mean / 1e6 - resolutionMilliseconds;
    delays.reset();
    const { heapUsed, external } = process.memoryUsage();
    if (heapUsed + external > most) {
      found = 'memory';
    } else {
      found = late > mostDelayMilliseconds ? 'delay' : null;
    }
  }, lookMilliseconds);
  timer.unref();
  return {
    reason: () => found,
    close() {
      clearInterval(timer);
      delays.disable();
    },
  };
}

function usualMost(): number {
  const heap = getHeapStatistics().heap_size_limit * shareOfHeap;
  const container = process.constrainedMemory();
  // Without a bound it is 0, or more than any machine has.
  return container > 0 ? Math.min(heap, container * shareOfContainer) : heap;
}
