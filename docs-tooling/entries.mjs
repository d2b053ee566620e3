/** The entries of the package, from its `exports`: what they are imported as, and the source of each. */
import { readFileSync } from 'node:fs';

const { name: packageName, exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** A browser's worker is asked for under the same name as Node's; scripts and data have nothing to document. */
const typings = ({ types, browser }) => [types, browser?.types].filter((path) => path !== undefined);

export const entries = Object.entries(exports)
  .filter(([, target]) => typeof target === 'object')
  .flatMap(([path, target]) =>
    typings(target).map((declarations) => {
      const source = declarations.replace('./dist/', '../src/').replace(/\.d\.ts$/, '.ts');
      const isBrowsers = declarations === target.browser?.types;
      return {
        name: `${packageName}${path.slice(1)}${isBrowsers ? ' (browsers)' : ''}`,
        source,
        /** As typedoc calls it. */
        module: source.replace('../src/', '').replace(/(^|\/)index\.ts$|\.ts$/, '') || 'index',
      };
    }),
  );
