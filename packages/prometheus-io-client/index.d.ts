export * from 'zeroprom/prometheus-io-client';
