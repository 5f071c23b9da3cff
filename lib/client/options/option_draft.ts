/**
 * Collects options one by one, each checked as it comes.
 *
 * @module
 */

import { ConfigError } from "../../errors.ts";
import { absence, harmlessValues, otherSpellings } from "./option_advice.ts";
import type { OptionKind } from "./option_kinds.ts";
import { type OptionName, type OptionTable, optionTable } from "./option_table.ts";
import type { KnownOptions } from "./option_types.ts";
import { closestName } from "./suggestion.ts";

/** An option as a connection string or a section of the service file gives it. */
export interface TextOption {
  readonly name: string;
  /** Empty is as none. */
  readonly value: string;
}

/** Where text options come from. */
export interface TextSource {
  /** What error texts call it. */
  readonly title: string;
  /**
   * True when what looks like a name may be a piece of a password that was not quoted:
   * then it is shown only if it is next to a known one.
   */
  readonly secret: boolean;
  /** True when libpq must be able to read it too. */
  readonly shared?: boolean;
}

type Draft = { -readonly [Name in keyof KnownOptions]: KnownOptions[Name] };

/** Options while they are put together. Of two values the later one counts. */
export class OptionDraft {
  readonly options: Draft = {};
  readonly #table: OptionTable = optionTable();
  readonly #names: readonly OptionName[] = Object.keys(this.#table) as OptionName[];

  /** Takes a property of an options object; `undefined` is as none. */
  setValue(property: string, value: unknown): void {
    const name = this.#names.find((name) => name === property);
    if (name === undefined) {
      const advice = absence(property) ?? this.#suggest(property, "name") ?? noSuchOption;
      throw new ConfigError(`Cannot use option "${property}": ${advice}`);
    }
    if (value === undefined) return;
    const { kind } = this.#table[name];
    const checked = kind.check(value);
    if (checked === undefined) throw misfit(`option "${name}"`, describe(value), kind);
    this.#set(name, checked);
  }

  /** Takes an option of a text. */
  setText(option: TextOption, source: TextSource): void {
    const label = `option "${option.name}" of ${source.title}`;
    const name = this.#names.find((name) => this.#table[name].textName === option.name);
    if (name !== undefined && source.shared && this.#table[name].rillOnly) {
      throw new ConfigError(`Cannot use ${label}: only rill has it`);
    }
    if (name !== undefined) return this.#read(name, option.value, label);
    const harmless = harmlessValues(option.name);
    if (harmless === "any" || harmless?.includes(option.value)) return;
    if (harmless) {
      throw new ConfigError(
        `Cannot use ${label}: not supported, expected ${harmless.join(" or ")}`,
      );
    }
    const advice = absence(option.name) ?? this.#suggest(option.name, "textName");
    const shown = advice === undefined && source.secret ? `an option of ${source.title}` : label;
    throw new ConfigError(`Cannot use ${shown}: ${advice ?? noSuchOption}`);
  }

  /** Takes the `PG*` variables there are. */
  setVariables(env: (name: string) => string | undefined): void {
    for (const name of this.#names) {
      const { variable } = this.#table[name];
      if (variable !== undefined) this.#read(name, env(variable) ?? "", variable);
    }
  }

  #read(name: OptionName, text: string, label: string): void {
    if (text === "") return;
    const { kind } = this.#table[name];
    const read = kind.read?.(text);
    if (read === undefined) throw misfit(label, "text", kind);
    this.#set(name, read);
  }

  #set<Name extends OptionName>(name: Name, value: KnownOptions[Name]): void {
    this.options[name] = value;
  }

  #suggest(misspelt: string, spelling: "name" | "textName"): string | undefined {
    const known: Record<string, OptionName> = {};
    for (const name of this.#names) {
      known[name] = name;
      known[this.#table[name].textName ?? name] = name;
    }
    Object.assign(known, otherSpellings());
    const closest = closestName(misspelt, Object.keys(known));
    if (closest === undefined) return undefined;
    const option = known[closest];
    const meant = spelling === "name" ? option : this.#table[option].textName;
    if (meant === undefined) return undefined;
    return `${noSuchOption}, did you mean "${meant}"${unitOf(meant)}`;
  }
}

const noSuchOption = "no such option";

// Other drivers count some of these in the other unit.
function unitOf(name: string): string {
  if (name === "connect_timeout") return " (seconds)";
  return name.endsWith("Ms") ? " (milliseconds)" : "";
}

/** The value itself is not shown: a part of a password may have ended up in any option. */
function misfit(label: string, given: string, kind: OptionKind<unknown>): ConfigError {
  return new ConfigError(
    `Cannot use ${label}: the given ${given} does not fit, expected ${kind.expected}`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
