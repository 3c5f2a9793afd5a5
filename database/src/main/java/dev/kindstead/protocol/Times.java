package dev.kindstead.protocol;

import static dev.kindstead.model.DatastoreException.invalidArgument;

import com.google.protobuf.Timestamp;

/** Between the API's timestamps and microseconds since the epoch. */
final class Times {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int NANOS_MAX = 999_999_999;

  /** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, the ends of a protobuf Timestamp. */
  private static final long SECONDS_MIN = -62_135_596_800L;

  private static final long SECONDS_MAX = 253_402_300_799L;

  private Times() {}

  /** Truncates to whole microseconds, as the service does. */
  static long micros(Timestamp timestamp) {
    long seconds = timestamp.getSeconds();
    int nanos = timestamp.getNanos();
    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX || nanos < 0 || nanos > NANOS_MAX) {
      throw invalidArgument(
          "Timestamp outside permitted range 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z.");
    }
    return seconds * MICROS_PER_SECOND + nanos / NANOS_PER_MICRO;
  }

  static Timestamp timestamp(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, MICROS_PER_SECOND))
        .setNanos((int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO)
        .build();
  }
}
