#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  const { createRequire } = process.getBuiltinModule('module');
  const { start } = createRequire(import.meta.url)('../dist/start.cjs');
  process.exitCode = await start(process.argv.slice(2), process.env);
} else {
  process.stderr.write(
    `sqlq needs Node.js 22.18 or newer, and this is ${process.versions.node}.\n` +
      'Install a newer one: npm install --global node@24, nvm install 24, or from https://nodejs.org\n',
  );
  process.exitCode = 2;
}
