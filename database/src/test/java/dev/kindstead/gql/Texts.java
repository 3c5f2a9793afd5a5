package dev.kindstead.gql;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.GqlQuery;
import com.google.datastore.v1.GqlQueryParameter;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Query;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;

/** GQL requests, and what they mean as JSON. */
final class Texts {
  private Texts() {}

  static GqlQuery gql(String text) {
    return GqlQuery.newBuilder().setQueryString(text).setAllowLiterals(true).build();
  }

  static GqlQueryParameter integer(long value) {
    return GqlQueryParameter.newBuilder()
        .setValue(Value.newBuilder().setIntegerValue(value))
        .build();
  }

  static GqlQueryParameter cursor(String bytes) {
    return GqlQueryParameter.newBuilder().setCursor(ByteString.copyFromUtf8(bytes)).build();
  }

  /** Asked in a partition that says nothing. */
  static Query parsed(GqlQuery sent) {
    return Gql.query(sent, PartitionId.getDefaultInstance());
  }

  static AggregationQuery parsedAggregation(GqlQuery sent) {
    return Gql.aggregation(sent, PartitionId.getDefaultInstance());
  }

  static Query query(String json) {
    var query = Query.newBuilder();
    try {
      JsonFormat.parser().merge(json.replace('\'', '"'), query);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
    return query.build();
  }
}
