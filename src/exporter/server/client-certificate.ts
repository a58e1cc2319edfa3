import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsOptions } from '../../web-config/tls/tls-options.ts';

/** What Node itself is to do: ask for a certificate, and end the handshake of who has none that is trusted. */
export function handshakeOptions({ clientAuth }: TlsOptions): { requestCert: boolean; rejectUnauthorized: boolean } {
  return {
    requestCert: clientAuth !== 'NoClientCert',
    rejectUnauthorized: clientAuth === 'RequireAndVerifyClientCert',
  };
}

/** Whether a client may speak to us, now that the handshake is done. */
export function isClientAllowed(socket: TLSSocket, { clientAuth, allowedSans }: TlsOptions): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return clientAuth !== 'RequireAnyClientCert' && clientAuth !== 'RequireAndVerifyClientCert';
  }
  const mustBeTrusted = clientAuth === 'VerifyClientCertIfGiven' || clientAuth === 'RequireAndVerifyClientCert';
  if (mustBeTrusted && !socket.authorized) return false;
  return allowedSans.length === 0 || namesOf(certificate).some((name) => allowedSans.map(canonical).includes(name));
}

/** The subject alternative names: DNS names, addresses, e-mail addresses and URIs. */
export function namesOf({ subjectAltName = '' }: Pick<X509Certificate, 'subjectAltName'>): readonly string[] {
  // Node quotes what has a comma or a quote in it: it must not look like another name.
  const names = subjectAltName.matchAll(/(?:^|, )(?:DNS|IP Address|email|URI):("(?:[^"\\]|\\.)*"|[^",]*)(?=, |$)/g);
  return [...names].map(([, name = '']) => canonical(name.startsWith('"') ? String(JSON.parse(name)) : name));
}

/** IPv6 addresses have many spellings. */
function canonical(name: string): string {
  const url = `http://[${name}]`;
  return /^[0-9a-fA-F:.]*:[0-9a-fA-F:.]*$/.test(name) && URL.canParse(url) ? new URL(url).hostname : name;
}
