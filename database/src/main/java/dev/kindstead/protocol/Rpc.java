package dev.kindstead.protocol;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.datastore.v1.AllocateIdsResponse;
import com.google.datastore.v1.BeginTransactionRequest;
import com.google.datastore.v1.BeginTransactionResponse;
import com.google.datastore.v1.CommitRequest;
import com.google.datastore.v1.CommitResponse;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import com.google.datastore.v1.ReserveIdsRequest;
import com.google.datastore.v1.ReserveIdsResponse;
import com.google.datastore.v1.RollbackRequest;
import com.google.datastore.v1.RollbackResponse;
import com.google.datastore.v1.RunAggregationQueryRequest;
import com.google.datastore.v1.RunAggregationQueryResponse;
import com.google.datastore.v1.RunQueryRequest;
import com.google.datastore.v1.RunQueryResponse;
import com.google.protobuf.Message;
import dev.kindstead.admission.CostClass;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The eight methods of google.datastore.v1.Datastore. */
enum Rpc {
  LOOKUP("Lookup", LookupRequest.getDefaultInstance(), LookupResponse.getDefaultInstance()),
  RUN_QUERY(
      "RunQuery", RunQueryRequest.getDefaultInstance(), RunQueryResponse.getDefaultInstance()),
  RUN_AGGREGATION_QUERY(
      "RunAggregationQuery",
      RunAggregationQueryRequest.getDefaultInstance(),
      RunAggregationQueryResponse.getDefaultInstance()),
  BEGIN_TRANSACTION(
      "BeginTransaction",
      BeginTransactionRequest.getDefaultInstance(),
      BeginTransactionResponse.getDefaultInstance()),
  COMMIT("Commit", CommitRequest.getDefaultInstance(), CommitResponse.getDefaultInstance()),
  ROLLBACK("Rollback", RollbackRequest.getDefaultInstance(), RollbackResponse.getDefaultInstance()),
  ALLOCATE_IDS(
      "AllocateIds",
      AllocateIdsRequest.getDefaultInstance(),
      AllocateIdsResponse.getDefaultInstance()),
  RESERVE_IDS(
      "ReserveIds",
      ReserveIdsRequest.getDefaultInstance(),
      ReserveIdsResponse.getDefaultInstance());

  static final String SERVICE = "google.datastore.v1.Datastore";

  private static final Map<String, Rpc> BY_VERB =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(Rpc::verb, Function.identity()));

  private final String method;
  private final String verb;
  private final Message request;
  private final Message response;

  Rpc(String method, Message request, Message response) {
    this.method = method;
    this.verb = method.substring(0, 1).toLowerCase(Locale.ROOT) + method.substring(1);
    this.request = request;
    this.response = response;
  }

  /** As in gRPC: {@code RunQuery}. */
  String method() {
    return method;
  }

  /** As in a URL: {@code runQuery}. */
  String verb() {
    return verb;
  }

  /** Whether it is one of those that take read options. */
  boolean reads() {
    return this == LOOKUP || this == RUN_QUERY || this == RUN_AGGREGATION_QUERY;
  }

  /** What it costs to serve. */
  CostClass cost() {
    return switch (this) {
      case LOOKUP, BEGIN_TRANSACTION, ALLOCATE_IDS, RESERVE_IDS -> CostClass.READ;
      case COMMIT, ROLLBACK -> CostClass.WRITE;
      case RUN_QUERY -> CostClass.QUERY;
      case RUN_AGGREGATION_QUERY -> CostClass.AGGREGATION;
    };
  }

  static @Nullable Rpc ofVerb(String verb) {
    return BY_VERB.get(verb);
  }

  /** The empty request message. */
  Message request() {
    return request;
  }

  /** The empty response message. */
  Message response() {
    return response;
  }
}
