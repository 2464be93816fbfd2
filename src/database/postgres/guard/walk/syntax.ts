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

/** Statements that are forbidden in every mode. */
export const forbiddenStatements: ReadonlySet<string> = new Set(
  `AlterDatabaseSetStmt AlterRoleSetStmt AlterRoleStmt AlterSystemStmt AlterSubscriptionStmt
  AlterUserMappingStmt CallStmt CheckPointStmt ClosePortalStmt ClusterStmt CopyStmt CreateCastStmt
  CreateEventTrigStmt CreateExtensionStmt CreateFdwStmt CreateForeignServerStmt CreateForeignTableStmt
  CreateFunctionStmt CreatePLangStmt CreatePolicyStmt CreatePublicationStmt CreateRoleStmt
  CreateSubscriptionStmt CreateTableSpaceStmt CreateTrigStmt CreateUserMappingStmt CreatedbStmt
  ConstraintsSetStmt DeallocateStmt DeclareCursorStmt DiscardStmt DoStmt DropdbStmt DropOwnedStmt DropRoleStmt
  DropSubscriptionStmt DropTableSpaceStmt DropUserMappingStmt ExecuteStmt FetchStmt GrantRoleStmt GrantStmt
  AlterDefaultPrivilegesStmt AlterOwnerStmt ImportForeignSchemaStmt ListenStmt LoadStmt LockStmt NotifyStmt
  PrepareStmt ReassignOwnedStmt RuleStmt SecLabelStmt TransactionStmt UnlistenStmt VacuumStmt VariableSetStmt`.split(
    /\s+/,
  ),
);
