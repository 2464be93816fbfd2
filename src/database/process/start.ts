import { answerParent } from './child.ts';

// Not bundled, the process of a database has no compiled code to keep.
answerParent(() => {});
