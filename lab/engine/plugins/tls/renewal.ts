const hourMs = 3_600_000;

/** Whether a certificate that ends then is to be made anew: it has expired, or will within the early renewal period. */
export function readyForRenewal(validityEndTime: string, earlyRenewalHours: number, now = Date.now()): boolean {
  return now >= Date.parse(validityEndTime) - earlyRenewalHours * hourMs;
}
