package dev.kindstead.protocol;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.CompletableFuture;

/**
 * One method of the Datastore service over gRPC. Unary calls need so little of gRPC that reading
 * and writing the five bytes of the frame here is much cheaper than a gRPC server call
 * (docs/decisions/0007-protocol.md). Thread-safe.
 */
final class GrpcEndpoint implements HttpService {
  private final Rpc rpc;
  private final Calls calls;
  private final TransportLimits limits;

  GrpcEndpoint(Rpc rpc, Calls calls, TransportLimits limits) {
    this.rpc = rpc;
    this.calls = calls;
    this.limits = limits;
  }

  @Override
  public ExchangeType exchangeType(RoutingContext routingContext) {
    return ExchangeType.UNARY;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    HttpResponse refusal = GrpcFrames.refusal(request);
    if (refusal != null) {
      request.abort();
      return refusal;
    }
    CompletableFuture<AggregatedHttpRequest> whole = request.aggregate();
    if (whole.isDone() && !whole.isCompletedExceptionally()) {
      return call(context, whole.join());
    }
    return HttpResponse.of(whole.thenApply(complete -> call(context, complete)));
  }

  private HttpResponse call(ServiceRequestContext context, AggregatedHttpRequest request) {
    RequestHeaders headers = request.headers();
    boolean compress = GrpcFrames.isGzip(headers);
    CompletableFuture<Reply> reply =
        calls.start(
            context,
            rpc,
            new GrpcBody(request, limits.requestBytesMax()),
            null,
            GrpcTimeout.nanosLeft(headers, context));
    return reply.isDone()
        ? GrpcFrames.response(reply.join(), compress)
        : HttpResponse.of(reply.thenApply(ended -> GrpcFrames.response(ended, compress)));
  }
}
