/** The options of every command, as commander hands them over: absent means not given. */
export interface CommonOptions {
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  /** false by `--no-color`, true by `--color`. */
  readonly color?: boolean;
  readonly report?: string;
}

export interface DatabaseOptions {
  readonly db?: string;
  readonly schema?: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly hide?: readonly string[];
  readonly refresh?: boolean;
  readonly timeout?: string;
}

export interface ModelOptions {
  readonly profile?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly maxTokens?: string;
  readonly temperature?: string;
  readonly send?: readonly string[];
  /** false by `--no-cache`. */
  readonly cache?: boolean;
}

export interface RowOptions {
  readonly format?: string;
  readonly output?: string;
  readonly limit?: string;
  readonly csvSafe?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly write?: boolean;
  readonly writeDdl?: boolean;
  readonly maxRowsScanned?: string;
  readonly maxCost?: string;
  readonly memoryLimit?: string;
}

export type AskOptions = CommonOptions &
  DatabaseOptions &
  ModelOptions &
  RowOptions & {
    readonly check?: readonly string[];
    readonly batch?: string;
    readonly jobs?: string;
  };
export type RunOptions = CommonOptions & DatabaseOptions & RowOptions & { readonly file?: string };
export type SchemaOptions = CommonOptions &
  DatabaseOptions &
  Pick<ModelOptions, 'send'> & {
    readonly json?: boolean;
    readonly sent?: boolean;
    readonly question?: string;
  };
export type ModelsOptions = CommonOptions & ModelOptions & { readonly json?: boolean };
export type DoctorOptions = CommonOptions & DatabaseOptions & ModelOptions;
export type TestOptions = CommonOptions &
  DatabaseOptions &
  ModelOptions & {
    readonly record?: boolean;
    readonly live?: boolean;
    readonly repeat?: string;
    readonly jobs?: string;
    readonly filter?: string;
    readonly reporter?: string;
    readonly output?: string;
  };
export type HistoryOptions = CommonOptions & { readonly json?: boolean; readonly limit?: string };
export type ForgetOptions = CommonOptions & { readonly all?: boolean };
export type GoodOptions = CommonOptions;
export type ExamplesOptions = CommonOptions & {
  readonly db?: string;
  readonly json?: boolean;
  readonly format?: string;
};
export type SaveOptions = CommonOptions &
  DatabaseOptions & { readonly from?: string; readonly force?: boolean };
export type SavedOptions = CommonOptions & { readonly json?: boolean };
export type BadOptions = CommonOptions & { readonly sql?: string };
export type ConfigOptions = AskOptions & { readonly json?: boolean };
export type ConfigInitOptions = CommonOptions & { readonly user?: boolean; readonly force?: boolean };
