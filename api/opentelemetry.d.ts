export {
  OpenTelemetryReader,
  OpenTelemetryReaderOptions,
} from "./chunks/types.js";
