/** The formats in which a log is written out. */
export const exportFormats = ['csv', 'ndjson', 'json'] as const;

export type ExportFormat = (typeof exportFormats)[number];
