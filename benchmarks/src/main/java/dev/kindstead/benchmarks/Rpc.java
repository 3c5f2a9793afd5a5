package dev.kindstead.benchmarks;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;

/** The methods that the workloads call, as request headers. */
final class Rpc {
  static final Http2Headers LOOKUP = headers("Lookup");
  static final Http2Headers COMMIT = headers("Commit");
  static final Http2Headers RUN_QUERY = headers("RunQuery");
  static final Http2Headers RUN_AGGREGATION_QUERY = headers("RunAggregationQuery");

  /** Of etcd's API. */
  static final Http2Headers ETCD_PUT = path("/etcdserverpb.KV/Put");

  private Rpc() {}

  private static Http2Headers headers(String method) {
    return path("/google.datastore.v1.Datastore/" + method);
  }

  private static Http2Headers path(String path) {
    return new DefaultHttp2Headers()
        .method("POST")
        .scheme("http")
        .path(path)
        .authority("localhost")
        .add("content-type", "application/grpc")
        .add("te", "trailers");
  }
}
