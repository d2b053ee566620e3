"""Reads MPS text for check_program.py, in free or fixed form (docs/lp.md, "MPS, as read here").

Numbers stay the doubles that they are read as. What the file does not say plainly is `Wrong`.
"""
import re
from math import inf

from check import Wrong, need

BLANKS = "\t\v\f \xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[EeDd][+-]?[0-9]+)?")
INFINITE = re.compile(r"[+-]?inf(?:inity)?", re.IGNORECASE | re.ASCII)
SENSE = re.compile(r"(MIN|MAX)(IMI[SZ]E)?", re.IGNORECASE | re.ASCII)
WITHOUT_VALUE = ("FR", "MI", "PL", "BV")
# First character and the one behind the last of the six fields of fixed form; a "$" that begins field 3 or 5 is a remark.
FIELDS = ((1, 3), (4, 12), (14, 22), (24, 36), (39, 47), (49, 61))
REMARKS = (14, 39)


class Row:
    """`kind`: L, G, E, or N for the objective and what is dropped."""

    def __init__(self, kind):
        self.kind, self.side, self.width = kind, 0.0, None

    def range(self):
        """Least and greatest, without limit inf."""
        need(self.width is None or abs(self.side) < inf, "a range of a row without a side")
        width = abs(self.width or 0.0)
        if self.kind == "E":
            return (self.side - width, self.side) if (self.width or 0) < 0 else (self.side, self.side + width)
        if self.kind == "L":
            return (-inf if self.width is None else self.side - width), self.side
        return self.side, (inf if self.width is None else self.side + width)


class Column:
    def __init__(self, integer):
        self.cost, self.entries, self.integer = 0.0, {}, integer
        self.lower, self.upper, self.given = 0.0, inf, set()

    def limit(self, which, value):
        self.given.add(which)
        setattr(self, which, value)


def finite(digits):
    need(NUMBER.fullmatch(digits), f"no number: {digits}")
    value = float(re.sub("[dD]", "e", digits))
    need(abs(value) < inf, f"no finite number: {digits}")
    return value


def unlimited(digits):
    """From 1e20 on a number is no limit."""
    if INFINITE.fullmatch(digits):
        return -inf if digits[0] == "-" else inf
    need(NUMBER.fullmatch(digits), f"no number: {digits}")
    value = float(re.sub("[dD]", "e", digits))
    return value if abs(value) < 1e20 else inf if value > 0 else -inf


def side(digits, which):
    """Infinite only where that says that there is none."""
    value = unlimited(digits)
    need(value < inf or which == "upper", "a lower side that no number keeps")
    need(value > -inf or which == "lower", "an upper side that no number keeps")
    return value


def split(line):
    return [word for word in re.split(f"[{BLANKS}]+", line) if word]


class Reader:
    """After `read`: `rows` without those of kind N, `columns` by name, `offset`, `sign` (-1 for a maximisation)."""

    def __init__(self, is_fixed):
        self.is_fixed, self.all_rows, self.columns, self.offset, self.sign = is_fixed, {}, {}, 0.0, 1
        self.objective = self.wanted = self.column = None
        self.integer, self.section, self.seen = False, None, set()
        self.first_set, self.last_set = {}, {}

    def read(self, lines):
        for line in lines:
            bare = line.strip(BLANKS)
            if not bare or bare[0] == "*":
                continue
            if line[0] in BLANKS:
                need(self.section is not None, "a line of no section")
                self.data(line, bare)
                continue
            word = split(line)[0]
            name, rest = word.upper(), bare[len(word):].strip(BLANKS)
            if name == "ENDATA":
                need("COLUMNS" in self.seen, "no columns")
                break
            self.header(name, rest)
            self.seen.add(name)
        else:
            raise Wrong("no ENDATA")
        need(self.wanted is None or self.objective is not None, "no objective of that name")
        self.rows = {name: row for name, row in self.all_rows.items() if row.kind != "N"}
        for column in self.columns.values():
            if column.integer and not column.given:
                column.upper = 1.0
        return self

    def header(self, name, rest):
        need(name not in self.seen, "a section comes twice")
        before = {"COLUMNS": "ROWS", "RHS": "COLUMNS", "RANGES": "COLUMNS", "BOUNDS": "COLUMNS"}.get(name)
        need(before is None or before in self.seen, f"{name} before {before}")
        if name in ("OBJSENSE", "OBJSENCE", "OBJNAME", "OBJECTIVE"):
            self.section = "SENSE" if "SEN" in name else "OBJECTIVE"
            if rest:
                self.about_objective(rest)
        else:
            need(name in ("NAME", "ROWS") or before, f"a section that this reader does not know: {name}")
            self.section = None if name == "NAME" else name

    def about_objective(self, text):
        if self.section == "SENSE":
            need(SENSE.fullmatch(text), "neither MIN nor MAX")
            self.sign = -1 if text[:3].upper() == "MAX" else 1
        else:
            need("ROWS" not in self.seen or text == self.objective, "OBJNAME after ROWS")
            self.wanted = text

    def data(self, line, bare):
        if self.section in ("SENSE", "OBJECTIVE"):
            return self.about_objective(bare)
        code, name, pairs = self.fixed(line) if self.is_fixed else self.free(split(line))
        if self.section == "ROWS":
            self.row(code.upper(), name)
        elif self.section == "COLUMNS":
            self.entries(name, pairs)
        else:
            # A blank name is that of the set above; only the first set counts.
            name = name or self.last_set.get(self.section, "")
            self.last_set[self.section] = name
            if self.first_set.setdefault(self.section, name) == name:
                {"RHS": self.sides, "RANGES": self.ranges, "BOUNDS": self.bound}[self.section](code.upper(), pairs)

    # What stands in a line: code, name of a column or set, pairs of a name and a value.
    def free(self, words):
        if self.section == "ROWS":
            need(len(words) == 2 or len(words) > 2 and words[2][0] == "$", "a line of ROWS")
            return words[0], words[1], []
        if self.section == "BOUNDS":
            code, *rest = words
            has_value = code.upper() not in WITHOUT_VALUE
            need(len(rest) in (2, 3) or len(rest) == 1 and not has_value, "a line of BOUNDS")
            is_unnamed = has_value or len(rest) == 1 or rest[0] in self.columns and rest[1] not in self.columns
            if len(rest) < 3 and is_unnamed:
                rest.insert(0, "")
            return code, rest[0], [(rest[1], rest[2] if len(rest) > 2 else "")]
        if self.section == "COLUMNS" and words[1:2] == ["'MARKER'"]:
            return "", words[0], [("'MARKER'", (words + [""])[2])]
        remark = next((t for t, word in enumerate(words) if t and word[0] == "$" and word not in self.all_rows), None)
        words = words[:remark]
        need(len(words) in ((3, 5) if self.section == "COLUMNS" else (2, 3, 4, 5)), f"a line of {self.section}")
        name = words.pop(0) if len(words) % 2 else ""
        return "", name, list(zip(words[::2], words[1::2]))

    def fixed(self, line):
        units = line.encode("utf-16-le", "surrogatepass")
        cut = lambda start, end: units[2 * start:2 * end].decode("utf-16-le", "surrogatepass").strip(BLANKS)
        for start in REMARKS:
            if cut(start, start + 8)[:1] == "$":
                units = units[:2 * start]
                break
        ends = (0, *(end for _, end in FIELDS))
        need(not any(cut(end, start) for end, (start, _) in zip(ends, FIELDS)), "a character between fields")
        code, name, first, value, second, other = (cut(*field) for field in FIELDS)
        if first == "'MARKER'" and self.section != "ROWS":
            return code, name, [(first, value or second)]
        return code, name, [(first, value)] + ([(second, other)] if second or other else [])

    # What a line says.
    def row(self, kind, name):
        need(kind in ("N", "L", "G", "E") and name and name not in self.all_rows, "a row of no kind, or of a name that is taken")
        if kind == "N" and self.objective is None and self.wanted in (None, name):
            self.objective = name
        self.all_rows[name] = Row(kind)

    def entries(self, name, pairs):
        if pairs[0][0] == "'MARKER'":
            need(pairs[0][1] in ("'INTORG'", "'INTEND'"), "a marker that this reader does not know")
            self.integer = pairs[0][1] == "'INTORG'"
            return
        name = name or self.column
        need(name is not None and (name == self.column or name not in self.columns), "a column comes in two places")
        self.column = name
        column = self.columns.setdefault(name, Column(self.integer))
        for at, digits in pairs:
            value = finite(digits)
            if self.known(at).kind != "N" or at == self.objective:
                need(at not in column.entries, "an entry comes twice")
                column.entries[at] = value

    def known(self, name):
        need(name in self.all_rows, f"no row of this name: {name}")
        return self.all_rows[name]

    def sides(self, _, pairs):
        for name, digits in pairs:
            row = self.known(name)
            if row.kind != "N":
                row.side = side(digits, {"L": "upper", "G": "lower"}.get(row.kind))
            elif finite(digits) is not None and name == self.objective:
                self.offset = -finite(digits)

    def ranges(self, _, pairs):
        for name, digits in pairs:
            self.known(name).width = unlimited(digits)

    def bound(self, code, pairs):
        (name, digits), = pairs[:1]
        need(name in self.columns, f"no column of this name: {name}")
        column = self.columns[name]
        column.integer = column.integer or code in ("LI", "UI", "BV")
        if code in ("LO", "LI"):
            column.limit("lower", side(digits, "lower"))
        elif code in ("UP", "UI"):
            column.limit("upper", side(digits, "upper"))
            if column.upper < 0 and "lower" not in column.given:
                column.lower = -inf
        else:
            fixed = side(digits, None) if code == "FX" else None
            low, up = {"FX": (fixed, fixed), "FR": (-inf, inf), "MI": (-inf, None), "PL": (None, inf), "BV": (0.0, 1.0)}.get(code, (None, None))
            need(low is not None or up is not None, f"a bound that this reader does not know: {code}")
            for which, value in (("lower", low), ("upper", up)):
                if value is not None:
                    column.limit(which, value)


def read_mps(source):
    """Free form first; what makes no sense there is read as fixed form."""
    lines = re.split("\r\n|\n|\r", source.removeprefix("\ufeff"))
    try:
        return Reader(False).read(lines)
    except Wrong as wrong:
        try:
            return Reader(True).read(lines)
        except Wrong:
            raise wrong from None
