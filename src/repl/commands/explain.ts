import { providers } from '../../model/providers.ts';
import type { Command } from '../command.ts';
import { lastTurn } from '../session.ts';

export const explain: Command = {
  name: 'explain',
  argument: '',
  summary: "say how the question was read, and the database's plan",
  async run(session, _argument, signal) {
    const { terminal, workspace } = session;
    const { question, sql, assumptions, reasoning, plan, columns } = lastTurn(session);
    const offline = await providers.offline.load();
    const words = offline.inWords(await workspace.readSchema(signal), sql) ?? [];
    const lines = [
      question === null ? 'SQL of your own.' : `Question: ${question}`,
      ...(reasoning === '' ? [] : [`Way:      ${reasoning}`]),
      ...(assumptions.length === 0 ? [] : ['', 'Read as:']),
      ...assumptions.map((assumption, index) => `  ${index + 1}. ${assumption}`),
      ...(words.length === 0 ? [] : ['', 'The SQL']),
      ...words.map((line) => `  ${line}`),
      '',
      `Reads:   ${plan.tables.length === 0 ? 'no table' : plan.tables.join(', ')}`,
      `Returns: ${columns.map(({ name }) => name).join(', ')}`,
      ...estimates(plan),
      '',
      'Plan:',
      ...plan.text
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
    ];
    await terminal.print(`${lines.map((line) => terminal.escape(line)).join('\n')}\n`);
  },
};

function estimates(plan: {
  readonly rows: number | null;
  readonly rowsScanned: number | null;
  readonly cost: number | null;
}): string[] {
  const whole = (value: number): string => Math.round(value).toLocaleString('en');
  const parts = [
    plan.rows === null ? null : `${whole(plan.rows)} rows returned`,
    plan.rowsScanned === null ? null : `${whole(plan.rowsScanned)} rows read`,
    plan.cost === null ? null : `cost ${whole(plan.cost)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? [] : [`Expects: ${parts.join(', ')}`];
}
