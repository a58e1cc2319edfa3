export {
  MetricProvider,
  NestProvider,
  NestToken,
  ZEROPROM_REGISTRY,
  ZeropromModule,
  ZeropromModuleDefinition,
  ZeropromModuleOptions,
  metricProvider,
} from "./chunks/types.js";
