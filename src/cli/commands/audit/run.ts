/** `sqlq audit` alone checks the log. */
export { run } from './verify/run.ts';
