import { createJsonReporter } from './json.ts';
import { createJunitReporter } from './junit.ts';
import type { Reporter, ReporterName } from './report.ts';
import { createTapReporter } from './tap.ts';
import { createTextReporter, type TextOptions } from './text.ts';

/** The reporter of each name. */
const makers: Readonly<Record<ReporterName, (options: TextOptions) => Reporter>> = {
  text: createTextReporter,
  json: createJsonReporter,
  junit: createJunitReporter,
  tap: createTapReporter,
};

/** A new reporter for one run. */
export function createReporter(name: ReporterName, options: TextOptions): Reporter {
  return makers[name](options);
}
