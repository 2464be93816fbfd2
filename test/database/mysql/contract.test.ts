import { describe } from 'vitest';
import { mysqlEngine, mysqlServers } from '../../support/mysql-engine.ts';
import { describeContract } from '../contract.ts';

for (const server of mysqlServers()) {
  describe.skipIf(server.url === null)('the contract', () => {
    describeContract(mysqlEngine(server));
  });
}
