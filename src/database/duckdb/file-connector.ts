import { inspectFile } from './file.ts';
import { fileVersion } from './fingerprint.ts';
import { collectGarbage } from './garbage.ts';
import { type Connection, type Connector, type Instance, openInstance } from './session.ts';

/** How long a file stays open after the last statement: while it is, no other program can write to it. */
const idleMilliseconds = 500;

/** Connections to the database in a file, which is opened when it is needed and let go soon after. */
export function fileConnector(path: string, memoryLimit?: number): Connector {
  inspectFile(path);
  let opened: { readonly instance: Instance; readonly version: string } | null = null;
  let users = 0;
  let timer: NodeJS.Timeout | null = null;
  /** A result that was not read to its end holds the file until it is collected. */
  let lingers = false;

  const shut = async (): Promise<void> => {
    opened?.instance.close();
    opened = null;
    if (lingers) {
      lingers = false;
      await collectGarbage();
    }
  };
  const stay = (): void => {
    if (timer !== null) {
      clearTimeout(timer);
      timer = null;
    }
  };
  /** What another program wrote meanwhile is seen by whoever opens the file anew. */
  const instance = async (): Promise<Instance> => {
    stay();
    const version = fileVersion(path);
    if (opened !== null && opened.version !== version && users === 0) {
      await shut();
    }
    opened ??= { instance: await openInstance({ path, access: 'READ_ONLY', memoryLimit }), version };
    return opened.instance;
  };
  /** Counts a connection until it is closed, once. */
  const counted = (connection: Connection, end: () => void): Connection => {
    users += 1;
    let isOpen = true;
    let isStreaming = false;
    return {
      ...connection,
      streams(streaming) {
        isStreaming = streaming;
      },
      close() {
        if (isOpen) {
          isOpen = false;
          users -= 1;
          lingers ||= isStreaming;
          connection.close();
          end();
        }
      },
    };
  };
  return {
    async reader() {
      const connection = await (await instance()).connect();
      return counted(connection, () => {
        if (users === 0) {
          stay();
          timer = setTimeout(() => void shut(), idleMilliseconds).unref();
        }
      });
    },
    async writer() {
      stay();
      // The lock of a file is the process's: whoever closes it late would let go of the writer's too.
      if (users === 0) {
        await shut();
      }
      const own = await openInstance({ path, access: 'READ_WRITE', memoryLimit });
      return counted(await own.connect(), () => own.close());
    },
    close() {
      stay();
      void shut();
    },
  };
}
