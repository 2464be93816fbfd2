import { describe, expect, it } from 'vitest';
import { estimateScanned, type PlanNode } from '../../../src/database/postgres/plan-node.ts';

/** As TimescaleDB 2 shows a query of a hypertable with two chunks. */
const chunkAppend: PlanNode = {
  'Node Type': 'Custom Scan',
  'Custom Plan Provider': 'ChunkAppend',
  'Relation Name': 'conditions',
  Schema: 'public',
  'Plan Rows': 12,
  'Total Cost': 30.2,
  Plans: [
    {
      'Node Type': 'Seq Scan',
      'Relation Name': '_hyper_1_1_chunk',
      Schema: '_timescaledb_internal',
      'Plan Rows': 6,
    },
    {
      'Node Type': 'Seq Scan',
      'Relation Name': '_hyper_1_2_chunk',
      Schema: '_timescaledb_internal',
      'Plan Rows': 6,
    },
  ],
};

/** As Citus 12 shows a query that its workers run: it says of their rows what it likes. */
const adaptive: PlanNode = {
  'Node Type': 'Aggregate',
  'Plan Rows': 1,
  'Total Cost': 250,
  Plans: [{ 'Node Type': 'Custom Scan', 'Custom Plan Provider': 'Citus Adaptive', 'Plan Rows': 100000 }],
};

const foreign: PlanNode = {
  'Node Type': 'Foreign Scan',
  'Relation Name': 'elsewhere',
  Schema: 'public',
  'Plan Rows': 1000,
};

describe('how many rows a plan reads', () => {
  const none: ReadonlyMap<string, number> = new Map();

  it('is not told of a scan that an extension brought, wherever it stands', () => {
    expect(estimateScanned(chunkAppend, none)).toBeNull();
    expect(estimateScanned(adaptive, none)).toBeNull();
    expect(estimateScanned({ 'Node Type': 'Limit', Plans: [adaptive] }, none)).toBeNull();
  });

  it('is not told of a table elsewhere that nobody has counted', () => {
    expect(estimateScanned(foreign, none)).toBeNull();
    expect(estimateScanned(foreign, new Map([['public.elsewhere', -1]]))).toBeNull();
    expect(estimateScanned(foreign, new Map([['public.elsewhere', 5_000]]))).toBe(5_000);
  });

  it('is the whole of a table that is scanned, once for each row of the outer side', () => {
    const scan: PlanNode = {
      'Node Type': 'Seq Scan',
      'Relation Name': 't',
      Schema: 'public',
      'Plan Rows': 3,
    };
    const sizes = new Map([['public.t', 1_000]]);
    expect(estimateScanned(scan, sizes)).toBe(1_000);
    expect(estimateScanned({ 'Node Type': 'Nested Loop', Plans: [scan, scan] }, sizes)).toBe(4_000);
  });
});
