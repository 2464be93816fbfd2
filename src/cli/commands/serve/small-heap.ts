import { setFlagsFromString } from 'node:v8';

/**
 * Keeps what passes through this process from growing its heap: nearly all of it dies at once, and a nursery that has grown never
 * shrinks again. As arguments of Node these would have to be there before the program is.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
}
