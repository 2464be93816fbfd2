/** The part of cosmiconfig that its own types leave out. */
import type { CosmiconfigResult, Options } from 'cosmiconfig';

declare module 'cosmiconfig/dist/Explorer.js' {
  export class Explorer {
    constructor(
      options: Options & {
        readonly moduleName: string;
        /** A file with options of whoever the folder is of; null reads none. */
        readonly metaConfigFilePath: null;
      },
    );
    search(from: string): Promise<CosmiconfigResult>;
    load(path: string): Promise<CosmiconfigResult>;
  }
}
