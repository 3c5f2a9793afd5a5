package dev.kindstead.acceptance;

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
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.datastore.v1.TransactionOptions;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.rpc.Code;
import com.google.rpc.Status;
import java.net.http.HttpResponse;
import java.util.List;

/**
 * Calls over HTTP without any retries, whose failures tell what the server said from what was never
 * answered. Thread-safe.
 */
final class HttpCalls implements AutoCloseable {
  private final RawHttp http;
  private final String project;

  /** The call did not succeed. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    private final Code code;

    /**
     * @param code UNKNOWN if the connection broke
     */
    Failed(Code code, String message) {
      super(code + ": " + message);
      this.code = code;
    }

    Code code() {
      return code;
    }

    /** Whether a commit that failed so must not be there, by the word of the server. */
    boolean isNotApplied() {
      return code == Code.ABORTED || code == Code.UNAVAILABLE;
    }

    /** Whether a commit that failed so may be there or not. */
    boolean isUnknown() {
      return code == Code.UNKNOWN || code == Code.INTERNAL;
    }
  }

  HttpCalls(Endpoint server, String project) {
    this.http = new RawHttp(server);
    this.project = project;
  }

  CommitResponse commit(Mutation... mutations) throws Failed {
    return commit(
        CommitRequest.newBuilder()
            .setProjectId(project)
            .setMode(CommitRequest.Mode.NON_TRANSACTIONAL)
            .addAllMutations(List.of(mutations))
            .build());
  }

  CommitResponse commit(CommitRequest request) throws Failed {
    return call("commit", request, CommitResponse.parser());
  }

  CommitRequest commitRequest(ByteString transaction, Mutation... mutations) {
    return CommitRequest.newBuilder()
        .setProjectId(project)
        .setMode(CommitRequest.Mode.TRANSACTIONAL)
        .setTransaction(transaction)
        .addAllMutations(List.of(mutations))
        .build();
  }

  ByteString begin(TransactionOptions options) throws Failed {
    var request =
        BeginTransactionRequest.newBuilder()
            .setProjectId(project)
            .setTransactionOptions(options)
            .build();
    return call("beginTransaction", request, BeginTransactionResponse.parser()).getTransaction();
  }

  LookupResponse lookup(ReadOptions options, Key... keys) throws Failed {
    var request =
        LookupRequest.newBuilder()
            .setProjectId(project)
            .setReadOptions(options)
            .addAllKeys(List.of(keys))
            .build();
    return call("lookup", request, LookupResponse.parser());
  }

  RunQueryResponse query(RunQueryRequest.Builder request) throws Failed {
    return call("runQuery", request.setProjectId(project).build(), RunQueryResponse.parser());
  }

  Key allocate(Key incomplete) throws Failed {
    var request = AllocateIdsRequest.newBuilder().setProjectId(project).addKeys(incomplete).build();
    return call("allocateIds", request, AllocateIdsResponse.parser()).getKeys(0);
  }

  /** Whether anybody is there. */
  boolean isAnswered() {
    try {
      lookup(ReadOptions.getDefaultInstance(), Raw.key("Nothing", "nothing"));
      return true;
    } catch (Failed failure) {
      return failure.code() != Code.UNKNOWN;
    }
  }

  private <T> T call(String method, MessageLite request, Parser<T> parser) throws Failed {
    HttpResponse<byte[]> response;
    try {
      response = http.call(project, method, request);
    } catch (AssertionError broken) {
      throw new Failed(Code.UNKNOWN, String.valueOf(broken.getCause()));
    }
    try {
      if (response.statusCode() == 200) {
        return parser.parseFrom(response.body());
      }
      Status status = Status.parseFrom(response.body());
      throw new Failed(Code.forNumber(status.getCode()), status.getMessage());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("no answer of the API: " + response, e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
