import { fork } from 'node:child_process';
import { once } from 'node:events';
import * as z from 'zod';

/** A model's server in another process, which costs those that are measured nothing of theirs. */
export interface ScriptedModel {
  readonly baseUrl: string;
  /** From now on it takes so many milliseconds to answer. */
  takes(milliseconds: number): Promise<void>;
  /** How often it was asked so far. */
  asked(): Promise<number>;
  stop(): void;
}

export async function startScriptedModel(): Promise<ScriptedModel> {
  const child = fork(new URL('model.ts', import.meta.url).pathname);
  const hear = async (): Promise<unknown> => (await once(child, 'message'))[0];
  const { port } = z.object({ port: z.number() }).parse(await hear());
  const tell = async (message: { readonly delay?: number }): Promise<number> => {
    const heard = hear();
    child.send(message);
    return z.object({ asked: z.number() }).parse(await heard).asked;
  };
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async takes(delay) {
      await tell({ delay });
    },
    asked: () => tell({}),
    stop: () => child.disconnect(),
  };
}
