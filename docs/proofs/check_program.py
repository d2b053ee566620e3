#!/usr/bin/env python3
"""A second checker of rolla-program-proof/1 (docs/proofs.md, "General programs"), in exact fractions.

    python3 check_program.py model.mps proof.json

Prints what holds and ends with 0, or says what does not and ends with 7. It reads MPS whose fields are parted by blanks
and whose names hold none, and refuses sections and forms that it does not know. A proof is of the program as this
reader reads it: whoever made the file may have meant another.
"""
import hashlib
import json
import re
import sys
from fractions import Fraction as F
from math import ceil, floor, inf

from check import Wrong, checked, content, decimals, each, either, js_number, need, null_or, number, rational, read, record, table, text, whole, word

INTEGERS = lambda v: type(v) is int
TOLERANCE = F(1, 10**7)


class Column:
    def __init__(self, integer):
        self.cost, self.entries, self.integer = 0.0, [], integer
        self.lower, self.upper, self.given = 0.0, inf, False


class Program:
    """Numbers are doubles, as read; `side` and `exact` make fractions of their shortest decimals."""

    def __init__(self, source):
        self.rows, self.columns, self.offset, sign = {}, {}, 0.0, 1
        section, objective, integer, given = None, None, False, set()
        first_set, last_set = {}, {}
        for line in re.split("\r\n|\n|\r", source):
            words = [word for word in re.split("[ \t]", line) if word]
            if not words or words[0].startswith("*"):
                continue
            need(not any(word.startswith("$") for word in words), "a remark within a line, which this reader does not know")
            if line[0] not in " \t":
                section = words[0].upper()
                need(section in SECTIONS, f"a section that this reader does not know: {section}")
                if section == "ENDATA":
                    break
                words = words[1:]
                if section not in ("OBJSENSE",) or not words:
                    continue
            if section == "OBJSENSE":
                sign = -1 if words[0].upper().startswith("MAX") else 1
            elif section == "ROWS":
                kind, name = words[0].upper(), words[1]
                if kind == "N":
                    objective = name if objective is None else objective
                    self.rows[name] = None
                else:
                    self.rows[name] = [kind, 0.0, None]
            elif section == "COLUMNS":
                if words[1] == "'MARKER'":
                    integer = words[2] == "'INTORG'"
                    continue
                column = self.columns.setdefault(words[0], Column(integer))
                for name, value in zip(words[1::2], map(double, words[2::2])):
                    need((words[0], name) not in given, "an entry comes twice")
                    given.add((words[0], name))
                    if name == objective:
                        column.cost = value
                    elif self.rows[name] is not None and value != 0:
                        column.entries.append((name, value))
            elif section in ("RHS", "RANGES"):
                name = words.pop(0) if len(words) % 2 else last_set.get(section, "")
                last_set[section] = name
                if first_set.setdefault(section, name) != name:
                    continue
                for name, value in zip(words[::2], map(double, words[1::2])):
                    need(abs(value) < 1e20, "a side that is no number")
                    need((section, name) not in given, "a side comes twice")
                    given.add((section, name))
                    if name == objective and section == "RHS":
                        self.offset = -value
                    elif self.rows[name] is not None:
                        self.rows[name][1 if section == "RHS" else 2] = value
            elif section == "BOUNDS":
                self.bound(words, first_set, last_set)
        names = [name for name, row in self.rows.items() if row is not None]
        at = {name: n for n, name in enumerate(names)}
        self.ranges = [row_range(*self.rows[name]) for name in names]
        self.names = list(self.columns)
        columns = self.columns.values()
        for c in columns:
            c.cost = sign * c.cost + 0.0
            c.entries = [(at[name], value) for name, value in c.entries]
            c.upper = 1.0 if c.integer and not c.given else c.upper
        self.offset = sign * self.offset + 0.0
        starts = [0]
        for c in columns:
            starts.append(starts[-1] + len(c.entries))
        parts = [starts, [r for c in columns for r, _ in c.entries], [v for c in columns for _, v in c.entries],
                 [c.cost for c in columns], [c.lower for c in columns], [c.upper for c in columns],
                 [low for low, _ in self.ranges], [up for _, up in self.ranges], [int(c.integer) for c in columns]]
        lines = [",".join(map(js, part)) for part in parts]
        lines += [json.dumps(self.names, ensure_ascii=False, separators=(",", ":")), js(self.offset)]
        self.fingerprint = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]

    def bound(self, words, first_set, last_set):
        kind, words = words[0].upper(), words[1:]
        has_value = kind not in ("FR", "MI", "PL", "BV")
        name = words.pop(0) if len(words) > 1 + has_value else last_set.get("BOUNDS", "")
        last_set["BOUNDS"] = name
        if first_set.setdefault("BOUNDS", name) != name:
            return
        c = self.columns[words[0]]
        value = double(words[1]) if has_value else None
        value = value if value is None or abs(value) < 1e20 else inf if value > 0 else -inf
        c.integer = c.integer or kind in ("LI", "UI", "BV")
        if kind in ("UP", "UI"):
            c.lower = -inf if value < 0 and not getattr(c, "has_lower", False) else c.lower
        c.lower = {"LO": value, "LI": value, "FX": value, "FR": -inf, "MI": -inf, "BV": 0.0}.get(kind, c.lower)
        c.upper = {"UP": value, "UI": value, "FX": value, "FR": inf, "PL": inf, "BV": 1.0}.get(kind, c.upper)
        c.has_lower = getattr(c, "has_lower", False) or kind in ("LO", "LI", "FX", "FR", "MI", "BV")
        c.given = True


SECTIONS = ("NAME", "OBJSENSE", "ROWS", "COLUMNS", "RHS", "RANGES", "BOUNDS", "ENDATA")


def double(digits):
    need(re.fullmatch(r"[+-]?((\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?|[iI][nN][fF]([iI][nN][iI][tT][yY])?)", digits), f"no number: {digits}")
    return float(digits.replace("d", "e").replace("D", "e"))


def js(value):
    return ("-" if value < 0 else "") + "Infinity" if abs(value) == inf else js_number(value)


def row_range(kind, side, width):
    low = side - abs(width or 0) if kind == "L" and width is not None or kind == "E" and (width or 0) < 0 else side
    up = side + abs(width or 0) if kind == "G" and width is not None or kind == "E" and (width or 0) >= 0 else side
    return (-inf if kind == "L" and width is None else low), (inf if kind == "G" and width is None else up)


def exact(value):
    """A number is its shortest decimal; a text the decimal or fraction that it says. No limit: None."""
    if isinstance(value, float) and abs(value) == inf:
        return None
    return F(value) if isinstance(value, str) else F(repr(value))


# Forms.
NUMBERS = table(either(number, rational))
CUTS = each(record({"coefficients": NUMBERS, "most": either(number, rational)},
                   {"lower": NUMBERS, "upper": NUMBERS, "fromUpper": each(whole())}))


def node(v):
    kind = v.get("kind") if type(v) is dict else None
    if kind == "rows":
        return record({"kind": text, "rows": NUMBERS}, {"cuts": CUTS, "cost": lambda c: type(c) is int and c == 0})(v)
    halves = lambda c: each(node)(c) and len(c) == 2
    return kind == "bound" and record({"kind": text, "column": whole(), "most": INTEGERS, "children": halves}, {"cuts": CUTS})(v)


def values(v):
    return type(v) is dict and "__proto__" not in v and all(map(either(number, rational), v.values()))


PROOF = record({"format": word("rolla-program-proof/1"), "program": text, "solution": null_or(values),
                "bound": null_or(rational), "tree": node})


def entries(given):
    return [(int(key), exact(value)) for key, value in given.items()]


def part(a):
    return a - floor(a)


class Check:
    def __init__(self, program, proof):
        need(PROOF(proof), "no rolla-program-proof/1 by its form")
        need(proof["program"] == program.fingerprint, "the proof is of another program")
        self.claimed = None if proof["bound"] is None else F(proof["bound"])
        need(self.claimed is not None or proof["solution"] is None, "a point, and the claim that there is none")
        columns = list(program.columns.values())
        self.cost, self.integer = [exact(c.cost) for c in columns], [c.integer for c in columns]
        self.offset = exact(program.offset)
        self.bounds = [(exact(c.lower), exact(c.upper)) for c in columns]
        self.rows = [({}, exact(low), exact(up)) for low, up in program.ranges]
        for j, c in enumerate(columns):
            for i, value in c.entries:
                self.rows[i][0][j] = exact(value)
        self.shown = None if proof["solution"] is None else self.point(program.names, proof["solution"])
        # Costs that only whole columns have are multiples of a step.
        priced = [(c, whole_) for c, whole_ in zip(self.cost, self.integer) if c]
        self.step = F(0)
        if all(whole_ for _, whole_ in priced):
            for c, _ in priced:
                a, b = abs(c), self.step
                while b:
                    a, b = b, a % b
                self.step = a
        inwards = [(low and ceil(low), up and floor(up)) if whole_ else (low, up)
                   for (low, up), whole_ in zip(self.bounds, self.integer)]
        self.leaves = 0
        self.walk(proof["tree"], [tuple(None if b is None else F(b) for b in pair) for pair in inwards], self.rows)

    def point(self, names, given):
        need(set(given) <= set(names), "the solution names a column that there is not")
        x = [exact(given.get(name, 0)) for name in names]
        def hold(value, low, up, terms, what):
            for side, missed in ((low, low is not None and low - value), (up, up is not None and value - up)):
                need(not missed or missed <= TOLERANCE * max(terms, abs(side)), f"the point violates {what}")
        for j, (low, up) in enumerate(self.bounds):
            need(not self.integer[j] or x[j].denominator == 1, "a whole column is not whole")
            hold(x[j], low, up, max(abs(x[j]), 1), "a bound")
        for row, low, up in self.rows:
            terms = max((abs(a) * max(abs(x[j]), 1) for j, a in row.items()), default=F(0))
            hold(sum((a * x[j] for j, a in row.items()), F(0)), low, up, terms, "a row")
        return self.offset + sum(c * v for c, v in zip(self.cost, x))

    def walk(self, tree, bounds, rows):
        for cut in tree.get("cuts", []):
            rows = rows + [self.cut(cut, bounds, rows)]
        if tree["kind"] == "rows":
            self.leaves += 1
            empty = any(low is not None and up is not None and low > up for low, up in bounds)
            need(self.shows(tree, bounds, rows) or empty, "a leaf does not show the claim")
            return
        j, k = tree["column"], F(tree["most"])
        need(j < len(bounds) and self.integer[j], "splits what is no whole column")
        low, up = bounds[j]
        for child, pair in zip(tree["children"], ((low, k if up is None else min(up, k)),
                                                  (k + 1 if low is None else max(low, k + 1), up))):
            self.walk(child, bounds[:j] + [pair] + bounds[j + 1:], rows)

    def shows(self, leaf, bounds, rows):
        counts = "cost" not in leaf
        reduced = list(self.cost) if counts else [F(0)] * len(self.cost)
        total, sides = self.offset if counts else F(0), []
        for i, y in entries(leaf["rows"]):
            need(i < len(rows), "names a row that there is not")
            sides.append((y, rows[i][1:]))
            for j, a in rows[i][0].items():
                reduced[j] -= y * a
        for factor, (low, up) in sides + list(zip(reduced, bounds)):
            side = low if factor > 0 else up
            if factor and side is None:
                return False
            total += factor * (side or 0) if factor else 0
        if not counts:
            return total > 0
        if self.step:
            total = self.offset + ceil((total - self.offset) / self.step) * self.step
        return self.claimed is not None and total >= self.claimed

    def cut(self, cut, bounds, rows):
        """Mixed-integer rounding; the row that is stated, once it follows."""
        total, right, distances = {}, F(0), []
        for name, at, sign in (("lower", 1, -1), ("upper", 2, 1)):
            for i, y in entries(cut.get(name, {})):
                need(i < len(rows) and rows[i][at] is not None, "a row or a side that there is not")
                row, side = rows[i][0], rows[i][at]
                for j, a in row.items():
                    total[j] = total.get(j, F(0)) + y * a
                right += y * side
                is_whole = side.denominator == 1 and all(self.integer[j] and a.denominator == 1 for j, a in row.items())
                # t = sign (side - row)
                distances.append((sign * y, is_whole, sign * side, {j: -sign * a for j, a in row.items()}))
        for j, a in total.items():
            if a:
                upper = j in cut.get("fromUpper", [])
                bound, sign = bounds[j][upper], -1 if upper else 1
                need(bound is not None, "a column has no such bound")
                right -= a * bound
                distances.append((sign * a, self.integer[j], -sign * bound, {j: F(sign)}))
        need(part(right) > 0, "has nothing to round")
        row, most, rest = {}, F(floor(right)), 1 - part(right)
        for a, is_whole, constant, terms in distances:
            factor = floor(a) + max(F(0), part(a) - part(right)) / rest if is_whole else min(F(0), a) / rest
            most -= factor * constant
            for j, value in terms.items():
                row[j] = row.get(j, F(0)) + factor * value
        stated = dict(entries(cut["coefficients"]))
        for j in {*stated, *row}:
            need(j < len(bounds), "a column that there is not")
            more = stated.get(j, F(0)) - row.get(j, F(0))
            bound = bounds[j][1 if more > 0 else 0]
            need(not more or bound is not None, "a cut states more than follows")
            most += more * bound if more else 0
        need(exact(cut["most"]) >= most, "a cut states more than follows")
        return stated, None, exact(cut["most"])


def main():
    done = checked(lambda: Check(Program(content(sys.argv[1])), read(content(sys.argv[2]))))
    if done.shown is not None:
        print(f"Point     is feasible and costs {decimals(done.shown)} (as a minimisation)")
    print("Bound     no point is feasible" if done.claimed is None else f"Bound     no point costs less than {decimals(done.claimed)}")
    print(f"Proof     {done.leaves} leaves, every one checked")


if __name__ == "__main__":
    main()
