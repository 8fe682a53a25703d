/**
 * The Jacobi symbol, by steps that need no more of both numbers than their lowest bits, so that many steps are done before the numbers
 * themselves are touched. After Bernstein and Yang, "Fast constant-time gcd computation and modular inversion" (2019), with Pornin's and Wuille's
 * changes for the symbol: what is added is always positive. The time depends on the numbers: whoever asks about a secret blinds it.
 */

/** Bits of a limb. Products of two limbs are exact in JavaScript's numbers, and three octets are one limb. */
const limbBits = 24;
const limbSize = 2 ** limbBits;
const octetsPerLimb = limbBits / 8;

/** What so many steps do to f and g: f is to become (uf + vg) / 2^24, g (qf + rg) / 2^24. */
interface Transition {
  u: number;
  v: number;
  q: number;
  r: number;
  eta: number;
  /** Its lowest bit is set where the sign has changed. */
  sign: number;
}

/**
 * @param modulus odd, big-endian
 * @returns a function that takes a number below the modulus, as long, and returns the symbol: 1, -1, or 0 for 0;
 * undefined where the steps come to no end: where there is a common divisor, and with a few numbers of a simple form (13 and p - 8 in P-521). With
 * random ones it isn't seen.
 */
export function jacobiSymbols(modulus: Uint8Array): (number: Uint8Array) => -1 | 0 | 1 | undefined {
  const limbs = Math.ceil(modulus.length / octetsPerLimb);
  // Thrice as many steps as random numbers take.
  const mostTransitions = 8 + Math.ceil((6 * 8 * modulus.length) / limbBits);
  const f = new Float64Array(limbs);
  const g = new Float64Array(limbs);
  const transition: Transition = { u: 1, v: 0, q: 0, r: 1, eta: -1, sign: 0 };

  const symbol = (): -1 | 0 | 1 | undefined => {
    transition.eta = -1;
    transition.sign = 0;
    let length = limbs;
    for (let count = 0; count < mostTransitions; count++) {
      if (length === 1 && f[0] === 1) return (transition.sign & 1) === 0 ? 1 : -1;
      if (isZero(g, length)) return 0;
      takeSteps(transition, lowBits(f), lowBits(g));
      apply(transition, f, g, length);
      while (length > 1 && f[length - 1] === 0 && g[length - 1] === 0) length -= 1;
    }
    return undefined;
  };

  return (number) => {
    read(modulus, f);
    read(number, g);
    const result = symbol();
    f.fill(0);
    g.fill(0);
    return result;
  };
}

function read(octets: Uint8Array, limbs: Float64Array): void {
  let at = octets.length;
  for (let i = 0; i < limbs.length; i++) {
    limbs[i] = (octets[at - 1] ?? 0) | ((octets[at - 2] ?? 0) << 8) | ((octets[at - 3] ?? 0) << 16);
    at -= octetsPerLimb;
  }
}

const lowBits = (limbs: Float64Array): number => (limbs[0] ?? 0) | ((limbs[1] ?? 0) << limbBits);

function isZero(limbs: Float64Array, length: number): boolean {
  for (let i = 0; i < length; i++) if (limbs[i] !== 0) return false;
  return true;
}

/** @param fLow the lowest 32 bits; f is odd */
function takeSteps(transition: Transition, fLow: number, gLow: number): void {
  let { eta, sign } = transition;
  let [f, g] = [fLow, gLow];
  let [u, v, q, r] = [1, 0, 0, 1];
  let left = limbBits;
  for (;;) {
    // Ones above the bits that count end the search for a zero that isn't there.
    const low = g | (-1 << left);
    const zeros = 31 - Math.clz32(low & -low);
    g >>= zeros;
    u <<= zeros;
    v <<= zeros;
    eta -= zeros;
    left -= zeros;
    // (2/f) is -1 where f is 3 or 5 modulo 8.
    sign ^= zeros & ((f >> 1) ^ (f >> 2));
    if (left === 0) break;
    if (eta < 0) {
      eta = -eta;
      // Reciprocity: (g/f) and (f/g) differ where both are 3 modulo 4.
      sign ^= (f & g) >> 1;
      [f, g] = [g, f];
      [u, q] = [q, u];
      [v, r] = [r, v];
    }
    // The multiple of f that makes as many of g's lowest bits 0 as eta allows, four at most: -g/f modulo 16.
    const limit = Math.min(eta + 1, left, 4);
    const inverse = f + (((f + 1) & 4) << 1);
    const w = Math.imul(-inverse, g) & ((1 << limit) - 1);
    g = (g + Math.imul(f, w)) | 0;
    q += u * w;
    r += v * w;
  }
  transition.u = u;
  transition.v = v;
  transition.q = q;
  transition.r = r;
  transition.eta = eta;
  transition.sign = sign;
}

function apply({ u, v, q, r }: Transition, f: Float64Array, g: Float64Array, length: number): void {
  let fCarry = 0;
  let gCarry = 0;
  for (let i = 0; i < length; i++) {
    const fi = f[i] ?? 0;
    const gi = g[i] ?? 0;
    const fSum = u * fi + v * gi + fCarry;
    const gSum = q * fi + r * gi + gCarry;
    fCarry = Math.floor(fSum / limbSize);
    gCarry = Math.floor(gSum / limbSize);
    if (i > 0) {
      f[i - 1] = fSum - fCarry * limbSize;
      g[i - 1] = gSum - gCarry * limbSize;
    }
  }
  f[length - 1] = fCarry;
  g[length - 1] = gCarry;
}
