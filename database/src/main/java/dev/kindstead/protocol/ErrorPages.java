package dev.kindstead.protocol;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.kindstead.model.Code;
import org.jspecify.annotations.Nullable;

/** Errors outside any call, in the format of the request as far as it can be told. */
final class ErrorPages implements ServerErrorHandler {

  /** Serves what has no route: services of later releases, and typing mistakes. */
  static final HttpService NO_SUCH_PLACE =
      (context, request) -> {
        String path = context.path();
        request.abort();
        return GrpcFrames.isGrpc(request.headers().get(HttpHeaderNames.CONTENT_TYPE))
            ? GrpcFrames.failure(
                new Failure(
                    Code.UNIMPLEMENTED, "method " + path.substring(1) + " is not supported"))
            : format(context, request.headers())
                .failure(new Failure(Code.NOT_FOUND, "There is nothing at " + path + "."));
      };

  @Override
  public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    return response(context, context.request().headers(), Failure.of(cause));
  }

  /** A failure as the client of such a request reads it. */
  static HttpResponse response(
      ServiceRequestContext context, RequestHeaders headers, Failure failure) {
    return GrpcFrames.isGrpc(headers.get(HttpHeaderNames.CONTENT_TYPE))
        ? GrpcFrames.failure(failure)
        : format(context, headers).failure(failure);
  }

  @Override
  public AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    Failure failure =
        cause == null || status.isClientError() ? Failure.ofStatus(status) : Failure.of(cause);
    if (headers != null && GrpcFrames.isGrpc(headers.get(HttpHeaderNames.CONTENT_TYPE))) {
      return AggregatedHttpResponse.of(GrpcFrames.failureHeaders(failure));
    }
    return AggregatedHttpResponse.of(
        ResponseHeaders.builder(status).contentType(HttpFormat.JSON.mediaType()).build(),
        HttpFormat.JSON.body(failure, status.code()));
  }

  private static HttpFormat format(ServiceRequestContext context, RequestHeaders headers) {
    HttpFormat format = HttpFormat.of(context, headers);
    return format == null ? HttpFormat.JSON : format;
  }
}
