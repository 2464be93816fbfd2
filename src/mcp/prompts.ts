import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { dialectOf } from '../database/engines.ts';
import { boundValues } from '../memory/parameters.ts';
import type { SavedQuestion } from '../memory/saved.ts';
import { withLiterals } from '../schema/literals.ts';
import type { Session } from './session.ts';
import { createCleaner } from './text.ts';

/** The project's saved questions as prompts: a person chooses one and gives its parameters. */
export async function registerPrompts(server: McpServer, { workspace }: Session): Promise<void> {
  for (const { name, saved } of await workspace.savedQuestions()) {
    const { clean } = createCleaner();
    const description = clean(saved.question.replace(/\s+/gu, ' '));
    const told = (given: ReadonlyMap<string, string>) => ({
      messages: [
        { role: 'user' as const, content: { type: 'text' as const, text: clean(orderOf(saved, given)) } },
      ],
    });
    if (saved.parameters.length === 0) {
      server.registerPrompt(name, { description }, () => told(new Map()));
      continue;
    }
    const fields = saved.parameters.map(({ name: parameter, type, default: value }) => {
      const field = z.string().describe(value === null ? type : `${type}, ${value} unless given`);
      return [parameter, value === null ? field : field.optional()] as const;
    });
    server.registerPrompt(
      name,
      { description, argsSchema: z.object(Object.fromEntries(fields)) },
      (args: Readonly<Record<string, string | undefined>>) =>
        told(
          new Map(
            Object.entries(args).flatMap(([parameter, value]) =>
              value === undefined ? [] : [[parameter, value] as const],
            ),
          ),
        ),
    );
  }
}

/** What a model is asked to do: the question with its values, and the SQL that a person has confirmed. */
function orderOf(
  { question, parameters, engine, sql }: SavedQuestion,
  given: ReadonlyMap<string, string>,
): string {
  const values = parameters.map(({ name, default: value }) => `${name} = ${given.get(name) ?? value ?? ''}`);
  const bound = boundValues(parameters, given);
  return [
    `Answer this with the tool query, and say the doubts that it comes with: ${question}`,
    ...(values.length === 0 ? [] : [`With ${values.join(', ')}.`]),
    'Its SQL, which a person has confirmed:',
    withLiterals(sql, bound, dialectOf(engine)),
  ].join('\n');
}
