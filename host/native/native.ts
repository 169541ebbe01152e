/** The typed door to the addon: windows, capture, waiting, and what this machine can do. */
export { Capture } from "./capture.ts";
export { endWithParent } from "./lifetime.ts";
export { NativeError, type NativeErrorCode } from "./native-error.ts";
export { bootTimeNs, probe } from "./probe.ts";
export type {
  CapabilityName,
  CaptureOptions,
  ClassCounters,
  EventClass,
  Features,
  Handler,
  ProgramFeature,
  ProgramFeatureName,
  ProgramRuns,
  Ring,
  Scope,
  Task,
  Window,
  WindowAccess,
} from "./values.ts";
export { Waiter } from "./waiter.ts";
export { closeFd, createMemory, mapWindow, unmapWindow } from "./window.ts";
