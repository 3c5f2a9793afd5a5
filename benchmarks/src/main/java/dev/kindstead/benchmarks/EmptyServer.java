package dev.kindstead.benchmarks;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.LookupResponse;
import com.linecorp.armeria.common.ExchangeType;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * What an RPC costs that does nothing: takes a lookup's message out of its gRPC frame, unread, and
 * answers with an entity of the benchmarks' size, on the HTTP stack that Kindstead uses and in the
 * same way.
 */
final class EmptyServer implements HttpService {
  private static final ResponseHeaders HEADERS =
      ResponseHeaders.of(HttpStatus.OK, "content-type", "application/grpc");
  private static final HttpHeaders TRAILERS = HttpHeaders.of("grpc-status", "0");

  private final byte[] answer = frame();

  private EmptyServer() {}

  public static void main(String[] arguments) {
    int port = Integer.parseInt(arguments[0]);
    Server.builder()
        .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .service("exact:" + Rpc.LOOKUP.path(), new EmptyServer())
        .requestTimeoutMillis(0)
        .disableServerHeader()
        .disableDateHeader()
        .build()
        .start()
        .join();
  }

  private static byte[] frame() {
    byte[] message =
        LookupResponse.newBuilder()
            .addFound(EntityResult.newBuilder().setEntity(new Dataset("p", 1, 1).entity(0, 0)))
            .build()
            .toByteArray();
    return ByteBuffer.allocate(5 + message.length)
        .put((byte) 0)
        .putInt(message.length)
        .put(message)
        .array();
  }

  @Override
  public ExchangeType exchangeType(RoutingContext routingContext) {
    return ExchangeType.UNARY;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    return HttpResponse.of(
        request
            .aggregate()
            .thenApply(whole -> {
              // As much as any handler must do: look at the message, make an answer of its own.
              byte[] message = whole.content().array();
              if (message.length == 0) {
                throw new IllegalArgumentException("not a gRPC frame");
              }
              return HttpResponse.of(HEADERS, HttpData.wrap(answer.clone()), TRAILERS);
            }));
  }
}
