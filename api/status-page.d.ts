export {
  ShownTask,
  StatusPage,
  StatusPageOptions,
  TaskSource,
  statusPage,
} from "./chunks/types.js";
