import { defineCommand } from '../../command.ts';
import { add } from './add/command.ts';
import { list } from './list/command.ts';
import { listOptions } from './options.ts';
import { remove } from './remove/command.ts';
import { search } from './search/command.ts';
import { show } from './show/command.ts';

/** `sqlq docs`: documents on a database. */
export const docs = defineCommand({
  name: 'docs',
  summary: 'documents on a database: what a question needs of them goes with it',
  options: listOptions,
  help: `Examples:
  sqlq docs add --db sample docs
  sqlq docs add --db sample target/manifest.json models/schema.yml queries.sql
  sqlq docs add --db sample --source https://wiki.example.com/returns returns.html
  sqlq docs list --db sample
  sqlq docs search --db sample "active customer"
  sqlq docs show 1
  sqlq docs remove --db sample docs

Markdown, text, HTML, SQL, and of a dbt project manifest.json and schema.yml: descriptions
become comments where the database has none, metrics become notes. sqlq docs add without a
name reads all of a database's documents anew. --no-docs asks a question without them.`,
  commands: [add, list, search, show, remove],
  load: () => import('./run.ts'),
});
