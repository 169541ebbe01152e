/** The typed door to the addon: windows, capture, waiting, and what this machine can do. */
export { Capture } from "./capture.ts";
export { confined, enterJail, tryForbidden } from "./jail.ts";
export { NativeError, type NativeErrorCode } from "./native-error.ts";
export { bootTimeNs, probe } from "./probe.ts";
export type {
  CapabilityName,
  CaptureOptions,
  ClassCounters,
  EventClass,
  Features,
  ForbiddenCall,
  Handler,
  Jail,
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
export { closeFd, createMemory, mapWindow, sealPages, unmapWindow } from "./window.ts";
