#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  // Compiled code is kept where nobody else can write it: Node's own place is a shared folder.
  const [module, os, path] = ['module', 'os', 'path'].map((name) => process.getBuiltinModule(name));
  module.enableCompileCache(
    path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'sqlq', 'compiled'),
  );
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `sqlq needs Node.js 22.18 or newer, and this is ${process.versions.node}.\n` +
      'Install a newer one from https://nodejs.org, or with a version manager: nvm install 24\n',
  );
  process.exitCode = 2;
}
