import * as z from 'zod';
import { defineTool } from '../tool.ts';

export const examplesTool = defineTool({
  name: 'examples',
  description: 'Confirmed SQL of questions like this one, and notes on its words.',
  input: z.object({ question: z.string().min(1) }),
  async run({ question }, { database, session, signal }) {
    const schema = await database.readSchema(signal);
    const { examples, notes, attempts } = await database.recall(question, schema);
    const saved = (await session.workspace.savedQuestions())
      .filter((each) => database.fits(each.saved))
      .map(({ name, saved: { question: asked, sql } }) => ({ name, question: asked, sql }));
    const data = [
      ...notes.map(({ term, meaning }) => (term === '' ? `Note: ${meaning}` : `Note: ${term}: ${meaning}`)),
      ...examples.map((example) => `Question: ${example.question}\nSQL: ${example.sql}`),
      ...attempts.map(({ sql }) => `Was wrong for this question: ${sql}`),
      ...saved.map(({ name, question: asked, sql }) => `Saved as ${name}: ${asked}\nSQL: ${sql}`),
    ];
    return {
      says: data.length === 0 ? ['Nothing is kept that is like it.'] : [],
      data: data.length === 0 ? null : data.join('\n'),
      structured: { examples, notes, wrong: attempts.map(({ sql }) => sql), saved },
    };
  },
});
