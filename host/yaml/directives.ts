/** `%YAML` and `%TAG`: they hold until a document brings others. */
import type { Token } from "./token.ts";
import { YamlError } from "./yaml-error.ts";

export class Directives {
  readonly #tags = new Map<string, string>();
  #hasVersion = false;

  add(token: Token): void {
    if (token.text === "YAML") this.#addVersion(token);
    if (token.text === "TAG") this.#addTag(token);
  }

  /** The tag that a token stands for. */
  tagOf({ text: handle, parameters }: Token): string {
    return (this.#tags.get(handle) ?? defaultPrefix(handle)) + parameters.join("");
  }

  #addVersion({ parameters, offset }: Token): void {
    const [version, ...others] = parameters;
    if (version === undefined || others.length > 0) {
      throw new YamlError("%YAML takes one version, as in: %YAML 1.2", offset);
    }
    if (this.#hasVersion) throw new YamlError("there is a second %YAML", offset);
    const [, major] = /^[+-]?(\d+)[^]\s*[+-]?\d+$/.exec(version) ?? [];
    if (major === undefined) throw new YamlError(`'${version}' is no version of YAML`, offset);
    if (Number(major) > 1) throw new YamlError("only YAML 1.x is read", offset);
    this.#hasVersion = true;
  }

  #addTag({ parameters, offset }: Token): void {
    const [handle, prefix, ...others] = parameters;
    if (handle === undefined || prefix === undefined || others.length > 0) {
      throw new YamlError("%TAG takes a handle and a prefix", offset);
    }
    if (this.#tags.has(handle)) throw new YamlError(`there is a second %TAG ${handle}`, offset);
    this.#tags.set(handle, prefix);
  }
}

function defaultPrefix(handle: string): string {
  return handle === "!!" ? "tag:yaml.org,2002:" : handle;
}
