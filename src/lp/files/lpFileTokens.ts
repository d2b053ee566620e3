/**
 * The lexical side of CPLEX-LP: comments go, section words of one and two words become tokens, numbers end where no
 * digit can follow.
 */

export type LpTokenKind =
  | 'minimise'
  | 'maximise'
  | 'constraints'
  | 'bounds'
  | 'integers'
  | 'binaries'
  | 'end'
  | 'unsupported'
  | 'free'
  | 'infinity'
  | 'relation'
  | 'sign'
  | 'colon'
  | 'number'
  | 'name'
  | 'eof';

export interface LpToken {
  readonly kind: LpTokenKind;
  /** As written; of a relation `<=`, `>=` or `=`. */
  readonly text: string;
  readonly line: number;
}

/** Words that open a section where they begin a line. */
const sections: readonly (readonly [LpTokenKind, RegExp])[] = [
  ['minimise', /^(min|minimi[sz]e|minimum)(?![^\s])/i],
  ['maximise', /^(max|maximi[sz]e|maximum)(?![^\s])/i],
  ['constraints', /^(subject\s+to|such\s+that|st|s\.t\.|st\.)(?![^\s])/i],
  ['bounds', /^(bounds|bound)(?![^\s])/i],
  ['integers', /^(generals|general|gen|integers|integer|int)(?![^\s])/i],
  ['binaries', /^(binaries|binary|bin)(?![^\s])/i],
  ['end', /^end(?![^\s])/i],
  [
    'unsupported',
    /^(semi-continuous|semis|semi|sos1|sos2|sos|pwlobj|general\s+constraints|lazy\s+constraints|user\s+cuts)(?![^\s])/i,
  ],
];

const number = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/;
const name = /^[A-Za-z!"#$%&()/,;?@_`'{}|~.\u0080-\uffff][\w!"#$%&()/,;?@`'{}|~.\u0080-\uffff[\]]*/;
const relation = /^(<=|=<|>=|=>|<|>|=)/;

/** The tokens of a text, the last one `eof`; `fault` makes the error of what is no token. */
export function tokensOf(text: string, fault: (line: number, found: string, expected: string) => Error): LpToken[] {
  const tokens: LpToken[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  lines.forEach((whole, index) => {
    const line = index + 1;
    let rest = whole.replace(/\\.*$/, '').trim();
    const section = sections.find(([, pattern]) => pattern.test(rest));
    // "free: x >= 1" or "st: ..." would be a row of that name.
    if (section !== undefined && !/^\S+\s*:/.test(rest)) {
      const [word] = section[1].exec(rest)!;
      tokens.push({ kind: section[0], text: word, line });
      rest = rest.slice(word.length).trim();
    }
    while (rest !== '') {
      const token = tokenAt(rest);
      if (token === null) throw fault(line, rest, 'a number, a name, a sign or a relation');
      tokens.push({ kind: token.kind, text: token.text, line });
      rest = rest.slice(token.length).trim();
    }
  });
  const last = lines.findLastIndex((line) => line.trim() !== '') + 1;
  tokens.push({ kind: 'eof', text: '', line: last });
  return tokens;
}

function tokenAt(rest: string): { kind: LpTokenKind; text: string; length: number } | null {
  const plain = (kind: LpTokenKind, word: string) => ({ kind, text: word, length: word.length });
  const compared = relation.exec(rest)?.[0];
  if (compared !== undefined) {
    const text = compared.includes('<') ? '<=' : compared.includes('>') ? '>=' : '=';
    return { kind: 'relation', text, length: compared.length };
  }
  if (/^[+-]/.test(rest)) return plain('sign', rest[0]);
  if (rest[0] === ':') return plain('colon', ':');
  if (/^[[\]^*]/.test(rest)) return plain('unsupported', rest[0]);
  const digits = number.exec(rest)?.[0];
  if (digits !== undefined) return plain('number', digits);
  const word = name.exec(rest)?.[0];
  if (word === undefined) return null;
  if (/^inf(inity)?$/i.test(word)) return plain('infinity', word);
  if (/^free$/i.test(word)) return plain('free', word);
  return plain('name', word);
}
