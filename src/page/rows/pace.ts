/** How long the page may be kept from drawing and hearing the user. */
const sliceMilliseconds = 12;

/** Lets a long work make way for what else the page has to do. */
export interface Pace {
  /** Whether it has gone on for long enough. Throws an `AbortError` once the work is not wanted any more. */
  isDue(): boolean;
  rest(): Promise<void>;
}

export function createPace(signal: AbortSignal): Pace {
  let since = performance.now();
  return {
    isDue() {
      signal.throwIfAborted();
      return performance.now() - since > sliceMilliseconds;
    },
    async rest() {
      await nextTask();
      since = performance.now();
      signal.throwIfAborted();
    },
  };
}

/** Timers would take their time, and a whole second of it in a page that can't be seen. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
