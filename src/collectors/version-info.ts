import { Info } from '../metrics/info.ts';
import type { Group } from './collector-group.ts';

/** Which Node.js this is. */
export const versionInfo: Group = ({ registry, prefix, labels }) => {
  const info = new Info({
    name: `${prefix}nodejs_version_info`,
    help: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
    constLabels: labels,
    registry,
  });
  const [major = '', minor = '', patch = ''] = process.versions.node.split(/[.-]/);
  info.set({ version: process.version, major, minor, patch });
  return () => void registry.unregister(info);
};
