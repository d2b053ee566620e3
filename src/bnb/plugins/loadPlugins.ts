/**
 * Plugins from modules: functions do not cross into threads, and the command line has none to give, but both can
 * import.
 */
import { fault, showValue } from '../../input/inputError.ts';
import { faultOfPlugin, type Plugin } from './plugin.ts';

/** A module that could not be loaded, or that has no plugins to give. */
export class PluginModuleError extends Error {
  constructor(specifier: string, fault: string, options?: ErrorOptions) {
    super(`plugin module ${specifier}: ${fault}`, options);
    this.name = 'PluginModuleError';
  }
}

/**
 * The plugins of modules, each of which has one as its default export, or a list. `specifiers` are URLs, or whatever
 * else `import` takes.
 * @throws PluginModuleError
 */
export async function loadPlugins(specifiers: readonly string[]): Promise<readonly Plugin[]> {
  if (!Array.isArray(specifiers) || specifiers.some((each) => typeof each !== 'string'))
    throw fault('specifiers', showValue(specifiers), 'a list of modules');
  const loaded: Plugin[] = [];
  for (const specifier of specifiers) {
    const { default: given } = await imported(specifier);
    for (const plugin of Array.isArray(given) ? given : [given]) {
      const wanted = faultOfPlugin(plugin);
      if (wanted !== null)
        throw new PluginModuleError(specifier, `its default export is not ${wanted}, or a list of such`);
      loaded.push(plugin as Plugin);
    }
  }
  return loaded;
}

async function imported(specifier: string): Promise<{ readonly default?: unknown }> {
  try {
    return await import(specifier);
  } catch (error) {
    throw new PluginModuleError(specifier, String(error), { cause: error });
  }
}
