import { texts } from './kind.ts';
import { setting } from './setting.ts';

/** Settings of how files are read that are no databases. */
export const dataFileSettings = {
  types: setting({
    kind: texts,
    flag: '--type <columns>',
    variable: 'SQLQ_TYPES',
    files: 'any',
    about:
      'types of columns of data files, as orders.price=decimal: text, integer, decimal, real, date, dmy, mdy, ymd, timestamp, time or boolean',
    builtIn: [],
    unset: 'what all values fit',
    example: ['orders.day=dmy'],
  }),
  reading: setting({
    kind: texts,
    flag: '--read <how>',
    variable: 'SQLQ_READING',
    files: 'any',
    about:
      'how data files are written: delimiter=tab, header=no, encoding=latin1, decimal=comma; with a table before it, as in orders.header=no, that one alone',
    builtIn: [],
    unset: 'what the files show',
    example: ['delimiter=semicolon'],
  }),
};
