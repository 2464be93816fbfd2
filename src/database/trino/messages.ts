import type { EngineMessages } from '../dialect.ts';

/** What Trino says of a statement that it can't parse, resolve or compute, from its analyzer and its functions. */
const templates: readonly string[] = [
  "line %d:%d: Column '%s' cannot be resolved",
  "line %d:%d: Column '%s' is ambiguous",
  "line %d:%d: Table '%s' does not exist",
  "line %d:%d: Schema '%s' does not exist",
  "line %d:%d: Catalog '%s' not found",
  "line %d:%d: Catalog '%s' does not exist",
  'line %d:%d: Schema must be specified when session schema is not set',
  'line %d:%d: Catalog must be specified when session catalog is not set',
  "line %d:%d: Function '%s' not registered",
  'line %d:%d: Unexpected parameters (%t) for function %s. Expected: %q',
  "line %d:%d: '%q' must be an aggregate expression or appear in GROUP BY clause",
  'line %d:%d: GROUP BY position %d is not in select list',
  'line %d:%d: ORDER BY position %d is not in select list',
  'line %d:%d: For SELECT DISTINCT, ORDER BY expressions must appear in select list',
  'line %d:%d: Cannot apply operator: %t',
  'line %d:%d: Cannot cast %t to %t',
  'line %d:%d: Unknown type: %s',
  'line %d:%d: WHERE clause must evaluate to a boolean: actual type %t',
  'line %d:%d: HAVING clause must evaluate to a boolean: actual type %t',
  'line %d:%d: JOIN ON clause must evaluate to a boolean: actual type %t',
  "line %d:%d: Table alias '%s' is already defined in this scope",
  'line %d:%d: Multiple columns returned by subquery are not yet supported. Found %d',
  'line %d:%d: Column alias list has %d entries but %s has %d columns available',
  'line %d:%d: All COALESCE operands must be the same type: %t',
  'line %d:%d: All CASE results must be the same type: %t',
  'line %d:%d: IN value and list items must be the same type: %t',
  'line %d:%d: Query expression columns do not match',
  'line %d:%d: column %d in %t query has incompatible types: %t, %t',
  'line %d:%d: UNION query has different number of fields: %d, %d',
  "line %d:%d: mismatched input '%q'. Expecting: %q",
  "line %d:%d: no viable alternative at input '%q'",
  'line %d:%d: Window function cannot have DISTINCT',
  'line %d:%d: Invalid numeric literal: %q',
  'Division by zero',
  'Scalar sub-query has returned multiple rows',
  "Cannot cast '%v' to %t",
  'Value cannot be cast to %t: %v',
  'Invalid format: "%v"',
  'Invalid format: "%v" is malformed at "%v"',
  '%t addition overflow: %v + %v',
  '%t subtraction overflow: %v - %v',
  '%t multiplication overflow: %v * %v',
  'Decimal overflow',
  'Out of range for %t: %v',
];

const words =
  'bigint integer smallint tinyint double real decimal varchar char varbinary boolean date time timestamp with time zone without interval day to second year to month json array map row uuid ipaddress unknown union intersect except = <> < <= > >= + - * / %';

const codes =
  'SYNTAX_ERROR COLUMN_NOT_FOUND TABLE_NOT_FOUND SCHEMA_NOT_FOUND CATALOG_NOT_FOUND FUNCTION_NOT_FOUND TYPE_MISMATCH AMBIGUOUS_NAME EXPRESSION_NOT_AGGREGATE EXPRESSION_NOT_SCALAR EXPRESSION_NOT_IN_DISTINCT NESTED_AGGREGATION NESTED_WINDOW INVALID_COLUMN_REFERENCE INVALID_LITERAL MISSING_SCHEMA_NAME MISSING_CATALOG_NAME MISSING_COLUMN_NAME MISSING_GROUP_BY MISSING_ORDER_BY MISSING_OVER MISMATCHED_COLUMN_ALIASES INVALID_FUNCTION_ARGUMENT INVALID_CAST_ARGUMENT DIVISION_BY_ZERO NUMERIC_VALUE_OUT_OF_RANGE SUBQUERY_MULTIPLE_ROWS NOT_SUPPORTED FUNCTION_NOT_WINDOW FUNCTION_NOT_AGGREGATE DUPLICATE_NAMED_QUERY DUPLICATE_COLUMN_NAME TYPE_NOT_FOUND PERMISSION_DENIED AMBIGUOUS_FUNCTION_CALL TOO_MANY_ARGUMENTS INVALID_ARGUMENTS';

export const trinoMessages: EngineMessages = {
  codes: new Set(codes.split(' ')),
  templates,
  words: new Set(words.split(' ')),
};
