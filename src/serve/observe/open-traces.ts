import type { TraceOptions } from './otlp.ts';
import { noTraces, type Traces } from './span.ts';

/** Traces to a collector, whose library is loaded only where there is one. */
export async function tracesTo(url: string | null, options: Omit<TraceOptions, 'url'>): Promise<Traces> {
  if (url === null) {
    return noTraces;
  }
  const { openTraces } = await import('./otlp.ts');
  return openTraces({ ...options, url });
}
