import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the heap small while a server starts: nearly all of what that takes dies at once. What is returned lets the heap be as usual
 * from then on: a nursery of one megabyte would be gone through several times a question, and much that is not collected by then
 * would be kept. As arguments of Node these would have to be there before the program is.
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  return () => {
    setFlagsFromString('--semi-space-growth-factor=2');
    setFlagsFromString('--no-optimize-for-size');
  };
}
