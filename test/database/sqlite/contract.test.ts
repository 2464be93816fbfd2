import { sqliteEngine } from '../../support/sqlite-engine.ts';
import { describeContract } from '../contract.ts';

describeContract(sqliteEngine);
