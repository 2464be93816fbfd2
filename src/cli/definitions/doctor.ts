import type { Definition } from './definition.ts';
import { commonFlags, databaseFlags, modelFlags } from './flags.ts';

/** `sqlq doctor`: what is wrong, and its mend. */
export const defineDoctor: Definition = (program, context, withFlags) => {
  const doctor = program
    .command('doctor')
    .description('check settings, database and model server, and say how to mend them');
  withFlags(doctor, databaseFlags, modelFlags, commonFlags);
  doctor
    .addHelpText('after', '\nExample:\n  sqlq doctor --db postgres://localhost/shop --profile ollama')
    .action(async (options) =>
      context.finish(await (await import('../doctor.ts')).doctorCommand(options, context)),
    );
};
