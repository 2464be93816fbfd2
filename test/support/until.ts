import { vi } from 'vitest';

/** Waits until something is so, generously: a machine may have much else to do. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await vi.waitUntil(isSo, { timeout: 25_000, interval: 10 });
}
