/** The built page in a real browser, from a server that knows its files and nothing else; skipped without a browser. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';

const config = fileURLToPath(new URL('../web/vite.config.ts', import.meta.url));
const kinds: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

/** Debian's, or none. */
export const chromiumPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

export interface OpenedPage {
  readonly page: Page;
  /** Addresses that were asked for, those of the page's own blobs apart. */
  readonly requests: readonly string[];
  /** What the browser complained of: errors, and breaches of the policy. */
  readonly complaints: readonly string[];
}

export class PageHost {
  readonly #folder: string;
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(folder: string, server: Server, browser: Browser) {
    this.#folder = folder;
    this.#server = server;
    this.#browser = browser;
  }

  static async start(): Promise<PageHost> {
    const folder = mkdtempSync(join(tmpdir(), 'rolla-page-'));
    const output = { outDir: folder, emptyOutDir: false };
    await build({ configFile: config, build: output, logLevel: 'silent' });
    await build({ configFile: config, build: output, logLevel: 'silent', mode: 'one-file' });
    const server = createServer((request, response) => {
      const path = join(folder, request.url === '/' ? 'index.html' : new URL(request.url!, 'http://page').pathname);
      if (!existsSync(path)) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': kinds[extname(path)] ?? 'text/plain' }).end(readFileSync(path));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const browser = await chromium.launch({ executablePath: chromiumPath!, args: ['--no-sandbox'] });
    return new PageHost(folder, server, browser);
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** The page of one file, as it is opened from mail. */
  get fileAddress(): string {
    return pathToFileURL(join(this.#folder, 'rolla.html')).href;
  }

  get browserVersion(): string {
    return this.#browser.version();
  }

  /** Bytes of every file of the hosted form, each packed as a web server would. */
  allPackedBytes(): number {
    const parts = readdirSync(join(this.#folder, 'assets')).map((name) => `${this.address}assets/${name}`);
    return this.packedBytes([this.address, ...parts]);
  }

  /** Bytes of the files at these addresses of the page, each packed as a web server would. */
  packedBytes(addresses: readonly string[]): number {
    const files = new Set(addresses.map((address) => this.#fileOf(new URL(address))));
    return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0);
  }

  #fileOf({ protocol, pathname }: URL): string {
    return protocol === 'file:' ? pathname : join(this.#folder, pathname === '/' ? 'index.html' : pathname);
  }

  /** A browser window of its own, with nothing stored. */
  async open(address = this.address, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await this.#browser.newContext({ viewport: { width: 1300, height: 900 }, ...options });
    const page = await context.newPage();
    const requests: string[] = [];
    const complaints: string[] = [];
    context.on('request', (request) => /^(blob|data):/.test(request.url()) || requests.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    await page.goto(address);
    await page.waitForSelector('main');
    return { page, requests, complaints };
  }

  async end(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
