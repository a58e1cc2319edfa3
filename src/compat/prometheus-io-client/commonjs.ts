import { deepImports } from './deep-imports.ts';
import { Registry } from './registry.ts';

export * from './names.ts';

/** The global registry. */
export const register: Registry = Registry.globalRegistry;

// A property instead of an export, because its value changes. `exports` is that of the bundle, which is CommonJS.
Object.defineProperty(exports, 'contentType', {
  enumerable: true,
  get: () => register.contentType,
  set: (contentType: string) => register.setContentType(contentType),
});

// For the files in `lib/` of the alias package, as in `zeroprom/prom-client`.
Object.defineProperty(exports, Symbol.for('zeroprom.prom-client.lib'), { value: deepImports });
