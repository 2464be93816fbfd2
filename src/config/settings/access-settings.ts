import { onOff, sendable, texts } from './kind.ts';
import { setting } from './setting.ts';

/** What of a database is read, by whom, and what of it may leave. */
export const accessSettings = {
  send: setting({
    kind: sendable,
    flag: '--send <kinds>',
    variable: 'SQLQ_SEND',
    files: 'less',
    about:
      'what a model may be sent besides names, types, enum labels and keys: comments, profiles, defaults, values, samples, rows, or none',
    builtIn: ['comments', 'profiles'],
    unset: 'comments and profiles',
    example: ['comments', 'profiles'],
  }),
  hide: setting({
    kind: texts,
    flag: '--hide <patterns>',
    variable: 'SQLQ_HIDE',
    files: 'more',
    about: 'columns that nobody may read, neither a model nor a query, such as "*.ssn"',
    builtIn: [],
    example: ['*.ssn', 'users.password*'],
  }),
  trustFunctions: setting({
    kind: texts,
    flag: '--trust-function <names>',
    variable: 'SQLQ_TRUST_FUNCTIONS',
    files: 'own',
    about: 'PostgreSQL functions to admit whose code the guard can not judge, such as h3_cell_to_parent',
    builtIn: [],
    example: ['h3_cell_to_parent'],
  }),
  trustGuard: setting({
    kind: onOff,
    flag: '--trust-guard',
    variable: 'SQLQ_TRUST_GUARD',
    files: 'own',
    about: 'open a server too that does not hold its sessions to reading: the guard alone stands there',
    builtIn: false,
    example: true,
  }),
  schemas: setting({
    kind: texts,
    flag: '--schema <names>',
    variable: 'SQLQ_SCHEMAS',
    files: 'any',
    about: 'read these schemas alone; * stands for any text',
    builtIn: [],
    example: ['public'],
  }),
  include: setting({
    kind: texts,
    flag: '--include <patterns>',
    variable: 'SQLQ_INCLUDE',
    files: 'any',
    about: 'read tables that match, alone, such as "order*" or "sales.*"',
    builtIn: [],
    example: ['*'],
  }),
  exclude: setting({
    kind: texts,
    flag: '--exclude <patterns>',
    variable: 'SQLQ_EXCLUDE',
    files: 'any',
    about: 'leave out tables that match',
    builtIn: [],
    example: ['tmp_*'],
  }),
};
