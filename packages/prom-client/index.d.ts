export * from 'zeroprom/prom-client';
