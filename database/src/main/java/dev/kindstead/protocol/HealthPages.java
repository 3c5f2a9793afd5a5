package dev.kindstead.protocol;

import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Whether this node lives and whether it can serve, over HTTP and grpc.health.v1. Thread-safe. */
final class HealthPages {
  private static final int CHECK_BYTES_MAX = 1_000;
  private static final Answer SERVING = Answer.of(Int32Value.of(1));
  private static final Answer NOT_SERVING = Answer.of(Int32Value.of(2));

  private final Supplier<List<ReadinessCheck>> readiness;
  private volatile boolean isDraining;

  HealthPages(Supplier<List<ReadinessCheck>> readiness) {
    this.readiness = readiness;
  }

  /** From here on this node is not ready: balancers send their requests elsewhere. */
  void drain() {
    isDraining = true;
  }

  boolean isDraining() {
    return isDraining;
  }

  /** As long as the event loops turn. */
  HttpResponse live(ServiceRequestContext context, HttpRequest request) {
    return text(HttpStatus.OK, "ok\n");
  }

  /** One line for each check with {@code ?verbose}; {@code ?exclude=name} leaves one out. */
  HttpResponse ready(ServiceRequestContext context, HttpRequest request) {
    Set<String> excluded = Set.copyOf(context.queryParams("exclude"));
    var lines = new StringBuilder();
    boolean ready = true;
    for (ReadinessCheck check : checks()) {
      if (excluded.contains(check.name())) {
        lines.append("[ ]").append(check.name()).append(" excluded\n");
      } else if (check.holds()) {
        lines.append("[+]").append(check.name()).append(" ok\n");
      } else {
        ready = false;
        lines.append("[-]").append(check.name()).append(" failed: ").append(check.reason());
        lines.append('\n');
      }
    }
    boolean verbose = !context.queryParams("verbose").isEmpty() || !ready;
    String verdict = ready ? "ok\n" : "not ready\n";
    return text(
        ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
        verbose ? lines + verdict : verdict);
  }

  private List<ReadinessCheck> checks() {
    var checks = new ArrayList<>(readiness.get());
    checks.add(new ReadinessCheck("not-draining", !isDraining, "this node is drained or stops"));
    return checks;
  }

  private boolean isReady() {
    return checks().stream().allMatch(ReadinessCheck::holds);
  }

  /**
   * grpc.health.v1.Health/Check, for the whole server or the Datastore service. The request is one
   * string in field 1, as in a StringValue; the response one enum in field 1, as in an Int32Value.
   */
  HttpResponse check(ServiceRequestContext context, HttpRequest request) {
    HttpResponse refusal = GrpcFrames.refusal(request);
    if (refusal != null) {
      request.abort();
      return refusal;
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApply(whole -> {
              try {
                var service =
                    (StringValue)
                        GrpcFrames.parse(
                            StringValue.getDefaultInstance(),
                            whole.content().array(),
                            whole.headers(),
                            CHECK_BYTES_MAX);
                return GrpcFrames.response(verdict(service.getValue()), false);
              } catch (IOException | RuntimeException e) {
                return GrpcFrames.failure(Failure.of(e));
              }
            }));
  }

  private Reply verdict(String service) {
    if (!service.isEmpty() && !service.equals(Rpc.SERVICE)) {
      return new Failure(Code.NOT_FOUND, "unknown service " + service);
    }
    return isReady() ? SERVING : NOT_SERVING;
  }

  private static HttpResponse text(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, text);
  }
}
