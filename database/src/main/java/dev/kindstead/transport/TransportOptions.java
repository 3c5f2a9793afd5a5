package dev.kindstead.transport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a node is reached, and reaches others.
 *
 * @param listen host:port; port zero for any free one
 * @param advertised host:port that others are told; empty for the address listened on, unless that
 *     is a wildcard, which nobody can dial
 * @param tls null for none
 * @param threads event loops
 * @param connectTimeout until the other machine has accepted
 */
public record TransportOptions(
    String listen, String advertised, @Nullable NodeTls tls, int threads, Duration connectTimeout) {
  public static final int DEFAULT_THREADS = 1;
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** Plain, with the defaults. */
  public static TransportOptions of(String listen) {
    return new TransportOptions(listen, "", null, DEFAULT_THREADS, DEFAULT_CONNECT_TIMEOUT);
  }

  public TransportOptions withAdvertised(String address) {
    return new TransportOptions(listen, address, tls, threads, connectTimeout);
  }

  public TransportOptions withTls(NodeTls certificates) {
    return new TransportOptions(listen, advertised, certificates, threads, connectTimeout);
  }
}
