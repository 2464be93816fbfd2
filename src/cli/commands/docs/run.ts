/** `sqlq docs` alone lists the documents. */
export { run } from './list/run.ts';
