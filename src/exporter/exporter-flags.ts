import { domainToASCII } from 'node:url';
import type { Flags } from '../command-line/flag.ts';
import { countFrom, oneOf } from '../command-line/flag-values.ts';
import { parseDuration } from '../model/duration.ts';
import { logFormats, logLevels } from './log/logger.ts';
import { parseListenAddress } from './server/listen-address.ts';
import { parsePrefix, parseTelemetryPath } from './server/paths.ts';

/** A collector of an exporter, as its flags say it. */
export interface CollectorFlag {
  /** What it collects, one line of `--help`. */
  readonly help: string;
  /** Whether it is asked where nobody says so; it is by default. */
  readonly isEnabled?: boolean;
}

/** The flags that every exporter has. `createdLines` is the default of `--web.created-lines`. */
export function exporterFlags(defaultPort: number, createdLines = false) {
  return {
    'web.listen-address': {
      help: 'Where to listen: host:port, without a host on all interfaces, or unix:/path?mode=0660.',
      default: `:${defaultPort}`,
      parse: parseListenAddress,
      isRepeatable: true,
    },
    'web.systemd-socket': {
      help: 'Listen on the sockets of a systemd .socket unit.',
      default: 'false',
      isSwitch: true,
    },
    'web.telemetry-path': {
      help: 'Path under which metrics are served.',
      default: '/metrics',
      parse: parseTelemetryPath,
    },
    'web.external-url': {
      help: 'URL under which others reach the exporter, such as that of a proxy.',
      default: '',
      parse: parseExternalUrl,
    },
    'web.config.file': {
      help: 'Path of a web configuration file with TLS, passwords, headers and a rate limit.',
      default: '',
    },
    'web.health.no-auth': {
      help: 'Tell health and readiness without a password.',
      default: 'false',
      isSwitch: true,
    },
    'web.route-prefix': {
      help: 'Prefix of all paths; the path of --web.external-url by default.',
      default: '',
      parse: parsePrefix,
    },
    'web.max-requests': {
      help: 'Scrapes that are answered at the same time; 0 is any number.',
      default: '40',
      parse: countFrom(0),
    },
    'web.created-lines': {
      help: 'Show start times in OpenMetrics 1.0 as _created lines, for servers that ingest them.',
      default: String(createdLines),
      isSwitch: true,
    },
    'web.disable-exporter-metrics': {
      help: 'Leave out the metrics about the exporter itself.',
      default: 'false',
      isSwitch: true,
    },
    'web.enable-lifecycle': {
      help: 'Let a POST to /-/reload and /-/quit reload and end the exporter.',
      default: 'false',
      isSwitch: true,
    },
    'web.allowed-host': {
      help: 'Additional host name, without a port, under which /-/reload and /-/quit are accepted.',
      default: '',
      parse: parseHostName,
      isRepeatable: true,
    },
    'web.shutdown-delay': {
      help: 'How long to serve on, not ready, before the end begins.',
      default: '0s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    'web.shutdown-timeout': {
      help: 'How long scrapes and tasks that are under way may take to end.',
      default: '8s',
      parse: (text: string) => parseDuration(text, { allowZero: true }),
    },
    'log.level': { help: 'Lowest level that is logged.', default: 'info', parse: oneOf(logLevels) },
    'log.format': { help: 'How log lines are written.', default: 'logfmt', parse: oneOf(logFormats) },
    'config.check': { help: 'Check the configuration, tell all mistakes and exit.', default: 'false', isSwitch: true },
  } satisfies Flags;
}

export const DISABLE_DEFAULTS = 'collector.disable-defaults';

/** A switch for each collector, and one for all that are on by default. */
export function collectorFlags(collectors: Readonly<Record<string, CollectorFlag>>): Flags {
  const names = Object.keys(collectors);
  if (names.length === 0) return {};
  const switches = Object.entries(collectors).map(([name, { help, isEnabled = true }]) => [
    `collector.${name}`,
    { help, default: String(isEnabled), isSwitch: true },
  ]);
  return {
    ...Object.fromEntries(switches),
    [DISABLE_DEFAULTS]: {
      help: 'Turn off the collectors that nobody turns on.',
      default: 'false',
      isSwitch: true,
    },
  };
}

function parseExternalUrl(text: string): string {
  if (text === '') return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(`${JSON.stringify(text)} is no URL with http:// or https://; write it without quotes.`);
  }
  parsePrefix(url.pathname);
  return url.href;
}

/** As browsers send it: in lower case and in ASCII. */
function parseHostName(text: string): string {
  const name = /[\s:/\\?#@%*,[\]]/.test(text) ? '' : domainToASCII(text.replace(/\.$/, ''));
  if (name !== '') return name;
  throw new RangeError(
    `A host name must be a name without a scheme or port, such as exporter.example.com, got ${JSON.stringify(text)}.`,
  );
}
