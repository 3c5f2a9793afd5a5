package dev.kindstead.protocol;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;

/** The client's deadline: the gRPC header {@code grpc-timeout}, at most eight digits and a unit. */
final class GrpcTimeout {
  private static final AsciiString HEADER = AsciiString.cached("grpc-timeout");
  private static final int DIGITS_MAX = 8;

  private GrpcTimeout() {}

  /** Nanoseconds until the deadline; {@link Long#MAX_VALUE} without one or with a malformed one. */
  static long nanosLeft(RequestHeaders headers, ServiceRequestContext context) {
    String header = headers.get(HEADER);
    if (header == null) {
      return Long.MAX_VALUE;
    }
    long nanos = nanos(header);
    if (nanos == Long.MAX_VALUE) {
      return nanos;
    }
    var log = context.log().getIfAvailable(RequestLogProperty.REQUEST_START_TIME);
    long waited = log == null ? 0 : System.nanoTime() - log.requestStartTimeNanos();
    return nanos - waited;
  }

  static long nanos(String header) {
    int digits = header.length() - 1;
    if (digits < 1 || digits > DIGITS_MAX) {
      return Long.MAX_VALUE;
    }
    long amount = 0;
    for (int i = 0; i < digits; i++) {
      char c = header.charAt(i);
      if (c < '0' || c > '9') {
        return Long.MAX_VALUE;
      }
      amount = amount * 10 + (c - '0');
    }
    return switch (header.charAt(digits)) {
      case 'H' -> TimeUnit.HOURS.toNanos(amount);
      case 'M' -> TimeUnit.MINUTES.toNanos(amount);
      case 'S' -> TimeUnit.SECONDS.toNanos(amount);
      case 'm' -> TimeUnit.MILLISECONDS.toNanos(amount);
      case 'u' -> TimeUnit.MICROSECONDS.toNanos(amount);
      case 'n' -> amount;
      default -> Long.MAX_VALUE;
    };
  }
}
