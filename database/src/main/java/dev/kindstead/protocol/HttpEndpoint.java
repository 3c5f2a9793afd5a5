package dev.kindstead.protocol;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/projects/{project}:{method}} with protobuf or JSON bodies; the answer comes in
 * the request's format. Thread-safe.
 */
final class HttpEndpoint implements HttpService {
  /** Where the service is mounted. */
  static final String PREFIX = "/v1/projects/";

  private final Calls calls;
  private final @Nullable AdminEndpoint administration;
  private final TransportLimits limits;

  /**
   * @param administration for the paths of the admin API, which share the prefix; null for none
   */
  HttpEndpoint(Calls calls, @Nullable AdminEndpoint administration, TransportLimits limits) {
    this.calls = calls;
    this.administration = administration;
    this.limits = limits;
  }

  @Override
  public ExchangeType exchangeType(RoutingContext routingContext) {
    return ExchangeType.UNARY;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    String path = context.decodedMappedPath().substring(1);
    if (administration != null && path.indexOf('/') >= 0) {
      HttpResponse response = administration.http(context, request, "projects/" + path);
      if (response != null) {
        return response;
      }
    }
    HttpFormat format = HttpFormat.of(context, request.headers());
    if (format == null) {
      request.abort();
      return HttpFormat.JSON.failure(
          new Failure(
              Code.INVALID_ARGUMENT,
              "Unsupported content type \""
                  + request.headers().get(HttpHeaderNames.CONTENT_TYPE)
                  + "\": use application/x-protobuf or application/json."));
    }
    int colon = path.lastIndexOf(':');
    Rpc rpc = colon < 0 ? null : Rpc.ofVerb(path.substring(colon + 1));
    if (rpc == null || colon == 0 || path.indexOf('/') >= 0) {
      request.abort();
      return format.failure(noSuchMethod(path));
    }
    if (request.method() != HttpMethod.POST) {
      request.abort();
      return methodNotAllowed(format, rpc);
    }
    String project = path.substring(0, colon);
    CompletableFuture<AggregatedHttpRequest> whole = request.aggregate();
    if (whole.isDone() && !whole.isCompletedExceptionally()) {
      return call(context, rpc, project, format, whole.join());
    }
    return HttpResponse.of(
        whole.thenApply(complete -> call(context, rpc, project, format, complete)));
  }

  private static Failure noSuchMethod(String path) {
    boolean isKnown = path.endsWith(":export") || path.endsWith(":import");
    return isKnown
        ? new Failure(Code.UNIMPLEMENTED, "method " + PREFIX + path + " is not supported yet")
        : new Failure(Code.NOT_FOUND, "There is no method " + PREFIX + path + ".");
  }

  private static HttpResponse methodNotAllowed(HttpFormat format, Rpc rpc) {
    var failure = new Failure(Code.UNIMPLEMENTED, "The method " + rpc.verb() + " takes POST.");
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.METHOD_NOT_ALLOWED)
            .add(HttpHeaderNames.ALLOW, "POST")
            .contentType(format.mediaType())
            .build(),
        format.body(failure, HttpStatus.METHOD_NOT_ALLOWED.code()));
  }

  private HttpResponse call(
      ServiceRequestContext context,
      Rpc rpc,
      String project,
      HttpFormat format,
      AggregatedHttpRequest request) {
    int compressedBytesMin =
        request.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "").contains("gzip")
            ? limits.compressedAnswerBytesMin()
            : Integer.MAX_VALUE;
    CompletableFuture<Reply> reply =
        calls.start(
            context,
            rpc,
            new HttpBody(rpc, format, request, limits.requestBytesMax()),
            project,
            Long.MAX_VALUE);
    return reply.isDone()
        ? format.response(rpc, reply.join(), compressedBytesMin)
        : HttpResponse.of(
            reply.thenApply(ended -> format.response(rpc, ended, compressedBytesMin)));
  }
}
