/**
 * Nodes of the parse tree whose meaning the guard knows. A node that is not named here is refused, so that a newer
 * parser can't bring in something that nobody thought about.
 */
export const knownExpressionNodes = new Set(
  `A_ArrayExpr A_Const A_Expr A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest
  CaseExpr CaseWhen CoalesceExpr CollateClause ColumnDef ColumnRef CommonTableExpr CTECycleClause CTESearchClause
  Float FuncCall GroupingFunc GroupingSet Integer JoinExpr JsonAggConstructor JsonArgument JsonArrayAgg
  JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat JsonFuncExpr JsonIsPredicate JsonKeyValue
  JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr JsonSerializeExpr
  JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr List MinMaxExpr NamedArgExpr NullTest RangeFunction
  RangeSubselect RangeTableFunc RangeTableFuncCol RangeTableSample RangeVar ResTarget RowExpr SelectStmt SetToDefault
  SortBy SQLValueFunction String SubLink TypeCast TypeName WindowDef WithClause XmlExpr XmlSerialize`.split(
    /\s+/,
  ),
);

/** What stands in statements that change rows, besides. */
export const knownChangeNodes = new Set(
  `DeleteStmt IndexElem InferClause InsertStmt MergeStmt MergeSupportFunc MergeWhenClause MultiAssignRef
  OnConflictClause ReturningClause ReturningOption UpdateStmt`.split(/\s+/),
);

/** What stands in statements that change tables, besides. */
export const knownDefinitionNodes = new Set(
  `AlterDomainStmt AlterEnumStmt AlterSeqStmt AlterTableCmd AlterTableStmt AlterObjectSchemaStmt CommentStmt
  CompositeTypeStmt Constraint CreateDomainStmt CreateEnumStmt CreateSchemaStmt CreateSeqStmt CreateStatsStmt
  CreateStmt CreateTableAsStmt DefElem DropStmt IndexElem IndexStmt IntoClause ObjectWithArgs PartitionBoundSpec
  PartitionCmd PartitionElem PartitionRangeDatum PartitionSpec RefreshMatViewStmt ReindexStmt RenameStmt
  ReplicaIdentityStmt StatsElem TableLikeClause TruncateStmt ViewStmt`.split(/\s+/),
);

/** Fields that hold a struct instead of a node; what they may hold is known as well. */
export const structFields = new Set(
  `alias arg bsval boolval collClause constructor context_item cycle_clause expr format fval infer into ival
  join_using_alias larg newConstraint on_empty on_error onConflictClause output over partbound partspec pathspec pktable
  rarg relation returning returningClause rel search_clause sequence sval typeName ofTypename typevar val value view
  withClause domainname bound object base`.split(/\s+/),
);

/** Statements that are forbidden in every mode, by the words that they begin with, and what is wrong with them. */
export const forbiddenStatements: Readonly<Record<string, readonly [words: string, reason: string]>> = {
  AlterDatabaseSetStmt: ['ALTER DATABASE', 'changes settings of the server'],
  AlterRoleSetStmt: ['ALTER ROLE', 'changes a role'],
  AlterRoleStmt: ['ALTER ROLE', 'changes a role'],
  AlterSystemStmt: ['ALTER SYSTEM', 'changes settings of the server'],
  AlterSubscriptionStmt: ['ALTER SUBSCRIPTION', 'reaches another server'],
  AlterUserMappingStmt: ['ALTER USER MAPPING', 'changes a password of another server'],
  CallStmt: ['CALL', 'runs a procedure, which may do anything'],
  CheckPointStmt: ['CHECKPOINT', 'acts on the server itself'],
  ClosePortalStmt: ['CLOSE', 'changes the session'],
  ClusterStmt: ['CLUSTER', 'rewrites a table outside of a query'],
  CopyStmt: ['COPY', 'moves data through files, programs or a second channel'],
  CreateCastStmt: ['CREATE CAST', 'brings in code'],
  CreateEventTrigStmt: ['CREATE EVENT TRIGGER', 'brings in code'],
  CreateExtensionStmt: ['CREATE EXTENSION', 'brings code into the server'],
  CreateFdwStmt: ['CREATE FOREIGN DATA WRAPPER', 'reaches outside of the database'],
  CreateForeignServerStmt: ['CREATE SERVER', 'reaches another server'],
  CreateForeignTableStmt: ['CREATE FOREIGN TABLE', 'reaches outside of the database'],
  CreateFunctionStmt: ['CREATE FUNCTION', 'brings in code'],
  CreatePLangStmt: ['CREATE LANGUAGE', 'brings in code'],
  CreatePolicyStmt: ['CREATE POLICY', 'changes who may read what'],
  CreatePublicationStmt: ['CREATE PUBLICATION', 'sends data to other servers'],
  CreateRoleStmt: ['CREATE ROLE', 'makes a role'],
  CreateSubscriptionStmt: ['CREATE SUBSCRIPTION', 'reaches another server'],
  CreateTableSpaceStmt: ['CREATE TABLESPACE', 'writes to a folder of the server'],
  CreateTrigStmt: ['CREATE TRIGGER', 'brings in code'],
  CreateUserMappingStmt: ['CREATE USER MAPPING', 'stores a password'],
  CreatedbStmt: ['CREATE DATABASE', 'makes a database'],
  ConstraintsSetStmt: ['SET CONSTRAINTS', 'changes the session'],
  DeallocateStmt: ['DEALLOCATE', 'changes the session'],
  DeclareCursorStmt: ['DECLARE', 'changes the session'],
  DiscardStmt: ['DISCARD', 'changes the session'],
  DoStmt: ['DO', 'runs code, which may do anything'],
  DropdbStmt: ['DROP DATABASE', 'deletes a database'],
  DropOwnedStmt: ['DROP OWNED', 'deletes all that a role owns'],
  DropRoleStmt: ['DROP ROLE', 'deletes a role'],
  DropSubscriptionStmt: ['DROP SUBSCRIPTION', 'reaches another server'],
  DropTableSpaceStmt: ['DROP TABLESPACE', 'deletes a folder of the server'],
  DropUserMappingStmt: ['DROP USER MAPPING', 'changes a password of another server'],
  ExecuteStmt: ['EXECUTE', 'runs a statement that nobody sees'],
  FetchStmt: ['FETCH', 'reads a cursor, which is of the session'],
  GrantRoleStmt: ['GRANT or REVOKE', 'changes who may do what'],
  GrantStmt: ['GRANT or REVOKE', 'changes who may do what'],
  AlterDefaultPrivilegesStmt: ['ALTER DEFAULT PRIVILEGES', 'changes who may do what'],
  AlterOwnerStmt: ['ALTER … OWNER', 'changes who may do what'],
  ImportForeignSchemaStmt: ['IMPORT FOREIGN SCHEMA', 'reaches another server'],
  ListenStmt: ['LISTEN', 'changes the session'],
  LoadStmt: ['LOAD', 'loads a library into the server'],
  LockStmt: ['LOCK', 'locks tables for everybody'],
  NotifyStmt: ['NOTIFY', 'sends a message to other sessions'],
  PrepareStmt: ['PREPARE', 'changes the session'],
  ReassignOwnedStmt: ['REASSIGN OWNED', 'changes who may do what'],
  RuleStmt: ['CREATE RULE', 'changes what a statement does'],
  SecLabelStmt: ['SECURITY LABEL', 'changes who may do what'],
  TransactionStmt: ['a transaction statement', 'would end the protection of this session'],
  UnlistenStmt: ['UNLISTEN', 'changes the session'],
  VacuumStmt: ['VACUUM or ANALYZE', 'does maintenance outside of a query'],
  VariableSetStmt: ['SET or RESET', 'changes the session, and with it its protection'],
};
