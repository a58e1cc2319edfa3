export {
  MetricOverride,
  OverrideFile,
  readOverrides,
} from "./chunks/types.js";
