#!/usr/bin/env python3
"""A second checker of rolla-program-proof/1 (docs/proofs.md, "General programs"), in exact fractions.

    python3 check_program.py model.mps proof.json

Prints what holds and ends with 0, or says what does not and ends with 7. A proof is of the program as `mps.py` reads it:
whoever made the file may have meant another.
"""
import hashlib
import sys
from fractions import Fraction as F
from math import ceil, floor, inf

from check import Wrong, checked, content, decimals, each, either, js_number, js_text, need, null_or, number, rational, read, record, table, text, whole, word
from mps import read_mps

INTEGERS = lambda v: type(v) is int
TOLERANCE = F(1, 10**7)


class Program:
    """Numbers are doubles, as read; `exact` makes fractions of their shortest decimals."""

    def __init__(self, source):
        model = read_mps(source)
        at = {name: n for n, name in enumerate(model.rows)}
        self.names, self.columns = list(model.columns), list(model.columns.values())
        self.ranges = [row.range() for row in model.rows.values()]
        # Adding 0 turns -0 into 0.
        self.costs = [model.sign * c.entries.get(model.objective, 0.0) + 0.0 for c in self.columns]
        self.offset = model.sign * model.offset + 0.0
        self.entries = [[(at[name], value) for name, value in c.entries.items() if name in at and value != 0] for c in self.columns]
        starts = [0]
        for entries in self.entries:
            starts.append(starts[-1] + len(entries))
        flat = [entry for entries in self.entries for entry in entries]
        parts = [starts, [row for row, _ in flat], [value for _, value in flat], self.costs,
                 [c.lower for c in self.columns], [c.upper for c in self.columns],
                 [low for low, _ in self.ranges], [up for _, up in self.ranges], [int(c.integer) for c in self.columns]]
        lines = [",".join(map(js, part)) for part in parts] + [js_text(self.names), js(self.offset)]
        self.fingerprint = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def js(value):
    return ("-" if value < 0 else "") + "Infinity" if abs(value) == inf else js_number(value)


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
        columns = program.columns
        self.cost, self.integer = list(map(exact, program.costs)), [c.integer for c in columns]
        self.offset = exact(program.offset)
        self.bounds = [(exact(c.lower), exact(c.upper)) for c in columns]
        self.rows = [({}, exact(low), exact(up)) for low, up in program.ranges]
        for j, entries_ in enumerate(program.entries):
            for i, value in entries_:
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
