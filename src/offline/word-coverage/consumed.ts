/** What words of a question became in a query. */
export interface Consumed {
  /** Tokens `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  readonly as:
    | 'shown'
    | 'condition'
    | 'order'
    | 'group'
    | 'table'
    | 'column'
    | 'hint'
    | 'unit'
    | 'name'
    | 'join';
}
