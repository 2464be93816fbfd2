#!/usr/bin/env node
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  keepCompiledCode();
  const { main } = await import('../dist/main.js');
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write(
    `sqlq needs Node.js 22.18 or newer, and this is ${process.versions.node}.\n` +
      'Install a newer one from https://nodejs.org, or with a version manager: nvm install 24\n',
  );
  process.exitCode = 2;
}

/**
 * Keeps compiled code where nobody else can write it: Node's own place is a shared folder. No folder is made but our own
 * within one that is there: Node would make a whole path, of a home that is missing too, and in /proc it would not end.
 */
function keepCompiledCode() {
  const [fs, module, os, path] = ['fs', 'module', 'os', 'path'].map((name) => process.getBuiltinModule(name));
  const given = process.env.XDG_CACHE_HOME ?? '';
  const folder = path.join(path.isAbsolute(given) ? given : path.join(os.homedir(), '.cache'), 'sqlq');
  try {
    if (!fs.existsSync(folder)) {
      fs.mkdirSync(folder, { mode: 0o700 });
    }
    module.enableCompileCache(path.join(folder, 'compiled'));
  } catch {
    // It starts without, a little later.
  }
}
