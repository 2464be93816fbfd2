import { afterAll, beforeAll } from 'vitest';
import type { TestServer } from '../../support/postgres-server.ts';
import { trinoEngine } from '../../support/trino-engine.ts';
import { canStartTrino, startTrino } from '../../support/trino-server.ts';
import { describeContract } from '../contract.ts';

if (canStartTrino()) {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTrino();
  }, 200_000);
  afterAll(() => server?.stop());
  describeContract(trinoEngine(() => server.url));
}
