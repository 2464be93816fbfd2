import { inject } from 'vitest';
import { postgresEngine } from '../../support/postgres-engine.ts';
import { describeContract } from '../contract.ts';

describeContract(postgresEngine(() => inject('postgresUrl')));
