import { type ReadonlySignal, signal } from '@preact/signals';

/** Whether the server can be reached, as the last requests went. */
export interface Connection {
  readonly isLost: ReadonlySignal<boolean>;
  /** A request got no reply: asks from now on whether the server is back. */
  lost(): void;
  reached(): void;
  /** Asks at once. */
  tryNow(): void;
}

const firstWait = 1_000;
const longestWait = 15_000;

export function createConnection(onBack: () => void): Connection {
  const isLost = signal(false);
  let wait = firstWait;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const reached = (): void => {
    clearTimeout(timer);
    wait = firstWait;
    if (isLost.value) {
      isLost.value = false;
      onBack();
    }
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const response = await fetch('/health', { cache: 'no-store' }).catch(() => null);
    if (response?.ok === true) {
      reached();
    } else {
      timer = setTimeout(look, wait);
      wait = Math.min(wait * 2, longestWait);
    }
  };
  return {
    isLost,
    reached,
    lost() {
      if (!isLost.value) {
        isLost.value = true;
        timer = setTimeout(look, wait);
      }
    },
    tryNow: () => void look(),
  };
}
