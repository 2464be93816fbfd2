import { isForm } from '../../language/form.ts';
import type { IndexedTable, Link } from '../../schema-index/schema-index.ts';
import { along } from '../paths.ts';
import { type Context, type Reading, type Rule, readOn } from '../reading.ts';
import { between } from './between.ts';
import { thingsAt } from './roles.ts';

const keyWords = /^(?:id|no|nr|number|code|key|ref)$/u;

/** `returned at Riverside`, `picked up in York`: of several keys to one table, the one that the verb names. */
export const ends: Rule = (context, reading) => {
  const { analysis, lowers, table } = context;
  const { links, tables } = analysis.schemaIndex;
  // What goes between two of a kind is told by its own words: `sent to Ben` is not by who sent it.
  if (!reading.named || reading.negated || between(context, reading).length > 0) {
    return [];
  }
  return links.flatMap((link): Reading[] => {
    const target = tables[link.to];
    if (link.from !== table.id || link.to === table.id || link.left.length !== 1 || target === undefined) {
      return [];
    }
    const verb = verbAt(context, reading.at, roleOf(context, link, target));
    if (verb === null || !/^(?:at|in|from|to|on|by)$/u.test(lowers[verb] ?? '')) {
      return [];
    }
    const start = lowers[verb + 1] === 'the' ? verb + 2 : verb + 1;
    const [left = -1] = link.left;
    return thingsAt(context, target, start).map(({ condition, end, cost }) =>
      readOn(context, reading, end, `${analysis.schemaIndex.columns[left]?.name ?? ''} such as this`, {
        conditions: [
          ...reading.conditions,
          along(analysis.schemaIndex, { to: link.to, steps: [{ link, up: true }] }, condition),
        ],
        having: false,
        lastValue: null,
        more: cost,
      }),
    );
  });
};

/** What a key makes of the row that is referred to: `pickup` of `pickup_outlet_id`; null where its name says no more than that. */
function roleOf({ analysis }: Context, { left: [id = -1] }: Link, target: IndexedTable): string | null {
  const own = (analysis.schemaIndex.columns[id]?.words ?? []).filter(
    (word) => !keyWords.test(word) && !target.words.includes(word),
  );
  return own.length === 0 || own.length > 2 ? null : own.join('');
}

/** Where a verb ends that is a form of a role, `returned` or `picked up`; null where none stands here. */
function verbAt({ lowers, lemmas }: Context, at: number, role: string | null): number | null {
  const [lemma = '', particle = ''] = [lemmas[at], lowers[at + 1]];
  if (role === null || lemma.length < 3) {
    return null;
  }
  if (/^(?:up|off|out|in)$/u.test(particle) && `${lemma}${particle}` === role) {
    return at + 2;
  }
  return isForm(lowers[at] ?? '', role) ? at + 1 : null;
}
