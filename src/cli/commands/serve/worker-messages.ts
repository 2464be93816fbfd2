import type { Measured } from '../../../serve/observe/metrics.ts';
import type { EndingSignal } from '../../context.ts';

/** What the first process tells a worker. */
export type ToWorker =
  /** Begin: `token` is that of all workers, where no users are needed. */
  | { readonly kind: 'begin'; readonly token: string }
  /** The first process got a signal; those of its own a worker ignores, since a terminal sends them to all. */
  | { readonly kind: 'signal'; readonly name: EndingSignal }
  /** Tell what you have measured. */
  | { readonly kind: 'measure'; readonly id: number }
  /** What all have measured. */
  | { readonly kind: 'measured-all'; readonly id: number; readonly all: readonly (readonly Measured[])[] };

/** What a worker tells the first process. */
export type FromWorker =
  /** It takes requests; the line says where, for whoever started the server. */
  | { readonly kind: 'serving'; readonly line: string }
  | { readonly kind: 'measured'; readonly id: number; readonly measured: readonly Measured[] }
  /** Somebody asks this worker what all have measured. */
  | { readonly kind: 'measure-all'; readonly id: number };
