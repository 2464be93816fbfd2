import { workerData } from 'node:worker_threads';
import { keepWatch } from './watch.ts';

// A thread of its own, for drivers whose queries block the main one.
keepWatch(workerData);
