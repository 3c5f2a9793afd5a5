package dev.kindstead.faults.workload;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.AllocateIdsResponse;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.BeginTransactionResponse;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.Mutation;
import com.google.datastore.v1.ReadOptions;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RollbackResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.kindstead.telemetry.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The API over HTTP/1.1 with protobuf bodies, as the official Java client speaks it, at one node.
 * Without retries, so that what a server said and what nobody answered can be told apart.
 * Thread-safe.
 */
final class Calls {
  /** Longer than a node keeps a request for which nobody serves, so that it can say so. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);

  private static final int OK = 200;

  private static final Set<String> CODES =
      Stream.of(Code.values()).map(Code::name).collect(Collectors.toUnmodifiableSet());

  private final HttpClient http;
  private final URI node;
  private final String project;

  Calls(HttpClient http, URI node, String project) {
    this.http = http;
    this.node = node;
    this.project = project;
  }

  ByteString begin(boolean readOnly) throws Failed {
    var request = BeginTransactionRequest.newBuilder().setProjectId(project);
    if (readOnly) {
      request.setTransactionOptions(
          TransactionOptions.newBuilder()
              .setReadOnly(TransactionOptions.ReadOnly.getDefaultInstance()));
    }
    return call("beginTransaction", request.build(), BeginTransactionResponse.parser())
        .getTransaction();
  }

  LookupResponse lookup(ReadOptions options, List<Key> keys) throws Failed {
    var request =
        LookupRequest.newBuilder()
            .setProjectId(project)
            .setReadOptions(options)
            .addAllKeys(keys)
            .build();
    return call("lookup", request, LookupResponse.parser());
  }

  RunQueryResponse query(RunQueryRequest.Builder request) throws Failed {
    return call("runQuery", request.setProjectId(project).build(), RunQueryResponse.parser());
  }

  /** Of no transaction. */
  CommitRequest commitOf(List<Mutation> mutations) {
    return CommitRequest.newBuilder()
        .setProjectId(project)
        .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
        .addAllMutations(mutations)
        .build();
  }

  CommitRequest commitOf(ByteString transaction, List<Mutation> mutations) {
    return CommitRequest.newBuilder()
        .setProjectId(project)
        .setMode(CommitRequest.Mode.TRANSACTIONAL)
        .setTransaction(transaction)
        .addAllMutations(mutations)
        .build();
  }

  CommitResponse commit(CommitRequest request) throws Failed {
    return call("commit", request, CommitResponse.parser());
  }

  void rollBack(ByteString transaction) throws Failed {
    var request =
        RollbackRequest.newBuilder().setProjectId(project).setTransaction(transaction).build();
    call("rollback", request, RollbackResponse.parser());
  }

  List<Key> allocate(List<Key> incomplete) throws Failed {
    var request =
        AllocateIdsRequest.newBuilder().setProjectId(project).addAllKeys(incomplete).build();
    return call("allocateIds", request, AllocateIdsResponse.parser()).getKeysList();
  }

  /** Of this project's database, by the admin API. */
  void setConcurrencyMode(String mode) throws Failed {
    administer(
        "PATCH",
        projectPath() + "/databases/(default)?updateMask=concurrencyMode",
        "{\"concurrencyMode\": \"%s\"}".formatted(mode));
  }

  /** Behind {@code /v1/}. */
  String projectPath() {
    return "projects/" + project;
  }

  /** The admin API, which speaks JSON; an empty body for none. */
  Map<String, Object> administer(String verb, String path, String body) throws Failed {
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(node.resolve("/v1/" + path))
                .header("content-type", "application/json")
                .method(
                    verb,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    if (answer.statusCode() == OK) {
      return Json.read(text);
    }
    Object error = Json.read(text).get("error");
    if (error instanceof Map<?, ?> known
        && known.get("status") instanceof String status
        && CODES.contains(status)) {
      throw new Failed(Code.valueOf(status), String.valueOf(known.get("message")));
    }
    throw new Failed(Code.DATA_LOSS, "no answer of the admin API: " + text);
  }

  private <T> T call(String method, MessageLite request, Parser<T> parser) throws Failed {
    URI uri = node.resolve("/v1/projects/" + project + ":" + method);
    HttpResponse<byte[]> answer =
        send(
            HttpRequest.newBuilder(uri)
                .header("content-type", "application/x-protobuf")
                .POST(BodyPublishers.ofByteArray(request.toByteArray())));
    try {
      if (answer.statusCode() == OK) {
        return parser.parseFrom(answer.body());
      }
      Status status = Status.parseFrom(answer.body());
      Code code = Code.forNumber(status.getCode());
      throw new Failed(code == null ? Code.UNRECOGNIZED : code, status.getMessage());
    } catch (InvalidProtocolBufferException e) {
      throw new Failed(Code.DATA_LOSS, "no answer of the API: " + answer.statusCode());
    }
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Failed {
    try {
      return http.send(request.timeout(ANSWER_MAX).build(), BodyHandlers.ofByteArray());
    } catch (ConnectException | HttpConnectTimeoutException neverSent) {
      // Certain, where an answer that does not come leaves all open: histories stay short to judge.
      throw new Failed(Code.UNAVAILABLE, "no connection");
    } catch (IOException e) {
      throw Failed.noAnswer(e.getClass().getSimpleName());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
