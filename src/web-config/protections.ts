import { REQUIRING, type TlsSettings } from './tls/tls-settings.ts';
import type { WebConfig } from './web-config.ts';

/**
 * Returns why a reload must not replace `before` by `after`: a protection would be lost, although the file does not say
 * so explicitly, for example because it is empty or truncated for a moment. Undefined if nothing is lost by accident.
 */
export function lostProtection(before: WebConfig, after: WebConfig): string | undefined {
  if (after.isEmpty && !before.isEmpty) return 'the file is empty; write {} for a configuration without settings.';
  const lost = PROTECTIONS.find(({ setting, isLost }) => !after.stated.has(setting) && isLost(before, after));
  return lost && `${lost.setting} is missing or has no value, but the configuration in use has it; ${lost.onPurpose}.`;
}

interface Protection {
  /** A file with this setting, whatever its value, changes the protection deliberately. */
  readonly setting: string;
  readonly isLost: (before: WebConfig, after: WebConfig) => boolean;
  /** How to give the protection up deliberately. */
  readonly onPurpose: string;
}

const PROTECTIONS: readonly Protection[] = [
  {
    setting: 'basic_auth_users',
    isLost: (before, after) => before.users.size > 0 && after.users.size === 0,
    onPurpose: 'write "basic_auth_users: {}" to serve without passwords',
  },
  {
    setting: 'client_auth_type',
    isLost: ofTls((before, after) => before.clientAuth !== 'NoClientCert' && after.clientAuth === 'NoClientCert'),
    onPurpose: 'write "client_auth_type: NoClientCert" to serve without client certificates',
  },
  {
    setting: 'client_allowed_sans',
    isLost: ofTls(
      (before, after) =>
        before.allowedSans.length > 0 && after.allowedSans.length === 0 && REQUIRING.includes(after.clientAuth),
    ),
    onPurpose: 'restart to accept certificates of any name',
  },
  {
    setting: 'min_version',
    isLost: ofTls((before, after) => before.minVersion > after.minVersion),
    onPurpose: 'write "min_version: TLS12" to accept TLS 1.2',
  },
  {
    setting: 'cipher_suites',
    isLost: ofTls((before, after) => before.ciphers.length > 0 && after.ciphers.length === 0),
    onPurpose: 'write "cipher_suites: []" to accept all',
  },
  {
    setting: 'headers',
    isLost: (before, after) => before.headers.size > 0 && after.headers.size === 0,
    onPurpose: 'write "headers: {}" to send none',
  },
];

function ofTls(isLost: (before: TlsSettings, after: TlsSettings) => boolean): Protection['isLost'] {
  return ({ tls: before }, { tls: after }) => before !== undefined && after !== undefined && isLost(before, after);
}

/** Returns warnings about protections that a file seems to have but lacks. */
export function absentProtections({ isEmpty, sections, tls, users }: WebConfig): string[] {
  if (isEmpty) return ['The web configuration is empty: the server speaks plain HTTP and requires no password.'];
  const warnings: string[] = [];
  if (sections.has('tls_server_config') && tls === undefined) {
    warnings.push('tls_server_config has no certificate: the server speaks plain HTTP.');
  }
  if (sections.has('basic_auth_users') && users.size === 0) {
    warnings.push('basic_auth_users has no users: the server requires no password.');
  }
  return warnings;
}
