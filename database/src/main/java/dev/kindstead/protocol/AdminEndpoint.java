package dev.kindstead.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.CommonPools;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.administration.AdminMessages;
import dev.kindstead.administration.AdminMethod;
import dev.kindstead.administration.AdminRoutes;
import dev.kindstead.administration.Administration;
import dev.kindstead.model.Code;
import dev.kindstead.model.NotServedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The admin API over gRPC and over HTTP with JSON. Its calls are rare and run on the pool for what
 * may block, so that their message classes load there. Thread-safe.
 */
final class AdminEndpoint {
  /** For a check of all indexes; other calls take no time. */
  private static final Duration TIME_MAX = Duration.ofHours(1);

  private final Administration administration;
  private final TransportLimits limits;
  private final Forwarding forwarding;
  private final Executor pool = CommonPools.blockingTaskExecutor();

  AdminEndpoint(Administration administration, TransportLimits limits, Forwarding forwarding) {
    this.administration = administration;
    this.limits = limits;
    this.forwarding = forwarding;
  }

  /** A method's gRPC service. */
  HttpService grpc(AdminMethod method) {
    return (context, request) -> {
      HttpResponse refusal = GrpcFrames.refusal(request);
      if (refusal != null) {
        request.abort();
        return refusal;
      }
      return HttpResponse.of(
          request
              .aggregate()
              .thenCompose(whole ->
                  start(
                      context,
                      method,
                      new GrpcBody(whole, limits.requestBytesMax()),
                      GrpcTimeout.nanosLeft(whole.headers(), context)))
              .exceptionally(Failure::of)
              .thenApply(
                  reply -> GrpcFrames.response(reply, GrpcFrames.isGzip(request.headers()))));
    };
  }

  private CompletableFuture<Reply> start(
      ServiceRequestContext context, AdminMethod method, RequestBody body, long nanosLeft) {
    return new PendingCall(
            new AdminCall(this, method, body),
            forwarding,
            context.eventLoop().withoutContext(),
            System.nanoTime() + Math.min(nanosLeft, TIME_MAX.toNanos()))
        .start();
  }

  /** A call that another node forwards; that node keeps its time. */
  CompletableFuture<Answer> serve(AdminMethod method, ForwardedCall call) {
    return forwarding.servingNode().isHere()
        ? handle(method, call)
        : CompletableFuture.failedFuture(new NotServedException("served elsewhere"));
  }

  /** Every failure comes through the future. */
  CompletableFuture<Answer> handle(AdminMethod method, Decoding body) {
    return CompletableFuture.supplyAsync(() -> answer(method, body), pool)
        .thenCompose(answer -> answer.thenApply(Answer::of));
  }

  private CompletableFuture<? extends Message> answer(AdminMethod method, Decoding body) {
    try {
      return administration.handle(method, body.decode(AdminMessages.requestOf(method)));
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
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(whole -> message(match, context.query(), whole), pool)
            .thenCompose(
                message -> start(context, match.method(), RequestBody.of(message), Long.MAX_VALUE))
            .thenApplyAsync(reply -> json(match.method(), reply), pool)
            .exceptionally(failure -> HttpFormat.JSON.failure(Failure.of(failure))));
  }

  private static Message message(
      AdminRoutes.Match match, @Nullable String query, AggregatedHttpRequest whole) {
    Message.Builder body = match.body();
    if (body != null && !whole.content().isEmpty()) {
      merge(whole, body);
    }
    if (query != null) {
      QueryParams.fromQueryString(query).forEach(match::set);
    }
    return match.request().build();
  }

  private static void merge(AggregatedHttpRequest whole, Message.Builder body) {
    try {
      JsonMessages.merge(whole.content().toString(UTF_8), body);
    } catch (IOException | RuntimeException e) {
      throw Calls.refusal(
          new Failure(
              Code.INVALID_ARGUMENT,
              Failure.MALFORMED + " Not JSON of a " + body.getDescriptorForType().getFullName()));
    }
  }

  private static HttpResponse json(AdminMethod method, Reply reply) {
    return switch (reply) {
      case Answer answer -> {
        try {
          Message message =
              AdminMessages.answerOf(method).getParserForType().parseFrom(answer.bytesFrom(0));
          String json =
              JsonFormat.printer().usingTypeRegistry(Administration.types()).print(message);
          yield HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json);
        } catch (IOException e) {
          throw new IllegalStateException("an answer can be shown as JSON", e);
        }
      }
      case Failure failure -> HttpFormat.JSON.failure(failure);
    };
  }
}
