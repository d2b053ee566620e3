#!/usr/bin/env python3
"""A second checker of rolla-proof/1 (docs/proofs.md), written apart from the first, in exact fractions.

    python3 check.py instance.json proof.json

Prints what holds and ends with 0, or says what does not and ends with 7. Instances must be valid ones (rolla lint).
It is slower than the first and meant to be read; symbols are those of docs/specification.md.
"""
import hashlib
import json
import re
import sys
from fractions import Fraction as F
from math import ceil, floor, inf

ALLOW = F(1, 10**8)
# Levels of objects and lists in a proof: a tree has two for each of its own.
DEEPEST = 1000
sys.setrecursionlimit(10000)


class Wrong(Exception):
    pass


def need(holds, what):
    if not holds:
        raise Wrong(what)


def limit(value):
    """left <= limit + 1e-8 max(left, limit), for amounts >= 0."""
    return None if value is None else F(value) / (1 - ALLOW)


# The fingerprint: SHA-256 of the JSON text with sorted keys, numbers as JavaScript writes them.
def js_number(x):
    x = float(x)
    if x == 0:
        return "0"
    sign, mantissa = ("-" if x < 0 else ""), repr(abs(x))
    digits, _, power = mantissa.partition("e")
    whole, _, part = digits.partition(".")
    point = len(whole) + int(power or 0)
    digits = whole + ("" if part == "0" else part)
    stripped = digits.lstrip("0")
    point -= len(digits) - len(stripped)
    digits = stripped.rstrip("0")
    n = len(digits)
    if n <= point <= 21:
        return sign + digits + "0" * (point - n)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    tail = ("." + digits[1:]) if n > 1 else ""
    return f"{sign}{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def js_text(data):
    if isinstance(data, dict):
        def order(key):
            is_index = key.isascii() and key.isdigit() and len(key) <= 10 and str(int(key)) == key and int(key) < 2**32 - 1
            # JavaScript orders texts by their UTF-16 units.
            return (0, int(key), b"") if is_index else (1, 0, key.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(js_text(k) + ":" + js_text(data[k]) for k in sorted(data, key=order)) + "}"
    if isinstance(data, list):
        return "[" + ",".join(map(js_text, data)) + "]"
    if isinstance(data, bool) or data is None or isinstance(data, str):
        # Half of a pair of surrogates is escaped.
        return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", json.dumps(data, ensure_ascii=False))
    return js_number(data)


def fingerprint(instance):
    data = {k: v for k, v in instance.items() if k not in ("$schema", "notes")}
    return hashlib.sha256(js_text(data).encode()).hexdigest()[:32]


# What the instance means.
class Problem:
    def __init__(self, instance, options):
        self.d, self.o = instance, options
        d, o = instance, options
        self.I, self.J, self.K = (len(d[k]) for k in ("queryTypes", "models", "tiers"))
        self.hours = F(d["rentalPeriod"])
        self.gb = self.hours * F(d.get("storagePrice", 0))
        self.penalty = self.hours if o["penalties"] == "per-period" else F(1)
        self.uncertain = o["uncertainty"] != "none"
        budget = d.get("uncertaintyBudget", {})
        self.gamma = F(budget.get("delay", 0)) if self.uncertain else F(0)
        self.gamma_error = F(budget.get("error", 0)) if self.uncertain else F(0)
        self.split, self.joint = o["placement"] == "split", o["delayCostBudget"] == "joint"
        sharing = (self.I if self.joint else 1) * (self.J * self.K if self.split else 1)
        self.couples = self.uncertain and (self.joint or self.split) and self.gamma < sharing
        self.told = any("latency" in p or any("ttft" in m or "tpot" in m for m in p.get("measured", []))
                        for p in d.get("profiles", []))
        self.delta, self.storage = limit(d.get("budget")), limit(d.get("storageCapacity"))
        self.c = 1 if o["rentalInBudget"] == "once" else self.I
        self.rental = [self.hours * F(t["price"]) for t in d["tiers"]]
        self.committed = [t.get("committed", 0) for t in d["tiers"]]
        self.available = [floor(limit(t["available"])) if "available" in t else None for t in d["tiers"]]
        self.limits = [([F(l["perGpu"].get(t["name"], 0)) for t in d["tiers"]], limit(l["most"]))
                       for l in d.get("fleetLimits", [])]
        switching = d.get("switchingCost", {})
        self.added, self.removed = F(switching.get("added", 0)), F(switching.get("removed", 0))
        self.current = d.get("currentPlan", {}).get("deployments", [])
        self.all_current = sum(p["gpus"] for p in self.current)
        self.tokens = [F(q["inputTokens"]) + F(q["outputTokens"]) for q in d["queryTypes"]]
        self.rate = [F(q["arrivalRate"]) for q in d["queryTypes"]]
        self.least, self.stay_out, self.drop, self.data, self.stretched = [], [], [], [], []
        self.delay_limit = [None if self.told else limit(q.get("delayThreshold")) for q in d["queryTypes"]]
        self.error_limit = [limit(q.get("errorThreshold")) for q in d["queryTypes"]]
        for i, q in enumerate(d["queryTypes"]):
            cap = F(q.get("unmetCap", 1 if "unmetPenalty" in q else 0))
            served = F(q.get("minimumServed", 0))
            self.least.append(max(F(0), 1 - cap - ALLOW, served * (1 - ALLOW)))
            self.stay_out.append(self.split or (o["dropped"] == "unplaced" and cap >= 1 and served == 0))
            self.drop.append(F(q.get("unmetPenalty", 0)) * self.rate[i] * self.penalty)
            self.data.append(self.gb * F(q.get("tokenSize", 0)) * self.tokens[i] * self.rate[i])
            self.stretched.append(self.delay_limit[i] if o["delayRule"] != "per-deployment" else None)
        self.pairs = [Pair(self, j, k) for j in range(self.J) for k in range(self.K)]

    def on_tier(self, amount, k):
        if not isinstance(amount, dict):
            return F(amount)
        found = amount.get(self.d["tiers"][k].get("precision"))
        return None if found is None else F(found)

    def usable(self, i, j, k):
        names = (self.d["queryTypes"][i]["name"], self.d["models"][j]["name"], self.d["tiers"][k]["name"])
        def hit(entry):
            return all(entry.get(key, name) == name for key, name in zip(("queryType", "model", "tier"), names))
        return ("allowed" not in self.d or any(map(hit, self.d["allowed"]))) and not any(map(hit, self.d.get("forbidden", [])))

    def rentable(self, j, k):
        m, t = self.d["models"][j]["name"], self.d["tiers"][k]["name"]
        if any("queryType" not in e and e.get("model", m) == m and e.get("tier", t) == t for e in self.d.get("forbidden", [])):
            return False
        return "allowed" not in self.d or any(self.usable(i, j, k) for i in range(self.I))


class Pair:
    def __init__(self, p, j, k):
        self.j, self.k = j, k
        model, tier = p.d["models"][j], p.d["tiers"][k]
        weights, cache = p.on_tier(model["weightSize"], k), p.on_tier(model["kvCachePerToken"], k)
        self.weights = weights or F(0)
        self.current = sum(d["gpus"] for d in p.current if d["model"] == model["name"] and d["tier"] == tier["name"])
        self.configurations = []
        if weights is None or cache is None or not p.rentable(j, k):
            return
        memory = limit(F(tier["memory"]) - F(tier.get("memoryReserve", 0)))
        for n, pp, profile in sorted(degrees(p.d, model, tier), key=lambda c: c[:2]):
            gpus = n * pp
            if gpus * memory < weights:
                continue
            most = model.get("maxReplicas", p.o["maxReplicas"])
            caps = [] if most == "none" else [limit(most)]
            if "available" in tier:
                caps.append(limit(tier["available"]) / gpus)
            caps += [units / (per[k] * gpus) for per, units in p.limits if per[k] > 0]
            if profile is not None:
                room = limit(tier.get("utilization", p.d.get("utilization", 0.8)))
            else:
                room = limit(F(tier["compute"]) * gpus) if "compute" in tier else None
            self.configurations.append({
                "n": n, "p": pp, "gpus": gpus, "memory": gpus * memory - weights, "load": room,
                "least": model.get("minReplicas", 1), "most": floor(min(caps)) if caps else None,
                "places": [place(p, i, j, k, n, profile, cache) if p.usable(i, j, k) else None for i in range(p.I)]})


def degrees(d, model, tier):
    if "profiles" in d:
        return [(q["tpDegree"], q.get("pipelineDegree", 1), q) for q in d["profiles"]
                if q["model"] == model["name"] and q["tier"] == tier["name"]]
    usual = [n for n in (1, 2, 4, 8) if n <= tier.get("gpusPerNode", n)]
    return [(n, pp, None) for n in tier.get("tpDegrees", usual) if n in model.get("tpDegrees", [n])
            for pp in tier.get("pipelineDegrees", [1])]


def place(p, i, j, k, n, profile, cache):
    """A query type on a configuration, for serving all of it; None: it cannot be placed there."""
    d, q = p.d, p.d["queryTypes"][i]
    entry = lambda tensor, part: F(tensor[part][i][j][k]) if tensor else F(0)
    def share(tensor):
        dependent = p.o["uncertainty"] == "decision-dependent" and tensor and "relief" in tensor
        return 1 - F(tensor["relief"][j][k]) if dependent else F(1)
    delay, error = d.get("delay"), d.get("error")
    xi = share(delay)
    nominal = entry(delay, "nominal") * p.tokens[i]
    swing = entry(delay, "deviation") * p.tokens[i] if p.uncertain else F(0)
    delay_nominal, delay_swing = nominal, swing
    worst = nominal + min(p.gamma, xi) * swing
    most = None
    def at_most(threshold, use):
        nonlocal most
        if threshold is not None and use > 0:
            most = min(m for m in (most, limit(threshold) / use) if m is not None)
    worst_error = entry(error, "nominal")
    if p.uncertain:
        worst_error += min(p.gamma_error, share(error)) * entry(error, "deviation")
    at_most(q.get("errorThreshold"), worst_error)
    residency = d.get("residency")
    hours = None if residency is None else F(residency[i][j][k] if isinstance(residency, list) else residency)
    load = F(q.get("computePerToken", 0)) * p.tokens[i]
    stretched = F(0)
    if profile is not None:
        measured = next((m for m in profile.get("measured", []) if m["queryType"] == q["name"]), {})
        fresh = F(q["inputTokens"]) * (1 - F(q.get("cachedShare", 0)))
        f = F(q["outputTokens"])
        if "queriesPerHour" in measured:
            if measured["queriesPerHour"] == 0:
                return None
            seconds = 3600 / F(measured["queriesPerHour"])
        elif "secondsPerInputToken" in profile:
            a, b, c = (F(profile[f"secondsPer{t}Token"]) for t in ("Input", "Output", "Context"))
            seconds = a * fresh + b * f + c * f * (F(q["inputTokens"]) + f / 2)
        else:
            return None
        load = p.rate[i] * seconds / 3600
        if p.told:
            latency = profile.get("latency")
            ttft = F(latency["firstToken"]) + F(latency["perInputToken"]) * fresh if latency else None
            tpot = F(latency["perOutputToken"]) if latency else None
            ttft = F(measured["ttft"]) if "ttft" in measured else ttft
            tpot = F(measured["tpot"]) if "tpot" in measured else tpot
            total = None if ttft is None or (f > 1 and tpot is None) else ttft + (tpot * (f - 1) if f > 1 else 0)
            deviation = F(latency.get("deviation", 0)) if latency and p.uncertain else F(0)
            for value, key in ((total, "delayThreshold"), (ttft, "ttftThreshold"), (tpot, "tpotThreshold")):
                if key in q and (value is None or value * (1 + min(p.gamma, 1) * deviation) > limit(q[key])):
                    return None
            if total is None and q.get("delayPenalty", 0) > 0:
                return None
            nominal, xi = total or F(0), F(1)
            swing = deviation * nominal
            hours = nominal / 3600000 if hours is None else hours
    if not p.told:
        if p.o["delayRule"] == "per-deployment":
            at_most(q.get("delayThreshold"), worst / n)
        else:
            stretched = worst
    per_ms = F(q.get("delayPenalty", 0)) * p.rate[i] * p.penalty
    serving = p.data[i] + (per_ms * nominal if p.o["delayCost"] == "total" or not p.uncertain else 0)
    if not p.couples:
        serving += min(p.gamma, xi) * per_ms * swing
    by = n if p.o["delayRule"] == "per-deployment" else 1
    delays = tuple(amount / by for amount in (delay_nominal, delay_swing)) + (share(delay),)
    errors = entry(error, "nominal"), entry(error, "deviation") if p.uncertain else F(0), share(error)
    return {"serving": serving, "deviation": per_ms * swing if p.couples else F(0), "share": xi, "load": load,
            "delay": delays, "error": errors,
            "cache": cache * p.tokens[i] * p.rate[i] * (hours or 0), "stretched": stretched, "most": most}


def worst_case(swings, gamma):
    """max sum swing xi over 0 <= xi <= share, sum xi <= gamma."""
    total = F(0)
    for swing, share in sorted(swings, key=lambda s: -s[0]):
        xi = min(share, gamma)
        total, gamma = total + swing * xi, gamma - xi
    return total


# The first claim.
def plan_cost(p, plan):
    index = lambda things, name: next((t for t, x in enumerate(p.d[things]) if x["name"] == name), None)
    at = lambda e: (index("models", e["model"]), index("tiers", e["tier"]))
    rented = {}
    for e in plan["deployments"]:
        j, k = at(e)
        need(j is not None and k is not None and (j, k) not in rented, "a deployment of the plan")
        pair = p.pairs[j * p.K + k]
        c = next((c for c in pair.configurations if (c["n"], c["p"]) == (e["tpDegree"], e.get("pipelineDegree", 1))), None)
        m = e["replicas"]
        need(c and c["least"] <= m and m >= 1 and (c["most"] is None or m <= c["most"]), "a configuration or its replicas")
        rented[j, k] = (pair, c, m)
    routes = []
    for r in plan["routing"]:
        i, key, x = index("queryTypes", r["queryType"]), at(r), F(r["fraction"])
        need(i is not None and key in rented, "a route of the plan")
        need(all(i != i2 or (p.split and key != key2) for i2, key2, _, _ in routes), "a query type is placed twice")
        where = rented[key][1]["places"][i]
        need(where is not None and 0 <= x <= 1, "a placement or its fraction")
        routes.append((i, key, where, x))
    stored = sum((pair.weights * (1 if p.o["weightStorage"] == "per-deployment" else sum(r[1] == key for r in routes))
                  for key, (pair, _, _) in rented.items()), F(0))
    need(p.storage is None or stored <= p.storage, "storage")
    gpus = [sum(c["gpus"] * m for pair, c, m in rented.values() if pair.k == k) for k in range(p.K)]
    need(all(a is None or g <= a for g, a in zip(gpus, p.available)), "available GPUs")
    need(all(sum(e * g for e, g in zip(per, gpus)) <= most for per, most in p.limits), "a fleet limit")
    for key, (pair, c, m) in rented.items():
        here = [(where, x) for _, at_, where, x in routes if at_ == key]
        need(sum(where["cache"] * x for where, x in here) <= m * c["memory"], "memory")
        need(c["load"] is None or sum(where["load"] * x for where, x in here) <= m * c["load"], "load")
    stretch = sum(c["n"] for key, (_, c, _) in rented.items()
                  if p.o["delayRule"] == "pooled" or key == (p.J - 1, p.K - 1))
    rental = sum((price * max(g, own) for price, g, own in zip(p.rental, gpus, p.committed)), F(0))
    cost, data, swings = rental + p.gb * stored, F(0), []
    for i in range(p.I):
        here = [(where, x) for i2, _, where, x in routes if i2 == i]
        share = sum((x for _, x in here), F(0))
        need(here or p.stay_out[i], "a query type is placed nowhere")
        need(p.least[i] <= share <= 1, "unmet demand, or more than all of it")
        for part, gamma, most in (("delay", p.gamma, p.delay_limit[i]), ("error", p.gamma_error, p.error_limit[i])):
            if part == "delay" and p.o["delayRule"] != "per-deployment" and most is not None:
                most *= stretch
            used = sum(where[part][0] * x for where, x in here)
            used += worst_case([(where[part][1] * x, where[part][2]) for where, x in here], gamma)
            need(most is None or used <= most, part)
        cost += p.drop[i] * (1 - share) + sum(where["serving"] * x for where, x in here)
        data += p.data[i] * share
        swings.append([(where["deviation"] * x, where["share"]) for where, x in here])
    need(p.delta is None or p.c * rental + p.gb * stored + data <= p.delta, "budget")
    if p.couples:
        cost += sum(worst_case(each, p.gamma) for each in ([sum(swings, [])] if p.joint else swings))
    kept = sum(min(c["gpus"] * m, pair.current) for pair, c, m in rented.values())
    more = sum(max(0, c["gpus"] * m - pair.current) for pair, c, m in rented.values())
    return cost + p.added * more + p.removed * (p.all_current - kept)


# The second claim.
class Region:
    def __init__(self, p):
        self.p, self.counts, self.some = p, [], []
        self.bounds = [[(c["least"], c["most"]) if c["most"] is None or c["least"] <= c["most"] else None
                        for c in pair.configurations] for pair in p.pairs]
        self.empty = [True] * len(p.pairs)
        self.may = [[True] * len(p.pairs) for _ in range(p.I)]
        self.must = [[False] * len(p.pairs) for _ in range(p.I)]
        self.out = list(p.stay_out)

    def child(self, s, first):
        r = Region.__new__(Region)
        r.p, r.counts, r.bounds, r.empty = self.p, list(self.counts), [list(b) for b in self.bounds], list(self.empty)
        r.may, r.out, r.must = [list(row) for row in self.may], list(self.out), [list(row) for row in self.must]
        r.some = list(self.some)
        pairs = s.get("pairs", [s.get("pair", 0)])
        need(all(0 <= q < len(r.empty) for q in pairs), "names a pair that there is not")
        if s["kind"] == "count":
            r.counts.append((set(pairs), first, s["most"] + (0 if first else 1)))
        elif s["kind"] == "without":
            named = {(int(q), c) for q, chosen in s["configurations"].items() for c in chosen}
            for q in map(int, s["configurations"]):
                need(q < len(r.empty), "names a pair that there is not")
            need(all(c < len(r.bounds[q]) for q, c in named), "names a configuration that there is not")
            if first:
                r.bounds = [[None if (q, c) in named else b for c, b in enumerate(bounds)] for q, bounds in enumerate(r.bounds)]
            else:
                r.some.append(named)
        elif s["kind"] == "place":
            i = s["queryType"]
            need(0 <= i < r.p.I, "names a query type that there is not")
            if r.p.split and not first:
                # On some pair beside these, and perhaps on these too.
                others = [q for q, may in enumerate(r.may[i]) if may and q not in pairs]
                if len(others) == 1:
                    r.must[i][others[0]], r.empty[others[0]] = True, False
                return r
            r.may[i] = [may and (q in pairs) == first for q, may in enumerate(r.may[i])]
            r.out[i] = r.out[i] and not first
        else:
            q, chosen = s["pair"], s["configurations"] if s["kind"] == "configuration" else [s["configuration"]]
            need(all(0 <= c < len(r.bounds[q]) for c in chosen), "names a configuration that there is not")
            if s["kind"] == "configuration":
                r.bounds[q] = [b if (c in chosen) == first else None for c, b in enumerate(r.bounds[q])]
                r.empty[q] = r.empty[q] and s["none"] == first
            else:
                need(s["kind"] == "replicas", "a node of no kind")
                for c, b in enumerate(r.bounds[q]):
                    if c != chosen[0]:
                        r.bounds[q][c] = b if first else None
                    elif b is not None:
                        low, high = b
                        if first:
                            high = s["most"] if high is None else min(high, s["most"])
                        else:
                            low = max(low, s["most"] + 1)
                        r.bounds[q][c] = (low, high) if high is None or low <= high else None
                r.empty[q] = r.empty[q] and first
        return r


def rounded(value, bits):
    return F(floor(F(value) * F(2) ** bits)) / F(2) ** bits


def show(p, r, leaf, needed, bits):
    """That every plan there costs `needed` or more; None: that there is none. Multipliers are read in units of 2^-bits $, or of 2^-64."""
    def table(name, size):
        given = leaf.get(name, {})
        need(all(int(key) < size for key in given), f"{name} names what there is not")
        return [rounded(given.get(str(t), 0), bits) for t in range(size)]
    counts = F(leaf.get("cost", 1))
    need(counts in (0, 1), "cost is 0 or left out")
    y = [rounded(v, bits) for v in leaf.get("place", [0] * p.I)]
    beta, sigma = rounded(leaf.get("budget", 0), 64), rounded(leaf.get("storage", 0), bits)
    gpu, fleet = table("gpus", p.K), table("fleetLimits", len(p.limits))
    kappa, least = table("committed", p.K), table("least", len(p.pairs))
    serve = [rounded(v, bits) for v in leaf.get("serve", [0] * p.I)]
    def shares(given):
        need(all(int(key) < len(p.pairs) for key in given), "names a pair that there is not")
        return {int(key): rounded(v, 64) for key, v in given.items()}
    xi = [shares(v) if isinstance(v, dict) else rounded(v, 64) for v in leaf.get("scenario", [{} if p.split else 0] * p.I)]
    need(all(isinstance(v, dict) == p.split for v in xi), "a scenario is by pair under split placement, and only there")
    sums = [sum(v.values()) if p.split else v for v in xi]
    need("scenario" not in leaf or p.couples, "no deviations are shared here")
    need(all(v <= p.gamma for v in ([sum(sums)] if p.joint else sums)) or not p.couples, "the scenario is beyond Gamma")
    def rows(name, gamma, limits):
        given = leaf.get(name, {})
        need(all(int(key) < p.I for key in given), f"{name} names what there is not")
        found = [(F(0), {})] * p.I
        for key, row in given.items():
            at = shares(row.get("xi", {}))
            need("xi" not in row or p.split, "under single placement each is at its worst alone")
            need(sum(at.values()) <= gamma, "shares beyond Gamma")
            price = rounded(row["price"], bits)
            need(price >= 0 and (price == 0 or limits[int(key)] is not None), f"a price of {name} without a limit")
            found[int(key)] = (price, at)
        return found
    delays, errors = rows("delay", p.gamma, p.delay_limit), rows("error", p.gamma_error, p.error_limit)
    def charge(row, part, gamma, q):
        price, at = row
        return price * (part[0] + part[1] * min(at.get(q, F(0)) if p.split else gamma, part[2]))
    rho = [rounded(v, bits) for v in leaf.get("counts", [0] * len(r.counts))]
    need("place" not in leaf or not p.split, "a query type may be placed more than once")
    some = [rounded(v, bits) for v in leaf.get("some", [0] * len(r.some))]
    need(len(y) == len(xi) == len(serve) == p.I and len(rho) == len(r.counts) and len(some) == len(r.some), "a list of another length")
    need(min([beta, sigma, *gpu, *fleet, *kappa, *rho, *some]) >= 0, "a multiplier below 0")
    need(beta == 0 or p.delta is not None, "no budget")
    need(sigma == 0 or p.storage is not None, "no storage capacity")
    need(all(v == 0 or p.available[k] is not None for k, v in enumerate(gpu)), "no limit of GPUs")
    # What is dropped and removed has factors >= 0: lower prices of both, the same in constant and patterns, are a bound.
    drop, removed = [rounded(v, bits) for v in p.drop], rounded(p.removed, bits)
    total = counts * (sum(drop) + removed * p.all_current)
    total += sum(min(v, 0) if r.out[i] else v for i, v in enumerate(y))
    total -= beta * (p.delta or 0) + sigma * (p.storage or 0)
    total -= sum(v * (p.available[k] or 0) for k, v in enumerate(gpu)) + sum(v * most for v, (_, most) in zip(fleet, p.limits))
    total += sum(v * p.least[i] if v > 0 else v for i, v in enumerate(serve))
    total -= sum(v * (most or 0) for (v, _), most in zip(errors, p.error_limit))
    stretches = p.o["delayRule"] != "per-deployment"
    if not stretches:
        total -= sum(v * (most or 0) for (v, _), most in zip(delays, p.delay_limit))
    total += sum(v * (-n if is_most else n) for v, (_, is_most, n) in zip(rho, r.counts)) + sum(some)
    weight = counts + beta * p.c
    per_gpu = []
    for k in range(p.K):
        said = str(k) in leaf.get("committed", {})
        need(not said or p.committed[k] > 0, "no commitments")
        used = min(kappa[k], p.rental[k]) if said else p.rental[k]
        total += weight * (p.rental[k] - used) * p.committed[k]
        per_gpu.append(weight * used + gpu[k] + sum(v * per[k] for v, (per, _) in zip(fleet, p.limits)))
    stretch = 1
    if p.o["delayRule"] != "per-deployment":
        named = range(len(p.pairs)) if p.o["delayRule"] == "pooled" else [len(p.pairs) - 1]
        stretch = sum(max([c["n"] for c, b in zip(p.pairs[q].configurations, r.bounds[q]) if b], default=0) for q in named)
    earned = sum(v * (most or 0) for (v, _), most in zip(delays, p.delay_limit)) if stretches else 0
    patterns = [[] for _ in p.pairs]
    for q, pair in enumerate(p.pairs):
        open_ones = [(n, c, b) for n, (c, b) in enumerate(zip(pair.configurations, r.bounds[q])) if b]
        stored = (p.gb * (counts + beta) + sigma) * pair.weights
        per_placement = p.o["weightStorage"] == "per-placement"
        base = (0 if per_placement else stored) + sum(v if m else -v for v, (s, m, _) in zip(rho, r.counts) if q in s)
        earns = earned if p.o["delayRule"] != "last-deployment" or q == len(p.pairs) - 1 else 0
        for at_c, c, (low_m, high_m) in open_ones:
            items = []
            own = base - sum(v for v, named in zip(some, r.some) if (q, at_c) in named)
            for i, s in enumerate(c["places"]):
                if s is None or not r.may[i][q]:
                    continue
                low = F(0) if p.split else p.least[i]
                high = min(F(1), s["most"]) if s["most"] is not None else F(1)
                if p.stretched[i] is not None and s["stretched"] > 0:
                    high = min(high, p.stretched[i] * stretch / s["stretched"])
                if (c["memory"] == 0 and s["cache"] > 0) or (c["load"] == 0 and s["load"] > 0):
                    high = F(0)
                if high < low:
                    continue
                at = xi[i].get(q, F(0)) if p.split else xi[i]
                rate = counts * (s["serving"] - drop[i] + min(at, s["share"]) * s["deviation"])
                rate += beta * p.data[i] - serve[i]
                rate += charge(delays[i], s["delay"], p.gamma, q) + charge(errors[i], s["error"], p.gamma_error, q)
                a = s["cache"] / c["memory"] if c["memory"] else F(0)
                b = s["load"] / c["load"] if c["load"] else F(0)
                items.append((i, (stored if per_placement else 0) - y[i], rate, low, high, a, b))
            required = {i for i in range(p.I) if r.must[i][q]}
            if not required <= {item[0] for item in items}:
                continue
            g = c["gpus"]
            def rental(m, c=c, g=g, own=own, pair=pair, earns=earns):
                switch = p.added * max(0, g * m - pair.current) - removed * min(g * m, pair.current)
                return own - earns * c["n"] + per_gpu[pair.k] * g * m + counts * switch
            patterns[q].append(Pattern(items, required, rental, -(-pair.current // g), low_m, high_m))
    if not all(here or empty for here, empty in zip(patterns, r.empty)):
        return
    need(needed is not None, "a leaf does not show that nothing is feasible")
    # What the leaf says of a pair without patterns says nothing.
    floors = [(min(v, 0) if empty else v) if here else F(0) for v, here, empty in zip(least, patterns, r.empty)]
    shown = total + sum(floors)
    gap = max(needed - shown, F(0))
    # Under split placement a query type may be in several patterns.
    covers = gap > 0 and not p.split
    columns = {}
    def put(q, chosen, excess):
        elements = chosen | {p.I + q}
        columns[elements] = min(columns.get(elements, inf), floor(excess * 2**40 / gap))
    for q, v in enumerate(floors):
        for pattern in patterns[q]:
            for chosen, cost in pattern.below(v + gap if covers else v):
                need(cost >= v, "a pattern costs less than the leaf says")
                put(q, chosen, cost - v)
        if covers and r.empty[q] and -v < gap:
            put(q, frozenset(), -v)
    required = {i for i in range(p.I) if not r.out[i]} | {p.I + q for q, v in enumerate(floors) if v < 0 or not r.empty[q]}
    columns = [(s, cost) for s, cost in columns.items() if s & required]
    need(gap == 0 or covers and not has_cover(columns, required, 2**40 - 1), f"a leaf shows {float(shown)} only")


def has_cover(columns, required, room):
    """Whether some of the columns hold each required element once and none twice, for `room` at most."""
    if not required:
        return True
    # Each element costs at least the least share of a column that holds it.
    share = {e: min((cost // len(s & required) for s, cost in columns if e in s), default=inf) for e in required}
    total = sum(share.values())
    if total > room:
        return False
    columns = [(s, cost) for s, cost in columns if total + cost - sum(share[e] for e in s & required) <= room]
    scarce = min(required, key=lambda e: sum(e in s for s, _ in columns))
    return any(has_cover([c for c in columns if c[1] <= room - cost and not c[0] & s], required - s, room - cost)
               for s, cost in columns if scarce in s)


class Pattern:
    """What the patterns of a configuration cost at least, by branch and bound over what is placed and m."""

    def __init__(self, items, required, rental, kept, low, high):
        self.required = required
        self.items, self.rental, self.kept = items, rental, kept
        use = max([sum(x[4] * x[r] for x in items) for r in (5, 6)])
        if rental(kept + 1) >= rental(kept):
            useful = max(low, kept, ceil(use))
            high = useful if high is None else min(high, useful)
        need(high is not None, "replicas that are cheaper without end")
        self.range = (low, high)

    def below(self, limit):
        """The sets of query types of which a pattern costs less than that, each with what it costs at least."""
        return self.node({t: True for t, x in enumerate(self.items) if x[0] in self.required}, *self.range, limit)

    def node(self, chosen, low, high, limit):
        """`chosen`: by item, whether it is in. u, v at a corner of the lines along which some item changes its mind."""
        used = [sum((x[3] * x[r] for t, x in enumerate(self.items) if chosen.get(t)), F(0)) for r in (5, 6)]
        low = max(low, ceil(max(used)))
        if low > high:
            return
        live = []
        for t, (i, f, c, lo, hi, a, b) in enumerate(self.items):
            if chosen.get(t) is False:
                continue
            hi = min([hi] + [high / r for r in (a, b) if r > 0])
            if hi < lo:
                if chosen.get(t):
                    return
                continue
            live.append((t, f, c, lo, hi, a, b))
        ends = sorted({low, high} | {m for m in (self.kept - 1, self.kept) if low <= m <= high})
        rentals = [(m, self.rental(m)) for m in ends]
        def value(u, v, rentals=rentals, live=live):
            best = min(cost - (u + v) * m for m, cost in rentals)
            for t, f, c, lo, hi, a, b in live:
                r = c + u * a + v * b
                cost = f + r * (hi if r < 0 else lo)
                best += cost if chosen.get(t) else min(cost, 0)
            return best
        if value(F(0), F(0)) >= limit:
            return
        free = [x for x in live if x[0] not in chosen]
        if not free and low == high:
            # The end: exactly.
            cost = max(value(*w) for w in self.corners(rentals, live))
            if cost < limit:
                yield frozenset(self.items[t][0] for t, is_in in chosen.items() if is_in), cost
            return
        numbers = [(m, float(cost)) for m, cost in rentals], [(x[0], *map(float, x[1:])) for x in live]
        best = max(self.corners(*numbers), key=lambda w: value(*w, *numbers))
        u, v = map(F, best)
        bound = value(u, v)
        if bound >= limit:
            return
        def added(x):
            r = x[2] + u * x[5] + v * x[6]
            return x[1] + r * (x[4] if r < 0 else x[3])
        settled = {x[0]: added(x) < 0 for x in free if bound + abs(added(x)) >= limit}
        if settled:
            yield from self.node({**chosen, **settled}, low, high, limit)
        elif free:
            t = min(free, key=lambda x: abs(added(x)))[0]
            for choice in (True, False):
                yield from self.node({**chosen, t: choice}, low, high, limit)
        else:
            yield from self.node(chosen, low, (low + high) // 2, limit)
            yield from self.node(chosen, (low + high) // 2 + 1, high, limit)

    @staticmethod
    def corners(rentals, live):
        lines = [(1, 0, 0), (0, 1, 0)]
        for _, f, c, lo, hi, a, b in live:
            lines.append((a, b, -c))
            lines += [(a * x, b * x, -f - c * x) for x in {lo, hi} if x > 0]
        for (m, cost), (n, other) in zip(rentals, rentals[1:]):
            lines.append((n - m, n - m, other - cost))
        found = {(0, 0)}
        for s, (a, b, e) in enumerate(lines):
            for a2, b2, e2 in lines[:s]:
                det = a * b2 - a2 * b
                if det and (isinstance(det, F) or abs(det) > 1e-12 * (abs(a) + abs(b)) * (abs(a2) + abs(b2))):
                    u, v = (e * b2 - e2 * b) / det, (a * e2 - a2 * e) / det
                    found.add((max(u, 0), max(v, 0)))
        return found


# The form of a proof. What is counted is a whole number, what is chosen is one of its words: half a replica or a third
# truth value would leave something out of both children of a node. A form is a test of a value.
POSITION = re.compile(r"0|[1-9][0-9]*")
FRACTION = re.compile(r"-?[0-9]{1,2000}/[0-9]{1,2000}")
DECIMAL = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?(e[+-]?[0-9]{1,3})?")


def number(v):
    return type(v) in (int, float) and abs(v) < inf


def from_zero(v):
    return number(v) and v >= 0


def text(v):
    return type(v) is str


def flag(v):
    return type(v) is bool


def rational(v):
    if not text(v):
        return False
    return bool(DECIMAL.fullmatch(v) or FRACTION.fullmatch(v) and int(v.partition("/")[2]))


def whole(least=0):
    return lambda v: type(v) is int and v >= least


def word(*words):
    return lambda v: text(v) and v in words


def either(*forms):
    return lambda v: any(form(v) for form in forms)


def each(form):
    return lambda v: type(v) is list and all(map(form, v))


def table(form):
    """By position, which is written one way."""
    return lambda v: type(v) is dict and all(POSITION.fullmatch(k) and form(x) for k, x in v.items())


def record(must, may={}):
    """With these keys and no others."""
    def form(v):
        if type(v) is not dict or not set(must) <= set(v) <= {*must, *may}:
            return False
        return all((must | may)[k](x) for k, x in v.items())
    return form


def null_or(form):
    return lambda v: v is None or form(v)


OPTIONS = record({
    "placement": word("single", "split"),
    "uncertainty": word("none", "budgeted", "decision-dependent"),
    "delayRule": word("per-deployment", "pooled", "last-deployment"),
    "delayCost": word("total", "deviation"),
    "delayCostBudget": word("joint", "per-query"),
    "rentalInBudget": word("once", "per-query-type"),
    "weightStorage": word("per-placement", "per-deployment"),
    "maxReplicas": either(whole(1), word("none")),
    "dropped": word("placed", "unplaced"),
    "penalties": word("per-hour", "per-period"),
})
PLAN = record({
    "deployments": each(record({"model": text, "tier": text, "tpDegree": whole(1), "replicas": whole(1)}, {"pipelineDegree": whole(1)})),
    "routing": each(record({"queryType": text, "model": text, "tier": text, "fraction": either(number, rational)})),
})
AMOUNTS, WORST = table(from_zero), table(record({"price": from_zero}, {"xi": table(from_zero)}))
NODES = {
    "count": {"pairs": each(whole()), "most": whole()},
    "configuration": {"pair": whole(), "configurations": each(whole()), "none": flag},
    "without": {"configurations": table(each(whole()))},
    "replicas": {"pair": whole(), "configuration": whole(), "most": whole()},
    "place": {"queryType": whole(), "pairs": each(whole())},
}
LEAF = record({"kind": text}, {
    "cost": lambda v: type(v) is int and v == 0,
    "place": each(number), "serve": each(number), "budget": from_zero, "storage": from_zero, "gpus": AMOUNTS, "fleetLimits": AMOUNTS,
    "committed": AMOUNTS, "scenario": each(either(from_zero, AMOUNTS)), "delay": WORST, "error": WORST,
    "counts": each(from_zero), "some": each(from_zero), "least": table(number),
})


def node(v):
    kind = v.get("kind") if type(v) is dict else None
    if kind == "prices":
        return LEAF(v)
    if type(kind) is not str or kind not in NODES:
        return False
    return record({"kind": text, "children": lambda c: each(node)(c) and len(c) == 2, **NODES[kind]})(v)


PROOF = record({
    "format": word("rolla-proof/1"), "instance": text, "options": OPTIONS, "plan": null_or(PLAN), "bound": null_or(rational),
    "resolution": lambda v: type(v) is int and abs(v) <= 1200, "tree": node,
})


def read(source):
    """JSON as JavaScript reads it: numbers are doubles, and one that is whole is a whole number. No key comes twice."""
    def double(digits):
        value = float(digits)
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    def refuse(constant):
        raise Wrong(f"{constant} is no number of JSON")
    def unique(members):
        need(len(dict(members)) == len(members), "a key comes twice")
        return dict(members)
    try:
        data = json.loads(source.removeprefix("\ufeff"), parse_int=double, parse_float=double, parse_constant=refuse, object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"no JSON: {error}") from None
    layer, levels = [data], 0
    while layer := [v for v in layer if type(v) in (dict, list)]:
        levels += 1
        need(levels <= DEEPEST, f"more than {DEEPEST} levels of objects and lists")
        layer = [x for v in layer for x in (v.values() if type(v) is dict else v)]
    return data


def check(instance, proof):
    need(PROOF(proof), "no rolla-proof/1 by its form")
    need(proof["instance"] == fingerprint(instance), "the proof is of another instance")
    options, claimed = proof["options"], None if proof["bound"] is None else F(proof["bound"])
    need(claimed is not None or proof["plan"] is None, "a plan, and the claim that there is none")
    if options["uncertainty"] == "decision-dependent":
        need(all("relief" in instance[part] for part in ("delay", "error") if part in instance), "no relief")
    p = Problem(instance, options)
    cost = None if proof["plan"] is None else plan_cost(p, proof["plan"])
    leaves = 0

    def walk(node, region):
        nonlocal leaves
        if node["kind"] != "prices":
            for child in (0, 1):
                walk(node["children"][child], region.child(node, child == 0))
            return
        leaves += 1
        if claimed is not None and claimed <= 0:
            return
        # A bound above 0 without costs contradicts itself: nothing is feasible there.
        show(p, region, node, F(2) ** -proof["resolution"] if node.get("cost") == 0 else claimed, proof["resolution"])

    walk(proof["tree"], Region(p))
    return cost, claimed, leaves


def decimals(value):
    """Nine digits behind the point, rounded down."""
    units = floor(value * 10**9)
    whole, rest = divmod(abs(units), 10**9)
    return f"{'-' if units < 0 else ''}{whole}.{rest:09d}"


def content(path):
    return open(path, "rb").read().decode("utf-8", "replace")


def checked(act):
    """What `act` returns; where something does not hold or cannot be read, that is said and the end."""
    try:
        return act()
    except Wrong as wrong:
        print(f"WRONG     {wrong}")
    except (ArithmeticError, LookupError, RecursionError, ValueError) as fault:
        print(f"WRONG     cannot be read: {type(fault).__name__}")
    sys.exit(7)


def main():
    cost, bound, leaves = checked(lambda: check(*(read(content(path)) for path in sys.argv[1:3])))
    if cost is not None:
        print(f"Plan      is feasible and costs $ {decimals(cost)}")
    print("Bound     no plan is feasible" if bound is None else f"Bound     no plan costs less than $ {decimals(bound)}")
    print(f"Proof     {leaves} leaves, every one checked")


if __name__ == "__main__":
    main()
