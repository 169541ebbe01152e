/** The typed door to the addon: windows, capture, waiting, and what this machine can do. */
export {
  Capture,
  type CaptureOptions,
  type ClassCounters,
  type EventClass,
  type ProgramRuns,
  type Ring,
  type Scope,
} from "./capture.ts";
export { NativeError, type NativeErrorCode } from "./native-error.ts";
export {
  bootTimeNs,
  type CapabilityName,
  type Features,
  type ProgramFeature,
  type ProgramFeatureName,
  probe,
} from "./probe.ts";
export { TIMEOUT_MS_MAX, Waiter } from "./waiter.ts";
export {
  closeFd,
  createMemory,
  mapWindow,
  unmapWindow,
  type Window,
  type WindowAccess,
} from "./window.ts";
