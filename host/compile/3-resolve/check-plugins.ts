/** What files require of plugins. The fields of one of them are built in. */
import type { PluginRequirement } from "../1-load/items.ts";
import { isCompatible, parseVersion } from "../1-load/read-versions.ts";
import type { Sink } from "../1-load/sink.ts";
import type { Definitions } from "./definitions.ts";

/** Name and version of the plugins of Falco that do the same. */
const BUILT_IN: ReadonlyMap<string, readonly [number, number, number]> = new Map([
  ["container", [0, 7, 1]],
]);

/** Each entry needs one of its alternatives. After all files, as they share their requirements. */
export function checkPlugins(definitions: Definitions, sink: Sink): void {
  for (const { first, alternatives, context } of definitions.pluginVersions) {
    const wanted = [first, ...alternatives];
    if (wanted.some(isMet)) continue;
    const list = wanted.map(({ name, version }) => `${name} ${version}`).join(" or ");
    const reason = `the rules need the plugin ${list}, which this version does not have`;
    sink.error(context, { code: "plugin-version", reason });
  }
}

function isMet({ name, version }: PluginRequirement): boolean {
  const own = BUILT_IN.get(name);
  const wanted = parseVersion(version);
  return own !== undefined && wanted !== null && isCompatible(own, wanted);
}
