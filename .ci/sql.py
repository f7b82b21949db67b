"""Holds that the models are SQL that other engines speak as well, and say what they mean.

Every model and check must parse as each engine's own SQL, call only functions that all of them
have, and name the columns it reads. One line per fault, file:line: what. Exit code 1 if any.
"""
import pathlib
import sys

import sqlglot
from sqlglot import exp

ENGINES = ["duckdb", "postgres", "trino", "spark", None]  # None: sqlglot's own, near to ANSI

# What PostgreSQL, Trino, Spark and DuckDB all have, with the same meaning.
PORTABLE = (
    exp.Cast, exp.Coalesce, exp.Case, exp.If, exp.Extract, exp.Exists, exp.And, exp.Or,
    exp.Sum, exp.Min, exp.Max, exp.Count, exp.Abs, exp.Mod, exp.Round, exp.Floor, exp.Ceil, exp.Greatest, exp.Least,
    exp.RowNumber, exp.Rank, exp.Lag, exp.Lead, exp.FirstValue,
    exp.Upper, exp.Length, exp.Replace, exp.TimestampTrunc,
)
# What parses everywhere and is said by one engine alone.
OWN = {exp.Qualify: "qualify", exp.Pivot: "pivot", exp.Lambda: "a lambda", exp.ILike: "ilike", exp.Struct: "a struct", exp.Array: "a list"}


def faults(text):
    for engine in ENGINES:
        try:
            trees = sqlglot.parse(text, read=engine, error_level=sqlglot.ErrorLevel.RAISE)
        except sqlglot.errors.ParseError as err:
            yield err.errors[0]["line"], f"does not parse as {engine or 'ANSI'}: {err.errors[0]['description']}"
            return
    if len(trees) != 1:
        yield 1, "holds several statements"
    for tree in sqlglot.parse(text, read="duckdb"):
        for node in tree.walk():
            if isinstance(node, exp.Func) and not isinstance(node, PORTABLE):
                yield line(node), f"calls {name(node)}, which not every engine has"
            elif isinstance(node, exp.Star) and not isinstance(node.parent, exp.Count) and not values(node.parent):
                yield line(node), "selects *: a column that comes or goes would change what it says unseen"
            elif isinstance(node, exp.Group) and node.args.get("all") is not None:
                yield line(node), "groups by all"
            elif isinstance(node, exp.Div) and not exact(node):
                yield line(node), "divides: engines round differently. Divide a multiple, (n - mod(n, d)) / d, as mart.value does"
            elif type(node) in OWN:
                yield line(node), f"uses {OWN[type(node)]}, which not every engine has"


def exact(div):
    """Whether a division leaves no rest, (n - mod(n, d)) / d, or is of a small whole number and rounded down, floor(n / 4)."""
    if isinstance(div.parent, exp.Floor) and isinstance(div.expression, exp.Literal):
        return True
    n = div.this.unnest()
    rest = n.expression if isinstance(n, exp.Sub) else None
    return isinstance(rest, exp.Mod) and rest.this.unnest() == n.this.unnest() and rest.expression.unnest() == div.expression.unnest()


def values(select):
    """Whether a select is how the parser writes the rows of VALUES."""
    source = select.find(exp.From) if isinstance(select, exp.Select) else None
    return source is not None and isinstance(source.this, exp.Values)


def name(node):
    return node.name if isinstance(node, exp.Anonymous) else node.sql_name().lower()


def line(node):
    """The line of the first part of a node whose place the parser kept; 1 if it kept none."""
    return min((n.meta["line"] for n in node.walk() if "line" in n.meta), default=1)


def main(folders):
    found = 0
    for path in sorted(p for f in folders for p in pathlib.Path(f).glob("*.sql")):
        for at, what in faults(path.read_text(encoding="utf-8")):
            print(f"{path}:{at}: {what}")
            found += 1
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
