/** What other programs may import. */
export { checkRules, compileRules } from "./compile/compile.ts";
export { type Pack, PackError, readPack } from "./engine/pack.ts";
export {
  EngineFault,
  type Match,
  type PackFault,
  Session,
  type SessionOptions,
} from "./engine/session.ts";
export type { SessionListener } from "./engine/session-listener.ts";
export { type Alert, type AlertFormat, formatAlert } from "./output/alert.ts";
export { type CapturePart, CaptureReader, openCapture } from "./replay/reader.ts";
export type { PackManifest, RuleManifest } from "./schema/manifest.ts";
