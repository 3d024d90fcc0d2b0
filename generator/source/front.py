"""A question file: its front matter (YAML, every value with its place) and its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import PurePath
from typing import Any

import yaml

from generator.errors import Place, Refusal, Refusals
from generator.question import ClaimText, Piece, Question, Text, Value
from generator.source.schema import Path, problems
from generator.source.traps import trap
from generator.verdict import Verdict

MAX_CHARACTERS = 200_000
MAX_LINES = 200
MAX_NESTING = 20
FORMULAS = ("model", "ask", "claims", "given")
_EXAMPLE = "---\n    title: Is this gradient right?\n    model: |\n      y = \\sigma(w x)\n      ...\n    ---"
_SURROUNDING = re.compile(r"\\(?:begin|end)\{(?:align|aligned|equation|gather|gathered|split)\*?\}")


def read_question(text: str, file: str) -> Question:
    """The question that a file holds. Raises `Refusals` with all that is wrong with its front matter."""
    try:
        front, first, body = _divided(text.replace("\r\n", "\n").removeprefix("\ufeff"), file)
        root = _composed(front, first, file)
    except Refusal as refusal:
        raise Refusals((refusal,)) from None
    reader = _Reader(file, front, first)
    reader.check(root)
    return reader.question(root, body)


def _divided(text: str, file: str) -> tuple[str, int, str]:
    """The front matter, the number of its first line, and the prose."""
    lines = text.split("\n")
    if len(text) > MAX_CHARACTERS:
        raise Refusal(
            f"the file has {len(text)} characters; at most {MAX_CHARACTERS} are read", Place(file, 1, 1, lines[0][:80])
        )
    if lines[0].rstrip() != "---":
        raise Refusal("a question file begins with a line of three dashes", Place(file, 1, 1, lines[0][:80]), _EXAMPLE)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            return "\n".join(lines[1:number]) + "\n", 2, "\n".join(lines[number + 1 :]).strip("\n")
    raise Refusal("the front matter is never closed by a line of three dashes", Place(file, 1, 1, lines[0]), _EXAMPLE)


class _Loader(yaml.SafeLoader):
    """Composes nodes; what YAML would take for a name, a reference or a type is refused."""

    nesting = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # the stubs leave it out
        if getattr(event, "anchor", None) is not None or isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="name", problem_mark=event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise yaml.MarkedYAMLError(problem="type", problem_mark=event.start_mark)
        self.nesting += 1
        if self.nesting > MAX_NESTING:
            raise yaml.MarkedYAMLError(problem="nesting", problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.nesting -= 1
        return node


def _composed(front: str, first: int, file: str) -> yaml.MappingNode:
    lines = front.split("\n")

    def place(line: int, column: int) -> Place:
        return Place(file, line + first, column + 1, lines[min(line, len(lines) - 1)])

    try:
        root = yaml.compose(front, Loader=_Loader)
    except yaml.reader.ReaderError as error:
        before = front[: error.position]
        here = place(before.count("\n"), len(before.rpartition("\n")[2]))
        raise Refusal(f"the character U+{ord(str(front[error.position])):04X} may not stand here", here) from None
    except yaml.MarkedYAMLError as error:
        in_flow = error.context is not None and "flow" in error.context and error.context_mark is not None
        mark = error.context_mark if in_flow else error.problem_mark or error.context_mark
        here = place(0, 0) if mark is None else place(mark.line, mark.column)
        quoted = error.context is not None and "double-quoted" in error.context
        raise trap(here, "a backslash between double quotes as an escape" if quoted else "") from None
    if not isinstance(root, yaml.MappingNode):
        raise Refusal("the front matter holds keys with values", place(0, 0), _EXAMPLE)
    return root


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of characters of one line of the file."""

    line: int
    column: int
    text: str


class _Reader:
    """Turns nodes into texts that know their places."""

    def __init__(self, file: str, front: str, first: int) -> None:
        self.file, self.front, self.first = file, front, first
        self.lines = front.split("\n")

    def place(self, node: Any) -> Place:
        """Where a node begins."""
        mark = node.start_mark
        line = min(mark.line, len(self.lines) - 1)
        return Place(self.file, line + self.first, mark.column + 1, self.lines[line])

    def check(self, root: yaml.MappingNode) -> None:
        """Raises `Refusals` with all that is wrong with keys and values."""
        found = list(self._doubled(root))
        nodes = dict(self._nodes(root, ()))
        bent = list(self._bent(root))
        found += bent
        if not bent:
            for path, message, hint in problems(self._data(root)):
                found.append(
                    Refusal(message, self._nearest(nodes, path, root, of_key=message.startswith("unknown")), hint)
                )
        if found:
            raise Refusals(tuple(sorted(found, key=lambda r: (r.place.line, r.place.column) if r.place else (0, 0))))

    def _nearest(self, nodes: dict[Path, tuple[Any, Any]], path: Path, root: Any, *, of_key: bool) -> Place:
        """The place of what stands at `path`: its key where the key itself is wrong or its value is empty."""
        while path and path not in nodes:
            path = path[:-1]
        key, value = nodes.get(path, (root, root))
        return self.place(key if of_key or value.start_mark.index == value.end_mark.index else value)

    def _nodes(self, node: Any, path: Path) -> Iterator[tuple[Path, tuple[Any, Any]]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield (*path, str(key.value)), (key, value)
                yield from self._nodes(value, (*path, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield (*path, number), (value, value)
                yield from self._nodes(value, (*path, number))

    def _doubled(self, node: Any) -> Iterator[Refusal]:
        if isinstance(node, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    yield trap(self.place(key))
                    continue
                if key.value in seen:
                    message = f"the key {key.value} stands in line {seen[key.value]} already"
                    yield Refusal(message, self.place(key), "Keep one of them.")
                seen.setdefault(key.value, self.place(key).line)
                yield from self._doubled(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                yield from self._doubled(value)

    def _bent(self, root: yaml.MappingNode) -> Iterator[Refusal]:
        """Formulas that YAML took for something else, or cut."""
        for key, value in root.value:
            if key.value == "claims" and isinstance(value, yaml.SequenceNode):
                for item in value.value:
                    if isinstance(item, yaml.MappingNode):
                        yield from self._bent_claim(item)
                    else:
                        yield from self._bent_text(item)
            elif key.value in ("ask", "given") and isinstance(value, yaml.SequenceNode):
                for item in value.value:
                    yield from self._bent_text(item)
            elif key.value in FORMULAS:
                yield from self._bent_text(value)

    def _bent_claim(self, node: yaml.MappingNode) -> Iterator[Refusal]:
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or re.search(r"[\\=^_{]", key.value):
                yield trap(self.place(node), "`: ` as the end of a key")
            elif key.value in ("latex", "model"):
                yield from self._bent_text(value)

    def _bent_text(self, node: Any) -> Iterator[Refusal]:
        if not isinstance(node, yaml.ScalarNode):
            yield trap(self.place(node))
            return
        raw = self.front[node.start_mark.index : node.end_mark.index]
        if node.style == '"' and "\\" in raw:
            yield trap(self.place(node), "a backslash between double quotes as an escape")
        after = self.lines[min(node.end_mark.line, len(self.lines) - 1)][node.end_mark.column :]
        if node.style not in ("|", ">") and after.lstrip().startswith("#"):
            yield trap(self.place(node), "` #` as the beginning of a remark, so that the rest is cut off")

    def _data(self, root: yaml.MappingNode) -> dict[str, Any]:
        """The values as plain data: single formulas and claims as lists of one."""
        data: dict[str, Any] = {}
        for key, value in root.value:
            plain = _plain(value)
            if key.value in ("ask", "given") and isinstance(plain, str):
                plain = [plain]
            if key.value == "claims":
                plain = [plain] if isinstance(plain, str) else plain
                plain = [{"latex": c} if isinstance(c, str) else c for c in plain] if isinstance(plain, list) else plain
            data[str(key.value)] = plain
        return data

    def question(self, root: yaml.MappingNode, body: str) -> Question:
        """The question of front matter that was checked."""
        nodes = {key.value: value for key, value in root.value}
        refusals: list[Refusal] = []
        values: list[tuple[Text, Value]] = []
        for key, value in nodes["values"].value if "values" in nodes else ():
            try:
                values.append((self.text(key), self.number(value)))
            except Refusal as refusal:
                refusals.append(refusal)
        if refusals:
            raise Refusals(tuple(refusals))
        return Question(
            slug=PurePath(self.file).stem if self.file != "-" else "question",
            file=self.file,
            title=nodes["title"].value,
            model=self.model(nodes["model"]),
            asks=tuple(self.text(node) for node in _listed(nodes.get("ask"))),
            claims=tuple(self.claim(node) for node in _listed(nodes.get("claims"))),
            given=tuple(self.text(node) for node in _listed(nodes.get("given"))),
            sizes=self.pairs(nodes.get("sizes")),
            shapes=self.pairs(nodes.get("shapes")),
            values=tuple(values),
            roles=self.pairs(nodes.get("roles")),
            source=nodes["source"].value if "source" in nodes else None,
            tags=tuple(node.value for node in _listed(nodes.get("tags"))),
            description=nodes["description"].value if "description" in nodes else None,
            body=body,
        )

    def pairs(self, node: Any) -> tuple[tuple[Text, Text], ...]:
        """The keys and values of a mapping as texts."""
        return () if node is None else tuple((self.text(key), self.text(value)) for key, value in node.value)

    def claim(self, node: Any) -> ClaimText:
        """A claim."""
        if isinstance(node, yaml.ScalarNode):
            return ClaimText(self.text(node))
        parts = {key.value: value for key, value in node.value}
        return ClaimText(
            self.text(parts["latex"]),
            by=parts["by"].value if "by" in parts else "asker",
            expect=str(Verdict(parts["expect"].value)) if "expect" in parts else None,
            note=parts["note"].value if "note" in parts else None,
            model=self.model(parts["model"]) if "model" in parts else (),
        )

    def number(self, node: Any) -> Value:
        """A number, or nested lists of numbers."""
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.number(item) for item in node.value)
        text = node.value if isinstance(node, yaml.ScalarNode) else ""
        if not re.fullmatch(
            r"[-+]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})([eE][-+]?\d{1,2})?|[-+]?\d{1,9}/[1-9]\d{0,8}", text
        ):
            raise Refusal("a number was expected", self.place(node), "values: {w_1: 0.5, x: [1, -2]}")
        return Fraction(text)

    def model(self, node: Any) -> tuple[Text, ...]:
        """The lines of a model; one that begins with `+`, `-` or `=` continues the one before."""
        found: list[list[_Run]] = []
        for line in self.raw(node):
            whole = "".join(run.text for run in line)
            stripped = _SURROUNDING.sub("", whole).strip()
            if not stripped or stripped == "\\\\":
                continue
            if found and stripped.lstrip("& ")[:1] in ("+", "-", "="):
                found[-1].extend(line)
            else:
                found.append(list(line))
        if len(found) > MAX_LINES:
            raise Refusals((Refusal(f"a model may have {MAX_LINES} lines", self.place(node)),))
        return tuple(self._joined(runs) for runs in found)

    def text(self, node: Any) -> Text:
        """A text exactly as written, its lines joined by a space."""
        return self._joined([run for line in self.raw(node) for run in line])

    def _joined(self, runs: list[_Run]) -> Text:
        shown = ""
        pieces: list[Piece] = []
        for run in runs:
            if pieces and pieces[-1].line != run.line:
                shown = shown.rstrip() + " "
            pieces.append(Piece(len(shown), run.line, run.column, self.lines[run.line - self.first]))
            shown += run.text
        return Text(shown.rstrip(), self.file, tuple(pieces))

    def raw(self, node: Any) -> Iterator[list[_Run]]:
        """The lines of a scalar as they stand in the file, without indentation and quotes."""
        start, end = node.start_mark, node.end_mark
        style = node.style if isinstance(node, yaml.ScalarNode) else ""
        if style in ("|", ">"):
            for line in range(start.line + 1, end.line + 1):
                shown = self.lines[line] if line < len(self.lines) else ""
                if line < end.line and shown.strip():
                    yield [_Run(line + self.first, _indent(shown) + 1, shown.strip())]
            return
        quote = style or ""
        for line in range(start.line, end.line + 1):
            first = start.column + len(quote) if line == start.line else _indent(self.lines[line])
            last = end.column - len(quote) if line == end.line else len(self.lines[line])
            shown = self.lines[line][first:last]
            if shown.strip():
                yield list(_unquoted(shown, line + self.first, first + 1, quote))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _unquoted(shown: str, line: int, column: int, quote: str) -> Iterator[_Run]:
    """The text with doubled single quotes as one, in runs whose columns are right."""
    begun = 0
    while quote == "'" and (at := shown.find("''", begun)) >= 0:
        yield _Run(line, column + begun, shown[begun : at + 1])
        begun = at + 2
    yield _Run(line, column + begun, shown[begun:])


def _listed(node: Any) -> list[Any]:
    """The items of a list; a single value is a list of one."""
    if node is None:
        return []
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def _plain(node: Any) -> Any:
    """The node as plain data: every scalar as its text."""
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value
