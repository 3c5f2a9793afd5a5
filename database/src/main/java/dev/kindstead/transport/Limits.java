package dev.kindstead.transport;

import dev.kindstead.environment.Network;

/** What a node keeps for others, and for how long. */
final class Limits {
  static final int PAYLOAD_BYTES_MAX = Network.PAYLOAD_BYTES_MAX;

  /** Of a request in a greeting's place: a stranger's. */
  static final int GREETING_BYTES_MAX = 8 << 10;

  /** Of a refusal's or a farewell's text. */
  static final int TEXT_CHARS_MAX = 2_000;

  /** Requests given to a peer and not yet on the wire. */
  static final long QUEUED_BYTES_MAX = 64 << 20;

  /** Requests to a peer without an answer, and accepted requests in work, for one connection. */
  static final int OUTSTANDING_REQUESTS_MAX = 16_384;

  /** Of nodes that have introduced themselves. */
  static final int ACCEPTED_CONNECTIONS_MAX = 256;

  /** Accepted connections of which it is not known whose they are. */
  static final int STRANGERS_MAX = 64;

  /** Nodes whose address is kept. */
  static final int ADDRESSES_MAX = 4_096;

  static final int GREETING_MILLIS_MAX = 5_000;

  /** After a failed attempt to connect, calls fail at once for so long. */
  static final int BACK_OFF_MILLIS = 100;

  /** A deadline may be noticed so much later. */
  static final int DEADLINE_GRAIN_MILLIS = 10;

  /** How long bytes may stay unacknowledged by the other machine before it counts as gone. */
  static final int SILENCE_MILLIS_MAX = 10_000;

  static final int STOP_MILLIS_MAX = 5_000;

  private Limits() {}
}
