import type { answerParent } from '../database/process/child.ts';
import { createLoader } from './loader.ts';

/** The process of a database, as the bundle starts it; `kind` is the first argument. */
const [, , kind = ''] = process.argv;
const loader = createLoader(import.meta.dirname, kind);
const database = loader.load('database.cjs') as { readonly answerParent: typeof answerParent };
database.answerParent(loader.keep);
