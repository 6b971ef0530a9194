// Exact fractions of whole numbers, and the float64 nearest to one.
"use strict";

(function (Reading) {
  /** A fraction in lowest terms, its sign above. top, bottom: BigInt, bottom not 0. */
  function fraction(top, bottom = 1n) {
    const divisor = greatest(top < 0n ? -top : top, bottom < 0n ? -bottom : bottom);
    const sign = bottom < 0n ? -1n : 1n;
    return { top: (sign * top) / divisor, bottom: (sign * bottom) / divisor };
  }

  function greatest(a, b) {
    while (b) [a, b] = [b, a % b];
    return a;
  }

  /** The fraction that `-12`, `0.5` or `.5` is. */
  function exactly(text) {
    const digits = text.replace(/^[-+]/, "");
    const [whole, rest = ""] = digits.split(".");
    const top = BigInt(whole + rest);
    return fraction(text.startsWith("-") ? -top : top, 10n ** BigInt(rest.length));
  }

  const plus = (a, b) => fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
  const over = (a, b) => fraction(a.top * b.bottom, a.bottom * b.top);
  const negative = (a) => ({ top: -a.top, bottom: a.bottom });

  /** Below, at or above zero: the sign of a - b. */
  function compared(a, b) {
    const difference = a.top * b.bottom - b.top * a.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** As Python prints a fraction: `-13/20`, `3`. */
  function printed(a) {
    return a.bottom === 1n ? `${a.top}` : `${a.top}/${a.bottom}`;
  }

  /**
   * The float64 nearest to a fraction, of two the even one; |a| between 1e-290 and 1e300, or 0.
   *
   * The quotient is taken to 64 bits or more, and its last one is set if anything is left: so the
   * one rounding, which `Number` does, sees on which side of a tie it is.
   */
  function nearest(a) {
    if (a.top < 0n) return -nearest(negative(a));
    const shift = Math.max(0, 64 + bits(a.bottom) - bits(a.top));
    const above = a.top << BigInt(shift);
    const quotient = above / a.bottom;
    const sticky = quotient * a.bottom === above ? 0n : 1n;
    return Number(quotient | sticky) / 2 ** shift;
  }

  function bits(whole) {
    return whole.toString(2).length;
  }

  Reading.exact = { fraction, exactly, plus, over, negative, compared, printed, nearest };
})(globalThis.Reading);
