import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What the nursery takes of the system once the server listens: a question fills it about once, and rows pass through it. */
const nurseryBytes = 4_000_000;
/** So many objects are made between two looks at how far it has grown. */
const atOnce = 1000;
/** It would have grown long before; where it does not, it stays as it is. */
const mostMade = 200_000;

/**
 * Keeps what passes through this process from growing its heap: nearly all of it dies at once, and a nursery that has grown never
 * shrinks again. As arguments of Node these would have to be there before the program is. While a server starts, size counts
 * alone; what is returned ends that, as it makes a question take twice the processor time.
 */
export function keepHeapSmall(): () => void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  return () => {
    setFlagsFromString('--no-optimize-for-size');
    growNursery();
  };
}

/** Lets the nursery grow once, which it does where it is full of what is still used. */
function growNursery(): void {
  setFlagsFromString('--semi-space-growth-factor=4');
  const used: object[] = [];
  while (sizeOfNursery() < nurseryBytes && used.length < mostMade) {
    for (let made = 0; made < atOnce; made++) {
      used.push({ made: [made] });
    }
  }
  setFlagsFromString('--semi-space-growth-factor=1');
}

function sizeOfNursery(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
}
