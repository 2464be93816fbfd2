import { describe, inject } from 'vitest';
import { mysqlEngine } from '../../support/mysql-engine.ts';
import { describeContract } from '../contract.ts';

const url = inject('mariadbUrl');

describe.skipIf(url === null)('the contract', () => {
  describeContract(mysqlEngine(() => url));
});
