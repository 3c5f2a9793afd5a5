package dev.kindstead.placement;

/** How one of several nodes is chosen that can do the same. */
public enum RoutePolicy {
  RANDOM,
  ROUND_ROBIN,

  /** At random, near nodes more often. */
  WEIGHTED,

  /** Who has answered fastest lately. */
  LEAST_RESPONSE_TIME,

  /**
   * Of two at random the one with fewer answers outstanding: nearly as even as asking for the least
   * of all, without everybody running to the same node at once (Mitzenmacher, 2001).
   */
  POWER_OF_TWO_CHOICES
}
