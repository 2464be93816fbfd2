import type { Definition } from './definition.ts';
import { commonFlags, modelFlags } from './flags.ts';

/** `sqlq models`: what a profile's server offers. */
export const defineModels: Definition = (program, context, withFlags) => {
  const models = program
    .command('models')
    .description("list the models of a profile's server")
    .option('--json', 'print JSON');
  withFlags(models, modelFlags, commonFlags);
  models
    .addHelpText('after', '\nExample:\n  sqlq models --profile ollama')
    .action(async (options) =>
      context.finish(await (await import('../models.ts')).modelsCommand(options, context)),
    );
};
