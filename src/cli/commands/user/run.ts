/** `sqlq user` alone lists the users. */
export { run } from './list/run.ts';
