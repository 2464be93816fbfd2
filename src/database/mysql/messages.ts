import type { EngineMessages } from '../dialect.ts';

/** What MySQL and MariaDB say of a statement that they can't parse, resolve or compute, from their error references. */
const templates: readonly string[] = [
  "Unknown column '%s' in '%t'",
  "Unknown column '%s' in %t",
  "Unknown table '%s'",
  "Unknown table '%s' in %t",
  "Unknown database '%s'",
  "Unknown collation: '%s'",
  "Unknown system variable '%s'",
  "Table '%s' doesn't exist",
  "Column '%s' in %t is ambiguous",
  "Column '%s' in '%t' is ambiguous",
  'FUNCTION %s does not exist',
  "Incorrect parameter count in the call to native function '%s'",
  "Incorrect parameters in the call to native function '%s'",
  'Invalid use of group function',
  "You have an error in your SQL syntax; check the manual that corresponds to your %t server version for the right syntax to use near '%q' at line %d",
  'Operand should contain %d column(s)',
  'Subquery returns more than 1 row',
  'Every derived table must have its own alias',
  "Duplicate column name '%s'",
  "Not unique table/alias: '%s'",
  'SELECT command denied to user %s for table %s',
  'SELECT command denied to user %s for column %s in table %s',
  "Expression #%d of SELECT list is not in GROUP BY clause and contains nonaggregated column '%s' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by",
  "Expression #%d of ORDER BY is not in GROUP BY clause and contains nonaggregated column '%s' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by",
  "In aggregated query without GROUP BY, expression #%d of SELECT list contains nonaggregated column '%s'; this is incompatible with sql_mode=only_full_group_by",
  "'%s' isn't in GROUP BY",
  "Can't group on '%s'",
  'Mixing of GROUP columns (MIN(),MAX(),COUNT(),...) with no GROUP columns is illegal if there is no GROUP BY clause',
  'The used SELECT statements have a different number of columns',
  "Incorrect %t value: '%v'",
  "Incorrect %t value: '%v' for function %s",
  "Truncated incorrect %t value: '%v'",
  "BIGINT value is out of range in '%v'",
  "BIGINT UNSIGNED value is out of range in '%v'",
  "DOUBLE value is out of range in '%v'",
  'Division by 0',
  "Illegal mix of collations for operation '%s'",
  "Illegal mix of collations (%s) and (%s) for operation '%s'",
  "Reference '%s' not supported (%s)",
  "Window name '%s' is not defined.",
  "You cannot use the window function '%s' in this context.'",
  'Window function is allowed only in SELECT list and ORDER BY clause',
  'No tables used',
  'Invalid JSON text in argument %d to function %s: "%v" at position %v.',
];

const words =
  'field list where clause on order group statement having from select in/all/any subquery column select mysql mariadb integer double decimal datetime date time timestamp char';

const codes =
  '1049 1052 1054 1055 1056 1060 1064 1066 1111 1140 1146 1193 1222 1241 1242 1247 1248 1267 1271 1273 1292 1305 1365 1366 1582 1583 1690 3141';

export const mysqlMessages: EngineMessages = {
  codes: new Set(codes.split(' ')),
  templates,
  words: new Set(words.split(' ')),
};
