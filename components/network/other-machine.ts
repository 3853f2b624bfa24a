/**
 * Another machine of the estate. Where it is, a setting of this one says: `machines.<name>.address` below `garrison:`, and
 * `machines.<name>.tlsName` where it answers over TLS. Without an address, all relations to it are switched off.
 */
export interface OtherMachine {
  readonly name: string;
  /**
   * Who answers for it, and until when, that a service has a network which leads out in order to ask it or to be asked by
   * it: a waiver `network.egress`. The host's rules open the one address and port of the relation.
   */
  readonly owner: string;
  /** ISO date: `"2027-06-30"`. */
  readonly expires: string;
}
