package dev.kindstead.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.v1.AllocateIdsRequest;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import org.junit.jupiter.api.Test;

/** Values of two bytes, each of which becomes forty times as many before there is a message. */
final class CrowdedJsonTest {
  private static void refused(String json, Message.Builder into) {
    assertThatThrownBy(() -> JsonMessages.merge(json, into))
        .isInstanceOf(InvalidProtocolBufferException.class)
        .hasRootCauseMessage("more than 1000000 values");
  }

  private static String many(String value) {
    return value + ("," + value).repeat(JsonMessages.VALUES_MAX);
  }

  @Test
  void objects() {
    refused("{\"keys\":[" + many("{}") + "]}", AllocateIdsRequest.newBuilder());
  }

  @Test
  void scalars() {
    refused("[" + many("1") + "]", ListValue.newBuilder());
    refused("[" + many("true") + "]", ListValue.newBuilder());
    refused("[" + many("\"\"") + "]", ListValue.newBuilder());
    refused("[" + many("null") + "]", ListValue.newBuilder());
  }

  @Test
  void whatIsFullOfRealValuesIsRead() throws Exception {
    String key = "{\"partitionId\":{\"projectId\":\"p1\"},\"path\":[{\"kind\":\"Task\"}]}";
    var request = AllocateIdsRequest.newBuilder();
    JsonMessages.merge("{\"keys\":[" + key + ("," + key).repeat(9_999) + "]}", request);
    assertThat(request.getKeysCount()).isEqualTo(10_000);
  }
}
