"""Mistakes in which paths count and how they are put together, over units and over time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from operator import mul

from examgen.differentiate import Flow, adjoint_name, sum_of
from examgen.misconceptions.anatomy import Anatomy, Place, family, name_of, source_of, step_of
from examgen.misconceptions.nearness import as_told
from examgen.misconceptions.patches import as_if, besides, keeping, locally, through, totally
from examgen.misconceptions.rules import Rules
from examgen.misconceptions.table import Instance, Row
from examgen.nodes import Node, constant

# --- where paths part -----------------------------------------------------------------------------


def _skip_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    for where, nodes in anatomy.groups(anatomy.skipping):
        rules = totally({node: keeping(besides(anatomy.skips(node))) for node in nodes})
        yield Instance(where, rules, {"x": anatomy.names(nodes)})


def _main_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    for where, nodes in anatomy.groups(anatomy.skipping):
        rules = totally({node: keeping(through(anatomy.skips(node))) for node in nodes})
        fills = {"x": anatomy.names(nodes), "f": _main(anatomy, nodes)}
        yield Instance(where, rules, fills)


def _main(anatomy: Anatomy, nodes: Sequence[Node]) -> tuple[str, ...]:
    """The quantities on the longer paths that begin at some nodes."""
    places = [
        place
        for node in nodes
        for place in anatomy.places[node]
        if place not in anatomy.skips(node)
    ]
    return anatomy.names(place.consumer for place in places)


def _summed(
    total: Callable[[Sequence[Flow]], Node], shared: bool
) -> Callable[[Anatomy], Iterator[Instance]]:
    """Another sum at every fork; shared: at parameters that all steps share too."""

    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        over_time = set(anatomy.shared)
        forks = [node for node in anatomy.forks if shared or node not in over_time]
        for where, nodes in anatomy.groups(forks):
            told, count = anatomy.names(as_told(anatomy, nodes)), _uses(anatomy, nodes)
            rules = totally(dict.fromkeys(nodes, total))
            yield Instance(where, rules, {"x": told, "k": count})

    return instances


def _uses(anatomy: Anatomy, nodes: Sequence[Node]) -> int | None:
    """How often each of some nodes is used; None where that differs."""
    counts = {len(anatomy.places[node]) for node in nodes}
    return counts.pop() if len(counts) == 1 else None


def _product(flows: Sequence[Flow]) -> Node:
    return reduce(mul, (flow.value for flow in flows))


def _mean(flows: Sequence[Flow]) -> Node:
    return sum_of(flows) / constant(len(flows))


def _one_forgotten(anatomy: Anatomy) -> Iterator[Instance]:
    """One of three paths or more, or of two within one formula: of two, see the rules above."""
    over_time = set(anatomy.shared)
    for node in anatomy.order:
        places = anatomy.places[node]
        inner = node not in anatomy.loss_parts and node not in over_time
        least = 2 if node in anatomy.forks else 1
        if inner and len(places) > least and not anatomy.is_target(node):
            for place in places[: anatomy.most_sites]:
                fills = {"x": anatomy.owners[node], "f": anatomy.owners[place.consumer]}
                rules = totally({node: keeping(besides([place]))})
                yield Instance(anatomy.owners[node], rules, fills)


# --- states ---------------------------------------------------------------------------------------


def _ports(anatomy: Anatomy, node: Node) -> list[Place]:
    """The uses of a node that only hand it on to the next step."""
    return [place for place in anatomy.places[node] if _is_port(anatomy, place.consumer)]


def _is_port(anatomy: Anatomy, consumer: Node) -> bool:
    if consumer.op.name == "carry":
        return True
    states = {family(state) for state in anatomy.quantities.symbols.carries.values()}
    places = anatomy.places[consumer]
    onwards = bool(places) and all(place.consumer.op.name == "carry" for place in places)
    return family(consumer.name or "") in states and onwards


def _entering(anatomy: Anatomy, node: Node) -> str:
    """The name of the state in which a node enters the next step."""
    consumer = _ports(anatomy, node)[0].consumer
    while consumer.op.name != "carry":
        consumer = anatomy.places[consumer][0].consumer
    return name_of(consumer)


def _message_confused(anatomy: Anatomy) -> Iterator[Instance]:
    sites = [n for n in anatomy.forks if 0 < len(_ports(anatomy, n)) < len(anatomy.places[n])]
    for where, nodes in anatomy.groups(sites):
        fills = {"x": anatomy.names(nodes)}
        ports = {node: _ports(anatomy, node) for node in nodes}
        only = {node: keeping(through(places)) for node, places in ports.items()}
        yield Instance(where, totally(only), fills)
        twice = {node: _twice(through(places)) for node, places in ports.items()}
        yield Instance(where, totally(twice), fills)
    for node in sites[: anatomy.most_sites]:
        yield from _message_handed_on(anatomy, node)
    yield from _message_reported(anatomy)


def _twice(choice: Callable[[Flow], bool]) -> Callable[[Sequence[Flow]], Node]:
    """The sum with some flows added once more."""
    return lambda flows: sum_of([*flows, *filter(choice, flows)])


def _message_handed_on(anatomy: Anatomy, node: Node) -> Iterator[Instance]:
    """The state before gets the message in place of the total derivative: dL/dC_t f_t."""
    adjoint = adjoint_name(anatomy.quantities.loss, _entering(anatomy, node))
    message = anatomy.quantities.adjoints[adjoint]
    patches = {
        part: _with_bar(message, [n for n, arg in enumerate(part.args) if arg.op.name == "carry"])
        for term, place in anatomy.terms(node)
        for part in (term, place.consumer)
        if any(arg.op.name == "carry" for arg in part.args) and (part is node or not part.name)
    }
    if patches:
        yield Instance(anatomy.owners[node], locally(patches), {"x": anatomy.owners[node]})


def _with_bar(other: Node, positions: Sequence[int]) -> Callable[[Node, Node], tuple[Node, ...]]:
    """The chain rule with another adjoint for some arguments."""

    def local(bar: Node, node: Node) -> tuple[Node, ...]:
        right, wrong = node.op.vjp(bar, node, *node.args), node.op.vjp(other, node, *node.args)
        return tuple(wrong[n] if n in positions else part for n, part in enumerate(right))

    return local


def _message_reported(anatomy: Anatomy) -> Iterator[Instance]:
    """The message answered for the total derivative, and the other way round."""
    loss, symbols = anatomy.quantities.loss, anatomy.quantities.symbols
    for entering, state in list(symbols.carries.items())[: anatomy.most_sites]:
        message, total = adjoint_name(loss, entering), adjoint_name(loss, state)
        if state in symbols.shared and message in anatomy.quantities.adjoints:
            yield Instance(state, Rules(report={message: total, total: message}), {"x": (state,)})


def _truncated(anatomy: Anatomy) -> Iterator[Instance]:
    carried = [node.args[0] for node in anatomy.carries if node.args[0].args]
    for where, nodes in anatomy.groups(list(dict.fromkeys(carried))):
        uncarried = keeping(lambda flow: flow.consumer.op.name != "carry")
        rules = totally(dict.fromkeys(nodes, uncarried))
        yield Instance(where, rules, {"x": anatomy.names(nodes)})


# --- parameters of all steps ----------------------------------------------------------------------


def _over_time(total: Callable[[Sequence[Flow]], Node]) -> Callable[[Anatomy], Iterator[Instance]]:
    def instances(anatomy: Anatomy) -> Iterator[Instance]:
        for where, nodes in anatomy.groups(anatomy.shared):
            rules = totally(dict.fromkeys(nodes, total))
            time = () if anatomy.steps == 1 else ("t",)  # else the copies are of branches
            # A step whose copy leads nowhere contributes nothing: then no number is told.
            uses = _uses(anatomy, nodes)
            count = None if time and uses != anatomy.steps else uses
            yield Instance(where, rules, {"w": anatomy.names(nodes), "k": count, "t": time})

    return instances


def _step(flow: Flow) -> int:
    return step_of(flow.consumer.name) or 0


# --- weights on the way back ----------------------------------------------------------------------


def _updated_upstream(anatomy: Anatomy) -> Iterator[Instance]:
    nodes = anatomy.quantities.nodes
    position = dict(anatomy.weighted)
    swap = {
        arg: nodes[f"{source_of(arg).name}'"]
        for product in as_told(anatomy, list(position))
        for arg in [product.args[position[product]]]
        if f"{source_of(arg).name}'" in nodes
    }
    rules = locally(dict.fromkeys(position, as_if(swap)))
    names = tuple(dict.fromkeys(name_of(source_of(arg)) for arg in swap))
    if names:
        yield Instance("", rules, {"w": names})


ROWS = (
    Row(
        "MC01", "skip_path_forgotten", _skip_forgotten,
        "You lost a path: {x:# is|# are} also handed on unchanged, as by a skip connection; "
        "that gradient has to be added.",
        "Ein Pfad fehlt: {x:# wird|# werden} auch unverändert weitergereicht, wie über eine "
        "Skip-Verbindung; dieser Gradient ist zu addieren.",
    ),
    Row(
        "MC02", "main_path_forgotten", _main_forgotten,
        "You followed only the path on which {x:# is|# are} handed on unchanged "
        "(skip connection); "
        "{f:the path through # is|the paths through # are} missing.",
        "Sie sind nur dem Pfad gefolgt, auf dem {x:# unverändert weitergereicht wird|"
        "# unverändert weitergereicht werden} (Skip-Verbindung); "
        "{f:der Pfad über # fehlt|die Pfade über # fehlen}.",
    ),
    Row(
        "MC03", "gradient_overwritten", _summed(lambda flows: flows[0].value, shared=False),
        "The gradients of {k:both|all #|all} uses of {x:#|each of #} must be added; "
        "one must not overwrite {k:the other|the others|others}.",
        "Die Gradienten {k:beider|aller #|aller} Verwendungen {x:von #|jeder der Größen #} sind zu "
        "addieren; einer darf {k:den anderen|die anderen|andere} nicht überschreiben.",
    ),
    Row(
        "MC04", "first_path_only", _summed(lambda flows: flows[-1].value, shared=False),
        "Only one of the {k:two |# |}uses of {x:#|each of #} was counted; "
        "the paths through all of them lead to the loss.",
        "Nur eine der {k:beiden |# |}Verwendungen {x:von #|jeder der Größen #} wurde gezählt; "
        "zum Verlust führen die Pfade über alle.",
    ),
    Row(
        "MC05", "paths_multiplied", _summed(_product, shared=True),
        "Factors of the chain rule are multiplied along one path; "
        "the different paths from {x} are added.",
        "Die Faktoren der Kettenregel werden entlang eines Pfades multipliziert; "
        "verschiedene Pfade von {x} aus werden addiert.",
    ),
    Row(
        "MC06", "paths_averaged", _summed(_mean, shared=False),
        "The chain rule adds the paths from {x}; it does not average them.",
        "Die Kettenregel addiert die Pfade von {x} aus; sie mittelt sie nicht.",
    ),
    Row(
        "MC08", "message_total_confusion", _message_confused,
        "Take care which derivative by {x} is meant: what arrives from the next step, "
        "or all that reaches the loss, within the step too.",
        "Achten Sie darauf, welche Ableitung nach {x} gemeint ist: was aus dem nächsten Schritt "
        "ankommt, oder alles, was den Verlust erreicht, auch innerhalb des Schritts.",
    ),
    Row(
        "MC30", "updated_weight_upstream", _updated_upstream,
        "The backward pass uses the original {w:weight #, not the updated one|weights #, not the "
        "updated ones}; all are updated at the end.",
        "Der Rückwärtsdurchlauf verwendet {w:das ursprüngliche Gewicht #, nicht das aktualisierte|"
        "die ursprünglichen Gewichte #, nicht die aktualisierten}; aktualisiert wird am Ende.",
    ),
    Row(
        "MC31", "last_step_only", _over_time(lambda flows: max(flows, key=_step).value),
        "All {t:steps|copies} share {w}: the contributions of {k:both|all #|all} {t:steps|copies} "
        "are added, not only that of the last {t:step|copy}.",
        "Alle {t:Schritte|Kopien} teilen sich {w}: Die Beiträge {k:beider|aller #|aller} "
        "{t:Schritte|Kopien} werden addiert, nicht nur der {t:des|der} letzten.",
    ),
    Row(
        "MC32", "first_step_only", _over_time(lambda flows: min(flows, key=_step).value),
        "All {t:steps|copies} share {w}: you followed {w:it|them} only to the first of the "
        "{k:two |# |}{t:steps|copies}.",
        "Alle {t:Schritte|Kopien} teilen sich {w}: Sie haben nur {t:den ersten|die erste} der "
        "{k:beiden |# |}{t:Schritte|Kopien} berücksichtigt.",
    ),
    Row(
        "MC33", "time_mean", _over_time(_mean),
        "The {w:gradient of # is|gradients of # are} the sum over {k:both|all #|all} "
        "{t:steps|copies}, not their mean.",
        "{w:Der Gradient von # ist|Die Gradienten von # sind jeweils} die Summe über "
        "{k:beide|alle #|alle} {t:Schritte|Kopien}, nicht ihr Mittelwert.",
    ),
    Row(
        "MC34", "truncated_bptt", _truncated,
        "{x:# is no constant|# are no constants} for the next step: "
        "the gradient goes on from there to the steps before.",
        "{x:# ist|# sind} für den nächsten Schritt keine {x:Konstante|Konstanten}: "
        "Der Gradient läuft von dort in die früheren Schritte weiter.",
    ),
    Row(
        "MC58", "path_forgotten", _one_forgotten,
        "{x} reaches the loss on several paths; the one through {f} is missing.",
        "{x} erreicht den Verlust auf mehreren Pfaden; der über {f} fehlt.",
    ),
)  # fmt: skip
