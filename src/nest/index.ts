/** The subpath `zeroprom/nest`: a module for NestJS. */
export {
  type MetricProvider,
  metricProvider,
  type NestProvider,
  type NestToken,
  ZEROPROM_REGISTRY,
  ZeropromModule,
  type ZeropromModuleDefinition,
  type ZeropromModuleOptions,
} from './zeroprom-module.ts';
