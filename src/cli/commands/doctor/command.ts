import { defineCommand } from '../../command.ts';
import { doctorOptions } from './options.ts';

/** `sqlq doctor`: what is wrong, and what to do about it. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'check settings, database and model server, and say what to do about what fails',
  options: doctorOptions,
  help: 'Example:\n  sqlq doctor --db postgres://localhost/shop --profile ollama',
  opensDatabase: true,
  load: () => import('./run.ts'),
});
