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
import dev.kindstead.jobs.IndexCheck;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.NotServedException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The admin API over gRPC and over HTTP with JSON. Its calls are rare and run on a few threads of
 * their own, so that their message classes load there, and a check of indexes keeps nothing else
 * from what may block. Thread-safe.
 */
final class AdminEndpoint {
  /** Of a request, also when decompressed: 100 long names in an index, and room to spare. */
  private static final int REQUEST_BYTES_MAX = 1 << 20;

  /** Calls from their request until they have ended, waiting ones included. */
  static final int CALLS_MAX = 64;

  /** Of them, those that work at a time. */
  private static final int THREADS_MAX = 8;

  private static final Duration THREAD_IDLE_MAX = Duration.ofSeconds(10);

  private final Administration administration;
  private final Forwarding forwarding;
  private final Semaphore places = new Semaphore(CALLS_MAX);
  private final Executor pool = pool();

  AdminEndpoint(Administration administration, Forwarding forwarding) {
    this.administration = administration;
    this.forwarding = forwarding;
  }

  private static Executor pool() {
    var pool =
        new ThreadPoolExecutor(
            THREADS_MAX,
            THREADS_MAX,
            THREAD_IDLE_MAX.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(CALLS_MAX),
            Thread.ofPlatform().daemon().name("administration-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  /** Every one who has entered must {@link #leave}. */
  private void enter() {
    if (!places.tryAcquire()) {
      throw new DatastoreException(
          Code.RESOURCE_EXHAUSTED,
          "too many calls of the admin API at a time, please try again later");
    }
  }

  void leave() {
    places.release();
  }

  /** A method's gRPC service. */
  HttpService grpc(AdminMethod method) {
    return (context, request) -> {
      HttpResponse refusal = GrpcFrames.refusal(request);
      if (refusal != null) {
        request.abort();
        return refusal;
      }
      context.setMaxRequestLength(REQUEST_BYTES_MAX);
      return HttpResponse.of(
          request
              .aggregate()
              .thenCompose(whole -> {
                enter();
                return start(
                    context,
                    method,
                    new GrpcBody(whole, REQUEST_BYTES_MAX),
                    GrpcTimeout.nanosLeft(whole.headers(), context));
              })
              .exceptionally(Failure::of)
              .thenApply(
                  reply -> GrpcFrames.response(reply, GrpcFrames.isGzip(request.headers()))));
    };
  }

  private CompletableFuture<Reply> start(
      ServiceRequestContext context, AdminMethod method, RequestBody body, long nanosLeft) {
    long deadline = System.nanoTime() + Math.min(nanosLeft, IndexCheck.TIME_MAX.toNanos());
    BooleanSupplier isOver = () -> context.isCancelled() || isPast(deadline);
    return new PendingCall(
            new AdminCall(this, method, body, isOver),
            forwarding,
            context.eventLoop().withoutContext(),
            deadline)
        .start();
  }

  private static boolean isPast(long deadline) {
    return System.nanoTime() - deadline >= 0;
  }

  /** A call that another node forwards; that node keeps its time. */
  CompletableFuture<Answer> serve(AdminMethod method, ForwardedCall call) {
    if (!forwarding.servingNode().isHere()) {
      return CompletableFuture.failedFuture(new NotServedException("served elsewhere"));
    }
    long deadline = System.nanoTime() + Math.min(call.nanosLeft(), IndexCheck.TIME_MAX.toNanos());
    try {
      enter();
    } catch (DatastoreException refused) {
      return CompletableFuture.failedFuture(refused);
    }
    return handle(method, call, () -> isPast(deadline)).whenComplete((_, _) -> leave());
  }

  /** Every failure comes through the future. */
  CompletableFuture<Answer> handle(AdminMethod method, Decoding body, BooleanSupplier isOver) {
    return CompletableFuture.supplyAsync(() -> answer(method, body, isOver), pool)
        .thenCompose(answer -> answer.thenApply(Answer::of));
  }

  private CompletableFuture<? extends Message> answer(
      AdminMethod method, Decoding body, BooleanSupplier isOver) {
    try {
      return administration.handle(method, body.decode(AdminMessages.requestOf(method)), isOver);
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
            .thenCompose(whole -> decoded(match, context.query(), whole))
            .thenCompose(
                message -> start(context, match.method(), RequestBody.of(message), Long.MAX_VALUE))
            .thenApplyAsync(
                reply -> json(match.method(), reply), CommonPools.blockingTaskExecutor())
            .exceptionally(failure -> HttpFormat.JSON.failure(Failure.of(failure))));
  }

  /** Whoever gets a message has entered. */
  private CompletableFuture<Message> decoded(
      AdminRoutes.Match match, @Nullable String query, AggregatedHttpRequest whole) {
    if (whole.content().length() > REQUEST_BYTES_MAX) {
      throw Calls.refusal(Failure.tooLarge(REQUEST_BYTES_MAX));
    }
    enter();
    return CompletableFuture.supplyAsync(() -> message(match, query, whole), pool)
        .whenComplete((message, _) -> {
          if (message == null) {
            leave();
          }
        });
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
