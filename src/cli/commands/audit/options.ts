import { exportFormats } from '../../../serve/audit/format.ts';
import { choice, fileName, type OptionsOf, text, wholeNumber } from '../../options/option.ts';
import { commonOptions, configOption, jsonOption } from '../../options/shared.ts';

export const verifyOptions = {
  keyFile: fileName(
    '--key-file <file>',
    'the key that the log is kept with; that of the settings of the server unless given',
  ),
  hash: text('--hash <hash>', 'the hash of a record that was written down elsewhere: it has to be there'),
  from: wholeNumber('--from <record>', 'the record that it begins with, where older files were put away'),
  config: configOption,
  ...jsonOption,
  ...commonOptions,
};

export const exportOptions = {
  format: choice('-f, --format <format>', 'how it is written; ndjson unless given', exportFormats),
  ...commonOptions,
};

export type VerifyOptions = OptionsOf<typeof verifyOptions>;
export type ExportOptions = OptionsOf<typeof exportOptions>;
