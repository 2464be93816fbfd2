import { duckdbEngine } from '../../support/duckdb-engine.ts';
import { describeContract } from '../contract.ts';

describeContract(duckdbEngine);
