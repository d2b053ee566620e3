/** Every link of the built site that stays within it leads to a file, and to an anchor that is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const site = fileURLToPath(new URL('../out/site/', import.meta.url));
const pages = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'));
const textOf = (name) => readFileSync(join(site, name), 'utf8');
const anchors = new Map(
  pages.map((name) => [name, new Set([...textOf(name).matchAll(/ (?:id|name)="([^"]+)"/g)].map(([, id]) => id))]),
);
let links = 0;
const broken = pages.flatMap((name) =>
  [...textOf(name).matchAll(/ (?:href|src)="([^"]+)"/g)].flatMap(([, link]) => {
    if (/^[a-z]+:/.test(link)) return [];
    links++;
    const [path, anchor] = link.replaceAll('&amp;', '&').split('#');
    const target = path === '' ? name : normalize(join(dirname(name), decodeURIComponent(path)));
    const isThere = existsSync(join(site, target));
    const hasAnchor = !anchor || !anchors.has(target) || anchors.get(target).has(decodeURIComponent(anchor));
    return isThere && hasAnchor ? [] : [`${name}: ${link}`];
  }),
);
process.stdout.write(`${pages.length} pages, ${links} links within the site, ${broken.length} broken\n`);
for (const line of new Set(broken)) process.stdout.write(`${line}\n`);
if (broken.length > 0) process.exit(1);
