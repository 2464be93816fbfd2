import type { Command } from '../command.ts';
import type { Session } from '../session.ts';
import type { Change } from '../workspace.ts';

export const db: Command = {
  name: 'db',
  argument: '[DATABASE]',
  summary: 'say which database this is, or go to another',
  completes: 'databases',
  async run(session, argument, signal) {
    if (argument === '') {
      return session.terminal.print(`${session.terminal.escape(session.workspace.place)}\n`);
    }
    await change(session, { db: argument }, signal);
    session.turns = [];
    session.terminal.note(session.terminal.escape(`Now on ${session.workspace.place}.`));
  },
};

export const profile: Command = {
  name: 'profile',
  argument: '[NAME]',
  summary: 'say which profile answers, or take another',
  completes: 'profiles',
  run: (session, argument, signal) =>
    answerWith(session, argument === '' ? {} : { profile: argument }, signal),
};

export const model: Command = {
  name: 'model',
  argument: '[NAME]',
  summary: 'say which model answers, or take another of the same server',
  completes: 'models',
  run: (session, argument, signal) => answerWith(session, argument === '' ? {} : { model: argument }, signal),
};

async function answerWith(session: Session, wanted: Change, signal: AbortSignal): Promise<void> {
  const { terminal } = session;
  if (wanted.profile === undefined && wanted.model === undefined) {
    const text = await session.workspace.describeModel(signal);
    return terminal.print(`${terminal.escape(text)}\n`);
  }
  await change(session, wanted, signal);
}

async function change(session: Session, wanted: Change, signal: AbortSignal): Promise<void> {
  session.workspace = await session.workspace.change(wanted, signal);
}
