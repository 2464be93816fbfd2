import type { Analysis } from '../analysis/analysis.ts';
import type { Candidate } from '../grammar/candidate.ts';
import type { SelectQuery } from '../query/tree.ts';
import type { Open } from './open.ts';
import type { FormFit } from './wording.ts';

/** A whole candidate as the features see it. */
export interface CandidateFact {
  readonly analysis: Analysis;
  readonly candidate: Candidate;
  /** The query, or the first of two that are put together. */
  readonly main: SelectQuery;
  /** Columns that it shows, orders by or sets conditions on. */
  readonly used: ReadonlySet<number>;
  /** What of the question it does not speak to. */
  readonly open: Open;
  /** Tables that the question names. */
  readonly named: ReadonlySet<number>;
  /** Tables of what is shown; undefined for the rows themselves. */
  readonly shown: ReadonlySet<number | undefined>;
  readonly select: Chosen;
  readonly filter: Chosen;
  readonly form: FormFit;
  /** The score of the best candidate. */
  readonly best: number;
  /** The probability of the likeliest order. */
  readonly likeliestOrder: number;
}

/** Of scored items: the least probability of the chosen, and the greatest of those left. */
export interface Chosen {
  readonly least: number;
  readonly left: number;
}
