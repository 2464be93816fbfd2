import type { Tool } from '../tool.ts';
import { askTool } from './ask.ts';
import { describeTablesTool } from './describe-tables.ts';
import { examplesTool } from './examples.ts';
import { explainTool } from './explain.ts';
import { feedbackTool } from './feedback.ts';
import { findValuesTool } from './find-values.ts';
import { queryTool } from './query.ts';
import { saveResultTool } from './save-result.ts';
import { searchDocumentsTool } from './search-documents.ts';
import { searchSchemaTool } from './search-schema.ts';

/** The tools, in the order in which a caller is told of them. */
export const tools: readonly Tool[] = [
  searchSchemaTool,
  describeTablesTool,
  findValuesTool,
  searchDocumentsTool,
  queryTool,
  explainTool,
  askTool,
  saveResultTool,
  examplesTool,
  feedbackTool,
];
