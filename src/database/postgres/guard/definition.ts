import { asTree, listOf, type Tree, textOf } from './parser.ts';

/** What a statement that changes tables does; `problem` where it may not even with `--write=ddl`. */
export interface Definition {
  readonly problem: string | null;
}

const definitions = new Set(
  `AlterDomainStmt AlterEnumStmt AlterObjectSchemaStmt AlterSeqStmt AlterTableStmt CommentStmt CompositeTypeStmt
  CreateDomainStmt CreateEnumStmt CreateSchemaStmt CreateSeqStmt CreateStatsStmt CreateStmt CreateTableAsStmt DropStmt
  IndexStmt RefreshMatViewStmt ReindexStmt RenameStmt TruncateStmt ViewStmt`.split(/\s+/),
);

/** What DROP, COMMENT and RENAME may be about; functions, triggers, policies, roles and servers are not among it. */
const objects = new Set(
  `OBJECT_TABLE OBJECT_VIEW OBJECT_MATVIEW OBJECT_INDEX OBJECT_SEQUENCE OBJECT_COLUMN OBJECT_SCHEMA OBJECT_TYPE
  OBJECT_DOMAIN OBJECT_TABCONSTRAINT OBJECT_DOMCONSTRAINT OBJECT_STATISTIC_EXT OBJECT_ATTRIBUTE`.split(/\s+/),
);

const tableCommands = new Set(
  `AT_AddColumn AT_ColumnDefault AT_CookedColumnDefault AT_DropNotNull AT_SetNotNull AT_SetExpression
  AT_DropExpression AT_SetStatistics AT_SetStorage AT_SetCompression AT_DropColumn AT_AddIndex AT_AddConstraint
  AT_AlterConstraint AT_ValidateConstraint AT_DropConstraint AT_AlterColumnType AT_SetLogged AT_SetUnLogged
  AT_AddInherit AT_DropInherit AT_AttachPartition AT_DetachPartition AT_AddIdentity AT_SetIdentity
  AT_DropIdentity AT_CheckNotNull`.split(/\s+/),
);

/** Judges the kind of a statement that changes tables; null where it is none. What it holds is judged elsewhere. */
export function definitionProblem(tag: string, body: Tree): Definition | null {
  return definitions.has(tag) ? { problem: problemOf(tag, body) } : null;
}

function problemOf(tag: string, body: Tree): string | null {
  const object = textOf(body['removeType'] ?? body['renameType'] ?? body['objtype'] ?? body['objectType']);
  if (['DropStmt', 'RenameStmt', 'CommentStmt', 'AlterObjectSchemaStmt', 'AlterTableStmt'].includes(tag)) {
    if (object !== null && !objects.has(object)) {
      return 'it is not about a table, a view, a type or a schema';
    }
  }
  if (tag === 'AlterTableStmt') {
    for (const item of listOf(body['cmds'])) {
      const subtype = textOf(asTree(asTree(item)?.['AlterTableCmd'])?.['subtype']) ?? 'AT_AddColumn';
      if (!tableCommands.has(subtype)) {
        return 'this form of ALTER TABLE changes more than the table';
      }
    }
  }
  if (tag === 'CreateTableAsStmt' && asTree(asTree(body['query'])?.['SelectStmt']) === null) {
    return 'it runs a statement that nobody sees';
  }
  if ('tablespacename' in body || 'tableSpace' in body) {
    return 'it names a folder of the server';
  }
  if (body['concurrent'] === true || listOf(body['params']).length > 0) {
    return 'what runs concurrently can not be undone';
  }
  return null;
}
