/** What the configuration changes in rules before they are compiled. */
import type { CheckOptions, OutputAppend } from "../compile/check.ts";
import type { AppendOutput, Config, RuleSwitch } from "../config/keys.ts";

/** Part of the key of a compiled pack: empty when nothing is changed. */
export type RuleChanges = Pick<CheckOptions, "appendOutput" | "selections" | "staticFields">;

export function ruleChanges(
  config: Pick<Config, "append_output" | "rules" | "static_fields">,
): RuleChanges {
  const statics = Object.keys(config.static_fields);
  const appendOutput = config.append_output.flatMap((entry) => [
    ...suggestedStatics(entry, statics),
    ...textOf(entry),
  ]);
  const selections = config.rules.flatMap(selectionsOf);
  return {
    ...(appendOutput.length > 0 ? { appendOutput } : {}),
    ...(statics.length > 0 ? { staticFields: config.static_fields } : {}),
    ...(selections.length > 0 ? { selections } : {}),
  };
}

/** Every static field is suggested. */
function suggestedStatics(
  { suggested_output: isSuggested, match }: AppendOutput,
  names: readonly string[],
): readonly OutputAppend[] {
  if (isSuggested !== true) return [];
  return names.map((name) => ({
    text: `static_${name.replaceAll(".", "_")}=%static.${name}`,
    ...match,
  }));
}

/** The suggested fields are appended when alerts are made, not when rules are. */
function textOf(entry: AppendOutput): readonly OutputAppend[] {
  const { extra_output: text, extra_fields: extra, match } = entry;
  const fields = extra?.flatMap((one) =>
    typeof one === "string"
      ? [{ format: `%${one}` }]
      : Object.entries(one).map(([under, format]) => ({ under, format })),
  );
  if (text === undefined && fields === undefined) return [];
  return [
    {
      ...(text === undefined ? {} : { text }),
      ...(fields === undefined ? {} : { fields }),
      ...match,
    },
  ];
}

function selectionsOf({ enable, disable }: RuleSwitch): NonNullable<RuleChanges["selections"]> {
  return [
    ...(enable === undefined ? [] : [{ action: "enable", ...enable } as const]),
    ...(disable === undefined ? [] : [{ action: "disable", ...disable } as const]),
  ];
}
