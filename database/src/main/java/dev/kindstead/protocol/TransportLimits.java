package dev.kindstead.protocol;

import java.time.Duration;

/**
 * The limits of the transport. Documented in docs/limits.md.
 *
 * @param requestBytesMax a request's body, as it comes and as it is when decompressed
 * @param connectionsMax open connections
 * @param requestsInFlightMax requests being served at one time; one more is RESOURCE_EXHAUSTED
 * @param streamsPerConnectionMax requests in flight on one HTTP/2 connection
 * @param headerBytesMax all headers of one request
 * @param compressedAnswerBytesMin HTTP answers from here on are gzipped for clients that accept it
 * @param idleConnectionMax how long a connection may be silent before it is closed
 * @param requestTimeMax how long a request may take whatever its own deadline
 * @param drainTimeMax how long {@link FrontDoor#stop} waits for requests in flight
 * @param eventLoops threads that serve connections
 */
public record TransportLimits(
    int requestBytesMax,
    int connectionsMax,
    int requestsInFlightMax,
    int streamsPerConnectionMax,
    int headerBytesMax,
    int compressedAnswerBytesMin,
    Duration idleConnectionMax,
    Duration requestTimeMax,
    Duration drainTimeMax,
    int eventLoops) {

  /** 10 MiB of request as the API documents, and 1 MiB of slack as the service grants. */
  public static TransportLimits defaults() {
    return new TransportLimits(
        11 * 1024 * 1024,
        10_000,
        10_000,
        100,
        64 * 1024,
        8 * 1024,
        Duration.ofMinutes(10),
        Duration.ofSeconds(270),
        Duration.ofSeconds(10),
        Runtime.getRuntime().availableProcessors());
  }

  /** These limits with the ones that an operator may choose. */
  public TransportLimits with(int requestBytes, int connections, int requestsInFlight) {
    return new TransportLimits(
        requestBytes,
        connections,
        requestsInFlight,
        streamsPerConnectionMax,
        headerBytesMax,
        compressedAnswerBytesMin,
        idleConnectionMax,
        requestTimeMax,
        drainTimeMax,
        eventLoops);
  }
}
