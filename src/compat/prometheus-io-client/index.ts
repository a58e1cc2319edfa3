import * as names from './names.ts';
import { Registry } from './registry.ts';

export * from './names.ts';

/** The global registry. */
export const register: Registry = Registry.globalRegistry;

/** The result of `require()`: all names, and the content type of the global registry, which can be set. */
export default {
  ...names,
  register,
  get contentType(): string {
    return register.contentType;
  },
  set contentType(contentType: string) {
    register.setContentType(contentType);
  },
};
