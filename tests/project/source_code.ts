/** TypeScript without its comments, strings and regular expressions: what is left is code. */

/** A source text with its prose blanked out. */
export interface SourceCode {
  /** As long as the source, the quotes still there; comments and contents are spaces. */
  readonly code: string;
  /** The source as it was: by the same offsets, what a pair of quotes holds. */
  readonly source: string;
}

/** After one of these (or at the start) a slash begins a regular expression, not a division. */
const beforeRegExp =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|await|yield))$/;

/** Blanks out what is no code. */
export function readSource(source: string): SourceCode {
  let code = "";
  let at = 0;
  /** For each open template substitution, the number of braces open inside it. */
  const substitutions: number[] = [];
  const blank = (end: number, quotes: number) => {
    const inner = source.slice(at + quotes, end - quotes).replace(/[^\n]/g, " ");
    code += source.slice(at, at + quotes) + inner + source.slice(end - quotes, end);
    at = end;
  };
  /** A template's text up to its end or to the next `${`. */
  const template = () => {
    const end = endOf(source, at + 1, /`|\$\{/g);
    if (source[end - 1] === "{") substitutions.push(0);
    blank(end, 1);
  };
  while (at < source.length) {
    const character = source[at];
    const two = source.slice(at, at + 2);
    if (two === "//") blank(endOf(source, at, /(?=\n)/g), 0);
    else if (two === "/*") blank(endOf(source, at + 2, /\*\//g), 0);
    else if (character === '"' || character === "'") {
      blank(endOf(source, at + 1, character === '"' ? /"/g : /'/g), 1);
    } else if (character === "`") template();
    else if (character === "/" && beforeRegExp.test(code.trimEnd())) {
      blank(endOfRegExp(source, at), 1);
    } else {
      const depth = substitutions.length - 1;
      if (character === "{" && depth >= 0) substitutions[depth]++;
      if (character === "}" && depth >= 0 && substitutions[depth]-- === 0) {
        substitutions.pop();
        template();
      } else {
        code += character;
        at++;
      }
    }
  }
  return { code, source };
}

/** The offset behind the next `terminator` that no backslash escapes. */
function endOf(source: string, from: number, terminator: RegExp): number {
  const escaped = new RegExp(`\\\\[^]|(${terminator.source})`, "g");
  escaped.lastIndex = from;
  for (let match = escaped.exec(source); match; match = escaped.exec(source)) {
    if (match[1] !== undefined) return match.index + match[0].length;
  }
  return source.length;
}

function endOfRegExp(source: string, start: number): number {
  const body = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
  body.lastIndex = start;
  return body.exec(source) ? body.lastIndex : start + 1;
}
