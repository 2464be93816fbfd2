import { dialectOf } from '../../database/engines.ts';
import type { Message } from '../../model/message.ts';
import type { Attempt } from '../../model/model.ts';
import { ddlOf } from '../../schema/ddl.ts';
import type { Schema } from '../../schema/schema.ts';
import { documentsText, localDate, markFor, type PromptParts, withoutInvisible } from './prompt.ts';

/** What a question is asked with of a model that writes SQL and nothing else. */
export interface SqlPromptParts extends PromptParts {
  /** What it is told of the schema. */
  readonly schema: Schema;
  readonly comments: boolean;
  /** Characters that there is room for. */
  readonly room: number;
}

const alone = 'Reply with the SQL alone.';

/**
 * The conversation for a model that was taught to answer CREATE TABLE statements and a question with SQL: few words, for
 * it knows no rules. What refuses the question or says what it assumes is not to be had of it.
 */
export function buildSqlMessages(parts: SqlPromptParts): readonly Message[] {
  const { attempts } = parts;
  const [only] = attempts;
  // Such a model makes nothing of an error, but often another query of tables that are written a little otherwise.
  return attempts.length === 1 && only?.source === 'database'
    ? [asked(parts, 'script')]
    : [asked(parts, 'list'), ...attempts.flatMap(objection)];
}

function asked(parts: SqlPromptParts, form: 'list' | 'script'): Message {
  const { schema, comments, dialect, question, now, documents = [] } = parts;
  const ddl = ddlOf(schema, dialectOf(dialect.engine), { comments, form });
  const known = knownLines(parts);
  const text = [
    // The compact form of a schema that is too wide.
    ddl.length <= parts.room ? ddl : parts.schemaText,
    '',
    ...(known.length === 0 ? [] : [...known, '']),
    ...(documents.length === 0
      ? []
      : [documentsText(documents, markFor(parts.salt, withoutInvisible(parts.schemaText))).trimEnd(), '']),
    ...(/\b(?:today|yesterday|now|this|last|past|current|ago|since|next)\b/iu.test(question)
      ? [`Today is ${localDate(now)}.`]
      : []),
    `Write one ${dialect.product} query that answers this question. ${alone}`,
    question.trim(),
  ];
  return { role: 'user', content: withoutInvisible(text.join('\n')) };
}

function objection({ sql, problem, source }: Attempt): readonly Message[] {
  const why = source === 'user' ? 'The user wants another query' : 'That query fails';
  return [
    { role: 'assistant', content: sql },
    { role: 'user', content: `${why}: ${withoutInvisible(problem).trim()}\nWrite it again. ${alone}` },
  ];
}

/** Notes, stored values, earlier answers and the answer before. */
function knownLines({
  notes = [],
  values = [],
  examples = [],
  previous = null,
}: PromptParts): readonly string[] {
  return [
    ...notes.map(({ term, meaning }) => (term === '' ? meaning : `${term}: ${meaning}`)),
    ...values.map(({ place, value }) => `${place} has '${value}'.`),
    ...examples.map((example) => `Question: ${example.question.trim()}\nSQL: ${example.sql.trim()}`),
    ...(previous === null
      ? []
      : [`The question before: ${previous.question.trim()}\nIts SQL: ${previous.sql.trim()}`]),
  ];
}
