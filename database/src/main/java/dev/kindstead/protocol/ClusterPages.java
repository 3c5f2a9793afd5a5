package dev.kindstead.protocol;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cluster to look at, and what may be done about its nodes. Thread-safe. */
record ClusterPages(ClusterControl cluster, Semaphore places) {
  /** The part of the path that names what is to be done. */
  static final String ACTION = "action";

  /** What takes longer than a call is not waited for. */
  private static final String DONE = "Done, or begun: `kindstead cluster status` shows how far.";

  private static final int NODES_MAX = 5;

  /** Of a body: ids of nodes. */
  private static final int BODY_BYTES_MAX = 4 << 10;

  /** Actions at a time. */
  private static final int ACTIONS_MAX = 8;

  /** What is asked of several nodes at once. */
  private static final String OF_SEVERAL = "add";

  ClusterPages(ClusterControl cluster) {
    this(cluster, new Semaphore(ACTIONS_MAX));
  }

  HttpResponse describe(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        cluster
            .describe()
            .thenApply(json -> HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json)));
  }

  /** The body names the nodes, by their ids. */
  HttpResponse act(ServiceRequestContext context, HttpRequest request) {
    String action = String.valueOf(context.pathParam(ACTION));
    context.setMaxRequestLength(BODY_BYTES_MAX);
    return HttpResponse.of(
        request
            .aggregate()
            .thenCompose(
                body -> act(action, nodeIds(body.contentUtf8())).handle(ClusterPages::told)));
  }

  /** What fails is no refusal: it may have been done. */
  private static HttpResponse told(@Nullable String whyNot, @Nullable Throwable failure) {
    if (whyNot == null) {
      return text(
          HttpStatus.GATEWAY_TIMEOUT,
          "nobody knows whether it was done (%s): look at `kindstead cluster status` before you try again"
              .formatted(failure == null ? "" : Failure.cause(failure)));
    }
    return whyNot.isEmpty() ? text(HttpStatus.OK, DONE) : text(HttpStatus.CONFLICT, whyNot);
  }

  private CompletableFuture<String> act(String action, List<String> nodeIds) {
    if (!places.tryAcquire()) {
      return CompletableFuture.completedFuture(
          "too many such requests at a time; nothing was done, please try again later");
    }
    return begun(action, nodeIds).whenComplete((_, _) -> places.release());
  }

  private CompletableFuture<String> begun(String action, List<String> nodeIds) {
    if (nodeIds.size() > 1 && !action.equals(OF_SEVERAL)) {
      return CompletableFuture.completedFuture("one node at a time, please; nothing was done");
    }
    return nodeIds.isEmpty() || nodeIds.size() > NODES_MAX
        ? CompletableFuture.completedFuture("the body names one to %d nodes".formatted(NODES_MAX))
        : cluster.act(action, nodeIds);
  }

  private static List<String> nodeIds(String body) {
    return Stream.of(body.split("[\\s,]+")).filter(each -> !each.isEmpty()).toList();
  }

  private static HttpResponse text(HttpStatus status, String line) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, line + "\n");
  }
}
