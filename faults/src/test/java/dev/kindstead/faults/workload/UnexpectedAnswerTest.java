package dev.kindstead.faults.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.QueryResultBatch;
import com.google.datastore.v1.QueryResultBatch.MoreResultsType;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import com.google.rpc.Code;
import com.google.rpc.Status;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What no client may hear is an anomaly, also where somebody asks again and then all is well. */
final class UnexpectedAnswerTest {
  private static final Duration MAX = Duration.ofSeconds(20);

  private final List<String> anomalies = new ArrayList<>();

  private List<String> afterOne(Failed failure) {
    AtomicInteger attempts = new AtomicInteger();
    int answer =
        Eventually.answer(
            "a read",
            MAX,
            anomalies::add,
            () -> {
              if (attempts.incrementAndGet() <= 2) {
                throw failure;
              }
              return 7;
            });
    assertThat(answer).isEqualTo(7);
    return anomalies;
  }

  @Test
  void aLastReadThatFailedForNoReasonIsFound() {
    assertThat(afterOne(new Failed(Code.INTERNAL, "internal error")))
        .containsExactly("unexpected answer to a read: INTERNAL: internal error");
  }

  @Test
  void oneThatNobodyCouldServeIsNot() {
    assertThat(afterOne(new Failed(Code.UNAVAILABLE, "no leader"))).isEmpty();
    assertThat(afterOne(Failed.noAnswer("HttpTimeoutException"))).isEmpty();
  }

  @Test
  void noAnswerIsNotWhatAServerCallsUnknown() {
    assertThat(Failed.noAnswer("gone").isExpected()).isTrue();
    assertThat(new Failed(Code.UNKNOWN, "what").isExpected()).isFalse();
    assertThat(new Failed(Code.DEADLINE_EXCEEDED, "without a deadline").isExpected()).isFalse();
  }

  @Test
  void aPageThatIsRefusedIsFoundThoughAnotherNodeHasIt() throws IOException {
    Notes notes = new Notes();
    AtomicInteger pages = new AtomicInteger();
    HttpServer node =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.createContext(
        "/",
        exchange -> {
          var query = RunQueryRequest.parseFrom(exchange.getRequestBody().readAllBytes());
          if (query.getQuery().hasLimit() && pages.incrementAndGet() == 1) {
            var refusal =
                Status.newBuilder()
                    .setCode(Code.INVALID_ARGUMENT.getNumber())
                    .setMessage("invalid cursor");
            answer(exchange, 400, refusal.build());
          } else {
            answer(exchange, 200, nothing());
          }
        });
    node.start();
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + node.getAddress().getPort());
      var client = new PageClient(notes, List.of(new Calls(http, uri, "pages")), new Random(7), 1);
      assertThat(client.workOnce(Duration.ZERO, notes::acknowledged)).isZero();
      assertThat(notes.acknowledgedCount(Probe.PAGED_QUERIES)).isEqualTo(1);
      assertThat(notes.anomalies())
          .containsExactly("unexpected answer to PAGES: INVALID_ARGUMENT: invalid cursor");
    } finally {
      node.stop(0);
    }
  }

  private static RunQueryResponse nothing() {
    return RunQueryResponse.newBuilder()
        .setBatch(
            QueryResultBatch.newBuilder()
                .setMoreResults(MoreResultsType.NO_MORE_RESULTS)
                .setReadTime(Timestamp.newBuilder().setSeconds(1)))
        .build();
  }

  private static void answer(HttpExchange exchange, int status, MessageLite message)
      throws IOException {
    byte[] body = message.toByteArray();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
