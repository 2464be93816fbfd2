import { choice, type OptionsOf } from '../../options/option.ts';
import { commonOptions } from '../../options/shared.ts';
import { agentNames } from './agents.ts';

export const skillOptions = {
  install: choice('--install <agent>', "write it into the agent's folder in this project", agentNames),
  ...commonOptions,
};

export type SkillOptions = OptionsOf<typeof skillOptions>;
