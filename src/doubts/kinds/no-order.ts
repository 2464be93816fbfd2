import { aggregatesOf } from '../aggregates.ts';
import type { Doubt } from '../doubt.ts';
import { superlatives } from '../left-out/superlatives.ts';
import { withoutQuotes } from '../left-out/wording.ts';
import { grouped, groupsOf, isDistinct, type Look, type LookContext, numberOf, selectText } from '../look.ts';
import { limitOf } from '../row-limit.ts';
import type { Scope } from '../scope.ts';
import { nodesOf } from '../sql-tree.ts';

/** Words for which a place in an order is needed. */
const places = new RegExp(
  String.raw`${superlatives.source}|\b(?:top|first|last|best|worst|leading|ersten?|letzten?|besten?)\b`,
  'iu',
);
/** Words that say that any rows will do. */
const anyWillDo =
  /\b(?:any|some|a few|a couple|samples?|examples?|random\w*|arbitrary|preview|sneak|irgendein\w*|einige|ein paar|beispiel\w*|stichprobe|zufällig\w*)\b/iu;
const words = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Finds a LIMIT of a model's that nothing in the question asks for, or that needs an order, where there is none. */
export const lookForNoOrder: Look = async (context) => {
  const { scopes, wording } = context;
  const [scope] = scopes;
  const limit = scope === undefined ? null : limitOf(scope);
  if (wording === null || scope === undefined || limit === null || !scope.isWhole || isSorted(scope)) {
    return [];
  }
  const question = withoutQuotes(wording);
  const needsOrder = places.test(question);
  const isSaid =
    anyWillDo.test(question) ||
    new RegExp(String.raw`\b(?:${limit.count}|${words[limit.count - 1] ?? limit.count})\b`, 'iu').test(
      question,
    );
  return needsOrder || !isSaid ? chosen(context, scope, limit.count, needsOrder) : [];
};

/** Whether there is an order, or one row alone. */
function isSorted(scope: Scope): boolean {
  const isOne = groupsOf(scope).length === 0 && aggregatesOf(scope).length > 0;
  return nodesOf(scope.select['orderby']).length > 0 || (isOne && !isDistinct(scope));
}

async function chosen(
  context: LookContext,
  scope: Scope,
  count: number,
  needsOrder: boolean,
): Promise<readonly Doubt[]> {
  const all = selectText(context, scope, { limit: null });
  const rows =
    all === null ? null : numberOf(await context.probe(`SELECT COUNT(*) FROM (${all}) AS everything`, 1));
  if (rows === null || rows <= count) {
    return [];
  }
  const which = count === 1 ? 'which row is shown' : `which ${grouped(count)} are shown`;
  return [
    {
      kind: 'no-order',
      sentence: `There are ${grouped(rows)} rows in no order: ${which} is chance.`,
      evidence: { shown: count, rows },
      mendedSql: needsOrder ? null : all,
    },
  ];
}
