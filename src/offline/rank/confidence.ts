import type { FeatureTable } from '../analysis/feature.ts';
import { candidateFeatures } from './candidate.ts';

/** The winner among candidates, and how far it is before the others. */
export interface WinnerFact {
  /** Its share of the listwise ranker's softmax. */
  readonly share: number;
  /** That of the second. */
  readonly runnerUp: number;
  readonly candidates: number;
  /** The pointwise ranker's log-odds. */
  readonly odds: number;
  /** By how much those of the best candidate are higher. */
  readonly oddsBehind: number;
  /** The values of its features as a candidate. */
  readonly features: readonly number[];
}

/** What tells whether the winner is right. */
export const confidenceFeatures: FeatureTable<WinnerFact> = [
  ['share', ({ share }) => share],
  ['runnerUp', ({ runnerUp }) => runnerUp],
  ['candidates', ({ candidates }) => candidates],
  ['odds', ({ odds }) => odds],
  ['oddsBehind', ({ oddsBehind }) => oddsBehind],
  ...candidateFeatures.map(([name], index): FeatureTable<WinnerFact>[number] => [
    name,
    ({ features }) => features[index] ?? 0,
  ]),
];
