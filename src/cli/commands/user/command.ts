import { defineCommand } from '../../command.ts';
import { add } from './add/command.ts';
import { disable } from './disable/command.ts';
import { enable } from './enable/command.ts';
import { list } from './list/command.ts';
import { listOptions } from './options.ts';
import { password } from './password/command.ts';
import { remove } from './remove/command.ts';
import { set } from './set/command.ts';
import { token } from './token/command.ts';

/** `sqlq user`: who may sign in to a server. */
export const user = defineCommand({
  name: 'user',
  summary: 'add and change the users of sqlq serve, and make tokens for their programs',
  options: listOptions,
  help: `Examples:
  sqlq user add ben --roles ask,run --databases shop < password.txt
  sqlq user set ana --row-limit 10000 --dollars 5 --hide "*.email"
  sqlq user password ana < password.txt
  sqlq user token ana --name nightly --roles ask,run --expires 90d
  sqlq user disable ana
  sqlq user list

The users are those that sqlq serve finds with the same settings (--config, serve.users), and each change is written
into its audit log. In a terminal a password is asked for and not shown; else it is the first line of standard input. A role lets a
user ask (questions), run (SQL), write (where sqlq serve has --write), or admin (users, metrics, the audit log).`,
  commands: [add, set, password, list, disable, enable, remove, token],
  load: () => import('./run.ts'),
});
