import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';

/** Adds flags to a command, if it is the one that was named: to make a hundred of them takes longer than to parse. */
export type WithFlags = (command: Command, ...adders: readonly ((command: Command) => Command)[]) => Command;

/** Makes one command: its words, flags and examples; its own module, loaded only when it runs, does the work. */
export type Definition = (program: Command, context: CommandContext, withFlags: WithFlags) => void;
