import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

it('has npm 10 build nothing of better-sqlite3, which brings its binaries', () => {
  // npm up to 10 takes from the lock whether a package with a binding.gyp is built, and the registry's field is lost there:
  // put it back by hand after the lock is written anew, or who has no compiler can't install a clone.
  expect(lock.packages['node_modules/better-sqlite3']).toHaveProperty('gypfile', false);
});

it('has npm put the manual page where man looks', () => {
  // A single name is not linked by npm 9 to 11, whatever its documentation says.
  expect(manifest.man).toEqual(['dist/sqlq.1']);
});
