import { sourceOf } from '../knowledge/excerpt.ts';
import type { AskContext, Recalled } from './context.ts';

/** Says which documents the model is told of, and reports them. The engine on this machine names in an assumption what it uses. */
export function noteSources({ terminal, report, generation }: AskContext, recalled: Recalled): void {
  report.data.sources = [];
  if (generation.readsValues) {
    return;
  }
  const { documents, notes } = recalled;
  const sources = new Set([...notes.flatMap(({ source }) => source ?? []), ...documents.map(sourceOf)]);
  report.data.sources = [...sources];
  if (sources.size > 0) {
    terminal.note(terminal.style('dim', terminal.escape(`From documents: ${[...sources].join('; ')}.`)));
  }
}

/** The documents whose definitions an answer of the engine on this machine rests on. */
export function noteSourcesUsed(
  { report, generation }: AskContext,
  { notes }: Recalled,
  assumptions: readonly string[],
): void {
  if (!generation.readsValues) {
    return;
  }
  const sources = notes.flatMap(({ source }) => source ?? []);
  report.data.sources = sources.filter((source) =>
    assumptions.some((assumption) => assumption.endsWith(`, as ${source} says`)),
  );
}
