import { messagesFor, sqlMessagesFor } from '../../../ask/ask-model.ts';
import { lookingFor } from '../../../ask/look/looker.ts';
import { storedValuesFor } from '../../../ask/stored-values.ts';
import { lookLimits, tellSchema } from '../../../ask/tell-schema.ts';
import { sendOf } from '../../../config/egress.ts';
import { dialectOf } from '../../../database/engines.ts';
import { type ExitCode, SqlqError } from '../../../errors.ts';
import { describeSchema } from '../../../schema/describe.ts';
import type { Invocation } from '../../command.ts';
import type { CommandContext } from '../../context.ts';
import { askContext } from '../../run/ask-context.ts';
import { openConfigured, readSchema } from '../../run/database.ts';
import { withoutEmbeddings } from '../../run/embeddings.ts';
import { jsonText } from '../../run/json.ts';
import { profileReader } from '../../run/profiles.ts';
import { withSetup } from '../../run/setup.ts';
import type { SchemaOptions } from './options.ts';

/** `sqlq schema`: what a model would be told, byte for byte, or the whole schema as JSON. */
export function run(
  { options }: Invocation<string | undefined, SchemaOptions>,
  context: CommandContext,
): Promise<ExitCode> {
  return withSetup(options, context, async (given) => {
    const setup = withoutEmbeddings(given);
    const { terminal } = setup;
    const database = await openConfigured(setup, context, 'read');
    try {
      terminal.progress.step('Reading the schema');
      const schema = await readSchema(database, setup, context.signal, options.refresh === true);
      terminal.progress.stop();
      if (options.json === true) {
        await terminal.print(jsonText(schema));
        return undefined;
      }
      const send = sendOf(setup.settings, database.send, null);
      const describe = { comments: send.includes('comments'), defaults: send.includes('defaults') };
      if (options.sent === true) {
        if (options.question === undefined) {
          throw new SqlqError('usage', '--sent needs a question.', { hint: 'Add --question "…".' });
        }
        const { question } = options;
        if (given.settings.values.embeddingModel !== null) {
          terminal.note('Nothing is sent for this: documents are found by their words alone.');
        }
        const { provider, server, ...asked } = await askContext(setup, context, database, options);
        if (provider === null || server === null) {
          terminal.note('Nothing leaves this machine: the offline engine answers.');
        } else {
          const recalled = await asked.knowledge.recall(question, schema);
          const { attempts } = recalled;
          const values = await storedValuesFor(asked, question, schema);
          const asking = { schema, question, recalled, attempts, ...values };
          const told = await tellSchema(asked, asking);
          const { mayNeedTables } = told;
          const messages = messagesFor(asked, asking, told);
          const limits = lookLimits(asked, told);
          const looking = limits === null ? null : await lookingFor(asked, limits);
          const sqlMessages = sqlMessagesFor(asked, asking, told);
          const request = await provider.preview(server, { messages, sqlMessages, mayNeedTables, looking });
          await terminal.print(`${request.text}\n`);
        }
        return undefined;
      }
      const { question } = options;
      if (question !== undefined) {
        const read = await askContext(setup, context, database, options);
        const readProfiles = profileReader(setup, database, send, context.signal);
        const asked = { ...read, knowledge: { ...read.knowledge, readProfiles } };
        const recalled = await asked.knowledge.recall(question, schema);
        const { attempts } = recalled;
        const { text } = await tellSchema(asked, { schema, question, recalled, attempts });
        await terminal.print(`${terminal.width === null ? text : terminal.escape(text)}\n`);
        return undefined;
      }
      const readProfiles = profileReader(setup, database, send, context.signal);
      const profiles = readProfiles === null ? null : await readProfiles(schema, schema.tables);
      const text = describeSchema(schema, dialectOf(schema.dialect.engine), { ...describe, profiles });
      // A terminal gets it safe to show; a pipe gets the bytes that a model would.
      await terminal.print(`${terminal.width === null ? text : terminal.escape(text)}\n`);
    } finally {
      await database.client.close();
    }
    return undefined;
  });
}
