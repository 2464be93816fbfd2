import { fileName, flag, type OptionsOf, repeated, wholeNumber } from '../../options/option.ts';
import { commonOptions, databaseOptions, modelOptions, rowOptions } from '../../options/shared.ts';

/** What is checked of an answer, and many questions at once. */
export const askOptions = {
  check: repeated('--check <condition>', 'exit with 1 unless it holds, such as "rows > 0 and value >= 100"'),
  jsonEnvelope: flag(
    '--json-envelope',
    'print one JSON object with SQL, assumptions, doubts, rows, usage and error, however it ends',
  ),
  batch: fileName('--batch <file>', 'answer each question of a .txt, .csv or .jsonl file as a line of JSON'),
  jobs: wholeNumber('-j, --jobs <number>', 'questions of a batch at once; 4 unless given'),
  ...databaseOptions,
  ...modelOptions,
  ...rowOptions,
  ...commonOptions,
};

export type AskOptions = OptionsOf<typeof askOptions>;
