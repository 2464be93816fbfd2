import { admissionsOf } from '../../admissions.ts';
import {
  type Admission,
  type AdmittedStatement,
  admitted,
  type Parameter,
  type Verdict,
} from '../../admitted-statement.ts';
import { withPlaceholders } from '../../placeholders.ts';
import { letGo } from '../transaction/begin.ts';
import { inCatalog } from '../transaction/catalog.ts';
import type { GuardSetup } from './context.ts';
import { forbidden, guard } from './guard.ts';
import { asTree, type Statement, type Tree, type Unparsed } from './parser.ts';

/** The guard of one connection. */
export interface Guard {
  /** Judges a statement with `:name` for its values, and admits it where guard and access let it run. */
  admit(sql: string, parameters: readonly Parameter[]): Promise<Admission>;
  /** The parse tree of a statement that this guard has admitted; throws an Error for any other. */
  treeOf(statement: AdmittedStatement): Statement;
}

/** `kinds` are those that the connection's access allows. */
export function guardOf(setup: GuardSetup, kinds: readonly Verdict['kind'][]): Guard {
  const { session, parser, letters } = setup;
  const admissions = admissionsOf<Statement>(kinds, admitted);
  return {
    async admit(sql, parameters) {
      const places = parameters.length === 0 ? [] : parser.namedPlaces(sql);
      const { text: written, values } = withPlaceholders(sql, places ?? [], parameters, {
        write: (index) => `$${index + 1}`,
        repeats: false,
      });
      const text = letters.mayDiffer(written)
        ? await inCatalog(session, () => letters.asServer(written))
        : written;
      if (typeof text !== 'string') {
        return { verdict: forbidden(text.problem), statement: null };
      }
      const { verdict, statement: tree } = await guard(setup, filled(parser.parse(text), values));
      const admission = admissions.admission(text, values, verdict, tree);
      if (admission.statement === null) {
        await letGo(session);
      }
      return admission;
    },
    treeOf: admissions.readingOf,
  };
}

/**
 * The tree with a constant for each placeholder that has a value, so that the guard knows what a call with these values
 * does. The server takes an untyped value as it takes an untyped constant.
 */
function filled(parsed: Statement | Unparsed, values: readonly Parameter[]): Statement | Unparsed {
  if ('problem' in parsed || values.length === 0) {
    return parsed;
  }
  return { ...parsed, body: asTree(withConstants(parsed.body, values)) ?? {} };
}

function withConstants(node: unknown, values: readonly Parameter[]): unknown {
  if (Array.isArray(node)) {
    return node.map((item) => withConstants(item, values));
  }
  const tree = asTree(node);
  if (tree === null) {
    return node;
  }
  const value = values[Number(asTree(tree['ParamRef'])?.['number']) - 1];
  if (value !== undefined) {
    return constant(value.value);
  }
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, withConstants(child, values)]));
}

const constant = (text: string): Tree => ({ A_Const: { sval: { sval: text } } });
