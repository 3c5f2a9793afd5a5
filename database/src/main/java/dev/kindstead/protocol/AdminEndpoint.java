package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.administration.AdminRequests;
import dev.kindstead.administration.AdminRoutes;
import dev.kindstead.administration.Administration;
import dev.kindstead.model.Code;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The admin API over gRPC and over HTTP with JSON. Its calls are rare and run on the pool for what
 * may block, so that their message classes load there. Thread-safe.
 */
final class AdminEndpoint {
  private final Administration administration;
  private final TransportLimits limits;

  AdminEndpoint(Administration administration, TransportLimits limits) {
    this.administration = administration;
    this.limits = limits;
  }

  /** A method's gRPC service. */
  HttpService grpc(AdminMethod method) {
    return (context, request) -> {
      HttpResponse refusal = GrpcFrames.refusal(request);
      if (refusal != null) {
        request.abort();
        return refusal;
      }
      Executor pool = context.blockingTaskExecutor();
      return HttpResponse.of(
          request
              .aggregate()
              .thenComposeAsync(whole -> call(method, whole), pool)
              .<Reply>thenApply(Answer::of)
              .exceptionally(Failure::of)
              .thenApply(
                  reply -> GrpcFrames.response(reply, GrpcFrames.isGzip(request.headers()))));
    };
  }

  private CompletableFuture<? extends Message> call(
      AdminMethod method, AggregatedHttpRequest whole) {
    try {
      byte[] body = whole.content().array();
      Message message =
          GrpcFrames.parse(
              AdminRequests.of(method), body, whole.headers(), limits.requestBytesMax());
      return administration.handle(method, message);
    } catch (IOException | RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  /**
   * A request below {@code /v1/}.
   *
   * @param path behind that
   * @return null when the admin API has no such path
   */
  @Nullable HttpResponse http(ServiceRequestContext context, HttpRequest request, String path) {
    AdminRoutes.Match match = AdminRoutes.match(request.method().name(), path);
    if (match == null) {
      return null;
    }
    Executor pool = context.blockingTaskExecutor();
    return HttpResponse.of(
        request
            .aggregate()
            .thenComposeAsync(whole -> call(match, context.query(), whole), pool)
            .thenApply(AdminEndpoint::json)
            .exceptionally(failure -> HttpFormat.JSON.failure(Failure.of(failure))));
  }

  private CompletableFuture<? extends Message> call(
      AdminRoutes.Match match, @Nullable String query, AggregatedHttpRequest whole) {
    try {
      Message.Builder body = match.body();
      if (body != null && !whole.content().isEmpty()) {
        merge(whole, body);
      }
      if (query != null) {
        QueryParams.fromQueryString(query).forEach(match::set);
      }
      return administration.handle(match.method(), match.request().build());
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }

  private static void merge(AggregatedHttpRequest whole, Message.Builder body) {
    try {
      JsonFormat.parser().merge(whole.content().toString(UTF_8), body);
    } catch (IOException | RuntimeException e) {
      throw Calls.refusal(
          new Failure(
              Code.INVALID_ARGUMENT,
              Failure.MALFORMED + " Not JSON of a " + body.getDescriptorForType().getFullName()));
    }
  }

  private static HttpResponse json(Message message) {
    try {
      String json = JsonFormat.printer().usingTypeRegistry(Administration.types()).print(message);
      return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json);
    } catch (IOException e) {
      throw new IllegalStateException("an answer can be shown as JSON", e);
    }
  }
}
