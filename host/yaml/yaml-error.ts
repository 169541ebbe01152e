/** The text is no YAML; the place is where reading stopped. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

/** The text may be YAML, but there is more of it than is read. */
export class YamlLimit extends Error {
  override readonly name = "YamlLimit";
  readonly what: string;
  readonly max: number;
  readonly offset: number;

  constructor(what: string, max: number, offset: number) {
    super(`more than ${String(max)} ${what}`);
    this.what = what;
    this.max = max;
    this.offset = offset;
  }
}

export const YAML_DEPTH_MAX = 256;

export function tooDeep(offset: number): YamlLimit {
  return new YamlLimit("levels of YAML", YAML_DEPTH_MAX, offset);
}
