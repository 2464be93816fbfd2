/** One thing that was checked. */
export interface Finding {
  readonly state: 'good' | 'warning' | 'bad';
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string | undefined;
}
