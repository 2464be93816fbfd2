import { onOff, text, wholeNumber } from './kind.ts';
import { setting } from './setting.ts';

/** What is remembered, and what of that goes with questions. */
export const memorySettings = {
  history: setting({
    kind: onOff,
    flag: null,
    variable: 'SQLQ_HISTORY',
    files: 'off',
    about: 'keep questions and their SQL, never rows, for sqlq history',
    builtIn: true,
    example: true,
  }),
  docs: setting({
    kind: onOff,
    flag: null,
    offFlag: '--no-docs',
    offAbout: 'leave out the documents that sqlq docs has',
    variable: 'SQLQ_DOCS',
    files: 'off',
    about: 'let the documents that sqlq docs has go with questions',
    builtIn: true,
    example: true,
  }),
  embeddingModel: setting({
    kind: text,
    flag: null,
    variable: 'SQLQ_EMBEDDING_MODEL',
    files: 'own',
    about:
      "a model of the profile's server that makes embeddings, by which documents are found besides their words; they are sent there when they are added",
    builtIn: null,
    example: 'nomic-embed-text',
  }),
  historyDays: setting({
    kind: wholeNumber(1),
    flag: null,
    variable: 'SQLQ_HISTORY_DAYS',
    files: 'own',
    about: 'forget answers after so many days',
    builtIn: 365,
    example: 365,
  }),
  historyAnswers: setting({
    kind: wholeNumber(1),
    flag: null,
    variable: 'SQLQ_HISTORY_ANSWERS',
    files: 'own',
    about: 'keep so many answers, the newest',
    builtIn: 10_000,
    example: 10_000,
  }),
};
