/**
 * Text that is already AssemblyScript. Only this class can make one, and what it lets in is other
 * code, whole numbers and names that are identifiers: no text of a rule can get through.
 */
export class Code {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static of(parts: TemplateStringsArray, ...holes: readonly (Code | number | bigint)[]): Code {
    let text = parts[0] ?? "";
    holes.forEach((hole, i) => {
      text += hole instanceof Code ? hole.text : number(hole);
      text += parts[i + 1] ?? "";
    });
    return new Code(text);
  }

  /** A name of ours, such as an accessor's; throws on anything that is no identifier. */
  static name(name: string): Code {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new Error(`not an identifier: ${JSON.stringify(name)}`);
    return new Code(name);
  }

  /** A module path of ours: lower case, digits, dashes, slashes and leading dots. */
  static path(path: string): Code {
    if (!/^[./]*[a-z0-9][a-z0-9/-]*$/.test(path))
      throw new Error(`not a module path: ${JSON.stringify(path)}`);
    return new Code(path);
  }

  static join(parts: readonly Code[], separator: string): Code {
    return new Code(parts.map((part) => part.text).join(separator));
  }
}

function number(value: number | bigint): string {
  if (typeof value === "number" && !Number.isSafeInteger(value))
    throw new Error(`not a whole number: ${value}`);
  return value.toString();
}
