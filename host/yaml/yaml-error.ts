/** The text is no YAML; the place is where reading stopped. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}
