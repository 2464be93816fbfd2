/** What each exit code says, for the help and the manual. */
export const exitCodeMeanings = [
  ['0', 'answered'],
  ['1', 'the database or the model failed'],
  ['2', 'usage or settings'],
  ['3', 'refused by the guard'],
  ['4', "can't be answered from this schema"],
  ['5', 'a limit was passed'],
  ['130', 'cancelled'],
] as const;
