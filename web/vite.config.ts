/**
 * Builds the planner page: a folder for any static host, whose policy allows no inline script and no request, and
 * `rolla.html`, the whole page in one file for mail. YAML of templates is parsed here, so that the page needs no YAML
 * library until a file of that kind is opened.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { parse } from 'yaml';
import { starterFleet } from '../src/generator/fleet/starterFleet.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const starter = 'virtual:starter-fleet';

const templates: Plugin = {
  name: 'rolla-templates',
  resolveId: (id) => (id === starter ? `\0${starter}` : null),
  load: (id) => {
    if (id === `\0${starter}`)
      return { code: `export default ${JSON.stringify(parse(starterFleet()))}`, moduleType: 'js' };
    if (!id.endsWith('.yaml')) return null;
    return { code: `export default ${JSON.stringify(parse(readFileSync(id, 'utf8')))}`, moduleType: 'js' };
  },
};

const nothingElse = "img-src data: blob:; base-uri 'none'; form-action 'none'";
const hostedPolicy = `default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; ${nothingElse}`;

const policyTag = (content: string) => `<meta http-equiv="Content-Security-Policy" content="${content}">`;

/** In the built page alone: while developing, vite sends changes over a socket and as inline styles. */
const policy: Plugin = {
  name: 'rolla-policy',
  apply: 'build',
  transformIndexHtml: (html) => html.replace('<meta charset="utf-8">', `$&\n${policyTag(hostedPolicy)}`),
};

const threadFile = `${folder}thread.ts`;
const threadAddress = 'virtual:thread-address';

/**
 * The address of the worker. In the hosted form the worker is an entry beside the page, so that what both need is
 * loaded once; as a worker of its own build it would bring everything a second time.
 */
const thread = (isShared: boolean): Plugin => ({
  name: 'rolla-thread',
  resolveId: (id) => (id === threadAddress ? `\0${threadAddress}` : null),
  load(id) {
    if (id !== `\0${threadAddress}`) return null;
    if (!isShared) return `export { default } from ${JSON.stringify(`${threadFile}?worker&url`)};`;
    const reference = this.emitFile({ type: 'chunk', id: threadFile, name: 'thread' });
    return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
  },
});

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Of script in an HTML element: nothing in it ends the element or begins a comment. */
const insideScript = (code: string) => code.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');

/** One file: script, style and the text of the worker, which is started from there (`startThread.ts`). */
const oneFile: Plugin = {
  name: 'rolla-one-file',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    // After vite has finished the script: what it puts into chunks last would be missing.
    order: 'post',
    handler(_, bundle) {
      const files = Object.values(bundle);
      const chunk = files.find((file) => file.type === 'chunk' && file.isEntry);
      const asset = (pattern: RegExp) => {
        const file = files.find(({ fileName, type }) => type === 'asset' && pattern.test(fileName));
        if (file?.type !== 'asset') throw new Error(`the build has no file like ${pattern}`);
        return String(file.source);
      };
      if (chunk?.type !== 'chunk') throw new Error('the build has no script');
      const script = insideScript(chunk.code);
      const style = asset(/\.css$/);
      const thread = insideScript(asset(/thread.*\.js$/));
      const content = `default-src 'none'; script-src ${hashOf(script)}; worker-src blob:; style-src ${hashOf(style)}; ${nothingElse}`;
      const head = readFileSync(`${folder}index.html`, 'utf8')
        .replace('<meta charset="utf-8">', () => `<meta charset="utf-8">\n${policyTag(content)}`)
        .replace(/<script type="module".*<\/script>/, () => `<style>${style}</style>`)
        .replace(
          '</body>',
          () =>
            `<script type="text/plain" id="thread">${thread}</script>\n<script type="module">${script}</script>\n</body>`,
        );
      for (const name of Object.keys(bundle)) delete bundle[name];
      this.emitFile({ type: 'asset', fileName: 'rolla.html', source: head });
    },
  },
};

export default defineConfig(({ mode, command }) => {
  const isOneFile = mode === 'one-file';
  return {
    root: folder,
    base: './',
    plugins: [templates, thread(command === 'build' && !isOneFile), policy, ...(isOneFile ? [oneFile] : [])],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    // The page and what it draws from lie beside each other.
    server: { fs: { allow: ['..'] } },
    worker: {
      // A module of a page that was opened from disk has no origin that a worker may be a module of.
      format: isOneFile ? 'iife' : 'es',
      rolldownOptions: { output: isOneFile ? { codeSplitting: false } : {} },
    },
    build: {
      outDir: '../out/web',
      emptyOutDir: !isOneFile,
      target: 'es2022',
      // What the page needs at once is named in its head; what a worker loads later has no document to be named in.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_, dependencies, { hostType }) => (hostType === 'html' ? dependencies : []),
      },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { output: isOneFile ? { codeSplitting: false } : {} },
    },
  };
});
