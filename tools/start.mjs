/** `npm start`: the built command line where it is newer than all of `src`, else the sources through a loader. */
import { readdirSync, statSync } from 'node:fs';

const built = new URL('../dist/cli/main.js', import.meta.url);
const sources = new URL('../src/', import.meta.url);

const changedAt = (url) => statSync(url, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isFresh() {
  const builtAt = changedAt(built);
  const files = builtAt > 0 ? readdirSync(sources, { recursive: true }) : [];
  return builtAt > 0 && files.every((name) => changedAt(new URL(name, sources)) < builtAt);
}

if (isFresh()) await import(built.href);
else {
  const { register } = await import('tsx/esm/api');
  register();
  await import(new URL('cli/main.ts', sources).href);
}
