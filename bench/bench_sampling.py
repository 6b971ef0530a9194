"""Drawing the 2-2-2 network under its conditions: accepted variants a second, memory, latency."""

from __future__ import annotations

import resource
from functools import partial

import numpy as np
from timing import median_seconds, report

from examgen.bank import find_template
from examgen.drawing import draw_variants
from examgen.template import Template


def main() -> None:
    """Print rate, time of a single variant, and memory for two sizes."""
    template = find_template("mlp-2-2-2")
    count = 500_000
    seconds = median_seconds(partial(template.sampler(1).draw, range(count)), runs=5)
    peer = ("a scripted rejection loop", scripted(template))
    report("drawing S1", count / seconds, "accepted variants/s", "500 k", peer)
    one = median_seconds(partial(template.sampler(1).draw, [12345]), runs=25)
    print(f"    a single variant: {1000 * one:.2f} ms (bar: 5 ms)")
    best = median_seconds(partial(draw_variants, template, 1, range(20_000)), runs=5)
    report("drawing S1, each the best of 8", 20_000 / best, "variants/s", "20 k", None)
    alone = median_seconds(lambda: draw_variants(find_template("mlp-2-2-2"), 1, [0]), runs=5)
    print(f"    a single one, template read and all: {1000 * alone:.0f} ms")
    for size in (20_000, 200_000):
        variants = draw_variants(template, 1, range(size))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(f"    {len(variants.draw):,} variants: {peak:.0f} MB at most in all")
        del variants
    for size in (100_000, 1_000_000, 4_000_000):
        draw = template.sampler(1).draw(np.arange(size))
        output = sum(places.nbytes for places in draw.places.values()) / 2**20
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
        print(f"    {size:,} variants: {output:.0f} MB drawn, {peak:.0f} MB at most in all")
        del draw


def scripted(template: Template, variants: int = 300) -> float:
    """Accepted variants a second of the loop an instructor would script."""
    grids = {name: [float(v) for v in grid.values] for name, grid in template.grids.items()}

    def accepted(g: dict[str, float]) -> bool:
        h1 = g["i1"] * g["w11"] + g["i2"] * g["w21"] + g["b1"]
        h2 = g["i1"] * g["w12"] + g["i2"] * g["w22"] + g["b2"]
        h3, h4 = max(h1, 0), max(h2, 0)
        d1 = h3 * g["w31"] + h4 * g["w41"] + g["b3"] - g["t1"]
        d2 = h3 * g["w32"] + h4 * g["w42"] + g["b4"] - g["t2"]
        d3 = d1 * g["w31"] + d2 * g["w32"]
        return bool(
            0.01 < h1 <= 4 and h2 < -0.01 and d1 and d2 and d3 and (d1**2 + d2**2) / 2 <= 10
        )

    def run() -> None:
        random = np.random.default_rng(1)
        found = 0
        while found < variants:
            found += accepted({name: random.choice(values) for name, values in grids.items()})

    return variants / median_seconds(run, runs=3)


if __name__ == "__main__":
    main()
