import { cutSection } from '../cut.ts';
import type { Definition, Description, Piece, ReadDocument } from '../document.ts';

/** A table or view of a dbt project: a model, a source, a seed or a snapshot. */
export interface Relation {
  readonly schema: string | null;
  /** As the database has it. */
  readonly name: string;
  readonly description: string;
  readonly columns: readonly {
    readonly name: string;
    readonly description: string;
    /** What its tests hold: `one of 'placed', 'shipped'`, `refers to customers.id`. */
    readonly facts: readonly string[];
  }[];
}

/** A metric: its names, and what it is as SQL, where that can be said. */
export interface Metric {
  readonly name: string;
  readonly label: string | null;
  readonly description: string;
  readonly expression: string | null;
  /** What it is besides, such as a filter or the metrics that it is made of. */
  readonly details: readonly string[];
}

/** Something that people look at, such as a dashboard, or what groups several. */
export interface Topic {
  readonly title: string;
  readonly text: string;
}

/** What a dbt project says, whichever of its files says it. */
export interface Project {
  readonly title: string | null;
  readonly relations: readonly Relation[];
  readonly metrics: readonly Metric[];
  readonly topics: readonly Topic[];
}

/** A project as a document: descriptions for comments, metrics for notes, and pieces of all that can be searched. */
export function projectDocument({ title, relations, metrics, topics }: Project): ReadDocument {
  return {
    kind: 'dbt',
    title,
    url: null,
    pieces: [
      ...relations.flatMap(relationPieces),
      ...metrics.flatMap(metricPieces),
      ...topics.flatMap((topic) => cutSection([topic.title], [topic.text])),
    ],
    definitions: metrics.flatMap(definitionsOf),
    descriptions: relations.flatMap(descriptionsOf),
  };
}

function relationPieces({ name, description, columns }: Relation): readonly Piece[] {
  const lines = columns.flatMap((column) => {
    const text = columnText(column);
    return text === '' ? [] : [`- ${column.name}: ${text}`];
  });
  return cutSection([name], [description, lines.join('\n')]).map((piece) => ({
    ...piece,
    kind: 'table',
    table: name,
  }));
}

function metricPieces({ name, label, description, expression, details }: Metric): readonly Piece[] {
  const said = [description, expression ?? '', ...details].filter((text) => text !== '');
  return cutSection([label ?? wordsIn(name)], said).map((piece) => ({ ...piece, kind: 'metric' }));
}

function definitionsOf({ name, label, description, expression, details }: Metric): readonly Definition[] {
  const terms = new Set(
    [wordsIn(name), ...(label === null ? [] : [label])].map((term) => term.toLowerCase()),
  );
  const whole = [expression ?? '', ...details, description].filter((text) => text !== '').join('; ');
  return whole === ''
    ? []
    : [...terms].map((term) => ({
        term,
        meaning: whole,
        // What a filter or other metrics belong to is not said by the expression alone.
        expression: details.length === 0 ? expression : null,
        isMetric: true,
        headings: [label ?? wordsIn(name)],
      }));
}

function descriptionsOf({ schema, name: table, description, columns }: Relation): readonly Description[] {
  const own = description === '' ? [] : [{ schema, table, column: null, text: description }];
  return [
    ...own,
    ...columns.flatMap((column) => {
      const text = columnText(column);
      return text === '' ? [] : [{ schema, table, column: column.name, text }];
    }),
  ];
}

function columnText({ description, facts }: Relation['columns'][number]): string {
  return [description, ...facts]
    .filter((text) => text !== '')
    .join('; ')
    .replaceAll('.; ', '; ');
}

function wordsIn(name: string): string {
  return name.replaceAll('_', ' ');
}
