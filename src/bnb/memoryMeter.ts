/**
 * What the platform says of memory in use, where it says anything: Node of this thread's heap and buffers, Chromium of
 * its heap. Asked through globals, as browsers have no other way and Node needs no import for it.
 */

interface Platform {
  readonly process?: { readonly memoryUsage?: () => { readonly heapUsed: number; readonly arrayBuffers: number } };
  readonly performance?: { readonly memory?: { readonly usedJSHeapSize: number } };
}

/** Bytes in use now, garbage included; null where the platform keeps it to itself. */
export function bytesOfPlatform(): number | null {
  const { process, performance } = globalThis as Platform;
  const usage = process?.memoryUsage?.();
  if (usage !== undefined) return usage.heapUsed + usage.arrayBuffers;
  return performance?.memory?.usedJSHeapSize ?? null;
}
